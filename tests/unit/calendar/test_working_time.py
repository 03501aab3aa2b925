"""Working time on a Vietnamese wall clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.working_time import NoWorkingDay, Range, WeeklyHours, WorkingCalendar
from tests.unit.calendar.calendars import FIRST, FIRST_CALENDAR, HOURS, calendars, moment

many = settings(max_examples=60, deadline=None)
moments = st.builds(
    lambda day, minutes: moment(day, "00:00") + timedelta(minutes=minutes),
    st.dates(FIRST, date(2029, 12, 31)),
    st.integers(0, 1439),
)
amounts = st.timedeltas(timedelta(0), timedelta(hours=200))


def test_lunch_nights_weekends_and_holidays_are_no_working_time() -> None:
    cal = FIRST_CALENDAR
    friday, monday = date(2026, 2, 13), date(2026, 2, 23)  # Tết lies between
    assert cal.working_time(moment(friday, "11:00"), moment(friday, "14:00")) == timedelta(hours=1)
    assert cal.working_time(moment(friday, "16:30"), moment(monday, "08:00")) == timedelta(hours=1)
    assert cal.add_working_time(moment(friday, "16:30"), timedelta(hours=1)) == moment(monday, "08:00")
    assert cal.add_working_time(moment(friday, "11:00"), timedelta(minutes=30)) == moment(friday, "11:30")
    assert cal.add_working_time(moment(friday, "19:00"), timedelta(0)) == moment(friday, "19:00")
    assert [cal.is_working_time(moment(friday, at)) for at in ("07:29", "07:30", "11:30", "13:30", "17:00")] == [
        *(False, True, False, True, False)
    ]
    assert cal.working_time(moment(monday, "08:00"), moment(friday, "08:00")) == timedelta(0)


def test_other_zones_are_put_on_the_vietnamese_clock() -> None:
    late = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 8:00 in Việt Nam
    assert FIRST_CALENDAR.is_working_time(late)
    assert FIRST_CALENDAR.working_time(late, late + timedelta(hours=1)) == timedelta(hours=1)


def test_a_swapped_saturday_is_worked() -> None:
    saturday = date(2026, 8, 22)
    assert FIRST_CALENDAR.ranges(saturday) == HOURS
    assert FIRST_CALENDAR.next_working_day(date(2026, 8, 21)) == saturday
    assert FIRST_CALENDAR.closing(saturday) == moment(saturday, "17:00")


def test_hours_change_on_their_day() -> None:
    half = {day: (Range(time(8), time(12)),) for day in range(1, 7)}
    cal = WorkingCalendar(2, (*FIRST_CALENDAR.weeks, WeeklyHours(date(2026, 7, 1), half)))
    assert cal.closing(date(2026, 6, 30)) == moment(date(2026, 6, 30), "17:00")
    assert cal.closing(date(2026, 7, 1)) == moment(date(2026, 7, 1), "12:00")
    assert cal.is_working_day(date(2026, 7, 4))
    assert not cal.is_working_day(date(2026, 6, 27))
    assert cal.week_of(date(1999, 1, 1)).valid_from == FIRST


def test_a_calendar_in_which_nobody_works_is_refused() -> None:
    with pytest.raises(NoWorkingDay):
        WorkingCalendar(1, (WeeklyHours(FIRST, {}),))
    with pytest.raises(NoWorkingDay):
        WorkingCalendar(1, ())


@many
@given(calendars(), moments, amounts)
def test_adding_and_measuring_agree(cal: WorkingCalendar, start: datetime, amount: timedelta) -> None:
    end = cal.add_working_time(start, amount)
    assert cal.working_time(start, end) == amount
    if amount:
        assert cal.is_working_time(end - timedelta(microseconds=1))


@many
@given(calendars(), moments, amounts, amounts)
def test_working_time_is_additive(cal: WorkingCalendar, start: datetime, one: timedelta, two: timedelta) -> None:
    middle, end = start + one, start + one + two
    assert cal.working_time(start, middle) + cal.working_time(middle, end) == cal.working_time(start, end)


@many
@given(calendars(), st.dates(FIRST, date(2029, 1, 1)), st.integers(0, 60))
def test_working_days_counted_back_and_forth(cal: WorkingCalendar, day: date, count: int) -> None:
    later = cal.add_working_days(day, count)
    assert cal.working_days_between(day, later) == count
    assert cal.working_days_between(later, day) == -count
    assert count == 0 or cal.is_working_day(later)
    assert cal.working_day_from(day) == (day if cal.is_working_day(day) else cal.next_working_day(day))
