"""Factor models by maximum likelihood on a covariance matrix: Σ = ΛΦΛ' + Ψ, factor variances 1.

Fisher scoring with an active set for residual variances at their bound; a handful of steps on small matrices, so no
general optimiser is loaded (Jöreskog 1969, Psychometrika 34:183; Bertsekas 1982 for the projection).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.products import Floats

STEPS = 200
MORE_STARTS = 8
HALVINGS = 40
GRADIENT_SMALL = 1e-9
SMALLEST_SHARE = 0.005


class Heywood(StrEnum):
    """What happens when the likelihood asks for a residual variance of 0 or less; either way a note says so.

    BOUND keeps every residual variance at or above 0.005 of the item's variance (as R's ``factanal``).
    FREE takes the negative value (as ``lavaan`` does by default).
    """

    BOUND = "bound"
    FREE = "free"


@dataclass(frozen=True, eq=False)
class FactorFit:
    """A fitted model.

    Attributes
    ----------
    loadings : ndarray, shape (items, factors)
        0 where the model has none; each factor's sum is positive.
    factor_correlation : ndarray, shape (factors, factors)
    residual : ndarray, shape (items,)
        Residual variances.
    discrepancy : float
        log|Σ| + tr(SΣ⁻¹) - log|S| - items; times n it is the likelihood-ratio chi-square.
    loading_se : ndarray, shape (items, factors)
        Times 1/√n they are the standard errors of the loadings under normality; NaN on a bound or without loading.
    at_bound : tuple of int
        Items whose residual variance is at its bound, or negative under FREE.
    parameters : int
    """

    loadings: Floats
    factor_correlation: Floats
    residual: Floats
    discrepancy: float
    loading_se: Floats
    at_bound: tuple[int, ...]
    parameters: int


class _Model:
    """Parameters in one vector: loadings, factor correlations above the diagonal, residual variances."""

    def __init__(self, pattern: npt.NDArray[np.bool_]) -> None:
        self.items, self.factors = pattern.shape
        self.rows, self.columns = np.nonzero(pattern)
        self.above = np.triu_indices(self.factors, 1)
        self.first = len(self.rows)
        self.second = self.first + len(self.above[0])
        self.size = self.second + self.items

    def matrices(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        loadings = np.zeros((self.items, self.factors))
        loadings[self.rows, self.columns] = theta[: self.first]
        phi = np.eye(self.factors)
        phi[self.above] = theta[self.first : self.second]
        phi.T[self.above] = theta[self.first : self.second]
        return loadings, phi, theta[self.second :]

    def sigma(self, theta: Floats) -> Floats:
        loadings, phi, psi = self.matrices(theta)
        return np.asarray(loadings @ phi @ loadings.T + np.diag(psi))

    def derivatives(self, theta: Floats) -> Floats:
        """∂Σ/∂θ, shape (parameters, items, items)."""
        loadings, phi, _ = self.matrices(theta)
        slopes = np.zeros((self.size, self.items, self.items))
        half = (loadings @ phi)[:, self.columns].T
        at = np.arange(self.first)
        slopes[at, self.rows, :] += half
        slopes[at, :, self.rows] += half
        for number, (a, b) in enumerate(zip(*self.above, strict=True), self.first):
            cross = np.outer(loadings[:, a], loadings[:, b])
            slopes[number] = cross + cross.T
        own = np.arange(self.items)
        slopes[self.second + own, own, own] = 1.0
        return slopes


def fit_factors(covariance: Floats, pattern: npt.NDArray[np.bool_], *, heywood: Heywood) -> FactorFit:
    """Maximum-likelihood fit.

    Parameters
    ----------
    covariance : ndarray, shape (items, items)
        Divisor n (or weights); must be positive definite.
    pattern : ndarray of bool, shape (items, factors)
        Which item belongs to which factor.
    heywood : Heywood

    Raises
    ------
    BadInputError
        A constant item, or items that are exact combinations of each other.
    MethodDoesNotFitError
        More parameters than data, a model that is not identified, or no convergence.
    """
    scale = np.sqrt(np.diagonal(covariance))
    if not (scale > 0).all():
        message = f"item {int(np.argmin(scale))} does not vary"
        raise BadInputError(message)
    correlation = covariance / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        message = "some items are exact combinations of the others; the covariance has no inverse"
        raise BadInputError(message)
    model = _Model(pattern)
    if model.size > model.items * (model.items + 1) // 2:
        message = f"{model.items} items cannot carry {model.size} parameters; a factor needs three items, or two beside"
        raise MethodDoesNotFitError(message + " another factor")
    floor = SMALLEST_SHARE if heywood is Heywood.BOUND else -np.inf
    theta = _best(model, correlation, floor)
    return _result(model, theta, correlation, scale, floor)


def _best(model: _Model, s: Floats, floor: float) -> Floats:
    """The best solution found; improper ones have rivals, so they are sought from several fixed starts."""
    found: list[tuple[float, Floats]] = []
    for start in _starts(model, s, floor):
        theta = _scoring(model, s, floor, start)
        if theta is None:
            continue
        if (theta[model.second :] > max(floor, 0.0)).all():
            return theta
        found.append((_discrepancy(model, theta, s), theta))
    if not found:
        message = "the factor model did not converge; too few answers, or the items do not share a factor"
        raise MethodDoesNotFitError(message)
    return min(found, key=lambda pair: pair[0])[1]


def _scoring(model: _Model, s: Floats, floor: float, start: Floats) -> Floats | None:
    """Steps of Fisher scoring, each halved until the discrepancy falls; None when they lead nowhere."""
    theta = start
    value = _discrepancy(model, theta, s)
    if not np.isfinite(value):
        return None
    for _ in range(STEPS):
        gradient, information = _gradient(model, theta, s)
        free = np.ones(model.size, dtype=bool)
        psi = theta[model.second :]
        free[model.second :] = ~((psi <= floor) & (gradient[model.second :] > 0))
        if np.abs(gradient[free]).max(initial=0.0) < GRADIENT_SMALL:
            return theta
        step = np.zeros(model.size)
        step[free] = _solve(information[np.ix_(free, free)], gradient[free])
        moved = _line_search(model, theta, s, step, value, floor)
        if moved is None:
            if np.abs(gradient[free]).max() < 1e3 * GRADIENT_SMALL:
                return theta
            return None
        theta, value = moved
    return None


def _line_search(
    model: _Model, theta: Floats, s: Floats, step: Floats, value: float, floor: float
) -> tuple[Floats, float] | None:
    size = 1.0
    for _ in range(HALVINGS):
        trial = theta - size * step
        trial[model.second :] = np.maximum(trial[model.second :], floor)
        reached = _discrepancy(model, trial, s)
        if reached < value:
            return trial, reached
        size /= 2.0
    return None


def _starts(model: _Model, s: Floats, floor: float) -> Iterator[Floats]:
    """First principal components of the factors' own blocks; then the same moved about, always in the same way."""
    first = _principal(model, s, floor)
    yield first
    moves = np.random.default_rng(1969)
    for _ in range(MORE_STARTS):
        moved = first.copy()
        moved[: model.first] *= moves.uniform(0.3, 1.2, model.first)
        moved[model.first : model.second] = moves.uniform(0.0, 0.6)
        moved[model.second :] = moves.uniform(0.2, 0.9, model.items)
        yield moved


