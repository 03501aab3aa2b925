"""Regression under a survey design: linear or logistic, errors from the design (sandwich), never from the model."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.drivers.regression import (
    Regression,
    assembled,
    check_not_collinear,
    check_varies,
    vif_of,
    with_outcome,
)
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.products import Bools, Floats, complete_rows, correlation_of, cross_products
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import NoData

STEPS = 100
CONVERGED = 1e-13
# Beyond this linear predictor a fitted share is 0 or 1 for every purpose: the drivers separate the outcomes.
SEPARATED = 30.0


class Link(StrEnum):
    """LINEAR for a rating; LOGISTIC for a 0/1 outcome such as "satisfied"."""

    LINEAR = "linear"
    LOGISTIC = "logistic"


def survey_regression(
    outcome: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    design: SurveyDesign,
    link: Link,
    drivers: Sequence[str],
    confidence_level: float,
    tolerance: float,
    domain: Bools | None = None,
) -> Regression | NoData:
    """Weighted estimating equations with linearised errors.

    The design stays whole; rows with a missing answer or outside the domain have influence 0.

    Parameters
    ----------
    outcome : array_like, shape (rows,)
        0/1 for LOGISTIC. NaN is missing.
    x : array_like, shape (rows, k)
    design : SurveyDesign
    link : Link
    drivers : sequence of str
        Names of the k columns.
    confidence_level : float
    tolerance : float
        Relative change of the deviance at which the logistic fit stops: `CONVERGED` for full precision; R stops at
        1e-8 and takes its errors from the step before, which moves them by some 1e-6. LINEAR needs no steps.
    domain : ndarray of bool, shape (rows,), optional

    Returns
    -------
    Regression
        df = PSUs - strata (among the rows used) + 1 - coefficients. ``NoData`` (``too_few_complete``) when there are
        not more rows than coefficients.

    Raises
    ------
    BadInputError
        Shapes; an outcome that is not 0/1 for LOGISTIC; columns that do not vary.
    MethodDoesNotFitError
        A driver that is a combination of others; outcomes separated by the drivers (no finite coefficients).

    References
    ----------
    Binder (1983), Int. Stat. Rev. 51:279. R: ``survey::svyglm``.
    """
    check_level(confidence_level)
    table = with_outcome(outcome, x)
    k = table.shape[1] - 1
    used = _used(table, design, drivers, domain)
    n = int(used.sum())
    if n <= k + 1:
        return NoData("too_few_complete")
    rows, w = table[used], design.weights[used]
    y, z = rows[:, k], rows[:, :k]
    covariance = cross_products(rows, weights=w, origin=rows.mean(axis=0)).covariance()
    check_varies(np.diagonal(covariance), (*drivers, "outcome"))
    correlation = correlation_of(covariance)
    check_not_collinear(correlation[:k, :k])
    # Columns are brought to one scale for the fit and back again, so that units cost no digits.
    centre, scale = w @ z / w.sum(), np.sqrt(np.diagonal(covariance)[:k])
    basis = np.column_stack([np.ones(n), (z - centre) / scale])
    beta, fitted, weight, residual = _fit(basis, y, w, link, tolerance)
    influence = np.zeros((design.rows, k + 1))
    influence[used] = (basis * (weight * residual)[:, None]) @ np.linalg.inv(basis.T @ (basis * weight[:, None]))
    back = np.eye(k + 1)
    back[0, 1:] = -centre / scale
    back[1:, 1:] = np.diag(1.0 / scale)
    variance = np.diagonal(back @ design.covariance(influence, within=used) @ back.T)
    coefficients = back @ beta
    linear = link is Link.LINEAR
    left = float(w @ (y - fitted) ** 2 / w.sum())
    return assembled(
        drivers,
        coefficients,
        np.sqrt(np.maximum(variance, 0.0)),
        df=design.domain_degrees_of_freedom(used) + 1 - (k + 1),
        r_squared=1.0 - left / float(covariance[k, k]) if linear else float("nan"),
        standardised=coefficients[1:] * scale / np.sqrt(covariance[k, k]) if linear else np.full(k, np.nan),
        vif=vif_of(correlation[:k, :k]),
        n=n,
        method=f"survey_{link.value}",
        confidence_level=confidence_level,
    )


def _used(table: Floats, design: SurveyDesign, drivers: Sequence[str], domain: Bools | None) -> Bools:
    """Rows of the domain with every answer, or BadInputError when the parts do not fit each other."""
    rows, k = len(table), table.shape[1] - 1
    if rows != design.rows or len(drivers) != k or (domain is not None and domain.shape != (rows,)):
        message = f"{rows} rows and {k} drivers for a design of {design.rows} rows and {len(drivers)} names"
        raise BadInputError(message)
    complete = complete_rows(table)
    return complete if domain is None else np.asarray(complete & domain, dtype=np.bool_)


def _fit(basis: Floats, y: Floats, w: Floats, link: Link, tolerance: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Coefficients, fitted values, working weights and working residuals."""
    if link is Link.LINEAR:
        beta = np.asarray(np.linalg.solve(basis.T @ (basis * w[:, None]), basis.T @ (w * y)), dtype=np.float64)
        fitted = np.asarray(basis @ beta)
        return beta, fitted, w, y - fitted
    if not np.isin(y, (0.0, 1.0)).all():
        message = "the outcome of a logistic regression must be 0 or 1"
        raise BadInputError(message)
    return _reweighted_least_squares(basis, y, w / w.mean(), tolerance)


def _reweighted_least_squares(
    basis: Floats, y: Floats, w: Floats, tolerance: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Logistic fit by reweighted least squares, started from the answers drawn towards one half."""
    mu = (w * y + 0.5) / (w + 1.0)
    eta = np.log(mu / (1.0 - mu))
    deviance = _deviance(y, mu, w)
    for _ in range(STEPS):
        slope = mu * (1.0 - mu)
        weight = w * slope
        information = basis.T @ (basis * weight[:, None])
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e14:
            break
        beta = np.asarray(np.linalg.solve(information, basis.T @ (weight * (eta + (y - mu) / slope))), dtype=np.float64)
        eta = basis @ beta
        mu = _expit(eta)
        if np.abs(eta).max() > SEPARATED:
            break
        before, deviance = deviance, _deviance(y, mu, w)
        if abs(deviance - before) < tolerance * (abs(deviance) + 0.1):
            return beta, mu, weight, (y - mu) / (mu * (1.0 - mu))
    message = "the drivers separate the outcomes: some coefficient grows without end"
    raise MethodDoesNotFitError(message)


def _deviance(y: Floats, mu: Floats, w: Floats) -> float:
    return float(-2.0 * (w @ np.log(np.where(y > 0.5, mu, 1.0 - mu))))


def _expit(value: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(value))
