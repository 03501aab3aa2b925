"""Least squares of overall satisfaction on its drivers, people drawn independently; from rows or cross-products."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.products import (
    CrossProducts,
    Floats,
    as_table,
    centre_of,
    check_covariance,
    correlation_of,
    cross_products,
)
from app.analysis.stats.quantiles import check_level, t_quantile
from app.analysis.stats.results import NoData

INTERCEPT = "(Intercept)"
SINGULAR_BELOW = 1e-10
VIF_HIGH = 10.0


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients with their uncertainty; association, never cause.

    Attributes
    ----------
    terms : tuple of str
        ``(Intercept)`` first, then the drivers.
    coefficients, se, t, p, low, high : tuple of float
        One per term; limits at `confidence_level`. NaN where `df` is below 1.
    df : int
    r_squared : float
    standardised, vif : tuple of float
        One per driver: change of the outcome in its standard deviations for one of the driver's; variance inflation.
    n : int
    method : str
        ``ols``, ``survey_linear`` or ``survey_logistic`` (there `r_squared` and `standardised` are NaN).
    confidence_level : float
    notes : tuple of DriverCode
    """

    terms: tuple[str, ...]
    coefficients: tuple[float, ...]
    se: tuple[float, ...]
    t: tuple[float, ...]
    p: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    df: int
    r_squared: float
    standardised: tuple[float, ...]
    vif: tuple[float, ...]
    n: int
    method: str
    confidence_level: float
    notes: tuple[DriverCode, ...]


def regression(products: CrossProducts, *, drivers: Sequence[str], confidence_level: float) -> Regression | NoData:
    """Ordinary least squares from cross-products.

    Parameters
    ----------
    products : CrossProducts
        One set, unweighted, the outcome as last column.
    drivers : sequence of str
        Names of the other columns.
    confidence_level : float

    Returns
    -------
    Regression
        ``NoData`` (``too_few_complete``) when there are not more rows than coefficients.

    Raises
    ------
    BadInputError
        Names that do not fit the columns; a driver or outcome that does not vary.
    MethodDoesNotFitError
        Weighted sums (their errors need the design: `survey_regression`); a driver that is a combination of others.
    """
    check_level(confidence_level)
    k = len(drivers)
    if np.ndim(products.n) != 0 or products.first.shape != (k + 1,) or k < 1:
        message = f"cross-products of shape {products.first.shape} for {k} drivers and an outcome"
        raise BadInputError(message)
    n = int(products.n)
    if abs(float(products.weight) - n) > 1e-9 * max(n, 1):
        message = "weighted sums: ordinary least squares would give wrong errors; use the survey regression"
        raise MethodDoesNotFitError(message)
    if n <= k + 1:
        return NoData("too_few_complete")
    covariance = check_covariance(products.covariance(), least=2)
    inverse, slopes = _slopes(covariance, drivers)
    means = products.means()
    df = n - k - 1
    left = max(float(covariance[k, k] - covariance[k, :k] @ slopes), 0.0)
    spread = n * left / df
    # The intercept is the mean of the outcome at drivers 0: its error is that of the mean plus that of the slopes.
    shift = inverse @ means[:k]
    se = np.sqrt(spread / n * np.concatenate([[1.0 + means[:k] @ shift], np.diagonal(inverse)]))
    coefficients = np.concatenate([[means[k] - slopes @ means[:k]], slopes])
    vif = vif_of(correlation_of(covariance)[:k, :k])
    return assembled(
        drivers,
        coefficients,
        se,
        df=df,
        r_squared=1.0 - left / float(covariance[k, k]),
        standardised=slopes * np.sqrt(np.diagonal(covariance)[:k] / covariance[k, k]),
        vif=vif,
        n=n,
        method="ols",
        confidence_level=confidence_level,
    )