def _principal(model: _Model, s: Floats, floor: float) -> Floats:
    """First principal component of each block, shrunk; factor correlations 0.3 to begin with."""
    loadings = np.zeros(model.first)
    for factor in range(model.factors):
        mine = model.columns == factor
        rows = model.rows[mine]
        values, vectors = np.linalg.eigh(s[np.ix_(rows, rows)])
        direction = vectors[:, -1] * np.sqrt(values[-1])
        loadings[mine] = 0.8 * direction * (1.0 if direction.sum() >= 0 else -1.0)
    share = np.zeros(model.items)
    np.add.at(share, model.rows, loadings**2)
    psi = np.maximum(1.0 - share, max(floor, 0.2))
    return np.concatenate([loadings, np.full(model.second - model.first, 0.3), psi])


def _discrepancy(model: _Model, theta: Floats, s: Floats) -> float:
    """Discrepancy without the constant of S; infinite where Σ is not positive definite."""
    sigma = model.sigma(theta)
    try:
        root = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        return float("inf")
    return float(2.0 * np.log(np.diagonal(root)).sum() + np.trace(np.linalg.solve(sigma, s)))


def _gradient(model: _Model, theta: Floats, s: Floats) -> tuple[Floats, Floats]:
    inverse = np.linalg.inv(model.sigma(theta))
    slopes = model.derivatives(theta)
    residue = inverse - inverse @ s @ inverse
    whitened = inverse @ slopes
    flat = whitened.reshape(model.size, -1)
    turned = whitened.transpose(0, 2, 1).reshape(model.size, -1)
    return np.einsum("ij,kij->k", residue, slopes), flat @ turned.T


def _solve(information: Floats, gradient: Floats) -> Floats:
    """Scoring step, with a small ridge where the information is nearly singular on the way."""
    ridge = 0.0
    for _ in range(20):
        try:
            root = np.linalg.cholesky(information + ridge * np.eye(len(information)))
        except np.linalg.LinAlgError:
            ridge = max(10.0 * ridge, 1e-10 * float(np.trace(information)))
            continue
        return np.asarray(np.linalg.solve(root.T, np.linalg.solve(root, gradient)))
    message = "the factor model is not identified by these answers"
    raise MethodDoesNotFitError(message)


def _result(model: _Model, theta: Floats, s: Floats, scale: Floats, floor: float) -> FactorFit:
    loadings, phi, psi = model.matrices(theta)
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    _, information = _gradient(model, theta, s)
    bound = psi <= floor if np.isfinite(floor) else psi < 0
    free = np.ones(model.size, dtype=bool)
    free[model.second :] = ~((psi <= floor) & np.isfinite(floor))
    inner = information[np.ix_(free, free)]
    if np.linalg.eigvalsh(inner)[0] < 1e-10 * np.trace(inner) / len(inner):
        message = "the factor model is not identified: some loadings could be anything"
        raise MethodDoesNotFitError(message)
    spread = np.full(model.size, np.nan)
    spread[free] = np.sqrt(2.0 * np.diagonal(np.linalg.inv(inner)))
    loading_se = np.full(loadings.shape, np.nan)
    loading_se[model.rows, model.columns] = spread[: model.first]
    constant = np.linalg.slogdet(s)[1] + model.items
    return FactorFit(
        loadings=loadings * sign * scale[:, None],
        factor_correlation=phi * np.outer(sign, sign),
        residual=psi * scale**2,
        discrepancy=max(_discrepancy(model, theta, s) - float(constant), 0.0),
        loading_se=loading_se * scale[:, None],
        at_bound=tuple(map(int, np.flatnonzero(bound))),
        parameters=model.size,
    )
