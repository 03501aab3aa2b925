"""What a list of comparisons carries, and how a pair is named."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.comparisons.adjust import Adjustment, adjust_p_values
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Stands in `Comparisons.second` where a unit is compared with the mean of all units.
MEAN_OF_ALL = -1
# Stands there where it is compared with the survey as a whole.
WHOLE_SURVEY = -2

# Estimates closer than this share of their size differ by rounding alone: two censuses of 9 of 30 and 3 of 10.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class Comparisons:
    """Differences with limits and p values; every array has shape (m,), one entry per comparison.

    Parameters
    ----------
    first, second : ndarray of int
        Positions of the units compared; `second` is MEAN_OF_ALL against the mean of all units, WHOLE_SURVEY against
        the survey as a whole.
    difference : ndarray
        Estimate of `first` minus that of `second`.
    se, statistic, df : ndarray
        Standard error of the difference, difference over standard error, degrees of freedom (inf: normal). NaN where
        the method has none: limits built from single limits know no standard error.
    low, high : ndarray
        Limits of the difference at `confidence_level`, not corrected for the number of comparisons.
    p, holm, benjamini_hochberg : ndarray
        P value and its corrections over all m comparisons; NaN where a unit has no estimate.
    method : str
        ``z``, ``t`` or ``mover``.
    confidence_level : float
        Level of the limits.
    sample_kind : SampleKind
        How people came into the sample; decides the words.
    """

    first: Ints
    second: Ints
    difference: Floats
    se: Floats
    statistic: Floats
    df: Floats
    low: Floats
    high: Floats
    p: Floats
    holm: Floats
    benjamini_hochberg: Floats
    method: str
    confidence_level: float
    sample_kind: SampleKind


def corrected(p: Floats) -> tuple[Floats, Floats]:
    """Holm and Benjamini-Hochberg values of the same list."""
    return adjust_p_values(p, method=Adjustment.HOLM), adjust_p_values(p, method=Adjustment.BENJAMINI_HOCHBERG)


def all_pairs(units: int) -> tuple[Ints, Ints]:
    """Positions of every pair once: (0, 1), (0, 2), ..., (1, 2), ...

    Raises
    ------
    BadInputError
        With fewer than two units there is nothing to compare.
    """
    if units < 2:
        message = f"{units} unit cannot be compared with others; at least two are needed"
        raise BadInputError(message)
    first, second = np.triu_indices(units, 1)
    return first.astype(np.int64), second.astype(np.int64)


def check_pairs(pairs: tuple[npt.ArrayLike, npt.ArrayLike] | None, units: int) -> tuple[Ints, Ints]:
    """Return the wanted pairs, all of them for None; positions must exist and differ."""
    if pairs is None:
        return all_pairs(units)
    given = together(first=pairs[0], second=pairs[1])
    if not all(np.all(each == np.rint(each)) and np.isfinite(each).all() for each in given):
        message = "pairs are positions of units: whole numbers"
        raise BadInputError(message)
    first, second = (each.astype(np.int64) for each in given)
    if first.ndim != 1 or first.shape != second.shape:
        message = f"pairs need two lists of one length, not shapes {first.shape} and {second.shape}"
        raise BadInputError(message)
    wrong = np.flatnonzero((np.minimum(first, second) < 0) | (np.maximum(first, second) >= units) | (first == second))
    if wrong.size:
        message = f"pair {wrong[0]} ({first[wrong[0]]}, {second[wrong[0]]}) does not name two of {units} units"
        raise BadInputError(message)
    return first, second


def check_covariance(covariance: npt.ArrayLike) -> Floats:
    """Return a square matrix without negative variances; NaN (a unit without answers) is allowed, infinity is not."""
    v = numbers(covariance, "covariance")
    if v.ndim != 2 or v.shape[0] != v.shape[1] or np.isinf(v).any() or (np.diagonal(v) < 0).any():
        message = f"a covariance matrix must be square, finite and without negative variances, got shape {v.shape}"
        raise BadInputError(message)
    return v


def check_estimates(estimate: npt.ArrayLike) -> Floats:
    """Return one list of estimates; NaN (a unit without answers) is allowed, infinity is not."""
    values = numbers(estimate, "estimate")
    if values.ndim != 1 or np.isinf(values).any():
        message = f"estimates must be one list of finite numbers, got shape {values.shape}"
        raise BadInputError(message)
    return values


def differences(estimate: Floats, first: Ints, second: Ints) -> Floats:
    """Estimate of first minus second, exactly 0 where the two differ by rounding alone."""
    a, b = estimate[first], estimate[second]
    difference = a - b
    alike = np.abs(difference) <= ROUNDING * np.maximum(np.abs(a), np.abs(b))
    return np.where(alike, 0.0, difference)
