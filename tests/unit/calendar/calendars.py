"""Calendars for tests: the first one of every installation, and random ones."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from app.calendar import first_load
from app.calendar.days import DayUnit, Limit
from app.calendar.library import proposals
from app.calendar.models import EntryKind
from app.calendar.reckoning import Counting, Extension, Pause
from app.calendar.working_time import DayKind, Range, SpecialDay, WeeklyHours, WorkingCalendar, read_ranges, read_week
from app.clock import VIETNAM

FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
HOURS = read_ranges(first_load.USUAL)
WEEK = WeeklyHours(FIRST, read_week(first_load.HOURS))
COUNTING = Counting()
WORKING, CALENDAR = DayUnit.WORKING, DayUnit.CALENDAR


def first_calendar() -> WorkingCalendar:
    days = {
        one.day: SpecialDay(one.day, DayKind(one.kind.value), one.name, one.ranges, one.source, one.status)
        for one in proposals(first_load.FIRST_YEARS, HOURS)
        if one.kind is not EntryKind.USUAL
    }
    return WorkingCalendar(1, (WEEK,), days)


FIRST_CALENDAR = first_calendar()


def moment(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), tzinfo=VIETNAM)


def pause(start: str, end: str | None, document: str = "CV 1") -> Pause:
    """``pause("2026-02-10 09:00", "2026-02-12 09:00")``, on a Vietnamese wall clock."""
    first, last = (
        None if text is None else datetime.fromisoformat(text).replace(tzinfo=VIETNAM) for text in (start, end)
    )
    assert first is not None
    return Pause(first, last, document)


dates = st.dates(FIRST, date(2030, 6, 30))
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(DayUnit))
working_limits = st.builds(Limit, st.integers(1, 60), st.just(WORKING))
calendar_limits = st.builds(Limit, st.integers(1, 90), st.just(CALENDAR))
ranges = st.sampled_from(
    [
        HOURS,
        (Range(time(8), time(12)),),
        (Range(time(7), time(11)), Range(time(13), time(16)), Range(time(18), time(20, 30))),
    ]
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Any week with some work in it, the first calendar's holidays or random ones, and a change of hours on the way."""
    if draw(st.booleans()):
        return FIRST_CALENDAR
    weekdays = draw(st.sets(st.integers(1, 7), min_size=1))
    weeks = [WeeklyHours(FIRST, {day: draw(ranges) for day in weekdays})]
    if draw(st.booleans()):
        weeks.append(WeeklyHours(draw(dates), {day: draw(ranges) for day in range(1, 7)}))
    off = draw(st.lists(dates, max_size=12))
    worked = draw(st.lists(dates, max_size=4))
    days = {day: SpecialDay(day, DayKind.OFF, "Nghỉ") for day in off}
    days |= {day: SpecialDay(day, DayKind.WORKING, "Làm bù", HOURS) for day in worked}
    return WorkingCalendar(1, tuple(weeks), days)


@st.composite
def pauses_near(draw: st.DrawFn, received_on: date) -> Pause:
    start = datetime.combine(received_on, time(), tzinfo=VIETNAM) + timedelta(
        minutes=draw(st.integers(-3 * 1440, 60 * 1440))
    )
    return Pause(start, start + timedelta(minutes=draw(st.integers(0, 30 * 1440))), f"CV {draw(st.integers(1, 9))}")


@st.composite
def terms(draw: st.DrawFn, of: st.SearchStrategy[Limit] = limits):
    """``(received_on, limit, pauses, extensions)``."""
    received_on = draw(dates)
    gaps = draw(st.lists(pauses_near(received_on), max_size=3))
    more = draw(st.lists(of, max_size=2))
    extensions = [Extension(limit, "Chủ tịch", f"QĐ {n}", received_on) for n, limit in enumerate(more)]
    return received_on, draw(of), gaps, extensions
