"""Limits of a difference built from the limits of its two parts (MOVER), with p values by inversion.

Near 100 % the usual difference ± t·se covers as little as half of the time; these limits keep the level because the
single limits do (statistics.md section 4.1).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.comparisons.results import (
    Comparisons,
    Floats,
    Ints,
    check_covariance,
    check_estimates,
    check_pairs,
    corrected,
    differences,
)
from app.analysis.stats.comparisons.singles import SingleLimits
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import SampleKind

# Smallest p value that is told apart; below it single limits lie in tails no survey knows.
SMALLEST_P = 1e-12
LARGEST_P = 1.0 - 1e-9

# A standard error below this is a zero with rounding noise; it has no correlation with anything.
NO_SPREAD = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class _Pairs:
    """The pairs at work: positions, differences and correlations, all of shape (m,)."""

    first: Ints
    second: Ints
    difference: Floats
    correlation: Floats

    def of(self, chosen: npt.NDArray[np.int64]) -> "_Pairs":
        return _Pairs(self.first[chosen], self.second[chosen], self.difference[chosen], self.correlation[chosen])


def mover_limits(
    first: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    second: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    *,
    correlation: npt.ArrayLike,
) -> tuple[Floats, Floats]:
    """Limits of first minus second from (estimate, low, high) of each, elementwise.

    Parameters
    ----------
    first, second : tuple of array_like
        Estimate, lower and upper limit at one level; any scale.
    correlation : array_like
        Correlation of the two estimates, 0 for independent ones.

    Returns
    -------
    low, high : ndarray
        Around the difference; inside [low1 - high2, high1 - low2], so never outside [-1, 1] for shares.

    References
    ----------
    Newcombe (1998), Stat. Med. 17:873; Zou, Donner (2008), Stat. Med. 27:1693.
    """
    p1, l1, u1, p2, l2, u2, r = together(
        first=first[0],
        low_first=first[1],
        high_first=first[2],
        second=second[0],
        low_second=second[1],
        high_second=second[2],
        correlation=correlation,
    )
    if any(np.isinf(each).any() for each in (p1, l1, u1, p2, l2, u2)):
        message = "an infinite estimate or limit has no difference"
        raise BadInputError(message)
    d = p1 - p2
    low = d - _joined(p1 - l1, u2 - p2, r)
    high = d + _joined(u1 - p1, p2 - l2, r)
    return np.maximum(low, l1 - u2), np.minimum(high, u1 - l2)


def _joined(a: Floats, b: Floats, r: Floats) -> Floats:
    """Length of the side opposite to the angle whose cosine is r."""
    return np.asarray(np.sqrt(np.maximum(a * a + b * b - 2.0 * r * a * b, 0.0)))


def correlations(covariance: npt.ArrayLike) -> Floats:
    """Correlation matrix of estimates, shape (K, K); 0 beside a standard error of 0 (a census, or 100 %).

    Raises
    ------
    BadInputError
        When the matrix is not square or has a negative variance.
    """
    v = check_covariance(covariance)
    spread = np.sqrt(np.diagonal(v))
    has = spread >= NO_SPREAD
    scale = np.where(has, spread, 1.0)
    r = np.where(has[:, None] & has[None, :], np.clip(v / scale[:, None] / scale[None, :], -1.0, 1.0), 0.0)
    np.fill_diagonal(r, 1.0)
    return r


def mover_difference(
    units: SingleLimits,
    *,
    correlation: npt.ArrayLike | None,
    confidence_level: float,
    sample_kind: SampleKind,
    pairs: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Comparisons:
    """Compare units by limits built from their single limits.

    Parameters
    ----------
    units : SingleLimits
        Estimates and their limits at any level, for example ``WilsonUnits(estimate, n_eff, df)`` of the smoothed
        interval or ``CallableUnits`` around any other.
    correlation : array_like, shape (K, K), or None
        Correlation of the estimates (`correlations` of their design covariance: units that share villages are not
        independent); None says that the units were sampled independently.
    confidence_level : float
        Level of the limits.
    sample_kind : SampleKind
        Carried into the result.
    pairs : tuple of array_like, optional
        Positions of the units to compare; all pairs without it. Holm and Benjamini-Hochberg count exactly these, so
        they must be all that anybody looked at.

    Returns
    -------
    Comparisons
        `se`, `statistic` and `df` are NaN. The p value is the level at which a limit reaches 0: 1 for equal
        estimates, never below 1e-12.

    Raises
    ------
    BadInputError
        For fewer than two units, pairs that do not exist, or correlations outside -1..1.

    References
    ----------
    statistics.md section 4.1; Zou, Donner (2008), Stat. Med. 27:1693.
    """
    alpha = 1.0 - check_level(confidence_level)
    estimate = check_estimates(units.estimate)
    first, second = check_pairs(pairs, estimate.size)
    r = check_correlation(correlation, estimate.size)[first, second]
    work = _Pairs(first, second, differences(estimate, first, second), r)
    low, high = _limits_at(units, estimate, work, np.full(first.size, alpha))
    alike = work.difference == 0.0
    low, high = np.where(alike, np.minimum(low, 0.0), low), np.where(alike, np.maximum(high, 0.0), high)
    p = _p_values(units, estimate, work, alpha, np.where(work.difference >= 0, low, -high))
    holm, bh = corrected(p)
    none = np.full(first.size, np.nan)
    return Comparisons(
        first, second, work.difference, none, none, none, low, high, p, holm, bh, "mover", confidence_level, sample_kind
    )


def check_correlation(correlation: npt.ArrayLike | None, units: int) -> Floats:
    """Return the correlation matrix of K units, that of independent ones for None; entries must lie in -1..1."""
    if correlation is None:
        return np.eye(units)
    r = numbers(correlation, "correlation")
    if r.shape != (units, units) or not (np.abs(r) <= 1.0 + 1e-9).all():
        message = f"correlations of {units} units must be a {units} x {units} matrix in -1..1, got shape {r.shape}"
        raise BadInputError(message)
    return r


def _limits_at(units: SingleLimits, estimate: Floats, work: _Pairs, alpha: Floats) -> tuple[Floats, Floats]:
    l1, u1 = units.limits(work.first, alpha)
    l2, u2 = units.limits(work.second, alpha)
    one, other = (estimate[work.first], l1, u1), (estimate[work.second], l2, u2)
    return mover_limits(one, other, correlation=work.correlation)


def _nearest_limit(units: SingleLimits, estimate: Floats, work: _Pairs, alpha: Floats) -> Floats:
    """Limit on the side of 0: above 0 where the pair is told apart at alpha."""
    low, high = _limits_at(units, estimate, work, alpha)
    return np.where(work.difference >= 0, low, -high)


def _p_values(units: SingleLimits, estimate: Floats, work: _Pairs, alpha: float, at_level: Floats) -> Floats:
    """Level at which the limit on the side of 0 reaches it; starts from the shown level, so that both always agree."""
    from scipy.optimize.elementwise import find_root
    from scipy.special import ndtr, ndtri

    p = np.full(work.difference.size, np.nan)
    known = np.isfinite(at_level)
    p[known] = 1.0
    widest = _nearest_limit(units, estimate, work, np.full(p.size, SMALLEST_P))
    narrowest = _nearest_limit(units, estimate, work, np.full(p.size, LARGEST_P))
    differs = known & (work.difference != 0.0)
    # With correlations near 1 limits need not widen all the way; what holds at the shown level decides the side.
    told = at_level > 0.0
    p[differs & told & (widest >= 0.0)] = SMALLEST_P
    searched = np.flatnonzero(differs & np.where(told, widest < 0.0, narrowest > 0.0))
    if not searched.size:
        return p
    part, apart = work.of(searched), told[searched]
    # Searched on the scale of a normal quantile, where limits run nearly straight.
    near, shown, far = (float(-ndtri(level / 2.0)) for level in (LARGEST_P, alpha, SMALLEST_P))

    def gap(z: Floats, chosen: Ints) -> Floats:
        return _nearest_limit(units, estimate, part.of(chosen), 2.0 * np.asarray(ndtr(-z)))

    bracket = (np.where(apart, shown, near), np.where(apart, far, shown))
    found = find_root(gap, bracket, args=(np.arange(searched.size),))
    p[searched] = np.clip(2.0 * ndtr(-found.x), SMALLEST_P, 1.0)
    return p
