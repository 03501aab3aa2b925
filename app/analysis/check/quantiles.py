"""Case `quantile`: medians and other quantiles with Woodruff limits."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.analysis.check.estimators import LEVEL
from app.analysis.check.folder import Case
from app.analysis.check.frames import CaseError
from app.analysis.check.r_calls import UnreadableTextError, find_call, match_arguments, number, numbers, parse_call
from app.analysis.stats.designs.quantile import QuantileRule, ShareLimits, quantiles

_SIGNATURE = ("x", "design", "quantiles", "alpha", "interval.type", "na.rm", "ci", "se", "qrule", "df")


def _quantile(case: Case) -> object:
    """Every variable at every probability; one variable gives one row per probability."""
    called = _called(case)
    rule = str(case.params.get("qrule", called.get("qrule", "math")))
    kind = str(case.params.get("interval", called.get("interval.type", "mean")))
    level = 1.0 - number(called, "alpha", 1.0 - LEVEL)
    if rule not in set(QuantileRule) or kind not in set(ShareLimits):
        raise CaseError(f"no quantile rule {rule!r} or no limits {kind!r}")
    probabilities = _probabilities(case)
    found = [
        quantiles(
            case.design(),
            case.values(expression),
            probabilities=probabilities,
            rule=QuantileRule(rule),
            limits=ShareLimits(kind),
            confidence_level=level,
            domain=case.mask(),
        )
        for expression in case.vars
    ]
    return {
        "quantiles": probabilities,
        "names": list(case.vars),
        "estimate": np.concatenate([each.value for each in found]),
        "ci95": np.concatenate([np.stack([each.low, each.high], axis=1) for each in found]),
        "se": np.concatenate([each.se for each in found]),
        "df": case.design().domain_degrees_of_freedom(case.mask()),
    }


def _called(case: Case) -> dict[str, Any]:
    """Arguments of the R call; nothing where the text cannot be read."""
    try:
        call = find_call(parse_call(case.r), "svyquantile")
        return {} if call is None else match_arguments(call, _SIGNATURE)
    except UnreadableTextError:
        return {}


def _probabilities(case: Case) -> list[float]:
    """Probabilities asked for: in the parameters, in the R call, or where the case lists them beside its answers."""
    given = case.params.get("quantiles", case.params.get("probabilities"))
    if given is None:
        try:
            given = numbers(_called(case), "quantiles").tolist()
        except UnreadableTextError:
            given = None
    if given is None and isinstance(case.expected, dict):
        given = case.expected.get("quantiles")
    if given is None:
        raise CaseError("the case does not say which quantiles it wants")
    return [float(value) for value in (given if isinstance(given, list) else [given])]


HANDLERS: dict[str, Callable[[Case], object]] = {"quantile": _quantile}
