"""Spans of days: both ends included, an open end is None."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=False)
class Span:
    """The days from ``start`` to ``end``, both included; None means open on that side."""

    start: date | None = None
    end: date | None = None

    @property
    def is_backward(self) -> bool:
        """Whether the last day lies before the first one."""
        return self.start is not None and self.end is not None and self.end < self.start

    def contains(self, on: date) -> bool:
        """Whether ``on`` is one of the days."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def covers(self, other: "Span") -> bool:
        """Whether every day of ``other`` is one of the days."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def meet(self, other: "Span") -> "Span | None":
        """The days in both spans, or None if there is none."""
        common = Span(_later(self.start, other.start), _earlier(self.end, other.end))
        return None if common.is_backward else common

    def overlaps(self, other: "Span") -> bool:
        """Whether at least one day is in both."""
        return self.meet(other) is not None


ALWAYS = Span()


def _later(first: date | None, second: date | None) -> date | None:
    if first is None or second is None:
        return first or second
    return max(first, second)


def _earlier(first: date | None, second: date | None) -> date | None:
    if first is None or second is None:
        return first or second
    return min(first, second)
