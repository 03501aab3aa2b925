"""Cases of comparing units: corrected p values, pairs, rank intervals, Rao-Scott and t tests."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.expressions import Column, evaluate
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.groups import groups_of
from app.analysis.check.r_calls import UnreadableTextError, find_call, is_literal, parse_call
from app.analysis.check.r_random import normal_numbers
from app.analysis.check.unit_inputs import LEVEL, UnitInputs, unit_inputs
from app.analysis.stats.comparisons.adjust import Adjustment, adjust_p_values
from app.analysis.stats.comparisons.association import AssociationMethod, association
from app.analysis.stats.comparisons.pairwise import pairwise_t, pairwise_z, versus_mean_t, versus_mean_z
from app.analysis.stats.comparisons.results import Comparisons
from app.analysis.stats.comparisons.t_test import one_sample_t, two_sample_t
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.ranks.intervals import RankMethod, rank_intervals
from app.analysis.stats.ranks.results import RankIntervals
from app.analysis.stats.ranks.step_down import step_down_rank_intervals
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KIND = SampleKind.PROBABILITY
ADJUSTMENTS = {
    "holm": Adjustment.HOLM,
    "BH": Adjustment.BENJAMINI_HOCHBERG,
    "hochberg": Adjustment.HOCHBERG,
    "bonferroni": Adjustment.BONFERRONI,
    "BY": Adjustment.BENJAMINI_YEKUTIELI,
}
RANKS = {
    "tukey_kramer": RankMethod.TUKEY,
    "kww_sidak": RankMethod.JOINT_SIDAK,
    "kww_bonferroni": RankMethod.JOINT_BONFERRONI,
    "holm_pairs": RankMethod.HOLM,
    "naive_overlap": RankMethod.OVERLAP,
}
TESTS = {
    "F": (AssociationMethod.RAO_SCOTT_F, "F"),
    "Chisq": (AssociationMethod.RAO_SCOTT_CHI, "X-squared"),
    "Wald": (AssociationMethod.WALD, "F"),
    "adjWald": (AssociationMethod.ADJUSTED_WALD, "F"),
}
# The simulated method of the collection draws this often from this seed (make/rank_methods.R).
SIMULATED, DRAWS, SEED = "tukey_step_down_simulated", 200_000, 1


def _p_adjust(case: Case) -> object:
    """Corrections of the p values of the call; of t and df where the case gives those."""
    stated: Mapping[str, Any] = case.expected
    got: dict[str, object] = {}
    if "t" in stated and "df" in stated:
        from scipy.special import stdtr

        t, df = (np.asarray(stated[key], dtype=np.float64) for key in ("t", "df"))
        p = 2.0 * np.asarray(stdtr(df, -np.abs(t)))
        got |= {"t": t, "df": df}
    else:
        literal = _literal_p_values(case.r)
        p = np.array([np.nan if each is None else each for each in stated["p"]]) if literal is None else literal
    return got | {"p": p} | {name: adjust_p_values(p, method=method) for name, method in ADJUSTMENTS.items()}


def _literal_p_values(text: str) -> Floats | None:
    try:
        call = find_call(parse_call(text), "padj", "p.adjust")
    except UnreadableTextError:
        return None
    given = None if call is None else next(iter((*call.positional, *call.named.values())), None)
    if given is None or not is_literal(given) or np.asarray(given).dtype.kind != "f":
        return None
    return np.atleast_1d(np.asarray(given, dtype=np.float64))


def _pairwise_z(case: Case) -> object:
    units = unit_inputs(case)
    found = pairwise_z(units.estimate, units.se, confidence_level=units.level, sample_kind=KIND)
    return _compared(units, found)


def _pairwise_t(case: Case) -> object:
    units = unit_inputs(case)
    found = pairwise_t(units.estimate, units.covariance, df=units.df, confidence_level=units.level, sample_kind=KIND)
    return _compared(units, found)


def _versus_mean(case: Case) -> object:
    units = unit_inputs(case)
    if units.independent:
        found = versus_mean_z(units.estimate, units.se, confidence_level=units.level, sample_kind=KIND)
    else:
        found = versus_mean_t(
            units.estimate, units.covariance, df=np.inf, confidence_level=units.level, sample_kind=KIND
        )
    return _compared(units, found)


def _compared(units: UnitInputs, found: Comparisons) -> dict[str, object]:
    return {
        "estimate": units.estimate,
        "se": units.se,
        "vcov": units.covariance,
        "i": found.first + 1,
        "j": found.second + 1,
        "difference": found.difference,
        "se_diff": found.se,
        "t": found.statistic,
        "z": found.statistic,
        "statistic": found.statistic,
        "df": units.df,
        "level": units.level,
        "lower": found.low,
        "upper": found.high,
        "p": found.p,
        "p_value": found.p,
        "holm": found.holm,
        "BH": found.benjamini_hochberg,
    }


def _rank_ci(case: Case) -> object:
    units = unit_inputs(case)
    found = {name: _ranks(units, method) for name, method in RANKS.items()}
    tukey = found["tukey_kramer"]
    pairs = pairwise_t(units.estimate, units.covariance, df=np.inf, confidence_level=units.level, sample_kind=KIND)
    got: dict[str, object] = {
        "estimate": units.estimate,
        "se": units.se,
        "vcov": units.covariance,
        "level": units.level,
        "df": units.df,
        "crit_tukey_kramer": tukey.critical,
        "margin_tukey": np.abs(np.abs(pairs.statistic) - tukey.critical).min(),
    }
    got |= {name: _limits(ranks) | {"quantile": ranks.critical} for name, ranks in found.items()}
    if SIMULATED in case.expected:
        noise = normal_numbers(SEED, DRAWS * units.estimate.size).reshape(units.estimate.size, DRAWS).T
        stepped = step_down_rank_intervals(
            units.estimate, units.se, confidence_level=units.level, noise=noise, sample_kind=KIND
        )
        got[SIMULATED] = _limits(stepped.ranks) | {"crit": list(stepped.critical)}
    return got


def _rank_ci_check(case: Case) -> object:
    """The default rank interval beside what another program gives."""
    units = unit_inputs(case)
    ranks = _ranks(units, RankMethod.TUKEY)
    return _limits(ranks) | {"rank": ranks.rank, "crit": ranks.critical}


def _ranks(units: UnitInputs, method: RankMethod) -> RankIntervals:
    return rank_intervals(
        units.estimate,
        units.covariance,
        df=units.df,
        method=method,
        confidence_level=units.level,
        sample_kind=KIND,
    )


def _limits(ranks: RankIntervals) -> dict[str, object]:
    return {"lower": ranks.low, "upper": ranks.high}


def _rao_scott(case: Case) -> object:
    name = str(case.params.get("statistic", _statistic_of_call(case)))
    if name not in TESTS or len(case.vars) != 2:
        message = f"a test {name!r} of {len(case.vars)} variables; there are {', '.join(TESTS)}, of two"
        raise CaseError(message)
    method, called = TESTS[name]
    rows, columns = (_codes(evaluate(expression, case.scope)) for expression in case.vars)
    found = association(case.design(), rows, columns, domain=case.mask(), method=method, sample_kind=KIND)
    return {
        "statistic": found.statistic,
        "statistic_name": called,
        "df": list(found.df),
        "p_value": found.p,
        "n": found.n,
    }


def _statistic_of_call(case: Case) -> str:
    try:
        call = find_call(parse_call(case.r), "svychisq")
    except UnreadableTextError:
        return "F"
    given = None if call is None else call.named.get("statistic")
    return given if isinstance(given, str) else "F"


def _codes(column: Column) -> Ints:
    """Levels in rising order from 0; -1 where missing."""
    present = np.array([value is not None and value == value for value in column.tolist()])  # noqa: PLR0124 - NaN
    codes = np.full(len(column), -1, dtype=np.int64)
    codes[present] = np.unique(column[present], return_inverse=True)[1]
    return codes


def _t_test(case: Case) -> object:
    """Two groups of `by`, the second less the first; else one variable against 0, or two on the same people."""
    design, columns = case.design(), [case.values(expression) for expression in case.vars]
    y = columns[0] - columns[1] if len(columns) == 2 else columns[0]
    if case.by:
        groups = groups_of(case, case.mask() & ~np.isnan(y))
        if len(groups) != 2:
            message = f"a t test compares two groups, not {len(groups)}"
            raise BadInputError(message)
        first, second = groups[0].rows, groups[1].rows
        found = two_sample_t(design, y, first=first, second=second, confidence_level=LEVEL, sample_kind=KIND)
    else:
        found = one_sample_t(design, y, expected=0.0, domain=case.mask(), confidence_level=LEVEL, sample_kind=KIND)
    return {
        "statistic": found.statistic,
        "statistic_name": "t",
        "df": [found.df],
        "p_value": found.p,
        "estimate": [found.difference],
        "se": found.se,
        "n": found.n,
        "ci95": [found.interval.low, found.interval.high],
    }


HANDLERS: dict[str, Callable[[Case], object]] = {
    "p_adjust": _p_adjust,
    "pairwise_z": _pairwise_z,
    "pairwise_t": _pairwise_t,
    "versus_mean_z": _versus_mean,
    "rank_ci": _rank_ci,
    "rank_ci_check": _rank_ci_check,
    "rao_scott": _rao_scott,
    "t_test": _t_test,
}
