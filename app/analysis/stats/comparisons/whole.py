"""Each unit against the survey as a whole, of which it is a part."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.comparisons.mover import mover_difference
from app.analysis.stats.comparisons.results import WHOLE_SURVEY, Comparisons
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.results import SampleKind


def mover_versus_whole(
    units: WilsonUnits,
    whole: WilsonUnits,
    *,
    correlation: npt.ArrayLike,
    confidence_level: float,
    sample_kind: SampleKind,
) -> Comparisons:
    """Compare each of K units with the whole survey by limits built from single limits; K comparisons are counted.

    Parameters
    ----------
    units : WilsonUnits
        The units, as in `mover_difference`.
    whole : WilsonUnits
        One entry: share, effective size and df of the whole survey.
    correlation : array_like, shape (K,)
        Design correlation of each unit's estimate with that of the whole. The unit is part of it, so this is not 0:
        take it from the covariance of both linearised estimates.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    BadInputError
        When the whole is not one entry, or correlations do not fit the units.

    References
    ----------
    statistics.md section 4.1.
    """
    count, r = units.estimate.size, numbers(correlation, "correlation")
    if whole.estimate.size != 1 or r.shape != (count,):
        message = f"{count} units need one whole and {count} correlations, got {whole.estimate.size} and {r.shape}"
        raise BadInputError(message)
    together = WilsonUnits(
        np.append(units.estimate, whole.estimate), np.append(units.n_eff, whole.n_eff), np.append(units.df, whole.df)
    )
    matrix = np.eye(count + 1)
    matrix[count, :count] = matrix[:count, count] = r
    found = mover_difference(
        together,
        correlation=matrix,
        confidence_level=confidence_level,
        sample_kind=sample_kind,
        pairs=(np.arange(count), np.full(count, count)),
    )
    return replace(found, second=np.full(count, WHOLE_SURVEY, dtype=np.int64))
