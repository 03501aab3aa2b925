"""Population variances, design effects and effective sizes of design-based estimates (statistics.md 2.2)."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together, truths
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, means, ratios, totals
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class SrsReference(StrEnum):
    """The simple random sample a design is compared with.

    WITHOUT_REPLACEMENT draws n of the sum of weights (R: ``deff = TRUE``); WITH_REPLACEMENT knows no population
    (R: ``deff = "replace"``).
    """

    WITHOUT_REPLACEMENT = "without_replacement"
    WITH_REPLACEMENT = "with_replacement"


def population_variances(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> Linearised:
    """Variance of each variable in the population, with its own standard error.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
        NaN is outside the domain of its column.
    domain : bool array, shape (rows,), optional

    Returns
    -------
    Linearised
        ``n/(n-1) * sum(w (y - mean)^2) / sum(w)`` per column, in squared units of y; NaN below two answers.

    References
    ----------
    R: ``svyvar``, which takes the mean of the squared deviations as its linear form.
    """
    return means(design, _squares(design, _columns(y), domain), domain=domain)


def population_covariance(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> Linearised:
    """Covariance of every pair of columns over rows that answered all of them, k * k values by rows (R: ``svyvar``)."""
    columns = _columns(y)
    complete = np.asarray(_answered(columns, domain).all(axis=1))
    n = int(complete.sum())
    centred: Floats = columns - means(design, columns, domain=complete).value
    products = (centred[:, :, None] * centred[:, None, :]).reshape(len(columns), -1)
    return means(design, products * _correction(np.array([n])), domain=complete)


def mean_design_effects(
    design: SurveyDesign, y: npt.ArrayLike, *, reference: SrsReference, domain: Bools | None = None
) -> Floats:
    """Design effect of each column's mean: its variance over that of a simple random sample of the same size.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
    reference : SrsReference
    domain : bool array, shape (rows,), optional

    Returns
    -------
    ndarray, shape (k,)
        NaN where nothing varies, or where WITHOUT_REPLACEMENT meets weights that add up to less than n.

    References
    ----------
    Kish (1965); R: ``svymean(deff = TRUE)`` and ``deff = "replace"``.
    """
    columns = _columns(y)
    variance = means(design, columns, domain=domain).variance
    return _over(variance, srs_variances(design, columns, reference=reference, domain=domain))


def total_design_effects(
    design: SurveyDesign, y: npt.ArrayLike, *, reference: SrsReference, domain: Bools | None = None
) -> Floats:
    """Design effect of each column's total, shape (k,); see `mean_design_effects` (R: ``svytotal(deff = ...)``)."""
    columns = _columns(y)
    variance = totals(design, columns, domain=domain).variance
    answered = _answered(columns, domain)
    weight = (design.weights[:, None] * answered).sum(axis=0)
    return _over(variance, srs_variances(design, columns, reference=reference, domain=domain) * weight**2)


def ratio_design_effects(
    design: SurveyDesign,
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *,
    reference: SrsReference,
    domain: Bools | None = None,
) -> Floats:
    """Design effect of each ratio, through the total of its residuals y - R x, shape (k,)."""
    above, below = _columns(numerators), _columns(denominators)
    residuals = above - ratios(design, above, below, domain=domain).value * below
    return total_design_effects(design, residuals, reference=reference, domain=domain)


def srs_variances(
    design: SurveyDesign, y: npt.ArrayLike, *, reference: SrsReference, domain: Bools | None = None
) -> Floats:
    """Variance that the mean of each column would have in a simple random sample of the same n, shape (k,)."""
    columns = _columns(y)
    answered = _answered(columns, domain)
    n = answered.sum(axis=0).astype(np.float64)
    spread = population_variances(design, columns, domain=domain).value
    variance = spread / np.where(n > 0, n, np.nan)
    if reference is SrsReference.WITH_REPLACEMENT:
        return np.asarray(variance)
    population = (design.weights[:, None] * answered).sum(axis=0)
    # Weights that add up to fewer people than were asked are not expansion weights: nothing can be said.
    return np.asarray(variance * np.where(population >= n, 1.0 - n / np.where(n > 0, population, 1.0), np.nan))


def effective_sizes(p: npt.ArrayLike, variance: npt.ArrayLike) -> Floats:
    """Effective number of people p(1-p)/v behind a share; NaN where the variance is 0 (statistics.md 3.1)."""
    share, v = together(p=p, variance=variance)
    if np.any((share < 0) | (share > 1)) or np.any(v < 0):
        message = "an effective size needs shares between 0 and 1 and variances that are not negative"
        raise BadInputError(message)
    return _over(share * (1.0 - share), v)


def _squares(design: SurveyDesign, columns: Floats, domain: Bools | None) -> Floats:
    """Squared deviations, brought to the divisor n - 1."""
    at = means(design, columns, domain=domain)
    return np.asarray((columns - at.value) ** 2 * _correction(at.n))


def _correction(n: npt.NDArray[np.intp]) -> Floats:
    return np.where(n > 1, n / np.maximum(n - 1.0, 1.0), np.nan)


def _over(above: Floats, below: Floats) -> Floats:
    # Variances of rounding noise are zeros (statistics.md 13).
    usable = below > 1e-24
    return np.where(usable, above / np.where(usable, below, 1.0), np.nan)


def _answered(columns: Floats, domain: Bools | None) -> Bools:
    answered = ~np.isnan(columns)
    return answered if domain is None else answered & truths(domain, len(columns), "domain")[:, None]


def _columns(y: npt.ArrayLike) -> Floats:
    columns = numbers(y, "y")
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2:
        message = f"values of shape {columns.shape}, columns are needed"
        raise BadInputError(message)
    return columns
