"""Weighted cross-products of complete rows: all that alpha, omega, factor models and drivers need, and they add up.

One set per PSU also gives delete-one-PSU standard errors (statistics.md section 5, last row). Sums are kept about an
`origin`, so that figures far from 0 lose no digits; sets are only added when they share it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Below this share of the raw second moment a variance is rounding noise of the subtraction.
NOISE = 1e-13


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """Sums over rows in which every column is answered; a leading axis holds groups (PSUs), none means one set.

    Parameters
    ----------
    n : ndarray of int, shape (...)
        Complete rows.
    weight : ndarray, shape (...)
        Sum of the weights w.
    first : ndarray, shape (..., k)
        Sum of w (x - origin).
    second : ndarray, shape (..., k, k)
        Sum of w (x - origin)(x - origin)'.
    origin : ndarray, shape (k,)
        The point the sums are taken about; zeros for stored sums.
    """

    n: Ints
    weight: Floats
    first: Floats
    second: Floats
    origin: Floats

    def __add__(self, other: "CrossProducts") -> "CrossProducts":
        if not np.array_equal(self.origin, other.origin):
            message = "cross-products about different origins or columns cannot be added"
            raise BadInputError(message)
        return CrossProducts(
            self.n + other.n,
            self.weight + other.weight,
            self.first + other.first,
            self.second + other.second,
            self.origin,
        )

    def total(self) -> "CrossProducts":
        """Sum over the groups."""
        if np.ndim(self.n) == 0:
            return self
        return CrossProducts(
            self.n.sum(axis=0), self.weight.sum(axis=0), self.first.sum(axis=0), self.second.sum(axis=0), self.origin
        )

    def select(self, columns: list[int]) -> "CrossProducts":
        """The named columns, in the given order; complete rows stay those of all columns."""
        grid = np.ix_(columns, columns)
        return CrossProducts(
            self.n, self.weight, self.first[..., columns], self.second[..., grid[0], grid[1]], self.origin[columns]
        )

    def means(self) -> Floats:
        """Weighted means, shape (..., k); NaN where there are no rows."""
        return self.origin + self.first / _positive(self.weight)[..., None]

    def covariance(self) -> Floats:
        """Weighted covariance with divisor sum of w (maximum likelihood), shape (..., k, k); NaN without rows."""
        weight = _positive(self.weight)
        mean = self.first / weight[..., None]
        raw = self.second / weight[..., None, None]
        centred = raw - mean[..., :, None] * mean[..., None, :]
        variance = np.einsum("...ii->...i", centred)
        noise = variance <= NOISE * np.einsum("...ii->...i", raw)
        return np.where(noise[..., :, None] | noise[..., None, :], centred * 0.0, centred)


def cross_products(
    x: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    group_count: int | None = None,
    origin: npt.ArrayLike | None = None,
) -> CrossProducts:
    """Sums over the complete rows of `x`.

    Parameters
    ----------
    x : array_like, shape (rows, k)
        NaN is a missing answer; a row with one is left out whole.
    weights : array_like, shape (rows,), optional
        Above 0 and finite where the row is complete; None counts every row once.
    groups : array_like of int, shape (rows,), optional
        Codes 0..G-1 (PSUs); a group without complete rows keeps its zeros, since it still counts in the design.
    group_count : int, optional
        G, when the last groups may have no rows.
    origin : array_like, shape (k,), optional
        Point the sums are taken about; None is 0, which is what sums of several sources share.

    Raises
    ------
    BadInputError
        Wrong shapes; a weight that is not positive and finite; infinite values.
    """
    table = as_table(x)
    complete = complete_rows(table)
    w = _weights(weights, complete)
    point = np.zeros(table.shape[1]) if origin is None else numbers(origin, "origin")
    if point.shape != (table.shape[1],):
        message = f"origin has shape {point.shape}, expected {(table.shape[1],)}"
        raise BadInputError(message)
    z, w = table[complete] - point, w[complete]
    if groups is None:
        weighted = z * w[:, None]
        n = np.asarray(len(z), dtype=np.int64)
        return CrossProducts(n, np.asarray(w.sum()), weighted.sum(axis=0), weighted.T @ z, point)
    codes, count = _codes(groups, len(table), group_count)
    return _grouped(z, w, codes[complete], count, point)


def _grouped(z: Floats, w: Floats, codes: Ints, count: int, point: Floats) -> CrossProducts:
    """Every sum by group: one bincount per pair of columns, so the cost is k² passes, not one per group."""
    k = z.shape[1]
    n = np.bincount(codes, minlength=count).astype(np.int64)
    weight: Floats = np.bincount(codes, weights=w, minlength=count).astype(np.float64)
    weighted = z * w[:, None]
    first = np.empty((count, k))
    second = np.empty((count, k, k))
    for i in range(k):
        first[:, i] = np.bincount(codes, weights=weighted[:, i], minlength=count)
        for j in range(i, k):
            second[:, i, j] = np.bincount(codes, weights=weighted[:, i] * z[:, j], minlength=count)
            second[:, j, i] = second[:, i, j]
    return CrossProducts(n, weight, first, second, point)


def pairwise_covariance(rr: npt.ArrayLike, yr: npt.ArrayLike, yy: npt.ArrayLike) -> Floats:
    """Covariance matrix, each pair of items over the rows that answered both.

    Parameters
    ----------
    rr, yr, yy : array_like, shape (..., k, k)
        Within-person sums of w r_j r_k, w r_j r_k y_j and w r_j r_k y_j y_k (statistics.md section 5).

    Returns
    -------
    ndarray, shape (..., k, k)
        NaN where nobody answered both. Such a matrix need not be positive definite; factor models refuse it then.
    """
    both, one, two = together(rr=rr, yr=yr, yy=yy)
    if not both.shape == one.shape == two.shape or both.ndim < 2 or both.shape[-1] != both.shape[-2]:
        message = f"sums of pairs need squares of one shape, not {both.shape}, {one.shape} and {two.shape}"
        raise BadInputError(message)
    if not all(np.isfinite(each).all() for each in (both, one, two)):
        message = "sums of pairs have to be finite numbers"
        raise BadInputError(message)
    count = _positive(both)
    centred = two / count - (one / count) * (np.swapaxes(one, -1, -2) / count)
    variance = np.einsum("...ii->...i", centred)
    noise = variance <= NOISE * np.einsum("...ii->...i", two / count)
    return np.where(noise[..., :, None] | noise[..., None, :], centred * 0.0, centred)


def correlation_of(covariance: npt.ArrayLike) -> Floats:
    """Correlation matrix, shape (..., k, k); NaN in rows and columns of a constant item."""
    matrix = numbers(covariance, "covariance")
    spread = np.sqrt(_positive(np.einsum("...ii->...i", matrix)))
    correlation = matrix / (spread[..., :, None] * spread[..., None, :])
    k = matrix.shape[-1]
    correlation[..., range(k), range(k)] = np.where(np.isnan(spread), np.nan, 1.0)
    return np.asarray(correlation)


def check_covariance(covariance: npt.ArrayLike, *, least: int) -> Floats:
    """The matrix as floats, or BadInputError when it is not a finite symmetric square of `least` columns or more."""
    matrix = numbers(covariance, "covariance")
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < least:
        message = f"covariance has shape {matrix.shape}, expected a square of at least {least} items"
        raise BadInputError(message)
    if not np.isfinite(matrix).all():
        message = f"covariance has missing or infinite entries in row {int(np.argwhere(~np.isfinite(matrix))[0][0])}"
        raise BadInputError(message)
    if np.abs(matrix - matrix.T).max() > 1e-8 * max(np.abs(matrix).max(), np.finfo(float).tiny):
        message = "covariance is not symmetric"
        raise BadInputError(message)
    variance = np.diagonal(matrix)
    if (variance < 0).any():
        message = f"item {int(np.argmin(variance))} has a negative variance {variance.min()}"
        raise BadInputError(message)
    even = np.asarray((matrix + matrix.T) / 2.0)
    if np.linalg.eigvalsh(even)[0] < -1e-8 * np.trace(even):
        message = "no answers have such a covariance: some sum of items would have a negative variance"
        raise BadInputError(message)
    return even


def as_table(x: npt.ArrayLike) -> Floats:
    """Rows × columns as floats, or BadInputError on another shape or infinite values."""
    table = numbers(x, "x")
    if table.ndim != 2 or table.shape[1] == 0:
        message = f"answers have shape {table.shape}, expected rows × columns"
        raise BadInputError(message)
    infinite = np.isinf(table)
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        message = f"row {row}, column {column} is infinite"
        raise BadInputError(message)
    return table


def centre_of(table: Floats) -> Floats:
    """Mean of every column over the complete rows (0 without any): an origin that costs no digits."""
    complete = table[complete_rows(table)]
    return np.asarray(complete.mean(axis=0)) if len(complete) else np.zeros(table.shape[1])


def complete_rows(table: Floats) -> Bools:
    """Rows in which every column is answered, shape (rows,)."""
    return np.asarray(~np.isnan(table).any(axis=1), dtype=np.bool_)


def _weights(weights: npt.ArrayLike | None, complete: Bools) -> Floats:
    if weights is None:
        return np.ones(len(complete))
    w = numbers(weights, "weights")
    if w.shape != complete.shape:
        message = f"weights have shape {w.shape}, expected {complete.shape}"
        raise BadInputError(message)
    bad = complete & ~(np.isfinite(w) & (w > 0))
    if bad.any():
        row = int(np.argmax(bad))
        message = f"weight {w[row]} in row {row} is not positive and finite"
        raise BadInputError(message)
    return w


def _codes(groups: npt.ArrayLike, rows: int, group_count: int | None) -> tuple[Ints, int]:
    codes = np.asarray(groups)
    if codes.shape != (rows,) or codes.dtype.kind not in "iu":
        message = f"group codes must be {rows} whole numbers"
        raise BadInputError(message)
    largest = int(codes.max(initial=-1)) + 1
    count = largest if group_count is None else group_count
    if codes.min(initial=0) < 0 or largest > count:
        message = f"group codes must lie in 0..{count - 1}"
        raise BadInputError(message)
    return codes.astype(np.int64), count


def _positive(values: npt.ArrayLike) -> Floats:
    """Values as floats, NaN where not above 0, so that an empty set becomes NaN and not an error."""
    counts = numbers(values, "values")
    return np.where(counts > 0, counts, np.nan)
