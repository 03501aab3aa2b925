"""What weights cost: Kish's design effect and effective size (Kish 1965; 1992, J. Off. Stat. 8:183)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """Figures about one set of weights.

    Attributes
    ----------
    n : int
        Rows.
    total, minimum, maximum, sum_of_squares, median : float
    cv2 : float
        Squared coefficient of variation, with n (not n - 1) below the squares.
    kish_deff : float
        1 + cv2: how much unequal weights lengthen a variance when they have nothing to do with the answers.
    kish_n_eff : float
        (sum of w)² / sum of w².
    """

    n: int
    total: float
    minimum: float
    maximum: float
    median: float
    sum_of_squares: float
    cv2: float
    kish_deff: float
    kish_n_eff: float


def summarise(weights: npt.ArrayLike) -> WeightSummary:
    """Summary of weights, shape (rows,), finite; negative ones (linear calibration) are allowed.

    Raises
    ------
    BadInputError
        No weights, weights that are not finite, or a sum that is not above 0.
    """
    w = numbers(weights, "weights")
    if w.ndim != 1 or not w.size or not np.isfinite(w).all() or w.sum() <= 0:
        message = f"{w.shape} weights: one per row, finite, with a sum above 0"
        raise BadInputError(message)
    total, squares = float(w.sum()), float(np.square(w).sum())
    n_eff = total * total / squares
    return WeightSummary(
        n=len(w),
        total=total,
        minimum=float(w.min()),
        maximum=float(w.max()),
        median=float(np.median(w)),
        sum_of_squares=squares,
        cv2=float(np.square(w - w.mean()).mean() / w.mean() ** 2),
        kish_deff=len(w) / n_eff,
        kish_n_eff=n_eff,
    )


def checked_start(weights: npt.ArrayLike, rows: int | None = None) -> Floats:
    """Starting weights as an array: finite and above 0, one per row.

    Raises
    ------
    BadInputError
        Naming the first row that is wrong: a weight of 0 or a missing one is a fault of the data.
    """
    w = numbers(weights, "weights")
    if w.ndim != 1 or not w.size or (rows is not None and len(w) != rows):
        message = f"weights of shape {w.shape} for {'some' if rows is None else rows} rows"
        raise BadInputError(message)
    wrong = ~(np.isfinite(w) & (w > 0))
    if wrong.any():
        message = f"row {int(np.argmax(wrong))}: weight {w[wrong][0]} is not a number above 0"
        raise BadInputError(message)
    return w
