"""Lengths of legal terms (pure): a number of calendar or of working days."""

from dataclasses import dataclass
from enum import StrEnum

from app.errors import Invalid
from app.i18n.messages import Message, message

LONGEST = 3650


class DayUnit(StrEnum):
    """Which days count. The law says "ngày" (every day) or "ngày làm việc"; both stand side by side in one matter."""

    CALENDAR = "calendar"
    WORKING = "working"


class BadLimit(Invalid):
    """A term that cannot be: no days, or more than anybody means."""


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """So many days of a unit, such as ``Limit(10, DayUnit.WORKING)``."""

    value: int
    unit: DayUnit

    def __post_init__(self) -> None:
        if not 1 <= self.value <= LONGEST:
            raise BadLimit(f"Số ngày phải từ 1 đến {LONGEST}.")

    @property
    def words(self) -> Message:
        """The term as people read it: "10 ngày làm việc"."""
        return days_words(self.value, self.unit)


def days_words(count: int, unit: DayUnit) -> Message:
    """So many days in words."""
    if unit is DayUnit.WORKING:
        return message("1 ngày làm việc") if count == 1 else message("%(days)s ngày làm việc", days=count)
    if count == 1:  # other languages have a singular
        return message("1 ngày")
    return message("%(days)s ngày", days=count)
