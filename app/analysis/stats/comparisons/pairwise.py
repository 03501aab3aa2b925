"""Differences of units by their standard errors: z for independent units, t with the covariance of one design.

For shares near 100 % use `mover` instead: difference ± t·se covers as little as half of the time there
(statistics.md section 4.1).
"""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.comparisons.results import (
    MEAN_OF_ALL,
    ROUNDING,
    Comparisons,
    Floats,
    Ints,
    check_covariance,
    check_estimates,
    check_pairs,
    corrected,
    differences,
)
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.results import SampleKind


def pairwise_z(
    estimate: npt.ArrayLike,
    se: npt.ArrayLike,
    *,
    confidence_level: float,
    sample_kind: SampleKind,
    pairs: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Comparisons:
    """Compare independent units by the normal quantile.

    Parameters
    ----------
    estimate, se : array_like, shape (K,)
        Estimates of any unit of measurement and their standard errors; NaN for a unit without answers.
    confidence_level : float
        Level of the limits.
    sample_kind : SampleKind
        Carried into the result.
    pairs : tuple of array_like, optional
        Positions of the units to compare; all pairs without it.

    Raises
    ------
    BadInputError
        For fewer than two units, a negative standard error, or pairs that do not exist.
    """
    return _of_pairs(check_estimates(estimate), _diagonal(se), np.inf, "z", confidence_level, sample_kind, pairs)


def pairwise_t(
    estimate: npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    df: float,
    confidence_level: float,
    sample_kind: SampleKind,
    pairs: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Comparisons:
    """Compare units of one survey by t, the covariance of their estimates included.

    Parameters
    ----------
    estimate : array_like, shape (K,)
        Estimates, for example ``Linearised.value``; NaN for a unit without answers.
    covariance : array_like, shape (K, K)
        Their design covariance, ``Linearised.covariance``: units that share villages are not independent.
    df : float
        Degrees of freedom of the design (PSUs - strata); inf for the normal quantile.
    confidence_level, sample_kind, pairs
        As in `pairwise_z`.

    Raises
    ------
    BadInputError
        For fewer than two units, a covariance that cannot be one, no degrees of freedom, or pairs that do not exist.
    """
    return _of_pairs(
        check_estimates(estimate), _square(covariance), _positive(df), "t", confidence_level, sample_kind, pairs
    )


def versus_mean_z(
    estimate: npt.ArrayLike, se: npt.ArrayLike, *, confidence_level: float, sample_kind: SampleKind
) -> Comparisons:
    """Compare each of K independent units with the unweighted mean of all, itself included.

    The unit is part of the mean: var = se² (1 - 2/K) + Σ se² / K². Parameters and errors as in `pairwise_z`; every
    unit needs an estimate, otherwise the mean of all would not be one.
    """
    return _of_mean(check_estimates(estimate), _diagonal(se), np.inf, "z", confidence_level, sample_kind)


def versus_mean_t(
    estimate: npt.ArrayLike, covariance: npt.ArrayLike, *, df: float, confidence_level: float, sample_kind: SampleKind
) -> Comparisons:
    """Compare each unit of one survey with the unweighted mean of all by t; parameters as in `pairwise_t`."""
    return _of_mean(check_estimates(estimate), _square(covariance), _positive(df), "t", confidence_level, sample_kind)


def variance_of_pairs(covariance: Floats, first: Ints, second: Ints) -> Floats:
    """Variance of the differences; what rounding leaves of a perfect correlation counts as 0."""
    one, other = covariance[first, first], covariance[second, second]
    variance = one + other - 2.0 * covariance[first, second]
    return np.where(variance <= ROUNDING * (one + other), 0.0, variance)


def _diagonal(se: npt.ArrayLike) -> Floats:
    values = numbers(se, "se")
    wrong = np.flatnonzero((values < 0.0) | np.isinf(values)) if values.ndim == 1 else np.zeros(1, dtype=np.int64)
    if wrong.size:
        message = f"standard errors must be one list of finite numbers from 0, see position {wrong[0]}"
        raise BadInputError(message)
    return np.diag(values * values)


def _square(covariance: npt.ArrayLike) -> Floats:
    v = check_covariance(covariance)
    if not np.allclose(v, v.T, rtol=1e-8, atol=1e-12 * float(np.nanmax(np.abs(v), initial=0.0)), equal_nan=True):
        message = "a covariance matrix must be symmetric"
        raise BadInputError(message)
    return v


def _positive(df: float) -> float:
    if not df > 0:
        message = f"{df} degrees of freedom allow no comparison"
        raise BadInputError(message)
    return float(df)


def _of_pairs(
    estimate: Floats,
    covariance: Floats,
    df: float,
    method: str,
    confidence_level: float,
    sample_kind: SampleKind,
    pairs: tuple[npt.ArrayLike, npt.ArrayLike] | None,
) -> Comparisons:
    _check_fit(estimate, covariance)
    first, second = check_pairs(pairs, estimate.size)
    difference = differences(estimate, first, second)
    variance = variance_of_pairs(covariance, first, second)
    return _judged(first, second, difference, variance, df, method, confidence_level, sample_kind)


def _of_mean(
    estimate: Floats, covariance: Floats, df: float, method: str, confidence_level: float, sample_kind: SampleKind
) -> Comparisons:
    _check_fit(estimate, covariance)
    units = estimate.size
    if units < 2 or not np.isfinite(estimate).all():
        missing = np.flatnonzero(~np.isfinite(estimate))
        message = (
            f"the mean of all {units} units needs an estimate of each and at least two; missing: {missing.tolist()}"
        )
        raise BadInputError(message)
    mean = float(estimate.mean())
    difference = estimate - mean
    difference = np.where(np.abs(difference) <= ROUNDING * np.abs(estimate).max(), 0.0, difference)
    # var(x_i - mean) = v_ii - 2 (row mean of the covariance) + mean of the whole covariance
    variance = np.maximum(np.diagonal(covariance) - 2.0 * covariance.mean(axis=1) + covariance.mean(), 0.0)
    first, second = np.arange(units, dtype=np.int64), np.full(units, MEAN_OF_ALL, dtype=np.int64)
    return _judged(first, second, difference, variance, df, method, confidence_level, sample_kind)


def _check_fit(estimate: Floats, covariance: Floats) -> None:
    if covariance.shape[0] != estimate.size:
        message = f"{estimate.size} estimates do not go with standard errors of {covariance.shape[0]}"
        raise BadInputError(message)


def _judged(
    first: Ints,
    second: Ints,
    difference: Floats,
    variance: Floats,
    df: float,
    method: str,
    confidence_level: float,
    sample_kind: SampleKind,
) -> Comparisons:
    """Limits and p values; without any variance (two censuses) every difference is certain."""
    from scipy.special import stdtr

    se = np.sqrt(variance)
    spread = se > 0
    certain = np.where(difference == 0.0, 0.0, np.copysign(np.inf, difference))
    statistic = np.where(spread, difference / np.where(spread, se, 1.0), np.where(np.isnan(se), np.nan, certain))
    degrees = np.full(difference.size, df)
    p = 2.0 * np.asarray(stdtr(degrees, -np.abs(statistic)))
    half = float(t_quantile(confidence_level, df)) * se
    holm, bh = corrected(p)
    return Comparisons(
        first=first,
        second=second,
        difference=difference,
        se=se,
        statistic=statistic,
        df=degrees,
        low=difference - half,
        high=difference + half,
        p=p,
        holm=holm,
        benjamini_hochberg=bh,
        method=method,
        confidence_level=confidence_level,
        sample_kind=sample_kind,
    )
