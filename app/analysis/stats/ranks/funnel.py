"""Funnel plots: how far a unit may lie from the target by chance alone, given how many people answered."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quantiles import check_level, normal_quantile
from app.analysis.stats.ranks.results import check_rankable
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]


class OverDispersion(StrEnum):
    """What to do about units that scatter more than chance explains.

    MULTIPLICATIVE widens all limits by one factor; ADDITIVE adds a variance between units, so that large units are
    not all alarms.
    """

    MULTIPLICATIVE = "multiplicative"
    ADDITIVE = "additive"


class FunnelScale(StrEnum):
    """SHARE keeps p as it is; ARCSINE works on asin √p, which steadies the variance near 100 %."""

    SHARE = "share"
    ARCSINE = "arcsine"


@dataclass(frozen=True, eq=False, slots=True)
class FunnelLimits:
    """Control limits, one pair per size asked for; arrays of shape (m,).

    Parameters
    ----------
    target : float
        The value units are held against.
    low, high : ndarray
        Limits in 0..1.
    dispersion : float
        Winsorised variance factor φ of the units; 1 for exact limits.
    between : float
        Standard deviation between units on the chosen scale; 0 unless additive.
    confidence_level : float
        Chance of a unit at the target to lie inside: 0.95 and 0.998 are usual.
    method : str
    sample_kind : SampleKind
        Random sample or census; open samples have no control limits.
    """

    target: float
    low: Floats
    high: Floats
    dispersion: float
    between: float
    confidence_level: float
    method: str
    sample_kind: SampleKind


def exact_funnel_limits(
    n: npt.ArrayLike, *, target: float, confidence_level: float, sample_kind: SampleKind
) -> FunnelLimits:
    """Exact binomial limits, interpolated between whole people so that the funnel is a smooth line.

    With r the smallest count whose distribution function F reaches the tail probability t, the lower limit is
    (r - (F(r) - t) / (F(r) - F(r - 1))) / n. The upper one is its mirror image, counted from the people who are not
    satisfied: interpolating at 1 - t, as the paper does, puts 10 of 10 outside a target of 90 %, though every third
    such unit gets there by chance. So a unit lies outside exactly when its tail probability is below t.

    Parameters
    ----------
    n : array_like, shape (m,)
        People answering, whole numbers from 1: of the units, or of the line to draw.
    target : float
        Share in 0..1 that is the target, usually that of all units.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    MethodDoesNotFitError
        For an open sample.
    BadInputError
        For n that is not a count, or a target outside 0..1.

    References
    ----------
    Spiegelhalter (2005), Stat. Med. 24:1185, appendix A.1.1.
    """
    _refuse_open(sample_kind)
    sizes = _sizes(n)
    tail = (1.0 - check_level(confidence_level)) / 2.0
    _check_target(target)
    low, high = _interpolated(sizes, target, tail), 1.0 - _interpolated(sizes, 1.0 - target, tail)
    return FunnelLimits(
        target,
        np.clip(np.minimum(low, target), 0.0, 1.0),
        np.clip(np.maximum(high, target), 0.0, 1.0),
        1.0,
        0.0,
        confidence_level,
        "exact",
        sample_kind,
    )


def dispersed_funnel_limits(
    share: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    at: npt.ArrayLike,
    target: float,
    over_dispersion: OverDispersion,
    scale: FunnelScale,
    winsorise: float,
    confidence_level: float,
    sample_kind: SampleKind,
) -> FunnelLimits:
    """Limits that allow for units scattering more than chance: how much is estimated from the units themselves.

    z scores of the units are cut at their own `winsorise` and 1 - `winsorise` quantiles, so that the units sought do
    not widen the limits; φ is the mean of their squares. A φ of at most 1 (no over-dispersion) leaves the plain
    normal limits.

    Parameters
    ----------
    share, n : array_like, shape (K,)
        Shares of the units and the (effective) number of people behind each.
    at : array_like, shape (m,)
        Sizes to draw limits at; pass `n` again for the units themselves.
    target : float
        Strictly between 0 and 1.
    over_dispersion : OverDispersion
    scale : FunnelScale
    winsorise : float
        Share cut on each side, from 0 to below 0.5; 0.1 is usual.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    MethodDoesNotFitError
        For an open sample.
    BadInputError
        For fewer than two units, shares outside 0..1, sizes not above 0, or a target of 0 or 1.

    References
    ----------
    Spiegelhalter (2005), Stat. Med. 24:1185, and (2005) Qual. Saf. Health Care 14:347 (over-dispersion);
    DerSimonian, Laird (1986), Control. Clin. Trials 7:177.
    """
    values, sizes, places = check_rankable(share, sample_kind), _sizes(n, whole=False), _sizes(at, whole=False)
    if sizes.shape != values.shape or (values < 0.0).any() or (values > 1.0).any():
        message = f"{values.size} shares in 0..1 need as many sizes, got {sizes.size}"
        raise BadInputError(message)
    if not 0.0 <= winsorise < 0.5:
        message = f"winsorising {winsorise} on each side must lie in 0..0.5"
        raise BadInputError(message)
    _check_target(target, strictly=True)
    variance = _variance(sizes, target, scale)
    z = (_forward(values, scale) - float(_forward(np.array(target), scale))) / np.sqrt(variance)
    phi = float(np.mean(np.clip(z, *np.quantile(z, [winsorise, 1.0 - winsorise])) ** 2))
    drawn, between = _variance(places, target, scale), 0.0
    if over_dispersion is OverDispersion.ADDITIVE:
        between = _between(phi, variance)
        drawn = drawn + between
    else:
        drawn = drawn * max(1.0, phi)
    half = normal_quantile(confidence_level) * np.sqrt(drawn)
    centre = float(_forward(np.array(target), scale))
    low, high = _back(centre - half, scale), _back(centre + half, scale)
    root = float(np.sqrt(between))
    method = f"{over_dispersion.value}_{scale.value}"
    return FunnelLimits(target, low, high, phi, root, confidence_level, method, sample_kind)


def _refuse_open(sample_kind: SampleKind) -> None:
    if sample_kind is SampleKind.OPEN:
        message = "no control limits for an open sample: the people in it chose themselves"
        raise MethodDoesNotFitError(message)


def _sizes(n: npt.ArrayLike, *, whole: bool = True) -> Floats:
    sizes = np.atleast_1d(numbers(n, "n"))
    wrong = np.flatnonzero(~np.isfinite(sizes) | (sizes <= 0.0) | (whole & (sizes != np.round(sizes))))
    if sizes.ndim != 1 or wrong.size:
        which = f", see position {wrong[0]}: {sizes.ravel()[wrong[0]]}" if wrong.size else ""
        message = f"sizes must be one list of {'whole ' if whole else ''}numbers above 0{which}"
        raise BadInputError(message)
    return sizes


def _check_target(target: float, *, strictly: bool = False) -> None:
    inside = 0.0 < target < 1.0 if strictly else 0.0 <= target <= 1.0
    if not inside:
        message = f"target {target} must lie {'between' if strictly else 'in'} 0 and 1"
        raise BadInputError(message)


def _cdf(r: Floats, n: Floats, p: float) -> Floats:
    """P(X <= r), X binomial; 0 below 0."""
    from scipy.special import bdtr

    return np.where(r < 0.0, 0.0, bdtr(np.clip(r, 0.0, n), n.astype(np.int64), p))


def _interpolated(n: Floats, p: float, tail: float) -> Floats:
    """Interpolated quantile over n: halving finds the smallest r with P(X <= r) >= tail."""
    below, r = np.full(n.shape, -1.0), n.copy()
    while (r - below > 1.0).any():
        middle = np.floor((below + r) / 2.0)
        reached = _cdf(middle, n, p) >= tail
        open_ = r - below > 1.0
        r = np.where(open_ & reached, middle, r)
        below = np.where(open_ & ~reached, middle, below)
    here, before = _cdf(r, n, p), _cdf(r - 1.0, n, p)
    step = here - before
    return np.asarray((r - np.where(step > 0.0, (here - tail) / np.where(step > 0.0, step, 1.0), 0.0)) / n)


def _forward(share: Floats, scale: FunnelScale) -> Floats:
    return share if scale is FunnelScale.SHARE else np.asarray(np.arcsin(np.sqrt(share)))


def _back(value: Floats, scale: FunnelScale) -> Floats:
    if scale is FunnelScale.SHARE:
        return np.clip(value, 0.0, 1.0)
    return np.asarray(np.sin(np.clip(value, 0.0, np.pi / 2.0)) ** 2)


def _variance(n: Floats, target: float, scale: FunnelScale) -> Floats:
    return np.asarray((target * (1.0 - target) if scale is FunnelScale.SHARE else 0.25) / n)


def _between(phi: float, variance: Floats) -> float:
    """Variance between units by the method of moments, 0 when chance alone explains the scatter."""
    weight, units = 1.0 / variance, variance.size
    spare = units * phi - (units - 1)
    room = float(weight.sum() - (weight * weight).sum() / weight.sum())
    return max(0.0, spare / room)