def regression_of_rows(
    outcome: npt.ArrayLike, x: npt.ArrayLike, *, drivers: Sequence[str], confidence_level: float
) -> Regression | NoData:
    """`regression` of rows in which the outcome (rows,) and all drivers (rows, k) are answered."""
    table = with_outcome(outcome, x)
    products = cross_products(table, origin=centre_of(table))
    if products.n < 2:
        return NoData("too_few_complete")
    return regression(products, drivers=drivers, confidence_level=confidence_level)


def with_outcome(outcome: npt.ArrayLike, x: npt.ArrayLike) -> Floats:
    """Drivers and, last, the outcome as one table, or BadInputError when the rows do not fit."""
    table, y = as_table(x), numbers(outcome, "outcome")
    if y.shape != (len(table),):
        message = f"outcome has shape {y.shape} for {len(table)} rows of drivers"
        raise BadInputError(message)
    return as_table(np.column_stack([table, y]))


def vif_of(correlation: Floats) -> Floats:
    """Variance inflation of each driver: diagonal of the inverse correlation matrix of the drivers."""
    return np.asarray(np.diagonal(np.linalg.inv(correlation)))


def assembled(
    drivers: Sequence[str],
    coefficients: Floats,
    se: Floats,
    *,
    df: int,
    r_squared: float,
    standardised: Floats,
    vif: Floats,
    n: int,
    method: str,
    confidence_level: float,
) -> Regression:
    """The result with t, p and limits; without degrees of freedom these are NaN and a note says why."""
    notes = [DriverCode.ASSOCIATION_NOT_CAUSE]
    t = coefficients / np.where(se > 0, se, np.nan)
    if df < 1:
        notes.append(DriverCode.NO_DF)
        t = np.full_like(t, np.nan)
        half = t
    else:
        half = float(t_quantile(confidence_level, df)) * se
    if (vif > VIF_HIGH).any():
        notes.append(DriverCode.COLLINEAR)
    return Regression(
        terms=(INTERCEPT, *drivers),
        coefficients=tuple(map(float, coefficients)),
        se=tuple(map(float, se)),
        t=tuple(map(float, t)),
        p=tuple(map(float, two_sided_p(t, df))),
        low=tuple(map(float, coefficients - half)),
        high=tuple(map(float, coefficients + half)),
        df=df,
        r_squared=r_squared,
        standardised=tuple(map(float, standardised)),
        vif=tuple(map(float, vif)),
        n=n,
        method=method,
        confidence_level=confidence_level,
        notes=tuple(notes),
    )


def two_sided_p(t: Floats, df: int) -> Floats:
    """Two-sided p value of Student's t, accurate far out in the tail; NaN without degrees of freedom."""
    from scipy.special import betainc

    if df < 1:
        return np.full_like(t, np.nan)
    return np.asarray(betainc(df / 2.0, 0.5, df / (df + t * t)))


def check_not_collinear(correlation: Floats) -> None:
    """Refuse drivers that are exact combinations of others."""
    if np.linalg.eigvalsh(correlation)[0] < SINGULAR_BELOW:
        message = "a driver is an exact combination of the others; leave one out"
        raise MethodDoesNotFitError(message)


def check_varies(variance: Floats, names: Sequence[str]) -> None:
    """Refuse columns in which everybody answered alike."""
    if (variance <= 0).any():
        message = f"{names[int(np.argmin(variance))]!r} does not vary among the complete rows"
        raise BadInputError(message)


def _slopes(covariance: Floats, drivers: Sequence[str]) -> tuple[Floats, Floats]:
    """Inverse covariance of the drivers, worked out on correlations for the sake of digits, and the slopes."""
    k = len(drivers)
    check_varies(np.diagonal(covariance), (*drivers, "outcome"))
    correlation = correlation_of(covariance)[:k, :k]
    check_not_collinear(correlation)
    scale = np.sqrt(np.diagonal(covariance)[:k])
    inverse = np.linalg.inv(correlation) / np.outer(scale, scale)
    return inverse, inverse @ covariance[:k, k]
