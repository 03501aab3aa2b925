"""Reporting periods: month, quarter, half-year, year; their names, addresses and what lies inside what."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PeriodError(ValueError):
    """The text is not the address of a period."""


class PeriodKind(StrEnum):
    """Kinds of period, shortest first."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Length in months."""
        return _MONTHS[self]


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}
_ROMAN = ("I", "II", "III", "IV")
_ADDRESS = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>0[1-9]|1[0-2])|-q(?P<quarter>[1-4])|-h(?P<half>[12]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period: its kind, its year, and which of its kind in the year (1 for a year)."""

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not dt.MINYEAR <= self.year <= dt.MAXYEAR or not 1 <= self.number <= 12 // self.kind.months:
            raise PeriodError(f"Không có kỳ báo cáo {self.kind} {self.number} năm {self.year}.")

    @property
    def first_day(self) -> dt.date:
        """First day inside."""
        return dt.date(self.year, (self.number - 1) * self.kind.months + 1, 1)

    @property
    def last_day(self) -> dt.date:
        """Last day inside."""
        month = self.number * self.kind.months
        return dt.date(self.year, 12, 31) if month == 12 else dt.date(self.year, month + 1, 1) - dt.timedelta(days=1)

    @property
    def address(self) -> str:
        """Form used in page addresses: 2026-10, 2026-q4, 2026-h1, 2026."""
        suffix = {
            PeriodKind.MONTH: f"-{self.number:02}",
            PeriodKind.QUARTER: f"-q{self.number}",
            PeriodKind.HALF_YEAR: f"-h{self.number}",
            PeriodKind.YEAR: "",
        }
        return f"{self.year:04}{suffix[self.kind]}"

    @property
    def label(self) -> str:
        """Vietnamese name: Tháng 10/2026, Quý IV/2026, 6 tháng đầu năm 2026, Năm 2026."""
        if self.kind is PeriodKind.MONTH:
            return f"Tháng {self.number}/{self.year}"
        if self.kind is PeriodKind.QUARTER:
            return f"Quý {_ROMAN[self.number - 1]}/{self.year}"
        if self.kind is PeriodKind.HALF_YEAR:
            return f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}"
        return f"Năm {self.year}"

    def __contains__(self, other: object) -> bool:
        """Whether a day or a whole period lies inside."""
        if isinstance(other, Period):
            return self.first_day <= other.first_day and other.last_day <= self.last_day
        return isinstance(other, dt.date) and self.first_day <= other <= self.last_day

    def widened(self, kind: PeriodKind) -> "Period":
        """The period of a longer (or the same) kind that holds this one.

        Raises
        ------
        PeriodError
            When `kind` is shorter.
        """
        if kind.months < self.kind.months:
            raise PeriodError(f"Kỳ {self.label} không nằm trong một kỳ ngắn hơn.")
        return period_of(self.first_day, kind)

    def parts(self, kind: PeriodKind) -> Iterator["Period"]:
        """Periods of a shorter (or the same) kind that make this one up, in order."""
        per_year = 12 // kind.months
        for number in range(1, per_year + 1):
            part = Period(kind, self.year, number)
            if part in self:
                yield part

    def shifted(self, steps: int) -> "Period":
        """The period of the same kind `steps` later (earlier when negative)."""
        per_year = 12 // self.kind.months
        index = self.year * per_year + self.number - 1 + steps
        return Period(self.kind, index // per_year, index % per_year + 1)


def period_of(day: dt.date, kind: PeriodKind) -> Period:
    """Period of a kind that holds the day."""
    return Period(kind, day.year, (day.month - 1) // kind.months + 1)


def parse_period(text: str) -> Period:
    """Read an address: 2026-10, 2026-q4, 2026-h1 or 2026.

    Raises
    ------
    PeriodError
        For anything else.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise PeriodError("Kỳ báo cáo phải có dạng 2026-10, 2026-q4, 2026-h1 hoặc 2026.")
    year = int(found["year"])
    for group, kind in (
        ("month", PeriodKind.MONTH),
        ("quarter", PeriodKind.QUARTER),
        ("half", PeriodKind.HALF_YEAR),
    ):
        if found[group]:
            return Period(kind, year, int(found[group]))
    return Period(PeriodKind.YEAR, year)
