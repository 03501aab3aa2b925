"""Cases of the smoothed Wilson interval: unit x item cells, indices, and differences and ranks built from it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.expressions import NAME, SATISFIED_FROM
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.grids import LOOP, items_of
from app.analysis.check.groups import Group, as_listed, groups_of
from app.analysis.check.r_calls import Call
from app.analysis.check.unit_inputs import LEVEL, call_arguments
from app.analysis.stats.comparisons.mover import correlations, mover_difference
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.ranks.intervals import RankMethod
from app.analysis.stats.ranks.smoothed_intervals import mover_rank_intervals
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed_units import SmoothedTable, smoothed_scores, smoothed_shares

Floats = npt.NDArray[np.float64]

KIND = SampleKind.PROBABILITY
# Parameters of the functions in make/smoothed.R, in their order.
GRID = ("s", "des", "des_fpc", "domain", "its", "K", "level")
INDEX = ("s", "des", "y", "domain", "K", "level")
DIFFERENCES = ("sm", "item", "V", "level")
PLAIN = ("p", "ne", "df", "V", "level")


def _grid(case: Case) -> object:
    """Every unit x item cell, and the design effects behind them."""
    items = items_of(case)
    groups = _groups(case)
    table = _shares(case, items, groups, _loop_indicator(case), _settings(case, GRID))
    outer = [name for name in case.by if name != LOOP]
    shape = table.value.shape
    cells = {
        "domain": [group.name for group in groups for _ in items],
        "item": [item for _ in groups for item in items],
        "n": table.n.ravel().tolist(),
        "p": table.value.ravel().tolist(),
        "se_design": table.se.ravel().tolist(),
        "n_eff": table.n_eff.ravel().tolist(),
        "lower": table.low.ravel().tolist(),
        "upper": table.high.ravel().tolist(),
    }
    labels = dict(zip(outer, zip(*(group.labels for group in groups), strict=True), strict=True))
    named = {name: np.repeat(np.array(values, dtype=object), shape[1]).tolist() for name, values in labels.items()}
    return {
        "file": named | cells,
        "rows": table.value.size,
        "deff_domain": table.design.deff_unit,
        "fpc_factor": table.design.fpc_factor,
        "df_domain": table.df_unit,
        "df_design": table.df_design,
        "checksum_sum_lower": np.nansum(table.low),
        "checksum_sum_upper": np.nansum(table.high),
        **_effects(table, groups),
    }


def _index(case: Case) -> object:
    """A bounded score of each person by unit, with the steps in between."""
    if not case.vars:
        raise CaseError("the case names no score")
    groups = _groups(case)
    score = np.where(case.mask(), case.values(case.vars[0]), np.nan)
    table = smoothed_scores(case.design(), score, _numbers(case, groups), sample_kind=KIND, **_settings(case, INDEX))
    return {
        "n": table.n[:, 0],
        "estimate": table.value[:, 0],
        "se_design": table.se[:, 0],
        "c": table.design.kappa,
        "deff_domain": table.design.deff_unit,
        "fpc_factor": table.design.fpc_factor,
        "df_domain": table.df_unit,
        "df_design": table.df_design,
        "n_eff": table.n_eff[:, 0],
        "lower": table.low[:, 0],
        "upper": table.high[:, 0],
        **_effects(table, groups),
    }


def _differences(case: Case) -> object:
    """All pairs of units: limits, p values, corrections, and rank intervals from the same single limits."""
    if case.design_names:
        names, units, correlation, level = _units_of_design(case)
    else:
        names, units, correlation, level = _units_of_call(case)
    pairs = mover_difference(units, correlation=correlation, confidence_level=level, sample_kind=KIND)
    ranks = mover_rank_intervals(
        units, correlation=correlation, method=RankMethod.TUKEY, confidence_level=level, sample_kind=KIND
    )
    return {
        "domains": names,
        "estimate": units.estimate,
        "n_eff": units.n_eff,
        "df_star": units.df,
        "correlation": correlation,
        "i": pairs.first + 1,
        "j": pairs.second + 1,
        "difference": pairs.difference,
        "lower": pairs.low,
        "upper": pairs.high,
        "p": pairs.p,
        "holm": pairs.holm,
        "BH": pairs.benjamini_hochberg,
        "rank_crit": ranks.critical,
        "rank_lower": ranks.low,
        "rank_upper": ranks.high,
    }


def _units_of_design(case: Case) -> tuple[Sequence[str], WilsonUnits, Floats, float]:
    """One item of the grid of all items, with the covariance of its units under the whole design."""
    if case.indicator is None:
        raise CaseError("the case names no indicator")
    columns = case.columns_of(case.indicator)
    if not columns:
        raise CaseError(f"the indicator {case.indicator!r} names no column")
    item, groups, level = columns[0], _groups(case), _level(case, DIFFERENCES)
    items = _pooled_items(case, item)
    loop = re.sub(NAME, lambda word: LOOP if word[0] == item else word[0], case.indicator)
    table = _shares(case, items, groups, loop, {"confidence_level": level})
    place = items.index(item)
    units = WilsonUnits.of(table.value[:, place], table.n_eff[:, place], table.design.df_star)
    satisfied = np.where(case.mask(), case.values(case.indicator), np.nan)
    by_unit = np.column_stack([np.where(group.rows, satisfied, np.nan) for group in groups])
    return [group.name for group in groups], units, correlations(means(case.design(), by_unit).covariance), level


def _pooled_items(case: Case, item: str) -> Sequence[str]:
    """Items that share their design effect with this one; data without a list of items have only itself."""
    try:
        known = items_of(case)
    except CaseError:
        return (item,)
    return known if item in known else (item,)


def _units_of_call(case: Case) -> tuple[Sequence[str], WilsonUnits, Floats, float]:
    """Estimates, effective sizes and degrees of freedom as the call or the case states them."""
    stated: Mapping[str, Any] = case.expected
    given = call_arguments(case, PLAIN)
    p, n_eff, df = (
        np.atleast_1d(np.asarray(stated[other] if given.get(name) is None else given[name], dtype=np.float64))
        for name, other in (("p", "estimate"), ("ne", "n_eff"), ("df", "df_star"))
    )
    covariance = _matrix(given.get("V"), len(p))
    units = WilsonUnits.of(p, n_eff, df)
    return [f"U{number:02d}" for number in range(1, len(p) + 1)], units, correlations(covariance), _level(case, PLAIN)


def _matrix(value: Any, size: int) -> Floats:
    """A covariance matrix as R writes it, ``structure(c(...), dim = c(k, k))``; independent units without one."""
    if value is None:
        return np.eye(size)
    numbers = value.positional[0] if isinstance(value, Call) and value.positional else value
    found = np.asarray(numbers, dtype=np.float64)
    if found.size != size * size:
        raise CaseError(f"{found.size} numbers are no covariance of {size} units")
    return found.reshape(size, size)


def _shares(
    case: Case, items: Sequence[str], groups: list[Group], indicator: str, settings: Mapping[str, float]
) -> SmoothedTable:
    satisfied = np.column_stack([case.values(indicator, item=item) for item in items])
    satisfied = np.where(case.mask()[:, None], satisfied, np.nan)
    return smoothed_shares(case.design(), satisfied, _numbers(case, groups), sample_kind=KIND, **settings)


def _loop_indicator(case: Case) -> str:
    return case.indicator or f"{LOOP} >= {SATISFIED_FROM:g}"


def _groups(case: Case) -> list[Group]:
    """Units of the case: the columns of `by` without the loop over items."""
    groups = groups_of(case, case.mask(), by=[name for name in case.by if name != LOOP])
    listed = case.expected.get("domains") if isinstance(case.expected, Mapping) else None
    # R sorts the codes of units as words.
    return as_listed(sorted(groups, key=lambda group: group.name), listed if isinstance(listed, list) else [])


def _numbers(case: Case, groups: list[Group]) -> npt.NDArray[np.intp]:
    found = np.full(case.frame().rows, -1, dtype=np.intp)
    for number, group in enumerate(groups):
        found[group.rows] = number
    return found


def _effects(table: SmoothedTable, groups: list[Group]) -> dict[str, object]:
    return {
        "domains": [group.name for group in groups],
        "deff_all": table.design.deff_all,
        "deff_star": table.design.deff_star,
        "df_star": table.design.df_star,
    }


def _settings(case: Case, signature: Sequence[str]) -> dict[str, float]:
    """Confidence level, and the weight of the survey-wide design effect where the call has one (K)."""
    weight = call_arguments(case, signature).get("K", case.params.get("K"))
    given = {"pool_df": float(weight)} if isinstance(weight, (int, float)) else {}
    return {"confidence_level": _level(case, signature)} | given


def _level(case: Case, signature: Sequence[str]) -> float:
    """Confidence level of the call, of the parameters, or the usual one."""
    given = call_arguments(case, signature).get("level", case.params.get("level", LEVEL))
    return float(given) if isinstance(given, (int, float)) else LEVEL


HANDLERS: dict[str, Callable[[Case], object]] = {
    "prop_ci_smoothed": _grid,
    "index_ci_smoothed": _index,
    "difference_mover": _differences,
}
