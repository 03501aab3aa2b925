"""Intervals of x satisfied among n people, each counted once: every classic method by name."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import together
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import (
    Floats,
    Limits,
    agresti_coull_limits,
    clopper_pearson_limits,
    prior_limits,
    wald_limits,
    wilson_continuity_limits,
    wilson_limits,
)
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.quantiles import check_level, normal_quantile
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind


class BinomialMethod(StrEnum):
    """Named intervals of a plain share.

    Wilson is the one to use. Clopper-Pearson never covers less than its level and is wider. Jeffreys, the uniform
    prior (``bayes_uniform_equal_tail``) and Agresti-Coull stand beside them. Wald is offered for comparison only:
    near 100 % its real coverage falls to a few percent (statistics.md section 9.1).
    """

    WALD = "wald"
    WILSON = "wilson"
    WILSON_CONTINUITY = "wilson_continuity"
    CLOPPER_PEARSON = "clopper_pearson"
    JEFFREYS = "jeffreys"
    AGRESTI_COULL = "agresti_coull"
    BAYES_UNIFORM = "bayes_uniform_equal_tail"


def binomial_limits(
    x: npt.ArrayLike, n: npt.ArrayLike, *, method: BinomialMethod, confidence_level: float, cut: bool
) -> Limits:
    """Limits of x/n, elementwise over cells.

    Parameters
    ----------
    x, n : array_like
        Satisfied and all people. May be effective (not whole) numbers: n_eff·p and n_eff.
    method : BinomialMethod
    confidence_level : float
        For example 0.95.
    cut : bool
        Keep Wald and Agresti-Coull inside [0, 1]; without it they stand as the formula gives them. The other
        methods are always inside.

    Returns
    -------
    low, high : ndarray
        NaN where nobody answered (n = 0) or an input is NaN.

    Raises
    ------
    BadInputError
        When not 0 <= x <= n somewhere, or the level does not lie between 0 and 1.
    """
    check_level(confidence_level)
    counted, people = np.broadcast_arrays(*together(x=x, n=n))
    wrong = (counted < 0.0) | (counted > people) | np.isinf(people)
    if wrong.any():
        where = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        message = f"{counted[where]:g} of {people[where]:g} is not a share (cell {tuple(map(int, where))})"
        raise BadInputError(message)
    people = np.where(people > 0.0, people, np.nan)
    return _limits(counted, people, method, confidence_level, cut=cut)


def proportion(
    successes: int, n: int, *, confidence_level: float, method: BinomialMethod, sample_kind: SampleKind
) -> Estimate | NoData:
    """Share of `successes` among `n` people, each counted once, with limits inside [0, 1].

    A census gives [p, p]: there is nobody else.

    Raises
    ------
    BadInputError
        When not 0 <= successes <= n.
    """
    low, high = binomial_limits(successes, n, method=method, confidence_level=confidence_level, cut=True)
    if n == 0:
        return NoData(Reason.NO_ANSWERS)
    p = successes / n
    if sample_kind is SampleKind.CENSUS:
        return Estimate(p, Interval(p, p), n, "census", confidence_level, 0.0, sample_kind)
    se = float(np.sqrt(p * (1.0 - p) / (n - 1))) if n > 1 else None
    interval = Interval(float(low), float(high))
    return Estimate(p, interval, n, method.value, confidence_level, se, sample_kind, n_eff=float(n))


def _limits(x: Floats, n: Floats, method: BinomialMethod, level: float, *, cut: bool) -> Limits:
    p, q = x / n, normal_quantile(level)
    match method:
        case BinomialMethod.WALD:
            limits = wald_limits(p, np.sqrt(p * (1.0 - p) / n), q, cut=cut)
        case BinomialMethod.WILSON:
            limits = wilson_limits(p, n, q)
        case BinomialMethod.WILSON_CONTINUITY:
            limits = wilson_continuity_limits(p, n, q)
        case BinomialMethod.CLOPPER_PEARSON:
            limits = clopper_pearson_limits(x, n, confidence_level=level)
        case BinomialMethod.JEFFREYS:
            limits = prior_limits(x, n, prior=0.5, confidence_level=level)
        case BinomialMethod.AGRESTI_COULL:
            limits = agresti_coull_limits(p, n, q, cut=cut)
        case BinomialMethod.BAYES_UNIFORM:
            limits = prior_limits(x, n, prior=1.0, confidence_level=level)
    return limits
