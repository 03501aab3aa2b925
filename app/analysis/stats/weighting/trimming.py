"""Cutting extreme weights: to limits as R's ``trimWeights`` does, and by our own rule followed by calibration."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.weighting.notes import WeightingNote
from app.analysis.stats.weighting.summary import WeightSummary, summarise
from app.analysis.stats.weighting.weighting import Weighting

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# The cut as a multiple of the median weight (statistics.md section 6).
LEAST_TIMES_MEDIAN, MOST_TIMES_MEDIAN = 3.0, 5.0
MAX_CYCLES = 50
# Weights this little above the cut, relatively, count as cut.
ABOVE = 1e-6


@dataclass(frozen=True, eq=False)
class Trimming:
    """Weights cut to limits, with the same sum.

    Attributes
    ----------
    weights : float array, shape (rows,)
    cut : bool array, shape (rows,)
        Rows that were cut.
    spread : float
        What was cut off altogether (less what was added at the lower limit) and given to the others.
    before, after : WeightSummary
    """

    weights: Floats
    cut: Bools
    spread: float
    before: WeightSummary
    after: WeightSummary

    def applied_to(self, design: SurveyDesign) -> SurveyDesign:
        """The design with these weights; the residuals of an earlier calibration are kept, as R keeps them."""
        return design.reweighted(self.weights, design.residualise)


def trim(weights: npt.ArrayLike, *, upper: float, lower: float = -np.inf, strict: bool) -> Trimming:
    """Cut weights to limits and give every row that was not cut the same share of what was taken.

    Parameters
    ----------
    weights : array_like, shape (rows,)
    upper, lower : float
        Limits.
    strict : bool
        Whether to go on until no weight is outside the limits; rows already cut get no share. Otherwise one pass,
        after which the share may have lifted others above the limit.

    Raises
    ------
    BadInputError
        Limits the wrong way round, or no row left to take what was cut.

    References
    ----------
    R survey 4.5, ``trimWeights``; Potter (1990), Proc. ASA Survey Research Methods.
    """
    given = numbers(weights, "weights")
    before = summarise(given)
    if not lower < upper:
        message = f"limits {lower:g} and {upper:g} of the weights are the wrong way round"
        raise BadInputError(message)
    current, cut = given.copy(), np.zeros(len(given), dtype=bool)
    spread = 0.0
    while True:
        outside = (current < lower) | (current > upper)
        if not outside.any():
            break
        cut |= outside
        if cut.all():
            message = f"weights cannot lie between {lower:g} and {upper:g} and keep their sum {before.total:g}"
            raise BadInputError(message)
        kept = np.clip(current, lower, upper)
        excess = float((current - kept).sum())
        current = np.where(cut, kept, current + excess / (~cut).sum())
        spread += excess
        if not strict:
            break
    return Trimming(current, cut, spread, before, summarise(current))


@dataclass(frozen=True, eq=False)
class TrimmedWeighting:
    """Weights cut at a multiple of the median and calibrated again.

    Attributes
    ----------
    weighting : Weighting
        The last calibration, started from the cut weights.
    limit : float
        Where weights were cut.
    rows_cut : int
        Rows above the limit at the beginning.
    rows_above : int
        Rows the last calibration left above the limit; 0 unless the totals need them.
    cycles : int
        Times that were cut and calibrated.
    before, after : WeightSummary
    """

    weighting: Weighting
    limit: float
    rows_cut: int
    rows_above: int
    cycles: int
    before: WeightSummary
    after: WeightSummary

    @property
    def notes(self) -> tuple[str, ...]:
        """Codes: those of the weighting, ``weights_trimmed``, ``weights_above_limit``."""
        trimmed = (WeightingNote.WEIGHTS_TRIMMED,) if self.rows_cut else ()
        above = (WeightingNote.WEIGHTS_ABOVE_LIMIT,) if self.rows_above else ()
        return (*self.weighting.notes, *trimmed, *above)


def trim_and_recalibrate(
    weighting: Weighting,
    recalibrate: Callable[[Floats], Weighting],
    *,
    times_median: float,
    max_cycles: int = MAX_CYCLES,
) -> TrimmedWeighting:
    """Cut at a multiple of the median weight, spread the excess, calibrate again; repeat while any is above.

    Parameters
    ----------
    weighting : Weighting
        Calibrated weights; their median sets the limit once and for all.
    recalibrate : callable
        The same calibration from other starting weights, for example ``lambda w: rake(w, margins)``.
    times_median : float
        From 3 to 5.
    max_cycles : int
        After which the rest above the limit is reported, not hidden.

    Raises
    ------
    BadInputError
        A multiple outside 3..5, weights that are not all above 0.
    """
    if not LEAST_TIMES_MEDIAN <= times_median <= MOST_TIMES_MEDIAN:
        message = f"weights are cut at {LEAST_TIMES_MEDIAN:g} to {MOST_TIMES_MEDIAN:g} times the median"
        raise BadInputError(f"{message}, not at {times_median:g}")
    before = weighting.after
    if before.minimum <= 0:
        message = f"the least weight is {before.minimum:g}: weights not above 0 are not trimmed; use bounds"
        raise BadInputError(message)
    limit = times_median * before.median
    rows_cut = int((weighting.weights > limit).sum())
    cycles, current, above = 0, weighting, rows_cut
    while above and cycles < max_cycles:
        current = recalibrate(trim(current.weights, upper=limit, strict=True).weights)
        above = int((current.weights > limit * (1.0 + ABOVE)).sum())
        cycles += 1
    return TrimmedWeighting(current, limit, rows_cut, above, cycles, before, current.after)
