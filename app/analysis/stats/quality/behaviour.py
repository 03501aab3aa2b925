"""How people filled in the form: everybody at the top or the bottom of the scale, and the same answer all the way."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.products import Bools, Floats, Ints, as_table


@dataclass(frozen=True, eq=False)
class CeilingFloor:
    """Shares of answers at the ends of the scale, fractions, NaN where nobody answered.

    Attributes
    ----------
    ceiling, floor : ndarray, shape (...)
        One per item of the table that was given.
    n : ndarray of int, shape (...)
        Answers behind each.
    """

    ceiling: Floats
    floor: Floats
    n: Ints


@dataclass(frozen=True, slots=True)
class StraightLining:
    """Respondents who gave the same level to everything they answered.

    Attributes
    ----------
    share : float
        Of the `n` respondents with enough answers; NaN when there are none.
    by_level : tuple of float
        The share at each level, lowest first; they add up to `share`. The same high level all the way may be honest
        contentment; read it beside the time of answering or a control item before anything is left out.
    n : int
    minimum_answers : int
    """

    share: float
    by_level: tuple[float, ...]
    n: int
    minimum_answers: int


def ceiling_and_floor(levels: npt.ArrayLike, *, n: npt.ArrayLike | None = None) -> CeilingFloor:
    """Ceiling and floor shares from the sums of weights per answer level.

    Parameters
    ----------
    levels : array_like, shape (..., L)
        Sum of weights (or count) of answers 1..L, lowest first, L at least 2.
    n : array_like of int, shape (...), optional
        Answers; None when `levels` are counts.

    Raises
    ------
    BadInputError
        Fewer than two levels, negative or missing sums.

    Notes
    -----
    More than 15 % at an end is the usual mark of a scale that cannot tell people apart any more (McHorney, Tarlov
    1995, Qual. Life Res. 4:293); satisfaction surveys pass it almost always, so the share is shown and not judged.
    """
    sums = numbers(levels, "levels")
    if sums.ndim == 0 or sums.shape[-1] < 2:
        message = f"answers by level have shape {sums.shape}, expected two levels or more on the last axis"
        raise BadInputError(message)
    if not (np.isfinite(sums) & (sums >= 0)).all():
        message = "sums of answers by level must be finite and not negative"
        raise BadInputError(message)
    total = sums.sum(axis=-1)
    weight = np.where(total > 0, total, np.nan)
    count = total if n is None else np.asarray(n)
    return CeilingFloor(sums[..., -1] / weight, sums[..., 0] / weight, np.rint(count).astype(np.int64))


def straight_liners(x: npt.ArrayLike, *, minimum_answers: int) -> Floats:
    """1 for a respondent whose answers are all alike, 0 for others, NaN with fewer than `minimum_answers` answers.

    Shape (rows,). Fit for any estimator of a share, for example under a survey design.
    """
    same, enough, _ = _lines(as_table(x), minimum_answers)
    return np.where(enough, same.astype(np.float64), np.nan)


def straight_lining(
    x: npt.ArrayLike, *, levels: int, minimum_answers: int, weights: npt.ArrayLike | None = None
) -> StraightLining:
    """Share of straight-lining respondents, whole and by level.

    Parameters
    ----------
    x : array_like, shape (rows, items)
        Levels 1..`levels`; NaN is a missing answer.
    levels : int
    minimum_answers : int
        A respondent with fewer answers is left out; at least 2.
    weights : array_like, shape (rows,), optional

    Raises
    ------
    BadInputError
        A level outside the scale, a minimum below 2 or above the number of items, wrong weights.
    """
    table = as_table(x)
    answered = ~np.isnan(table)
    wrong = answered & ~((table >= 1) & (table <= levels) & (np.floor(table) == table))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        message = f"row {row}, column {column}: {table[row, column]} is no level of 1..{levels}"
        raise BadInputError(message)
    same, enough, level = _lines(table, minimum_answers)
    w = np.ones(len(table)) if weights is None else numbers(weights, "weights")
    if w.shape != (len(table),) or not (np.isfinite(w[enough]) & (w[enough] > 0)).all():
        message = f"weights must be {len(table)} numbers above 0"
        raise BadInputError(message)
    counted = same & enough
    at_level = np.bincount(level[counted] - 1, weights=w[counted], minlength=levels)
    total = w[enough].sum()
    shares = at_level / (total if total > 0 else np.nan)
    return StraightLining(float(shares.sum()), tuple(map(float, shares)), int(enough.sum()), minimum_answers)


def _lines(table: Floats, minimum_answers: int) -> tuple[Bools, Bools, Ints]:
    """Whether all answers are alike, whether there are enough of them, and the lowest level answered (0: none)."""
    if not 2 <= minimum_answers <= table.shape[1]:
        message = f"minimum of {minimum_answers} answers for {table.shape[1]} items; 2 or more are needed"
        raise BadInputError(message)
    answered = ~np.isnan(table)
    low = np.where(answered, table, np.inf).min(axis=1)
    high = np.where(answered, table, -np.inf).max(axis=1)
    level = np.where(np.isfinite(low), low, 0.0).astype(np.int64)
    return low == high, answered.sum(axis=1) >= minimum_answers, level
