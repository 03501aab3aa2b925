"""F7: nobody can single out a few people by subtracting what the public may look at; and sums are what was answered.

Random answers come in over months, days are closed and released, and after each closing all public views are written
down. Then everything that lies inside something else is subtracted: later less earlier, unit less its parts, period
less its parts, total less categories, counters and fields, and all of these crossed and at different times.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from app.analysis.scores import ScoreCard, score_card
from app.analysis.view import Audience, Filters
from app.calendar.periods import Period, PeriodKind
from app.config import SmallNumbers
from app.qr.models import Channel
from app.survey.models import SurveyRound
from tests.support.databases import Databases
from tests.support.examples import examples
from tests.support.histories import (
    LEAST,
    Axes,
    Day,
    Group,
    Province,
    axes_of,
    contained,
    ledgers_agree,
    make_province,
    read_all,
)

IS_SOAK = bool(os.environ.get("SOAK"))
CARDS = 40 if IS_SOAK else 6  # of each unit
Ints = npt.NDArray[np.int64]
INDEX, EVERYBODY, FINGERPRINT = range(3)  # what tests/support/histories.py reads of each view

groups = st.builds(
    Group,
    counter=st.integers(0, 3),
    people=st.one_of(st.integers(1, 4), st.integers(8, 13)),
    channel=st.sampled_from(list(Channel)),
    kind=st.integers(0, 3),
    has_details=st.sampled_from([True, True, False]),
    level=st.integers(1, 5),
)
days = st.builds(
    Day,
    after=st.sampled_from([0, 1, 9, 24, 40]),
    groups=st.lists(groups, max_size=5).map(tuple),
    is_closed_at_once=st.sampled_from([False, False, False, True]),
)
histories = st.lists(days, min_size=2, max_size=12 if IS_SOAK else 5)
some = settings(
    max_examples=400 if IS_SOAK else examples(12, 4),
    deadline=None,
    derandomize=not IS_SOAK,
    database=None,
    phases=list(Phase) if IS_SOAK else [Phase.explicit, Phase.generate],  # a failure is made small in the soak
    suppress_health_check=[HealthCheck.too_slow],
)


@contextmanager
def province_of(databases: Databases, kind: str) -> Iterator[Province]:
    with tempfile.TemporaryDirectory() as folder, databases.cleaned(kind) as database:
        yield make_province(database, Path(folder))


def differences(axes: Axes, province: Province, outer: Ints, inner: Ints) -> Ints:
    """Every view of ``outer`` less every view of ``inner`` that lies inside it."""
    units, periods, filters = (np.array(pairs) for pairs in contained(axes, province.parents))
    wide = outer[np.ix_(units[:, 0], periods[:, 0], filters[:, 0])]
    narrow = inner[np.ix_(units[:, 1], periods[:, 1], filters[:, 1])]
    return wide - narrow


def remainders(axes: Axes, province: Province, whole: Ints, parts: Ints) -> list[Ints]:
    """Views less the sum of the parts that make them up."""
    at = {code: position for position, code in enumerate(axes.units)}
    below: dict[str, list[int]] = {}
    for code, parent in province.parents.items():
        below.setdefault(parent, []).append(at[code])
    found = [whole[at[code]] - parts[positions].sum(axis=0) for code, positions in below.items()]
    for p, period in enumerate(axes.periods):
        for kind in PeriodKind:
            inside = [
                q for q, one in enumerate(axes.periods) if one and one.kind is kind and (not period or one in period)
            ]
            if inside and (period is None or kind is not period.kind):
                found.append(whole[:, p] - parts[:, inside].sum(axis=1))
    for f, one in enumerate(axes.filters):
        if one.channel is None and one.kind is None:
            found += [whole[:, :, f] - parts[:, :, rest].sum(axis=2) for rest in _splits(axes, one)]
    return found


def _splits(axes: Axes, whole: Filters) -> Iterator[list[int]]:
    """The filters that split a filter: by channel, by kind, by counter."""
    same_place = [
        (f, one)
        for f, one in enumerate(axes.filters)
        if (one.counter_id, one.field_id) == (whole.counter_id, whole.field_id)
    ]
    yield [f for f, one in same_place if one.channel is not None]
    yield [f for f, one in same_place if one.kind is not None]
    if whole == Filters():
        yield [
            f
            for f, one in enumerate(axes.filters)
            if one == Filters(counter_id=one.counter_id) and one.counter_id is not None
        ]


def are_few(counts: Ints) -> Ints:
    return (counts != 0) & (counts < LEAST)


@given(history=histories)
@example(history=[Day(0, (Group(0, 10, kind=1), Group(0, 3, has_details=False)))])
@example(history=[Day(0, (Group(0, 12, kind=1),)), Day(1, (Group(0, 10, kind=1), Group(0, 2, kind=2)))])
@some
def test_f7_no_difference_of_public_views_is_a_few_people(
    history: list[Day], databases: Databases, database_kind: str
) -> None:
    with province_of(databases, database_kind) as province:
        axes = axes_of(province, history)
        seen: list[Ints] = []
        for day in history:
            province.live(day)
            ledgers_agree(province)
            seen.append(read_all(province, axes))
            for earlier in seen:
                for count in (INDEX, EVERYBODY):
                    check_differences(axes, province, seen[-1][..., count], earlier[..., count])
            check_changes(seen)


def check_differences(axes: Axes, province: Province, later: Ints, earlier: Ints) -> None:
    assert not are_few(differences(axes, province, later, earlier)).any()
    assert not any(are_few(rest).any() for rest in remainders(axes, province, later, earlier))


def check_changes(seen: list[Ints]) -> None:
    """A view changes, in whatever figure, only when ten people or more were added to it."""
    if len(seen) < 2:
        return
    before, after = seen[-2:]
    changed = after[..., FINGERPRINT] != before[..., FINGERPRINT]
    assert ((after - before)[..., EVERYBODY] >= LEAST)[changed].all()
    assert not (after != before).any(axis=-1)[~changed].any()


@given(history=histories, seed=st.integers(0, 10**6))
@some
def test_f7_score_cards_show_what_is_released_or_nothing(
    history: list[Day], seed: int, databases: Databases, database_kind: str
) -> None:
    with province_of(databases, database_kind) as province:
        axes = axes_of(province, history)
        for day in history:
            province.live(day)
        everybody = read_all(province, axes)[..., EVERYBODY]
        choose = Random(seed)
        for u, code in enumerate(axes.units):
            for _ in range(CARDS):
                p, f = choose.randrange(len(axes.periods)), choose.randrange(len(axes.filters))
                check_card(axes, everybody, card_of(province, code, axes.periods[p], axes.filters[f]), (u, p, f))


def check_card(axes: Axes, everybody: Ints, card: ScoreCard, at: tuple[int, int, int]) -> None:
    shown = [(at[0], card.people), *((axes.units.index(child.code), child.people) for child in card.children)]
    for unit, people in shown:
        assert people in (None, everybody[unit, at[1], at[2]])
        assert people is None or people == 0 or people >= LEAST


def card_of(province: Province, code: str, period: Period | None, filters: Filters) -> ScoreCard:
    with province.database.reading() as session:
        return score_card(
            session,
            session.get_one(SurveyRound, province.round_id),
            province.units[code],
            audience=Audience.PUBLIC,
            small_numbers=SmallNumbers(),
            filters=replace(filters, period=period),
            as_of=province.today,
        )
