"""The clock under hypothesis, 2020-2030, on the first calendar and on random ones (G2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.calendar.days import DayUnit, Limit
from app.calendar.reckoning import Counting, Extension, Pause, Reckoning, StepKind, days_left, reckon
from app.calendar.words import explanation
from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from tests.unit.calendar.calendars import (
    COUNTING,
    calendar_limits,
    calendars,
    limits,
    pauses_near,
    terms,
    working_limits,
)

many = settings(max_examples=60, deadline=None)
Term = tuple[date, Limit, list[Pause], list[Extension]]


def due(
    calendar: WorkingCalendar,
    received_on: date,
    limit: Limit,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    counting: Counting = COUNTING,
) -> Reckoning:
    return reckon(received_on, limit, pauses=pauses, extensions=extensions, calendar=calendar, counting=counting)


# Limits in working days


@many
@given(calendars(), terms(working_limits), st.data())
def test_g2_a_pause_outside_working_time_adds_nothing(
    calendar: WorkingCalendar, term: Term, data: st.DataObject
) -> None:
    received_on, limit, pauses, extensions = term
    quiet = data.draw(pauses_near(received_on))
    assume(quiet.end is not None and not calendar.working_time(quiet.start, quiet.end))
    without = due(calendar, received_on, limit, pauses, extensions)
    assert due(calendar, received_on, limit, [*pauses, quiet], extensions).due_on == without.due_on


@many
@given(calendars(), st.dates(date(2020, 1, 1), date(2030, 1, 1)), working_limits)
def test_g2_a_night_and_a_weekend_as_pause_add_nothing(
    calendar: WorkingCalendar, received_on: date, limit: Limit
) -> None:
    first = calendar.next_working_day(received_on)
    closed = calendar.closing(first)
    opened = calendar.opening(calendar.next_working_day(first))
    night = Pause(closed, opened, "CV")
    assert due(calendar, received_on, limit, [night]).due_on == due(calendar, received_on, limit).due_on


@many
@given(calendars(), terms())
def test_g2_the_due_date_is_never_in_non_working_time(calendar: WorkingCalendar, term: Term) -> None:
    found = due(calendar, *term)
    assert calendar.is_working_day(found.due_on)
    assert found.due_at == calendar.closing(found.due_on)
    assert calendar.is_working_time(found.due_at - timedelta(seconds=1))
    assert found.due_at.astimezone(VIETNAM).date() == found.due_on


@many
@given(calendars(), terms(working_limits))
def test_g2_without_pauses_as_many_working_days_as_the_limit_says(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, _, extensions = term
    found = due(calendar, received_on, limit, (), extensions)
    wanted = limit.value + sum(one.limit.value for one in extensions)
    assert calendar.working_days_between(received_on, found.due_on) == wanted
    assert days_left(found.due_on, received_on, DayUnit.WORKING, calendar) == wanted
    assert calendar.add_working_days(received_on, wanted) == found.due_on


@many
@given(calendars(), terms(working_limits))
def test_g2_each_paused_working_day_adds_one(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, pauses, _ = term
    found = due(calendar, received_on, limit, pauses)
    span = (received_on + timedelta(days=more) for more in range(1, (found.due_on - received_on).days + 1))
    paused = sum(calendar.is_working_day(day) and _stands(pauses, calendar.closing(day)) for day in span)
    assert calendar.working_days_between(received_on, found.due_on) == limit.value + paused


# Limits in calendar days


@many
@given(calendars(), terms(calendar_limits))
def test_g2_for_calendar_days_every_paused_day_counts_and_only_the_end_moves(
    calendar: WorkingCalendar, term: Term
) -> None:
    received_on, limit, pauses, extensions = term
    still = replace(COUNTING, end_moves_to_working_day=False)
    nominal = due(calendar, received_on, limit, pauses, extensions, still).due_on
    span = (received_on + timedelta(days=more) for more in range(1, (nominal - received_on).days + 1))
    paused = sum(_stands(pauses, datetime.combine(day + timedelta(days=1), time(), tzinfo=VIETNAM)) for day in span)
    wanted = limit.value + sum(one.limit.value for one in extensions)
    assert (nominal - received_on).days == wanted + paused
    moved = due(calendar, received_on, limit, pauses, extensions).due_on
    first = calendar.working_day_from(nominal)
    assert moved >= first
    if not pauses:
        assert moved == first


@many
@given(
    calendars(), st.dates(date(2020, 1, 1), date(2030, 1, 1)), calendar_limits, st.integers(0, 20), st.integers(1, 30)
)
def test_g2_a_pause_of_whole_days_moves_a_calendar_term_by_as_many(
    calendar: WorkingCalendar, received_on: date, limit: Limit, later: int, days: int
) -> None:
    assume(later + 1 <= limit.value)
    start = datetime.combine(received_on + timedelta(days=later + 1), time(9), tzinfo=VIETNAM)
    still = replace(COUNTING, end_moves_to_working_day=False)
    gap = Pause(start, start + timedelta(days=days), "CV")
    plain = due(calendar, received_on, limit, counting=still).due_on
    assert due(calendar, received_on, limit, [gap], counting=still).due_on == plain + timedelta(days=days)


# Both


@many
@given(calendars(), terms())
def test_g2_pausing_twice_is_not_double(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, pauses, extensions = term
    once = due(calendar, received_on, limit, pauses, extensions).due_on
    assert due(calendar, received_on, limit, [*pauses, *pauses], extensions).due_on == once
    ended = [one for one in pauses if one.end is not None]
    if ended:
        middle = [Pause(one.start + (one.end - one.start) / 2, one.end, "again") for one in ended if one.end]
        assert due(calendar, received_on, limit, [*pauses, *middle], extensions).due_on == once


@many
@given(calendars(), terms())
def test_g2_two_pauses_that_touch_are_one(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, pauses, extensions = term
    halves = [
        half
        for one in pauses
        if one.end is not None
        for middle in [one.start + (one.end - one.start) / 2]
        for half in (Pause(one.start, middle, one.document), Pause(middle, one.end, one.document))
    ]
    whole = due(calendar, received_on, limit, pauses, extensions)
    assert due(calendar, received_on, limit, halves, extensions).due_on == whole.due_on


@many
@given(calendars(), terms(), st.randoms(use_true_random=False))
def test_g2_recomputing_with_the_same_calendar_version_gives_the_same_date(
    calendar: WorkingCalendar, term: Term, random: object
) -> None:
    received_on, limit, pauses, extensions = term
    mixed = list(pauses)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first = due(calendar, received_on, limit, pauses, extensions)
    same = WorkingCalendar(calendar.version, calendar.weeks, dict(calendar.days))
    again = due(same, received_on, limit, mixed, extensions)
    assert (again.due_on, again.due_at, again.calendar_version) == (first.due_on, first.due_at, first.calendar_version)


@many
@given(calendars(), terms(), limits)
def test_g2_changing_category_keeps_earlier_pauses(calendar: WorkingCalendar, term: Term, other: Limit) -> None:
    """The pauses belong to the case, so the new limit is reckoned with them: never earlier than without."""
    received_on, _, pauses, extensions = term
    changed = due(calendar, received_on, other, pauses, extensions)
    assert changed.due_on >= due(calendar, received_on, other, (), extensions).due_on
    told = {step.pause for step in changed.steps if step.pause is not None}
    assert told == set(pauses)


@many
@given(calendars(), terms(), st.data())
def test_a_further_pause_never_makes_a_term_shorter(calendar: WorkingCalendar, term: Term, data: st.DataObject) -> None:
    received_on, limit, pauses, extensions = term
    more = data.draw(pauses_near(received_on))
    before = due(calendar, received_on, limit, pauses, extensions).due_on
    assert due(calendar, received_on, limit, [*pauses, more], extensions).due_on >= before


@many
@given(calendars(), terms())
def test_a_pause_after_the_end_changes_nothing(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, pauses, extensions = term
    found = due(calendar, received_on, limit, pauses, extensions)
    # A day of a calendar term ends at midnight, although the office closes earlier.
    midnight = datetime.combine(found.due_on + timedelta(days=1), time(), tzinfo=VIETNAM)
    end = found.due_at if _all_working(limit, extensions) else midnight
    late = Pause(end, end + timedelta(days=20), "CV")
    assert due(calendar, received_on, limit, [*pauses, late], extensions).due_on == found.due_on


@many
@given(calendars(), terms(), st.booleans())
def test_the_steps_add_up_to_the_due_date(calendar: WorkingCalendar, term: Term, first_day_counts: bool) -> None:
    counting = replace(COUNTING, first_day_counts=first_day_counts)
    found = due(calendar, *term, counting)
    assert sum(step.days for step in found.steps) == (found.due_on - term[0]).days
    assert found.steps[0].kind is StepKind.RECEIVED
    assert (found.steps[-1].kind, found.steps[-1].first) == (StepKind.DUE, found.due_on)
    assert all(step.days >= 0 for step in found.steps[1:])
    assert all(len(sentence) > 10 and "%(" not in sentence for sentence in explanation(found))


@many
@given(calendars(), terms(), st.integers(1, 40))
def test_a_longer_limit_never_ends_earlier(calendar: WorkingCalendar, term: Term, more: int) -> None:
    received_on, limit, pauses, extensions = term
    longer = Limit(limit.value + more, limit.unit)
    assert due(calendar, received_on, longer, pauses, extensions).due_on >= due(calendar, *term).due_on


@many
@given(calendars(), terms())
def test_a_counting_without_pauses_forgets_them(calendar: WorkingCalendar, term: Term) -> None:
    received_on, limit, _pauses, extensions = term
    never = replace(COUNTING, pauses_stop_calendar_days=False, pauses_stop_working_days=False)
    assert due(calendar, *term, never).due_on == due(calendar, received_on, limit, (), extensions).due_on


def _all_working(limit: Limit, extensions: Sequence[Extension]) -> bool:
    return {limit.unit, *(one.limit.unit for one in extensions)} == {DayUnit.WORKING}


def _stands(pauses: Sequence[Pause], moment: datetime) -> bool:
    return any(one.start < moment <= one.end for one in pauses if one.end is not None)
