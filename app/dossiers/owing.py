"""Whether a letter of apology is owed for a dossier, and by when (pure).

Promised is the day the applicant was told last: the day of the receipt, or the new day of the last letter. Each broken
promise owes one letter. A letter that names no new day ends the matter: what is late after it was already apologised
for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.days import DayUnit, Limit
from app.calendar.working_time import WorkingCalendar
from app.dossiers.statuses import Status

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A dossier as the letters see it, while no letter that only says sorry has ended the matter."""

    status: Status
    promised: date
    finished_on: date | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it was finished after the promised day."""
        return self.finished_on is not None and self.finished_on > self.promised


def owed_by(promised: date, before: Limit, days: WorkingCalendar) -> date:
    """The last day to send the letter for a promised day; for zero days that day itself."""
    if before.unit is DayUnit.CALENDAR:
        return promised - timedelta(days=before.value)
    day, left = promised, before.value
    while left:
        day -= ONE_DAY
        left -= days.is_working_day(day)
    return day


def last_working_day(day: date, is_working_day: Callable[[date], bool]) -> date:
    """The day itself if it is worked, else the last working day before it: when a letter can really be sent."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def is_owed(one: Standing, by: date, days: WorkingCalendar, today: date) -> bool:
    """Whether a letter is owed: the promise is broken, or the next working day is the last to send one in time.

    ``by``: the last day to send it. Whoever withdrew their dossier is owed nothing.
    """
    if one.status is Status.WITHDRAWN:
        return False
    if one.status is Status.OPEN:
        return last_working_day(by, days.is_working_day) <= days.next_working_day(today)
    return one.is_broken


def may_promise_again(status: Status, promised_again: int, most: int) -> bool:
    """Whether the letter names a new day; without one it only says sorry."""
    return status is Status.OPEN and promised_again < most
