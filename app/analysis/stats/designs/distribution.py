"""Shares of the answers 1..5 (or any levels) and how many people stand behind them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, means, totals
from app.analysis.stats.errors import BadInputError

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def level_shares(
    design: SurveyDesign, y: npt.ArrayLike, *, levels: Sequence[float], domain: Bools | None = None
) -> Linearised:
    """Share of each level among those who answered; the shares add up to 1.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,)
        Answers; NaN is not answered.
    levels : sequence of float
        All levels of the scale, also those nobody chose.
    domain : bool array, shape (rows,), optional

    Returns
    -------
    Linearised
        One value per level; the covariance between levels is in it.

    Raises
    ------
    BadInputError
        An answer outside the levels, or a level named twice.
    """
    return means(design, level_indicators(y, levels), domain=domain)


def level_totals(
    design: SurveyDesign, y: npt.ArrayLike, *, levels: Sequence[float], domain: Bools | None = None
) -> Linearised:
    """Estimated number of people in the population at each level; see `level_shares`."""
    return totals(design, level_indicators(y, levels), domain=domain)


def level_indicators(y: npt.ArrayLike, levels: Sequence[float]) -> Floats:
    """0/1 for each level, shape (rows, levels); NaN where y is NaN; BadInputError outside the levels."""
    answers = numbers(y, "y")
    scale = numbers(levels, "levels")
    if answers.ndim != 1 or scale.ndim != 1 or not scale.size or len(np.unique(scale)) != len(scale):
        message = f"answers of shape {answers.shape} on the levels {scale.tolist()}"
        raise BadInputError(message)
    missing = np.isnan(answers)
    outside = ~missing & ~np.isin(answers, scale)
    if outside.any():
        row = int(np.argmax(outside))
        message = f"row {row}: answer {answers[row]:g} is none of the levels {scale.tolist()}"
        raise BadInputError(message)
    return np.where(missing[:, None], np.nan, (answers[:, None] == scale).astype(np.float64))
