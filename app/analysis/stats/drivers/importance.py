"""Shares of R² of correlated drivers: LMG (Shapley) over all subsets, first, last, and Johnson's relative weights.

Everything comes from one correlation matrix (weighted, when people are), so cross-products are enough. The functions
take leading axes, so that all replicates of a jackknife go through at once.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError, TooManyDriversError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_DRIVERS = 16
SINGULAR_BELOW = 1e-10
# Subsets times replicates handled at once: keeps the memory near 30 MB.
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Importance:
    """How R² divides among the drivers; association, never cause.

    Attributes
    ----------
    lmg : tuple of float
        Mean gain in R² over all orders; adds up to `r_squared`.
    first, last : tuple of float
        R² of the driver alone; gain when it comes after all others.
    share : tuple of float
        `lmg` / `r_squared`, NaN when R² is 0.
    r_squared : float
    method : str
    notes : tuple of DriverCode
    """

    lmg: tuple[float, ...]
    first: tuple[float, ...]
    last: tuple[float, ...]
    share: tuple[float, ...]
    r_squared: float
    method: str = "lmg"
    notes: tuple[DriverCode, ...] = (DriverCode.ASSOCIATION_NOT_CAUSE,)


@dataclass(frozen=True, slots=True)
class RelativeWeights:
    """Johnson's weights: `raw` adds up to `r_squared`, `share` to 1 (NaN when R² is 0)."""

    raw: tuple[float, ...]
    share: tuple[float, ...]
    r_squared: float
    method: str = "johnson"
    notes: tuple[DriverCode, ...] = (DriverCode.ASSOCIATION_NOT_CAUSE,)


def importance(correlation: npt.ArrayLike) -> Importance:
    """LMG, first and last of one correlation matrix.

    Parameters
    ----------
    correlation : array_like, shape (k + 1, k + 1)
        Of the k drivers and, last, the outcome.

    Raises
    ------
    TooManyDriversError
        More than 16 drivers: 2^k subsets are too many.
    BadInputError
        Not a correlation matrix, or a column that does not vary.
    MethodDoesNotFitError
        A driver that is an exact combination of others.

    References
    ----------
    Lindeman, Merenda, Gold (1980); Grömping (2007), Am. Stat. 61:139. R: ``relaimpo::calc.relimp``.
    """
    matrix = check_correlation(correlation)
    k = len(matrix) - 1
    check_drivers(k)
    gains = r_squared_of_subsets(matrix)
    whole = float(gains[-1])
    lmg = _shapley(gains, k)
    single = 1 << np.arange(k)
    return Importance(
        lmg=tuple(map(float, lmg)),
        first=tuple(map(float, gains[single])),
        last=tuple(map(float, whole - gains[(1 << k) - 1 - single])),
        share=tuple(map(float, lmg / (whole if whole > 0 else np.nan))),
        r_squared=whole,
    )


def lmg_shares(correlation: npt.ArrayLike) -> Floats:
    """LMG values of many correlation matrices at once, shape (..., k); NaN for a matrix that cannot be used."""
    stack = numbers(correlation, "correlation")
    k = stack.shape[-1] - 1
    check_drivers(k)
    flat = stack.reshape(-1, k + 1, k + 1)
    result = np.full((len(flat), k), np.nan)
    finite = np.flatnonzero(np.isfinite(flat).all(axis=(1, 2)))
    rows = finite[np.linalg.eigvalsh(flat[finite][:, :k, :k])[:, 0] > SINGULAR_BELOW]
    step = max(1, CHUNK >> k)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        result[part] = _shapley(r_squared_of_subsets(flat[part]), k)
    return result.reshape(*stack.shape[:-2], k)


def relative_weights(correlation: npt.ArrayLike) -> RelativeWeights:
    """Johnson's relative weights of one correlation matrix, shaped as in `importance`.

    References
    ----------
    Johnson (2000), Multivar. Behav. Res. 35:1.
    """
    matrix = check_correlation(correlation)
    k = len(matrix) - 1
    values, vectors = np.linalg.eigh(matrix[:k, :k])
    root = (vectors * np.sqrt(values)) @ vectors.T
    raw = root**2 @ np.linalg.solve(root, matrix[:k, k]) ** 2
    total = float(raw.sum())
    share = raw / (total if total > 0 else np.nan)
    return RelativeWeights(tuple(map(float, raw)), tuple(map(float, share)), total)


def r_squared_of_subsets(correlation: Floats) -> Floats:
    """R² of the outcome (last column) on every subset of the drivers.

    Returns
    -------
    ndarray, shape (..., 2^k)
        Position m holds the subset whose members are the set bits of m.
    """
    k = correlation.shape[-1] - 1
    masks = np.arange(1 << k)
    size = np.bitwise_count(masks)
    gains = np.zeros((*correlation.shape[:-2], 1 << k))
    for members in range(1, k + 1):
        chosen = masks[size == members]
        bits = (chosen[:, None] >> np.arange(k)) & 1
        columns = np.nonzero(bits)[1].reshape(-1, members)
        inner = correlation[..., columns[:, :, None], columns[:, None, :]]
        outer = correlation[..., columns, k]
        solved = np.linalg.solve(inner, outer[..., None])[..., 0]
        gains[..., chosen] = np.einsum("...i,...i->...", outer, solved)
    return gains


def check_drivers(k: int) -> None:
    """Refuse numbers of drivers for which the 2^k subsets cannot be gone through."""
    if k < 1:
        message = "at least one driver and the outcome are needed"
        raise BadInputError(message)
    if k > MOST_DRIVERS:
        message = f"{k} drivers have {2**k} subsets; at most {MOST_DRIVERS} drivers are taken (use relative weights)"
        raise TooManyDriversError(message)


def check_correlation(correlation: npt.ArrayLike) -> Floats:
    """The matrix as floats, or a named error."""
    matrix = numbers(correlation, "correlation")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        message = f"correlation has shape {matrix.shape}, expected drivers and outcome, square"
        raise BadInputError(message)
    if not np.isfinite(matrix).all():
        message = f"column {int(np.argmax(~np.isfinite(np.diagonal(matrix))))} does not vary: it has no correlations"
        raise BadInputError(message)
    if np.abs(np.diagonal(matrix) - 1.0).max() > 1e-8 or np.abs(matrix - matrix.T).max() > 1e-8:
        message = "not a correlation matrix: the diagonal must be 1 and the two halves equal"
        raise BadInputError(message)
    if np.linalg.eigvalsh(matrix[:-1, :-1])[0] < SINGULAR_BELOW:
        message = "a driver is an exact combination of the others; leave one out"
        raise MethodDoesNotFitError(message)
    return (matrix + matrix.T) / 2.0


def _shapley(gains: Floats, k: int) -> Floats:
    """Mean gain of each driver over all orders, out of R² by subset."""
    masks = np.arange(1 << k)
    before = np.bitwise_count(masks)
    weight = np.array([factorial(s) * factorial(k - s - 1) / factorial(k) for s in range(k)])
    values = []
    for driver in range(k):
        without = masks[(masks >> driver) & 1 == 0]
        gain = gains[..., without | (1 << driver)] - gains[..., without]
        values.append(gain @ weight[before[without]])
    return np.stack(values, axis=-1)
