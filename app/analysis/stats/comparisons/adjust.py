"""P values corrected for the number of comparisons that were looked at."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]


class Adjustment(StrEnum):
    """Named corrections.

    Holm keeps the chance of any false statement under every dependence and is the one for sentences such as "A is
    better than B". Benjamini-Hochberg keeps the share of false ones in a long screening list and is marked as such;
    Benjamini-Yekutieli does so under every dependence. Hochberg needs independent or positively dependent tests.
    """

    HOLM = "holm"
    HOCHBERG = "hochberg"
    BONFERRONI = "bonferroni"
    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    BENJAMINI_YEKUTIELI = "benjamini_yekutieli"


def adjust_p_values(p: npt.ArrayLike, *, method: Adjustment) -> Floats:
    """Correct p values so that each may be held against the wanted level directly.

    Parameters
    ----------
    p : array_like, shape (m,)
        Uncorrected p values in 0..1. NaN stands for a comparison that could not be made: it stays NaN and is left
        out of the count.
    method : Adjustment
        Which correction.

    Returns
    -------
    ndarray, shape (m,)
        Never below `p`, never above 1, in the same order as `p`.

    Raises
    ------
    BadInputError
        When a value lies outside 0..1 or `p` is not a list of numbers.

    References
    ----------
    Holm (1979), Scand. J. Stat. 6:65; Hochberg (1988), Biometrika 75:800; Benjamini, Hochberg (1995), JRSS B 57:289;
    Benjamini, Yekutieli (2001), Ann. Stat. 29:1165. R: stats::p.adjust.
    """
    values = _checked(p)
    known = np.isfinite(values)
    out = np.full(values.shape, np.nan)
    tests = values[known]
    order = np.argsort(tests, kind="stable")
    adjusted = np.empty(tests.size)
    adjusted[order] = np.minimum(1.0, _corrected(tests[order], method))
    out[known] = adjusted
    return out


def _checked(p: npt.ArrayLike) -> Floats:
    values = numbers(p, "p")
    if values.ndim != 1:
        message = f"p values must stand in one list, not in {values.ndim} dimensions"
        raise BadInputError(message)
    wrong = np.flatnonzero((values < 0.0) | (values > 1.0))
    if wrong.size:
        message = f"p value {values[wrong[0]]!r} at position {wrong[0]} does not lie in 0..1"
        raise BadInputError(message)
    return values


def _corrected(rising: Floats, method: Adjustment) -> Floats:
    """Correct p values that stand in rising order."""
    m = rising.size
    place = np.arange(1, m + 1, dtype=np.float64)
    match method:
        case Adjustment.BONFERRONI:
            return m * rising
        case Adjustment.HOLM:
            return np.maximum.accumulate((m + 1.0 - place) * rising)
        case Adjustment.HOCHBERG:
            return _falling_minimum((m + 1.0 - place) * rising)
        case Adjustment.BENJAMINI_HOCHBERG:
            return _falling_minimum(m / place * rising)
        case Adjustment.BENJAMINI_YEKUTIELI:
            return _falling_minimum(float((1.0 / place).sum()) * m / place * rising)


def _falling_minimum(values: Floats) -> Floats:
    """Smallest value from each place to the end."""
    return np.minimum.accumulate(values[::-1])[::-1]
