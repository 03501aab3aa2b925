"""Sets of replicate weights: the sample's weights, and factors on them, one column per replicate.

Replicates do not reduce to the sums of a cell: a statistic is computed anew with every set of weights, so everything
here takes raw rows. For means, totals and ratios linearisation is exact and cheaper; replicates check it, and serve
statistics without a linear form (Wolter 2007, Introduction to Variance Estimation; Lumley 2010, ch. 2).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.replication.notes import ReplicateNote

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

# 50 million factors are 400 MB; a jackknife of single persons reaches that at 7000 of them.
MOST_FACTORS = 50_000_000
RANK_TOLERANCE = 1e-7


class ReplicateKind(StrEnum):
    """How replicates were made."""

    JK1 = "jk1"
    JKN = "jkn"
    BRR = "brr"
    FAY = "fay"
    BOOTSTRAP = "bootstrap"
    GIVEN = "given"


@dataclass(frozen=True, eq=False)
class Replicates:
    """Weights of the sample and of every replicate.

    Attributes
    ----------
    weights : float array, shape (rows,)
        Full-sample weights.
    unit : int array, shape (rows,)
        Unit of each row, 0..units-1, numbered by first appearance.
    factors : float array, shape (units, replicates)
        The weight of a row in a replicate is its weight times the factor of its unit.
    scale : float
    rscales : float array, shape (replicates,)
        Variance = scale · Σ_r rscales_r (θ_r - centre)².
    df : int
        Degrees of freedom.
    kind : ReplicateKind
    notes : tuple of ReplicateNote
    """

    weights: Floats
    unit: Ints
    factors: Floats
    scale: float
    rscales: Floats
    df: int
    kind: ReplicateKind
    notes: tuple[ReplicateNote, ...] = ()

    @property
    def rows(self) -> int:
        """Respondents."""
        return len(self.weights)

    @property
    def count(self) -> int:
        """Number of replicates."""
        return len(self.rscales)

    def weights_of(self, replicate: int) -> Floats:
        """Weights of one replicate, shape (rows,)."""
        return np.asarray(self.weights * self.factors[self.unit, replicate])

    def each(self) -> Iterator[Floats]:
        """Weights of every replicate in turn, so that they need not stand in memory together."""
        return (self.weights_of(replicate) for replicate in range(self.count))

    def adjusted(self, adjust: Callable[[Floats], Floats]) -> "Replicates":
        """Replicates after the same adjustment of each set of weights, for example a calibration.

        Parameters
        ----------
        adjust : callable
            Takes weights (rows,) and returns adjusted weights (rows,), above 0 where the full-sample weights are.

        Returns
        -------
        Replicates
            With a factor for every row.

        Raises
        ------
        BadInputError
            When the adjusted full-sample weights are not finite numbers above 0, or there are too many factors.
        """
        check_factors(self.rows, self.count)
        full = np.asarray(adjust(self.weights), dtype=np.float64)
        if full.shape != self.weights.shape or not np.all(np.isfinite(full) & (full > 0.0)):
            message = f"adjusted weights must be {self.rows} numbers above 0"
            raise BadInputError(message)
        factors = np.empty((self.rows, self.count))
        for replicate, weights in enumerate(self.each()):
            factors[:, replicate] = np.asarray(adjust(weights), dtype=np.float64) / full
        return Replicates(full, np.arange(self.rows), factors, self.scale, self.rscales, self.df, self.kind, self.notes)


def given_replicates(
    weights: npt.ArrayLike,
    replicate_weights: npt.ArrayLike,
    *,
    combined: bool,
    scale: float,
    rscales: npt.ArrayLike | None = None,
    df: int | None = None,
    kind: ReplicateKind = ReplicateKind.GIVEN,
) -> Replicates:
    """Replicates that came with the data (R: ``svrepdesign``).

    Parameters
    ----------
    weights : array_like, shape (rows,)
        Full-sample weights, above 0.
    replicate_weights : array_like, shape (rows, replicates)
        At least 0.
    combined : bool
        True: these are weights; False: factors on the full-sample weights.
    scale : float
        Above 0: (n - 1)/n for a jackknife, 1/R for half samples, 1/(R - 1) for a bootstrap.
    rscales : array_like, shape (replicates,), optional
        At least 0; all 1 when left out.
    df : int, optional
        Degrees of freedom; when left out, the rank of the replicate weights less 1.
    kind : ReplicateKind
        What made them, for notes.

    Raises
    ------
    BadInputError
        Shapes that do not fit, weights that are missing, negative or all 0 in a replicate, a scale that is none.
    """
    full = numbers(weights, "weights")
    factors = numbers(replicate_weights, "replicate_weights")
    if full.ndim != 1 or not full.size or factors.ndim != 2 or len(factors) != len(full) or factors.shape[1] < 2:
        message = f"replicate weights of shape {factors.shape} for weights of shape {full.shape}"
        raise BadInputError(message)
    if not np.all(np.isfinite(full) & (full > 0.0)):
        message = f"row {int(np.argmax(~(np.isfinite(full) & (full > 0.0))))}: the weight is not a number above 0"
        raise BadInputError(message)
    wrong = ~(np.isfinite(factors) & (factors >= 0.0))
    if wrong.any() or not np.all(factors.sum(axis=0) > 0.0):
        replicate = int(np.argmax(wrong.any(axis=0) | ~(np.where(wrong, 0.0, factors).sum(axis=0) > 0.0)))
        message = f"replicate {replicate} has weights that are missing, negative or all 0"
        raise BadInputError(message)
    if combined:
        factors = factors / full[:, None]
    each = np.ones(factors.shape[1]) if rscales is None else numbers(rscales, "rscales")
    check_scales(scale, each, factors.shape[1])
    own = rank_degrees_of_freedom(factors) if df is None else df
    return Replicates(full, np.arange(len(full)), factors, float(scale), each, own, kind)


def rank_degrees_of_freedom(factors: Floats) -> int:
    """Rank of the replicate weights less 1: how many independent differences replicates can show."""
    # Rows of one unit are alike: their rank is that of the different ones.
    return int(np.linalg.matrix_rank(np.unique(factors, axis=0), tol=RANK_TOLERANCE * float(np.abs(factors).max()))) - 1


def check_scales(scale: float, rscales: Floats, replicates: int) -> None:
    """Refuse a scale not above 0 and replicate scales that are negative or of another number than replicates."""
    if (
        not 0.0 < scale < np.inf
        or rscales.shape != (replicates,)
        or not np.all((rscales >= 0.0) & np.isfinite(rscales))
    ):
        message = f"scale {scale!r} must be above 0, and {replicates} replicate scales at least 0"
        raise BadInputError(message)


def check_factors(units: int, replicates: int) -> None:
    """Refuse a set of replicates that would not fit in memory."""
    if units * replicates > MOST_FACTORS:
        message = (
            f"{units} units times {replicates} replicates are too many; linearise, group units, or use a bootstrap"
        )
        raise BadInputError(message)
