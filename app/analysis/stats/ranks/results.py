"""Rank intervals as a result, and who may be ranked at all."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.comparisons.results import ROUNDING
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class RankIntervals:
    """Ranks of K units with what can honestly be said about them; rank 1 is the largest estimate.

    Parameters
    ----------
    rank : ndarray of int, shape (K,)
        Observed rank: 1 + units with a larger estimate; equal estimates share the better rank.
    low, high : ndarray of int, shape (K,)
        Rank interval; it always contains `rank`.
    separated : ndarray of bool, shape (K, K)
        [i, j] is true when unit i is surely above unit j.
    critical : float
        Quantile that pairs (or single intervals) were held against; NaN where each pair had its own.
    method : str
        Name of the method.
    simultaneous : bool
        True: all K intervals hold together at `confidence_level`; false: each alone does, or not even that for
        ``overlap``.
    confidence_level : float
    sample_kind : SampleKind
        Random sample or census; open samples are never ranked.
    """

    rank: Ints
    low: Ints
    high: Ints
    separated: Bools
    critical: float
    method: str
    simultaneous: bool
    confidence_level: float
    sample_kind: SampleKind


def check_rankable(estimate: npt.ArrayLike, sample_kind: SampleKind) -> Floats:
    """Return the estimates of units that may be ranked.

    Raises
    ------
    MethodDoesNotFitError
        For an open sample: people who chose themselves say nothing about who did not answer.
    BadInputError
        For fewer than two units, or a unit without an estimate: it has no place among the others.
    """
    if sample_kind is SampleKind.OPEN:
        message = "units are not ranked from an open sample: the people in it chose themselves"
        raise MethodDoesNotFitError(message)
    values = numbers(estimate, "estimate")
    if values.ndim != 1 or values.size < 2:
        message = f"ranks need a list of at least two units, got shape {values.shape}"
        raise BadInputError(message)
    missing = np.flatnonzero(~np.isfinite(values))
    if missing.size:
        message = f"unit {missing[0]} has no estimate and cannot be ranked"
        raise BadInputError(message)
    return values


def gaps(estimate: Floats) -> Floats:
    """Estimate of row minus estimate of column, shape (K, K); exactly 0 where they differ by rounding alone."""
    difference = estimate[:, None] - estimate[None, :]
    size = np.maximum(np.abs(estimate)[:, None], np.abs(estimate)[None, :])
    return np.where(np.abs(difference) <= ROUNDING * size, 0.0, difference)


def from_separated(
    gap: Floats,
    separated: Bools,
    *,
    critical: float,
    method: str,
    simultaneous: bool,
    confidence_level: float,
    sample_kind: SampleKind,
) -> RankIntervals:
    """Count: low = 1 + units surely above, high = K - units surely below."""
    units = len(gap)
    return RankIntervals(
        rank=1 + np.asarray((gap < 0.0).sum(axis=1), dtype=np.int64),
        low=1 + np.asarray(separated.sum(axis=0), dtype=np.int64),
        high=units - np.asarray(separated.sum(axis=1), dtype=np.int64),
        separated=separated,
        critical=critical,
        method=method,
        simultaneous=simultaneous,
        confidence_level=confidence_level,
        sample_kind=sample_kind,
    )
