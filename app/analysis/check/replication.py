"""Replicate cases: jackknife, half samples, bootstrap with the weights given, beside the linearised value."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.r_calls import find_call, numbers, parse_call
from app.analysis.stats.designs.linearised import Linearised, means, ratios, totals
from app.analysis.stats.replication.estimates import (
    Centre,
    ReplicateEstimate,
    replicate_means,
    replicate_quantiles,
    replicate_ratios,
    replicate_totals,
)
from app.analysis.stats.replication.making import balanced_half_samples, jackknife
from app.analysis.stats.replication.replicates import ReplicateKind, Replicates, given_replicates

Floats = npt.NDArray[np.float64]

GIVEN_IN_EXPECTED = re.compile(r"\bexpected\.(\w+)")
JACKKNIVES = {"jk1": ReplicateKind.JK1, "jkn": ReplicateKind.JKN}


def replicates_of(case: Case) -> Replicates:
    """Replicates a case describes: given as factors, or made from its design by the named type.

    Without a type the rule of R's ``as.svrepdesign`` holds: JKn with strata, JK1 without.
    """
    kind = str(case.params.get("type", "auto")).lower()
    factors = _given_factors(case)
    if factors is not None:
        return _of_factors(case, kind, factors)
    design = case.design()
    if kind in {"auto", "jackknife"}:
        stratified = case.file.design_spec(case.design_names[0]).get("strata") is not None
        kind = "jkn" if stratified else "jk1"
    if kind in JACKKNIVES:
        return jackknife(design, kind=JACKKNIVES[kind])
    if kind in {"brr", "fay"}:
        rho = float(case.params.get("rho", case.params.get("fay.rho", 0.0)))
        return balanced_half_samples(design, fay_rho=rho, split=True)
    raise CaseError(
        f"replicates of type {case.params.get('type')!r} are not given and cannot be made the same way twice"
    )


def _of_factors(case: Case, kind: str, factors: Floats) -> Replicates:
    replicates = factors.shape[1]
    rho = float(case.params.get("rho", 0.0))
    usual = {
        "brr": 1.0 / replicates,
        "fay": 1.0 / (replicates * (1.0 - rho) ** 2),
        "jk1": (replicates - 1.0) / replicates,
        "jkn": 1.0,
    }
    scale = case.params.get("scale", usual.get(kind, 1.0 / (replicates - 1.0)))
    return given_replicates(
        case.design().weights,
        factors,
        combined=bool(case.params.get("combined", False)),
        scale=float(scale),
        rscales=case.params.get("rscales"),
        kind=JACKKNIVES.get(kind, ReplicateKind.GIVEN),
    )


def _given_factors(case: Case) -> Floats | None:
    """Factors (rows, replicates) that stand in the case itself or in one of its data sets; None when there are none."""
    words = case.params.get("replicate_factors")
    if isinstance(words, list):
        return np.asarray(words, dtype=np.float64)
    if isinstance(words, str):
        place = GIVEN_IN_EXPECTED.search(words)
        if place is None or place[1] not in case.expected:
            raise CaseError(f"replicate factors {words!r} are not to be found")
        return np.asarray(case.expected[place[1]], dtype=np.float64)
    name = case.params.get("factors")
    return None if name is None else _factors_of_units(case, str(name))


def _factors_of_units(case: Case, name: str) -> Floats:
    """A data set with one row per unit: the columns it shares with the data are the key, the others the factors."""
    table, data = case.file.frame(name), case.frame()
    spec = case.file.design_spec(case.design_names[0])
    own = {str(column) for column in (*(spec.get("ids") or ()), spec.get("strata"))}
    shared = [column for column in table.names if column in data.columns]
    keys = [column for column in shared if column in own] or shared
    rest = [column for column in table.names if column not in keys]
    factors = np.column_stack([table.column(column) for column in rest]).astype(np.float64)
    if not keys:
        if table.rows != data.rows:
            raise CaseError(f"data set {name!r} has neither a key nor a row for each respondent")
        return factors
    place = {key: row for row, key in enumerate(zip(*(table.column(column).tolist() for column in keys), strict=True))}
    wanted = list(zip(*(data.column(column).tolist() for column in keys), strict=True))
    missing = [key for key in wanted if key not in place]
    if missing:
        raise CaseError(f"data set {name!r} has no factors for unit {missing[0]}")
    return np.asarray(factors[[place[key] for key in wanted]])


def centre_of(case: Case) -> Centre:
    """R's default is the mean of the replicates (``survey.replicates.mse`` FALSE)."""
    words = str(case.params.get("centre", "")).lower()
    mse = case.params.get("mse", case.options.get("survey.replicates.mse", False))
    return Centre.FULL_SAMPLE if "full" in words or mse is True else Centre.REPLICATES


