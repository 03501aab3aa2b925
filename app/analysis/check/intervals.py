"""Intervals of one share or of two, plain and design-based."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.analysis.check.folder import Case
from app.analysis.check.r_calls import UnreadableTextError, assignments, find_call, match_arguments, number, parse_call
from app.analysis.stats.comparisons.two_shares import two_shares
from app.analysis.stats.errors import MethodDoesNotFitError
from app.analysis.stats.intervals.basis import share_basis
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.intervals.shares import ShareMethod, share_limits

# Cases that print no level mean this one (`ci95`).
LEVEL = 0.95

# R's exp(x) / (1 + exp(x)) is not a number where the limit on the logit scale is infinite.
LOGIT_FITS = frozenset({ShareMethod.LOGIT, ShareMethod.LIKELIHOOD})


def prop_ci(case: Case) -> object:
    """Design-based share with every interval of ``svyciprop``."""
    design = case.design()
    if len(design.psu_stratum) == 1:
        message = "the design has a single primary unit: an estimate, but no design-based standard error"
        raise MethodDoesNotFitError(message)
    expression = case.indicator or case.vars[0]
    level = _level(case)
    basis = share_basis(design, case.values(expression), domain=case.mask())
    limits: dict[str, list[float | None]] = {}
    for method in ShareMethod:
        # A formula is compared as it stands, outside 0..1 too.
        found = share_limits(basis, method=method, confidence_level=level, cut=False)
        low, high = float(found.low[0]), float(found.high[0])
        limits[method.value] = [low, None if method in LOGIT_FITS and high >= 1.0 else high]
    return {
        "n": int(basis.n[0]),
        "n_psu": int(basis.n_psu[0]),
        "n_strata": int(basis.n_strata[0]),
        "df": int(basis.df[0]),
        "estimate": float(basis.value[0]),
        "se": float(basis.se[0]),
        "n_eff": float(basis.n_eff[0]),
        "n_eff_df": float(basis.n_eff_df(confidence_level=level)[0]),
        "ci95": limits,
    }


def _level(case: Case) -> float:
    """Confidence level of the parameters or of the call, ``ciprop_all(~y, d, level = 0.9)``; else the usual one."""
    if "level" in case.params:
        return float(case.params["level"])
    try:
        call = find_call(parse_call(case.r), "ciprop_all", "svyciprop")
        return LEVEL if call is None else number(call.named, "level", LEVEL)
    except UnreadableTextError:
        return LEVEL


def binomial_ci(case: Case) -> object:
    """Plain x of n by every method."""
    given = _inputs(case, ("x", "n", "level"))
    x, n, level = given["x"], given["n"], given.get("level", LEVEL)
    return {
        "x": x,
        "n": n,
        "level": level,
        "estimate": x / n,
        **{method.value: _plain(x, n, method, level) for method in BinomialMethod},
    }


def binomial_ci_real(case: Case) -> object:
    """The same with an effective number of people."""
    given = _inputs(case, ("p", "n_eff"))
    p, n = given["p"], given["n_eff"]
    # The block names the tail, not the level.
    tail = assignments(case.r).get("a")
    level = 1.0 - 2.0 * float(tail) if isinstance(tail, float) else given.get("level", LEVEL)
    return {"p": p, "n_eff": n, **{method.value: _plain(n * p, n, method, level) for method in BinomialMethod}}


def binomial_difference(case: Case) -> object:
    """Two plain shares."""
    given = _inputs(case, ("x1", "n1", "x2", "n2"))
    test = find_call(parse_call(case.r), "prop.test")
    level = LEVEL if test is None else number(test.named, "conf.level", LEVEL)
    found = two_shares(given["x1"], given["n1"], given["x2"], given["n2"], confidence_level=level)
    return {
        **given,
        "difference": float(found.difference),
        "newcombe": [float(found.newcombe_low), float(found.newcombe_high)],
        "wald": [float(found.wald_low), float(found.wald_high)],
        "p_value_pooled_z": float(found.p_pooled),
        "p_value_fisher": float(found.p_fisher),
    }


def hypergeometric_ci(case: Case) -> object:
    """X of n drawn from N without replacement."""
    given = _inputs(case, ("x", "n", "N", "level"))
    x, n, population = given["x"], given["n"], given["N"]
    low, high = hypergeometric_limits(x, n, population, confidence_level=given.get("level", LEVEL))
    return {"x": x, "n": n, "N": population, "estimate": x / n, "ci95": [float(low), float(high)]}


def _plain(x: float, n: float, method: BinomialMethod, level: float) -> list[float]:
    low, high = binomial_limits(x, n, method=method, confidence_level=level, cut=False)
    return [float(np.asarray(low)), float(np.asarray(high))]


def _inputs(case: Case, names: tuple[str, ...]) -> dict[str, float]:
    """Inputs of a case without data: from `params`, from its R call, else repeated beside the answer."""
    found = {name: float(value) for name, value in case.params.items() if name in names}
    for name, value in _from_text(case.r, names).items():
        found.setdefault(name, value)
    expected: Mapping[str, Any] = case.expected if isinstance(case.expected, Mapping) else {}
    for name in names:
        if name not in found and isinstance(expected.get(name), int | float):
            found[name] = float(expected[name])
    return found


def _from_text(text: str, names: tuple[str, ...]) -> dict[str, float]:
    """Arguments of the helper that is called, or of the list that a block ends with."""
    try:
        tree = parse_call(text)
        call = tree if tree.name != "{" else find_call(tree, "list")
        if call is None:
            return {}
        arguments = dict(call.named) if tree.name == "{" else match_arguments(call, names)
        return {name: number(arguments, name) for name in names if name in arguments}
    except UnreadableTextError:
        return {}


HANDLERS: Mapping[str, Callable[[Case], object]] = {
    "prop_ci": prop_ci,
    "binomial_ci": binomial_ci,
    "binomial_ci_real": binomial_ci_real,
    "binomial_difference": binomial_difference,
    "hypergeometric_ci": hypergeometric_ci,
}
