"""Intervals of one share: Wilson, exact (Clopper-Pearson), exact for a known population, Wald by name only."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import beta_quantile, check_level, log_choose, normal_quantile
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind

Floats = npt.NDArray[np.float64]


class ProportionMethod(StrEnum):
    """Named interval methods of a single share of x among n."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"
    WALD = "wald"


def wilson_limits(p: npt.ArrayLike, n_eff: npt.ArrayLike, quantile: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Wilson score limits, elementwise.

    Parameters
    ----------
    p : array_like
        Shares or bounded scores in 0..1.
    n_eff : array_like
        Effective number of people, above 0; need not be whole.
    quantile : array_like
        Normal or t quantile.

    Returns
    -------
    low, high : ndarray
        Always inside [0, 1] and around `p`; exactly 0 at p = 0 and exactly 1 at p = 1. NaN where an input is NaN.

    References
    ----------
    Wilson (1927), JASA 22:209; statistics.md section 3.
    """
    p, n_eff, q = (np.asarray(x, dtype=np.float64) for x in (p, n_eff, quantile))
    q2 = q * q
    centre = p + q2 / (2.0 * n_eff)
    half = q / (2.0 * n_eff) * np.sqrt(np.maximum(4.0 * n_eff * p * (1.0 - p) + q2, 0.0))
    scale = 1.0 + q2 / n_eff
    low = np.clip((centre - half) / scale, 0.0, p)
    high = np.clip((centre + half) / scale, p, 1.0)
    return np.where(p <= 0.0, p, low), np.where(p >= 1.0, p, high)


def clopper_pearson_limits(x: npt.ArrayLike, n: npt.ArrayLike, *, confidence_level: float) -> tuple[Floats, Floats]:
    """Exact binomial limits, elementwise; `x` and `n` may be effective (not whole) numbers.

    References
    ----------
    Clopper, Pearson (1934); with effective numbers Korn, Graubard (1998), Surv. Methodol. 24:193.
    """
    alpha = 1.0 - check_level(confidence_level)
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    low = beta_quantile(np.where(x > 0, x, 1.0), n - x + 1.0, alpha / 2.0)
    high = beta_quantile(x + 1.0, np.where(x < n, n - x, 1.0), 1.0 - alpha / 2.0)
    return np.where(x > 0, low, 0.0), np.where(x < n, high, 1.0)


def proportion(
    successes: int, n: int, *, confidence_level: float, method: ProportionMethod, sample_kind: SampleKind
) -> Estimate | NoData:
    """Share of `successes` among `n` people, each counted once.

    A census gives [p, p]: there is nobody else. Wald is offered for comparison only; near 100 % its real coverage
    falls to a few percent (statistics.md section 9).

    Raises
    ------
    BadInputError
        When not 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        message = f"{successes} of {n} is not a share"
        raise BadInputError(message)
    if n == 0:
        return NoData("no_answers")
    p = successes / n
    se = float(np.sqrt(p * (1.0 - p) / (n - 1))) if n > 1 else None
    if sample_kind is SampleKind.CENSUS:
        check_level(confidence_level)
        return Estimate(p, Interval(p, p), n, "census", confidence_level, 0.0, sample_kind)
    low, high = _limits(p, n, confidence_level, method)
    return Estimate(p, Interval(low, high), n, method.value, confidence_level, se, sample_kind, n_eff=float(n))


def _limits(p: float, n: int, confidence_level: float, method: ProportionMethod) -> tuple[float, float]:
    if method is ProportionMethod.CLOPPER_PEARSON:
        low, high = clopper_pearson_limits(round(p * n), n, confidence_level=confidence_level)
        return float(low), float(high)
    q = normal_quantile(confidence_level)
    if method is ProportionMethod.WALD:
        half = q * float(np.sqrt(p * (1.0 - p) / n))
        return max(0.0, p - half), min(1.0, p + half)
    low, high = wilson_limits(p, n, q)
    return float(low), float(high)


def hypergeometric_interval(successes: int, n: int, population: int, *, confidence_level: float) -> Interval:
    """Exact limits of the share in a population of known size, n drawn without replacement.

    Lower: the smallest K with P(X >= x | K) > alpha/2; upper: the largest K with P(X <= x | K) > alpha/2;
    both divided by the population (statistics.md section 3.4). A census gives [p, p] by itself. Limits are whole
    people, so with nearly everybody drawn successes/n may lie a fraction of one person outside them.

    Raises
    ------
    BadInputError
        When not 0 <= successes <= n <= population, or n is 0.
    """
    if not 0 <= successes <= n <= population or n == 0:
        message = f"{successes} of {n} drawn from {population} cannot be"
        raise BadInputError(message)
    tail = (1.0 - check_level(confidence_level)) / 2.0
    first, last = successes, population - (n - successes)
    low = _smallest_with(first, last, lambda k: _upper_tail(successes, n, population, k) > tail)
    # The same search from the other side: unsatisfied people are counted instead of satisfied ones.
    failures = n - successes
    mirrored = _smallest_with(
        failures, population - successes, lambda k: _upper_tail(failures, n, population, k) > tail
    )
    return Interval(low / population, (population - mirrored) / population)


def _upper_tail(x: int, n: int, population: int, k: int) -> float:
    """P(X >= x) for X hypergeometric with k satisfied people in the population."""
    values = np.arange(x, min(n, k) + 1, dtype=np.float64)
    logs = log_choose(k, values) + log_choose(population - k, n - values) - log_choose(population, n)
    possible = n - values <= population - k
    return float(np.exp(logs[possible]).sum())


def _smallest_with(first: int, last: int, holds: Callable[[int], bool]) -> int:
    """Smallest k in first..last for which a condition that stays true once true holds."""
    while first < last:
        middle = (first + last) // 2
        if holds(middle):
            last = middle
        else:
            first = middle + 1
    return first
