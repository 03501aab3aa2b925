"""When offices work (pure): weekly hours, days off, swapped days; arithmetic of working time and working days.

Everything is reckoned on the wall clock of Việt Nam, which has had no summer time since 1975. Moments are aware.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.calendar.sources import NEEDS_CHECKING, Status
from app.clock import VIETNAM
from app.errors import Invalid

LONGEST_REST = 400
"""Days without work after which a calendar is certainly wrong; keeps every search finite."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Working time of a day from one wall-clock time to a later one."""

    start: time
    end: time


Ranges = tuple[Range, ...]


class DayKind(StrEnum):
    """What a dated entry says about its day."""

    OFF = "off"
    WORKING = "working"


class NoWorkingDay(Invalid):
    """A calendar in which nobody ever works: nothing can be reckoned with it."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from its week: a holiday, a made-up day off, or a Saturday that is worked."""

    day: date
    kind: DayKind
    name: str
    ranges: Ranges = ()
    source: str = ""
    status: Status = Status.VERIFIED


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The usual hours from a day on: ISO weekday (1 is Monday) to ranges. A weekday left out is a day of rest."""

    valid_from: date
    hours: Mapping[int, Ranges]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One version of the calendar; the same version always gives the same answers.

    ``weeks`` are in the order of their first days; before the first of them its hours count too.
    """

    version: int
    weeks: tuple[WeeklyHours, ...]
    days: Mapping[date, SpecialDay] = field(default_factory=dict, repr=False)
    years: frozenset[int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.weeks or not all(any(week.hours.values()) for week in self.weeks):
            raise NoWorkingDay("Lịch phải có ít nhất một ngày làm việc trong tuần.")
        object.__setattr__(self, "years", frozenset(day.year for day in self.days))

    def week_of(self, day: date) -> WeeklyHours:
        """The usual hours in force on a day."""
        place = bisect_right(self.weeks, day, key=lambda week: week.valid_from)
        return self.weeks[max(0, place - 1)]

    def usual_ranges(self, day: date) -> Ranges:
        """The hours the week gives a day, whatever is special about it."""
        return self.week_of(day).hours.get(day.isoweekday(), ())

    def ranges(self, day: date) -> Ranges:
        """The working time of a day, in order; empty on a day of rest."""
        special = self.days.get(day)
        return self.usual_ranges(day) if special is None else special.ranges

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on a day."""
        return bool(self.ranges(day))

    def is_certain(self, day: date) -> bool:
        """Whether what the calendar says of a day is settled: no projection, and a year whose holidays are entered."""
        special = self.days.get(day)
        return day.year in self.years if special is None else special.status not in NEEDS_CHECKING

    def working_day_from(self, day: date) -> date:
        """The day itself if it is worked, else the next one that is."""
        return next(self._working_days(day))

    def next_working_day(self, day: date) -> date:
        """The first working day after a day."""
        return next(self._working_days(day + ONE_DAY))

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day, which itself is not counted; 0 gives the day back."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start``, up to and with ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        total = self._usual_working_days(start + ONE_DAY, end)
        for day, special in self.days.items():
            if start < day <= end:
                total += bool(special.ranges) - bool(self.usual_ranges(day))
        return total

    def _usual_working_days(self, first: date, last: date) -> int:
        """How many days from the first to the last the weeks would work, whatever is special about them.

        Counted by whole weeks: lists reckon with spans of years.
        """
        total = 0
        for place, week in enumerate(self.weeks):
            begin = first if place == 0 else max(first, week.valid_from)
            is_newest = place + 1 == len(self.weeks)
            end = last if is_newest else min(last, self.weeks[place + 1].valid_from - ONE_DAY)
            length = (end - begin).days + 1
            if length > 0:
                worked = [bool(week.hours.get(weekday)) for weekday in range(1, 8)]
                whole, rest = divmod(length, 7)
                total += whole * sum(worked) + sum(worked[(begin.weekday() + more) % 7] for more in range(rest))
        return total

    def opening(self, day: date) -> datetime:
        """When work begins on a day; midnight on a day of rest."""
        ranges = self.ranges(day)
        return _moment(day, ranges[0].start if ranges else time())

    def closing(self, day: date) -> datetime:
        """When work ends on a day; on a day of rest the last moment of the day."""
        ranges = self.ranges(day)
        return _moment(day, ranges[-1].end) if ranges else _moment(day + ONE_DAY, time()) - timedelta(seconds=1)

    def is_working_time(self, moment: datetime) -> bool:
        """Whether work goes on at a moment; the end of a range no longer counts."""
        here = moment.astimezone(VIETNAM)
        return any(one.start <= here.time() < one.end for one in self.ranges(here.date()))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to a later one; nothing when ``end`` comes first."""
        total = timedelta()
        day, last = start.astimezone(VIETNAM).date(), end.astimezone(VIETNAM).date()
        while day <= last:
            for one in self.ranges(day):
                first, until = max(start, _moment(day, one.start)), min(end, _moment(day, one.end))
                total += max(timedelta(), until - first)
            day += ONE_DAY
        return total

    def add_working_time(self, moment: datetime, amount: timedelta) -> datetime:
        """The moment at which ``amount`` of working time has passed, never outside working time but for nothing."""
        if amount <= timedelta():
            return moment
        left, day = amount, moment.astimezone(VIETNAM).date()
        for worked in self._working_days(day):
            for one in self.ranges(worked):
                begin, end = max(moment, _moment(worked, one.start)), _moment(worked, one.end)
                if begin < end:
                    if left <= end - begin:
                        return begin + left
                    left -= end - begin
        raise AssertionError  # the days above never end

    def _working_days(self, day: date) -> Iterator[date]:
        """Working days from a day on, without end."""
        rest = 0
        while True:
            if self.is_working_day(day):
                rest = 0
                yield day
            elif (rest := rest + 1) > LONGEST_REST:
                raise NoWorkingDay(f"Lịch không có ngày làm việc nào trong {LONGEST_REST} ngày liền.")
            day += ONE_DAY


def read_ranges(stored: Sequence[Sequence[str]] | None) -> Ranges:
    """Stored hours as ranges."""
    return tuple(Range(time.fromisoformat(start), time.fromisoformat(end)) for start, end in stored or ())


def stored_ranges(ranges: Ranges) -> list[list[str]]:
    """Ranges as they are stored."""
    return [[f"{one.start:%H:%M}", f"{one.end:%H:%M}"] for one in ranges]


def read_week(stored: Mapping[str, Sequence[Sequence[str]]]) -> dict[int, Ranges]:
    """Stored weekly hours as ranges."""
    return {int(weekday): read_ranges(ranges) for weekday, ranges in stored.items()}


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=VIETNAM)
