"""Exact limits of single criteria where a unit's people are a plain random sample of a known number (pure).

The index is no share of people, so it keeps the smoothed interval (statistics.md sections 3.3 and 3.4).
"""

from dataclasses import replace

from app.analysis.sampled.figures import Group, Reading
from app.analysis.stats.index import Formula, IndexTable
from app.analysis.stats.intervals.hypergeometric import LARGEST_POPULATION, hypergeometric_limits
from app.analysis.stats.intervals.recommended import RecommendedMethod
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind

METHOD = RecommendedMethod.HYPERGEOMETRIC.value


def estimates(reading: Reading, group: Group, table: IndexTable, place: int) -> list[Estimate | NoData]:
    """The figures of one row of a table, criteria with exact limits where the sample of their unit allows them."""
    found = [table.estimate(place, position) for position in range(len(table.columns))]
    population = _population(reading, group)
    if population is None:
        return found
    exact = [at for at, column in enumerate(table.columns) if column.level is Level.CRITERION]
    shares = [(at, one) for at in exact if isinstance(one := found[at], Estimate)]
    if not shares:
        return found
    satisfied, people = [round(one.value * one.n) for _, one in shares], [one.n for _, one in shares]
    lows, highs = hypergeometric_limits(satisfied, people, population, confidence_level=table.confidence_level)
    for (at, one), low, high in zip(shares, lows.tolist(), highs.tolist(), strict=True):
        # Limits are whole people of the population, the share is one of the sample.
        limits = Interval(min(low, one.value), max(high, one.value))
        found[at] = replace(one, interval=limits, method=METHOD, n_eff=None, df=None, notes=())
    return found


def _population(reading: Reading, group: Group) -> int | None:
    """How many people a unit's sample was drawn from; None where it is no plain sample of them."""
    is_share = reading.formula is Formula.TOP2 and reading.sample_kind is SampleKind.PROBABILITY
    if not is_share or len(group) != 1:
        return None
    population = reading.facts.simple_samples.get(str(next(iter(group))))
    return None if population is None or population > LARGEST_POPULATION else population
