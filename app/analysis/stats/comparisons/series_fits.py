"""Fits of a segmented line to period estimates of unequal precision; the model stands in `series`."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PARAMETERS = 4
# What one period hands on to the next; beyond 0.9 a series of some dozen periods cannot be told from a trend.
AUTOCORRELATIONS = np.linspace(-0.3, 0.9, 13)
# Residuals below this share of the estimates are rounding: the line is perfect.
PERFECT = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class SeriesFit:
    """Coefficients (4,), their covariance (4, 4), τ², and the variance of each period, shape (n,)."""

    beta: Floats
    covariance: Floats
    between: float
    total: Floats


def independent_fit(y: Floats, v: Floats, x: Floats) -> SeriesFit:
    """Weighted least squares with 1 / (v + τ²), τ² by Paule and Mandel, the scale by Knapp and Hartung."""
    between = _paule_mandel(y, v, x)
    total = _total(v, between)
    beta, bread, squares = _least_squares(y, x, np.diag(np.sqrt(total)))
    scale = max(1.0, squares / (y.size - PARAMETERS))
    known = bool((v + between).any())
    return SeriesFit(beta, bread * scale if known else bread * 0.0, between, total)


def autoregressive_fit(y: Floats, v: Floats, x: Floats) -> SeriesFit:
    """Restricted likelihood for τ² at each autocorrelation, averaged with the likelihood as weight."""
    from scipy.optimize import minimize_scalar

    ordinary = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    top = float(ordinary @ ordinary)
    if np.sqrt(top) <= PERFECT * float(np.abs(y).max()):
        return independent_fit(y, v, x)
    lag = np.abs(np.subtract.outer(np.arange(y.size), np.arange(y.size)))
    found = []
    for rho in AUTOCORRELATIONS:
        shape = rho**lag

        def loss(log_tau2: float, shape: Floats = shape) -> float:
            return _restricted(y, v, x, np.exp(log_tau2) * shape)

        bounds = (float(np.log(1e-6 * top)), float(np.log(3.0 * top)))
        best = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-4})
        found.append((float(best.fun), float(np.exp(best.x)), shape))
    losses = np.array([each[0] for each in found])
    weight = np.exp(losses.min() - losses)
    weight /= weight.sum()
    return _averaged(y, v, x, weight, [(tau2, shape) for _, tau2, shape in found])


def _averaged(y: Floats, v: Floats, x: Floats, weight: Floats, models: list[tuple[float, Floats]]) -> SeriesFit:
    """Mean of the fits; the covariance is that within them and that between them."""
    betas, covariances = [], []
    for tau2, shape in models:
        beta, bread, squares = _least_squares(y, x, _cholesky(np.diag(v) + tau2 * shape))
        betas.append(beta)
        covariances.append(bread * max(1.0, squares / (y.size - PARAMETERS)))
    beta = weight @ np.array(betas)
    apart = np.array(betas) - beta
    covariance = np.einsum("i,ijk->jk", weight, covariances) + (weight[:, None] * apart).T @ apart
    between = float(weight @ np.array([tau2 for tau2, _ in models]))
    return SeriesFit(beta, covariance, between, v + between)


def _least_squares(y: Floats, x: Floats, root: Floats) -> tuple[Floats, Floats, float]:
    """Coefficients, inverse information and scaled residual sum of squares; `root` is the Cholesky factor."""
    white_x, white_y = np.linalg.solve(root, x), np.linalg.solve(root, y)
    beta = np.asarray(np.linalg.lstsq(white_x, white_y, rcond=None)[0])
    residual = white_y - white_x @ beta
    return beta, np.asarray(np.linalg.inv(white_x.T @ white_x)), float(residual @ residual)


def _restricted(y: Floats, v: Floats, x: Floats, extra: Floats) -> float:
    """Minus the restricted log likelihood, constants left out."""
    root = _cholesky(np.diag(v) + extra)
    _, bread, squares = _least_squares(y, x, root)
    return 0.5 * (2.0 * float(np.log(np.diagonal(root)).sum()) - float(np.linalg.slogdet(bread)[1]) + squares)


def _cholesky(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)


def _total(v: Floats, between: float) -> Floats:
    """Variance of each period; ones where nothing is known to vary, and a census never outweighs all others."""
    total = v + between
    if not total.any():
        return np.ones(v.size)
    return np.maximum(total, 1e-6 * float(total.max()))


def _paule_mandel(y: Floats, v: Floats, x: Floats) -> float:
    """τ² at which the weighted sum of squares equals its n - 4 degrees of freedom; 0 where it is below anyway."""
    from scipy.optimize import brentq

    ordinary = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    highest = float(ordinary @ ordinary)
    if np.sqrt(highest) <= PERFECT * float(np.abs(y).max()):
        return 0.0

    def excess(tau2: float) -> float:
        return _least_squares(y, x, np.diag(np.sqrt(_total(v, tau2))))[2] - (y.size - PARAMETERS)

    lowest = 0.0 if v.any() else 1e-9 * highest
    if excess(lowest) <= 0.0:
        return 0.0
    return float(brentq(excess, lowest, highest, xtol=1e-14 * highest, rtol=1e-13))
