"""The step-down Tukey method with simulated critical values: a check of how much the plain one gives away.

Pairs that are settled drop out and the critical value is that of the remaining pairs. The gain is below one rank in
our examples and the result depends on random draws (statistics.md section 4.3), so pages use the plain method.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.ranks.results import Floats, Ints, RankIntervals, check_rankable, from_separated, gaps
from app.analysis.stats.results import SampleKind

# Draws held in memory at a time, over all pairs: 16 MB.
CHUNK = 2_000_000


@dataclass(frozen=True, eq=False, slots=True)
class StepDownRanks:
    """Rank intervals and the critical value of every step, the first one that of all pairs."""

    ranks: RankIntervals
    critical: tuple[float, ...]


def step_down_rank_intervals(
    estimate: npt.ArrayLike,
    se: npt.ArrayLike,
    *,
    confidence_level: float,
    noise: Floats,
    sample_kind: SampleKind,
) -> StepDownRanks:
    """Tukey rank intervals of independent units, critical values simulated and sharpened step by step.

    Parameters
    ----------
    estimate, se : array_like, shape (K,)
        Estimates and their standard errors, taken as known.
    confidence_level : float
        All intervals hold together at this level.
    noise : ndarray, shape (draws, K)
        Independent standard normal numbers, at least 1000 rows, for example
        ``numpy.random.default_rng(seed).standard_normal((200_000, K))``: the same noise gives the same answer.
    sample_kind : SampleKind

    Raises
    ------
    MethodDoesNotFitError
        For an open sample.
    BadInputError
        For fewer than two units, a standard error that is no number from 0, or noise of another shape.

    References
    ----------
    Al Mohamad, Goeman, van Zwet (2022), Biometrics 78:238, section on the sequential procedure.
    """
    values, errors = check_rankable(estimate, sample_kind), numbers(se, "se")
    level = check_level(confidence_level)
    if errors.shape != values.shape or not np.all((errors >= 0.0) & np.isfinite(errors)):
        message = f"{values.size} units need as many standard errors from 0"
        raise BadInputError(message)
    noise = numbers(noise, "noise")
    if noise.ndim != 2 or noise.shape[1] != values.size or len(noise) < 1000:
        message = f"{values.size} units need at least 1000 rows of as many random numbers, got {noise.shape}"
        raise BadInputError(message)
    first, second = np.triu_indices(values.size, 1)
    gap = gaps(values)
    pair_se = np.sqrt(errors[first] ** 2 + errors[second] ** 2)
    z = np.where(pair_se > 0.0, gap[first, second] / np.where(pair_se > 0.0, pair_se, 1.0), 0.0)
    settled = (pair_se == 0.0) & (gap[first, second] != 0.0)
    steps: list[float] = []
    while not settled.all():
        open_ = np.flatnonzero(~settled)
        largest = _largest(errors, first[open_], second[open_], pair_se[open_], noise)
        steps.append(float(np.quantile(largest, level)))
        new = ~settled & (np.abs(z) > steps[-1])
        if not new.any():
            break
        settled |= new
    separated = np.zeros(gap.shape, dtype=bool)
    separated[first, second] = settled
    ranks = from_separated(
        gap,
        (separated | separated.T) & (gap > 0.0),
        critical=steps[-1] if steps else np.nan,
        method="tukey_step_down",
        simultaneous=True,
        confidence_level=confidence_level,
        sample_kind=sample_kind,
    )
    return StepDownRanks(ranks, tuple(steps))


def _largest(errors: Floats, first: Ints, second: Ints, pair_se: Floats, noise: Floats) -> Floats:
    """Largest standardised difference over the pairs, in each set of units that do not differ; shape (draws,)."""
    scale = np.where(pair_se > 0.0, 1.0 / np.where(pair_se > 0.0, pair_se, 1.0), 0.0)
    rows = max(1, CHUNK // first.size)
    out = np.empty(len(noise))
    for start in range(0, len(noise), rows):
        x = noise[start : start + rows] * errors
        out[start : start + len(x)] = (np.abs(x[:, first] - x[:, second]) * scale).max(axis=1)
    return out
