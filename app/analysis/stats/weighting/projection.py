"""Residuals of influence values on calibration variables: what calibration leaves of the variance.

With starting weights d, calibration variables x and final weights w = g d, the variance of a calibrated estimate is
that of u_k = w_k (z_k - x_k'B), B = (sum d x x')^-1 sum d x z (Deville, Särndal 1992; statistics.md section 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.weighting.margins import Cells, Ints, Margin, category_sums

Floats = npt.NDArray[np.float64]

# Columns that add less than this share of their length to the others are dependent (margins all add up to N).
DEPENDENT = 1e-10


@dataclass(frozen=True, eq=False)
class Projection:
    """Weighted least squares on variables that are constant within groups of rows.

    Attributes
    ----------
    group : int array, shape (rows,)
        Group of each row, 0..groups-1, none of them empty.
    fit_weights : float array, shape (rows,)
        Weights of the fit, above 0 (the starting weights).
    variables : float array, shape (groups, p), or None
        Calibration variables; None when the groups themselves are the variables (post-strata).
    """

    group: Ints
    fit_weights: Floats
    variables: Floats | None

    @classmethod
    def of_variables(cls, x: Floats, fit_weights: Floats) -> "Projection":
        """Fit on the columns of x, shape (rows, p), each row its own group."""
        return cls(np.arange(len(x)), fit_weights, x)

    @classmethod
    def of_margins(cls, margins: Sequence[Margin], cells: Cells, fit_weights: Floats) -> "Projection":
        """Fit on the categories of all margins together, by cells."""
        if len(margins) == 1:
            return cls(cells.of_row, fit_weights, None)
        indicators = [
            (codes[:, None] == np.arange(len(margin.categories))).astype(np.float64)
            for margin, codes in zip(margins, cells.codes.T, strict=True)
        ]
        return cls(cells.of_row, fit_weights, np.hstack(indicators))

    def refitted(self, fit_weights: Floats) -> "Projection":
        """The same variables under other weights of the fit."""
        return Projection(self.group, fit_weights, self.variables)

    @cached_property
    def group_weight(self) -> Floats:
        """Weights of the fit by group, shape (groups,)."""
        return category_sums(self.group, self.fit_weights, int(self.group.max()) + 1)

    @cached_property
    def _basis(self) -> Floats | None:
        """Orthonormal columns spanning the variables times the root of the weight, by QR with pivoting."""
        if self.variables is None:
            return None
        from scipy.linalg import qr

        x = np.sqrt(self.group_weight)[:, None] * self.variables
        length = np.sqrt(np.square(x).sum(axis=0))
        scaled = x[:, length > 0] / length[length > 0]
        if not scaled.shape[1]:
            return np.zeros((len(x), 0))
        q, r, _ = qr(scaled, mode="economic", pivoting=True)
        return np.ascontiguousarray(q[:, np.abs(np.diagonal(r)) > DEPENDENT])

    def fitted_by_group(self, means: Floats) -> Floats:
        """Fitted values of the groups out of their weighted means, shape (groups, k)."""
        basis = self._basis
        if basis is None:
            return means
        root = np.sqrt(self.group_weight)[:, None]
        return np.asarray(basis @ (basis.T @ (root * means)) / root)

    def residuals(self, z: Floats) -> Floats:
        """Residuals of the columns of z, shape (rows, k)."""
        groups = len(self.group_weight)
        if not z.shape[1]:
            return z
        sums = [category_sums(self.group, self.fit_weights * column, groups) for column in z.T]
        means = np.stack(sums, axis=1) / self.group_weight[:, None]
        return np.asarray(z - self.fitted_by_group(means)[self.group])
