"""Sealed blocks: no two published views differ by a few people, on any days, in any periods and units."""

import datetime as dt
import itertools
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.stats.blocks import Pending, Scope, breakdown_is_disclosed, lies_inside, seal
from app.analysis.stats.errors import BadInputError
from app.calendar.periods import Period, PeriodKind, period_of

THRESHOLD = 4
OCTOBER = Period(PeriodKind.MONTH, 2026, 10)
NOVEMBER = Period(PeriodKind.MONTH, 2026, 11)
# Counters 1..5; units 10 and 20 under 30, unit 40 and 30 under the root 50; unit 40 has a counter of its own.
PATHS = {1: (10, 30, 50), 2: (10, 30, 50), 3: (20, 30, 50), 4: (40, 50), 5: (50,)}
BELOW = {10: {10}, 20: {20}, 30: {10, 20, 30}, 40: {40}, 50: {10, 20, 30, 40, 50}}


def group(counter, n, month=OCTOBER):
    return Pending(counter, PATHS[counter], month, n)


def day(text):
    return dt.date.fromisoformat(text)


def test_a_counter_is_sealed_within_its_month_as_soon_as_enough_wait():
    sealing = seal([group(1, 12), group(2, 9)], closed_through=day("2026-10-05"), threshold=10)
    assert [(b.scope, b.n) for b in sealing.blocks] == [(Scope(10, 1, OCTOBER), 12)]
    assert sealing.waiting == (group(2, 9),)


def test_leftovers_join_only_when_the_month_is_over():
    waiting = [group(1, 6), group(2, 7)]
    assert seal(waiting, closed_through=day("2026-10-30"), threshold=10).blocks == ()
    sealing = seal(waiting, closed_through=day("2026-10-31"), threshold=10)
    assert [(b.scope, b.n) for b in sealing.blocks] == [(Scope(10, None, OCTOBER), 13)]
    assert sealing.waiting == ()


def test_what_a_month_cannot_fill_climbs_quarter_half_year_year_and_the_units_above():
    quarter, year = Period(PeriodKind.QUARTER, 2026, 4), Period(PeriodKind.YEAR, 2026)
    waiting = [group(1, 6), group(1, 5, NOVEMBER), group(3, 3), group(4, 8)]
    assert seal(waiting, closed_through=day("2026-11-30"), threshold=10).blocks == ()
    sealing = seal(waiting, closed_through=day("2026-12-31"), threshold=10)
    assert [(b.scope, b.n) for b in sealing.blocks] == [(Scope(10, None, quarter), 11), (Scope(50, None, year), 11)]


def test_what_the_whole_tree_cannot_fill_stays_unpublished():
    sealing = seal([group(1, 2)], closed_through=day("2030-01-01"), threshold=10)
    assert sealing.blocks == ()
    assert sealing.waiting == (group(1, 2),)


def test_order_of_input_does_not_matter():
    waiting = [group(1, 6), group(2, 3), group(3, 3), group(4, 8), group(5, 1)]
    one = seal(waiting, closed_through=day("2026-12-31"), threshold=10)
    assert seal(waiting[::-1], closed_through=day("2026-12-31"), threshold=10) == one


def test_impossible_input_is_refused():
    for waiting in ([group(1, -1)], [group(1, 2), group(1, 3)], [Pending(1, (), OCTOBER, 1)]):
        with pytest.raises(BadInputError):
            seal(waiting, closed_through=day("2026-10-05"), threshold=10)
    with pytest.raises(BadInputError):
        seal([], closed_through=day("2026-10-05"), threshold=0)
    with pytest.raises(BadInputError):
        seal([Pending(1, (10,), Period(PeriodKind.YEAR, 2026), 1)], closed_through=day("2026-10-05"), threshold=10)


def test_a_breakdown_of_a_block_needs_every_category_large_enough():
    assert breakdown_is_disclosed([10, 0, 25], threshold=10)
    assert not breakdown_is_disclosed([10, 9, 25], threshold=10)


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 370), st.sampled_from(sorted(PATHS)), st.integers(1, 5)), min_size=1, max_size=30
)


def history(arrivals):
    """Close day after day; return after each sealing day the list of (scope, people) published so far."""
    by_day = defaultdict(list)
    person = 0
    for offset, counter, number in arrivals:
        for _ in range(number):
            by_day[day("2026-01-01") + dt.timedelta(days=offset)].append((person, counter))
            person += 1
    waiting, sealed, states = {}, [], []
    last = day("2027-01-10")
    today = day("2026-01-01")
    while today <= last:
        arrived = by_day.get(today, [])
        for who, counter in arrived:
            waiting.setdefault((counter, period_of(today, PeriodKind.MONTH)), set()).add(who)
        if arrived or (today + dt.timedelta(days=1)).day == 1:
            groups = [Pending(c, PATHS[c], month, len(people)) for (c, month), people in waiting.items()]
            sealing = seal(groups, closed_through=today, threshold=THRESHOLD)
            for block in sealing.blocks:
                people = [waiting.pop((part.counter, part.month)) for part in block.parts]
                sealed.append((block.scope, frozenset().union(*people)))
            assert {(p.counter, p.month) for p in sealing.waiting} == set(waiting)
            states.append(list(sealed))
        today += dt.timedelta(days=1)
    return states


def views(state):
    """Every published view: counters and units by every period of every kind, and people inside it."""
    periods = [p for kind in PeriodKind for year in (2026, 2027) for p in Period(PeriodKind.YEAR, year).parts(kind)]
    for period in periods:
        for counter in PATHS:
            yield frozenset().union(
                *(who for scope, who in state if lies_inside(scope, units=frozenset(), period=period, counter=counter))
            )
        for units in BELOW.values():
            yield frozenset().union(
                *(who for scope, who in state if lies_inside(scope, units=frozenset(units), period=period))
            )


@given(ARRIVALS)
def test_no_difference_of_views_over_days_periods_and_units_isolates_a_few(arrivals):
    states = history(arrivals)
    everybody = Counter(who for _, people in states[-1] for who in people)
    assert all(times == 1 for times in everybody.values()), "nobody is in two blocks"
    assert all(len(people) >= THRESHOLD for _, people in states[-1])
    for earlier, later in itertools.pairwise(states):
        assert later[: len(earlier)] == earlier, "a sealed block never changes"
    seen = {view for state in (states[len(states) // 2], states[-1]) for view in views(state)}
    for one in seen:
        for other in seen:
            assert len(one - other) == 0 or len(one - other) >= THRESHOLD
            assert len(one & other) == 0 or len(one & other) >= THRESHOLD