def _columns(case: Case) -> Floats:
    return np.column_stack([case.values(expression) for expression in case.vars])


def _tree(linear: Linearised | None, found: ReplicateEstimate) -> dict[str, object]:
    tree: dict[str, object] = {
        "estimate": found.value,
        "se": found.se,
        "se_replicate": found.se,
        "vcov": found.covariance,
        "df": found.df,
    }
    return tree if linear is None else tree | {"se_linearised": linear.se}


def _with_given(case: Case, tree: dict[str, object]) -> dict[str, object]:
    """Factors that stand among the expected values are input: they are handed back as they were used."""
    place = GIVEN_IN_EXPECTED.search(str(case.params.get("replicate_factors", "")))
    return tree if place is None else tree | {place[1]: _given_factors(case)}


def replicate_mean(case: Case) -> object:
    """Means with both standard errors."""
    y, mask = _columns(case), case.mask()
    found = replicate_means(replicates_of(case), y, domain=mask, centre=centre_of(case))
    return _with_given(case, _tree(means(case.design(), y, domain=mask), found))


def replicate_total(case: Case) -> object:
    """Totals with both standard errors."""
    y, mask = _columns(case), case.mask()
    found = replicate_totals(replicates_of(case), y, domain=mask, centre=centre_of(case))
    return _with_given(case, _tree(totals(case.design(), y, domain=mask), found))


def replicate_ratio(case: Case) -> object:
    """Ratio of the first variable to the second."""
    if len(case.vars) != 2:
        raise CaseError(f"a ratio has two variables, not {len(case.vars)}")
    (above, below), mask = (case.values(expression) for expression in case.vars), case.mask()
    found = replicate_ratios(replicates_of(case), above, below, domain=mask, centre=centre_of(case))
    return _with_given(case, _tree(ratios(case.design(), above, below, domain=mask), found))


def replicate_quantile(case: Case) -> object:
    """Quantiles of one variable by replicates."""
    if len(case.vars) != 1:
        raise CaseError(f"quantiles of one variable, not of {len(case.vars)}")
    found = replicate_quantiles(
        replicates_of(case),
        case.values(case.vars[0]),
        _probabilities(case),
        domain=case.mask(),
        centre=centre_of(case),
    )
    return _tree(None, found)


def _probabilities(case: Case) -> Any:
    for name in ("p", "quantiles", "probabilities"):
        if name in case.params:
            return case.params[name]
    call = find_call(parse_call(case.r), "svyquantile")
    if call is None:
        raise CaseError("the case does not say which quantile")
    given = dict(call.named)
    if "quantiles" not in given and len(call.positional) > 2:
        given["quantiles"] = call.positional[2]
    return numbers(given, "quantiles")


def replicates(case: Case) -> object:
    """The replicates themselves: how many, scales, degrees of freedom, and the mean in each where one is named."""
    made = replicates_of(case)
    tree: dict[str, object] = {
        "n_replicates": made.count,
        "scale": made.scale,
        "rscales": made.rscales,
        "rscales_unique": _unique(made.rscales),
        "degf": made.df,
    }
    if case.vars:
        found = replicate_means(made, _columns(case), domain=case.mask(), centre=centre_of(case))
        tree["replicate_estimates"] = found.replicate_values.ravel(order="F")
    return tree


def _unique(values: Floats) -> Floats:
    """Different values in order; those that differ by rounding only are one."""
    ordered = np.sort(values)
    return np.asarray(ordered[np.concatenate([[True], np.diff(ordered) > 1e-12])])


HANDLERS: dict[str, Callable[[Case], object]] = {
    "replicate_mean": replicate_mean,
    "replicate_total": replicate_total,
    "replicate_ratio": replicate_ratio,
    "replicate_quantile": replicate_quantile,
    "replicates": replicates,
}
