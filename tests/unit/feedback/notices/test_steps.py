"""When to remind: in working days, on working days, never the same person about two steps at once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.working_time import DayKind, Range, SpecialDay, WeeklyHours, WorkingCalendar
from app.clock import VIETNAM
from app.feedback.cases.kinds import Step
from app.feedback.notices.steps import LATE, Plan, horizon, in_daytime, in_working_time, reached, to_tell

HOURS = (Range(time(7, 30), time(11, 30)), Range(time(13), time(17)))
DUE = date(2026, 11, 25)  # a Wednesday
HOLIDAY = date(2026, 11, 27)
CALENDAR = WorkingCalendar(
    1,
    (WeeklyHours(date(2026, 1, 1), dict.fromkeys(range(1, 6), HOURS)),),
    {HOLIDAY: SpecialDay(HOLIDAY, DayKind.OFF, "Nghỉ")},
)
PLAN = Plan(before=2, leader=1, above=3)
SATURDAY = date(2026, 2, 28)
TET = WorkingCalendar(
    1,
    (WeeklyHours(date(2026, 1, 1), dict.fromkeys(range(1, 6), HOURS)),),
    {date(2026, 2, day): SpecialDay(date(2026, 2, day), DayKind.OFF, "Tết") for day in range(16, 21)}
    | {SATURDAY: SpecialDay(SATURDAY, DayKind.WORKING, "Làm bù", (Range(time(7, 30), time(11, 30)),))},
)
"""Nine days without work, and a Saturday worked for half a day."""


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        ("2026-11-20", ()),
        ("2026-11-22", ()),  # a Sunday: nothing is reached on a day without work
        ("2026-11-23", (Step.BEFORE,)),
        ("2026-11-25", (Step.BEFORE, Step.TODAY)),
        ("2026-11-26", (Step.BEFORE, Step.TODAY, Step.LEADER)),
        ("2026-11-27", ()),  # the holiday
        ("2026-11-30", (Step.BEFORE, Step.TODAY, Step.LEADER)),
        ("2026-12-01", tuple(Step)),
    ],
)
def test_steps_are_counted_in_working_days(today: str, steps: tuple[Step, ...]) -> None:
    assert reached(PLAN, DUE, date.fromisoformat(today), CALENDAR) == steps


def test_a_step_set_to_nought_is_left_out() -> None:
    assert reached(Plan(0, 0, 0), DUE, date(2026, 12, 15), CALENDAR) == (Step.TODAY,)


def test_of_what_goes_to_the_same_person_only_the_latest_is_told() -> None:
    assert to_tell([Step.BEFORE, Step.TODAY], [], is_late=False) == (Step.TODAY,)
    assert to_tell([Step.BEFORE, Step.TODAY], [Step.BEFORE], is_late=False) == (Step.TODAY,)
    assert to_tell(list(Step), [], is_late=True) == LATE
    assert to_tell(list(Step), list(Step), is_late=True) == ()


@given(st.integers(0, 60), st.integers(0, 10), st.integers(0, 20), st.integers(0, 20))
def test_a_step_once_reached_stays_reached_and_lies_within_the_horizon(
    later: int, before: int, leader: int, above: int
) -> None:
    plan = Plan(before, leader, above)
    today = CALENDAR.working_day_from(DUE - timedelta(days=30) + timedelta(days=later))
    now, then = reached(plan, DUE, today, CALENDAR), reached(plan, DUE, CALENDAR.next_working_day(today), CALENDAR)
    assert set(now) <= set(then)
    assert not now or horizon(plan, today, CALENDAR) >= DUE


@given(st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20), timezones=st.just(UTC)))  # noqa: DTZ001
def test_officers_are_told_in_working_time_and_senders_by_day(now: datetime) -> None:
    told = in_working_time(CALENDAR, now)
    assert told >= now
    assert CALENDAR.is_working_time(told)
    assert (told == now) == CALENDAR.is_working_time(now)
    waking = in_daytime(now)
    assert waking - now < timedelta(hours=12)
    assert 7 <= waking.astimezone(VIETNAM).hour < 20


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-02-13T17:00", "2026-02-23T07:30"),  # work has ended for Tết
        ("2026-02-18T10:00", "2026-02-23T07:30"),
        ("2026-02-23T12:00", "2026-02-23T13:00"),  # the pause at noon
        ("2026-02-28T07:00", "2026-02-28T07:30"),
        ("2026-02-28T11:29", "2026-02-28T11:29"),
        ("2026-02-28T11:30", "2026-03-02T07:30"),  # the half day is over
    ],
)
def test_over_tet_and_on_a_half_day_nobody_is_told_before_work_begins_again(now: str, told: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=VIETNAM)
    assert in_working_time(TET, moment) == datetime.fromisoformat(told).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("due", "today", "steps"),
    [
        ("2026-02-24", "2026-02-12", ()),
        ("2026-02-24", "2026-02-13", (Step.BEFORE,)),  # two working days before, eleven days
        ("2026-02-24", "2026-02-17", ()),
        ("2026-02-13", "2026-02-20", ()),  # late all through Tết, and no leader is told
        ("2026-02-13", "2026-02-23", (Step.BEFORE, Step.TODAY, Step.LEADER)),
        ("2026-03-02", "2026-02-26", ()),  # the worked Saturday counts
        ("2026-03-02", "2026-02-27", (Step.BEFORE,)),
        ("2026-02-28", "2026-02-28", (Step.BEFORE, Step.TODAY)),
        ("2026-02-28", "2026-03-01", ()),
        ("2026-02-28", "2026-03-02", (Step.BEFORE, Step.TODAY, Step.LEADER)),
    ],
)
def test_steps_over_tet_and_a_worked_saturday(due: str, today: str, steps: tuple[Step, ...]) -> None:
    assert reached(PLAN, date.fromisoformat(due), date.fromisoformat(today), TET) == steps
