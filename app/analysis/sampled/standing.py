"""Where units stand to each other: ranks with their intervals, groups, each against the mean, pairs (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.sampled.figures import Group, Reading, overall_column
from app.analysis.stats.comparisons.mover import correlations, mover_difference
from app.analysis.stats.comparisons.results import Comparisons
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.comparisons.whole import mover_versus_whole
from app.analysis.stats.errors import MethodDoesNotFitError
from app.analysis.stats.index import IndexTable
from app.analysis.stats.ranks.groups import indistinguishable_groups
from app.analysis.stats.ranks.intervals import RankMethod
from app.analysis.stats.ranks.results import RankIntervals
from app.analysis.stats.ranks.smoothed_intervals import mover_rank_intervals
from app.analysis.stats.results import Interval, SampleKind

Floats = npt.NDArray[np.float64]

MOST_GROUPS = 12
"""More overlapping groups than these tell a reader less than the rank intervals do."""
MOST_PAIRED = 120
"""Up to this many units every pair has its p value; beyond, 7,000 pairs say nothing any more that ranks do not."""


class Verdict(StrEnum):
    """What may be said of a difference after correction for all comparisons that were looked at."""

    ABOVE = "above"
    BELOW = "below"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Difference:
    """First less second, as fractions of the printed scale; ``p`` and ``corrected`` (Holm) are None in a census."""

    difference: float
    interval: Interval
    p: float | None
    corrected: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """One ranked unit: rank interval, letters of its groups, and how it compares with the mean and with the others."""

    rank: int
    low: int
    high: int
    ranked: int
    letters: str
    mean: float
    versus_mean: Difference
    above: int | None
    below: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ranked units by their places, and their difference."""

    first: int
    second: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class Ranking:
    """Units that may be ranked, in the order given; ``groups`` hold places, best first, None: too many to tell."""

    standings: tuple[Standing, ...]
    groups: tuple[tuple[int, ...], ...] | None
    pairs: tuple[Pair, ...]


def rank(reading: Reading, units: Sequence[Group]) -> Ranking | None:
    """Rank units that share none and all have a figure; None for fewer than two.

    Ranks and groups hold for all units at once (Tukey on limits of differences). Holm counts, apart from each other,
    the comparisons with the mean and all pairs.
    """
    if len(units) < 2:
        return None
    table = reading.table(units, reading.pooled())
    singles, correlation = _singles(reading, table), _correlation(reading, units)
    level, kind = reading.confidence_level, reading.sample_kind
    found = mover_rank_intervals(
        singles, correlation=correlation, method=RankMethod.TUKEY, confidence_level=level, sample_kind=kind
    )
    letters, cliques = _groups(found)
    mean, with_mean = _mean(singles, correlation)
    against = mover_versus_whole(singles, mean, correlation=with_mean, confidence_level=level, sample_kind=kind)
    pairs = _pairs(reading, singles, correlation)
    above, below = _counted(pairs, len(units))
    scale = reading.scale
    printed_mean = float(scale.printed(mean.estimate)[0])
    standings = tuple(
        Standing(
            rank=int(found.rank[at]),
            low=int(found.low[at]),
            high=int(found.high[at]),
            ranked=len(units),
            letters=letters[at],
            mean=printed_mean,
            versus_mean=_difference(reading, against, at),
            above=above[at] if pairs else None,
            below=below[at] if pairs else None,
        )
        for at in range(len(units))
    )
    return Ranking(standings, cliques, pairs)


def _groups(found: RankIntervals) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...] | None]:
    """Letters of each unit and the groups; neither where there are too many."""
    nothing = ("",) * len(found.rank), None
    try:
        shared = indistinguishable_groups(found)
    except MethodDoesNotFitError:
        return nothing
    return nothing if len(shared.groups) > MOST_GROUPS else (shared.letters, shared.groups)


def _singles(reading: Reading, table: IndexTable) -> WilsonUnits:
    """The limits that the table itself shows, at any level."""
    column, scale = overall_column(table), reading.scale
    p = scale.to_unit(table.value[:, column] * scale.divisor)
    n_eff, df = table.n_eff[:, column], table.df[:, column]
    # Where the interval is [p, p] everybody was asked, whatever the effective size says.
    counted = (table.low[:, column] == table.high[:, column]) | np.isnan(n_eff)
    return WilsonUnits.of(p, np.where(counted, np.inf, n_eff), np.where(np.isnan(df), np.inf, df))


def _correlation(reading: Reading, units: Sequence[Group]) -> Floats | None:
    covariance = reading.covariance(units)
    return None if covariance is None else correlations(covariance)


def _mean(units: WilsonUnits, correlation: Floats | None) -> tuple[WilsonUnits, Floats]:
    """The plain mean of all units as a single estimate, and its correlation with each of them.

    Its spread comes from the effective sizes that the units' own limits use, joined by their correlations.
    """
    count, p = units.estimate.size, units.estimate
    mean = float(p.mean())
    size = np.where(np.isinf(units.n_eff), np.inf, units.n_eff)
    se = np.sqrt(np.maximum(p * (1.0 - p), 0.0) / size)
    r = np.eye(count) if correlation is None else correlation
    joint = r * se[:, None] * se[None, :]
    variance = float(joint.sum()) / count**2
    if np.isinf(units.n_eff).all():
        n_eff = np.inf
    elif variance > 0 and 0 < mean < 1:
        n_eff = mean * (1.0 - mean) / variance
    else:
        n_eff = count**2 / float(np.sum(1.0 / size))
    spread = se * np.sqrt(variance)
    with_mean = np.where(spread > 0, joint.sum(axis=1) / count / np.where(spread > 0, spread, 1.0), 0.0)
    whole = WilsonUnits.of([mean], [n_eff], float(units.df.max()))
    return whole, np.clip(with_mean, -1.0, 1.0)


def _pairs(reading: Reading, units: WilsonUnits, correlation: Floats | None) -> tuple[Pair, ...]:
    if units.estimate.size > MOST_PAIRED:
        return ()
    found = mover_difference(
        units,
        correlation=correlation,
        confidence_level=reading.confidence_level,
        sample_kind=reading.sample_kind,
    )
    return tuple(
        Pair(int(first), int(second), _difference(reading, found, at))
        for at, (first, second) in enumerate(zip(found.first, found.second, strict=True))
    )


def _difference(reading: Reading, found: Comparisons, at: int) -> Difference:
    scale = reading.scale
    unit = (scale.highest - scale.lowest) / scale.divisor
    low, difference, high = (float(x[at]) * unit for x in (found.low, found.difference, found.high))
    is_census = reading.sample_kind is SampleKind.CENSUS
    corrected = float(found.holm[at])
    verdict = Verdict.OPEN
    if difference and (is_census or corrected < 1.0 - reading.confidence_level):
        verdict = Verdict.ABOVE if difference > 0 else Verdict.BELOW
    return Difference(
        difference,
        Interval(min(low, difference), max(high, difference)),
        None if is_census else float(found.p[at]),
        None if is_census else corrected,
        verdict,
    )


def _counted(pairs: Sequence[Pair], units: int) -> tuple[list[int], list[int]]:
    """For each unit how many others it is clearly above, and clearly below."""
    above, below = [0] * units, [0] * units
    for pair in pairs:
        if pair.difference.verdict is Verdict.OPEN:
            continue
        better, worse = pair.first, pair.second
        if pair.difference.verdict is Verdict.BELOW:
            better, worse = worse, better
        above[better] += 1
        below[worse] += 1
    return above, below
