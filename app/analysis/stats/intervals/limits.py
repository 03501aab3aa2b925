"""Limits of a share or bounded score from its value and effective size: the formulas, elementwise over cells."""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import together
from app.analysis.stats.quantiles import beta_quantile, check_level

Floats = npt.NDArray[np.float64]
Limits = tuple[Floats, Floats]


def wilson_limits(p: npt.ArrayLike, n_eff: npt.ArrayLike, quantile: npt.ArrayLike) -> Limits:
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
    p, n_eff, q = together(p=p, n_eff=n_eff, quantile=quantile)
    q2 = q * q
    centre = p + q2 / (2.0 * n_eff)
    half = q / (2.0 * n_eff) * np.sqrt(np.maximum(4.0 * n_eff * p * (1.0 - p) + q2, 0.0))
    scale = 1.0 + q2 / n_eff
    low = np.clip((centre - half) / scale, 0.0, p)
    high = np.clip((centre + half) / scale, p, 1.0)
    return np.where(p <= 0.0, p, low), np.where(p >= 1.0, p, high)


def wilson_continuity_limits(p: npt.ArrayLike, n: npt.ArrayLike, quantile: npt.ArrayLike) -> Limits:
    """Wilson score limits with Yates' continuity correction, elementwise.

    The correction moves the count by half a person, but never past one half of `n` (R: ``prop.test``).

    References
    ----------
    Newcombe (1998), Stat. Med. 17:857, method 4.
    """
    p, n, q = together(p=p, n=n, quantile=quantile)
    shift = np.minimum(0.5, np.abs(p * n - n / 2.0)) / n
    low, _ = wilson_limits(np.clip(p - shift, 0.0, 1.0), n, q)
    _, high = wilson_limits(np.clip(p + shift, 0.0, 1.0), n, q)
    return np.minimum(low, p), np.maximum(high, p)


def wald_limits(p: npt.ArrayLike, se: npt.ArrayLike, quantile: npt.ArrayLike, *, cut: bool) -> Limits:
    """P ± quantile · se, elementwise; for comparison only, near 0 and 1 it covers next to nothing.

    Parameters
    ----------
    p, se, quantile : array_like
        Value, its standard error, normal or t quantile.
    cut : bool
        Keep the limits inside [0, 1]; without it they stand as the formula gives them (and as R prints them).
    """
    p, se, q = together(p=p, se=se, quantile=quantile)
    return _cut(p - q * se, p + q * se, cut=cut)


def agresti_coull_limits(p: npt.ArrayLike, n_eff: npt.ArrayLike, quantile: npt.ArrayLike, *, cut: bool) -> Limits:
    """Wald limits around (n p + q²/2)/(n + q²) with n + q² people, elementwise.

    References
    ----------
    Agresti, Coull (1998), Am. Stat. 52:119.
    """
    p, n_eff, q = together(p=p, n_eff=n_eff, quantile=quantile)
    people = n_eff + q * q
    centre = (n_eff * p + q * q / 2.0) / people
    return wald_limits(centre, np.sqrt(centre * (1.0 - centre) / people), q, cut=cut)


def clopper_pearson_limits(x: npt.ArrayLike, n: npt.ArrayLike, *, confidence_level: float) -> Limits:
    """Exact binomial limits, elementwise; `x` and `n` may be effective (not whole) numbers.

    Returns
    -------
    low, high : ndarray
        0 and 1 at x = 0 and x = n. NaN where an input is NaN.

    References
    ----------
    Clopper, Pearson (1934); with effective numbers Korn, Graubard (1998), Surv. Methodol. 24:193.
    """
    alpha = 1.0 - check_level(confidence_level)
    x, n = together(x=x, n=n)
    low = beta_quantile(np.where(x > 0, x, 1.0), n - x + 1.0, alpha / 2.0)
    high = beta_quantile(x + 1.0, np.where(x < n, n - x, 1.0), 1.0 - alpha / 2.0)
    return _at_the_ends(low, high, x, n)


def prior_limits(x: npt.ArrayLike, n: npt.ArrayLike, *, prior: float, confidence_level: float) -> Limits:
    """Equal-tailed limits of the posterior with a Beta(prior, prior) prior, elementwise.

    Parameters
    ----------
    x, n : array_like
        Satisfied and all people; may be effective (not whole) numbers.
    prior : float
        1/2 for Jeffreys, 1 for the uniform prior.

    Returns
    -------
    low, high : ndarray
        At x = 0 the lower limit is 0, at x = n the upper one is 1, so that both hold the share.

    References
    ----------
    Brown, Cai, DasGupta (2001), Stat. Sci. 16:101.
    """
    alpha = 1.0 - check_level(confidence_level)
    x, n = together(x=x, n=n)
    low, high = (beta_quantile(x + prior, n - x + prior, tail) for tail in (alpha / 2.0, 1.0 - alpha / 2.0))
    return _at_the_ends(low, high, x, n)


def _at_the_ends(low: Floats, high: Floats, x: Floats, n: Floats) -> Limits:
    """Put 0 and 1 at the ends, but keep what is not a number."""
    known = np.isfinite(x) & np.isfinite(n)
    return (
        np.where(known, np.where(x > 0, low, 0.0), np.nan),
        np.where(known, np.where(x < n, high, 1.0), np.nan),
    )


def _cut(low: Floats, high: Floats, *, cut: bool) -> Limits:
    return (np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)) if cut else (low, high)
