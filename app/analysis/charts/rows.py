"""What the charts are fed with: one frozen row per line of a chart. Shares are fractions 0..1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEVELS = 5


class Position(StrEnum):
    """How a row stands to the reference; only random samples may say more than `UNSAID`."""

    UNSAID = "unsaid"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A share with its range. `value` is None when nothing may be shown; `reason` then says why, in Vietnamese."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    position: Position = Position.UNSAID
    reason: str = "chưa có số liệu"


@dataclass(frozen=True, slots=True)
class Reference:
    """A vertical line to compare with, such as the whole province."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """How people answered one criterion: counts of the five levels from worst to best, and the two kinds of no answer.

    `counts` is None when nothing may be shown; `reason` then says why, in Vietnamese.
    """

    label: str
    counts: tuple[int, ...] | None
    not_applicable: int = 0
    blank: int = 0
    reason: str = "chưa có số liệu"

    def __post_init__(self) -> None:
        if self.counts is not None and (len(self.counts) != LEVELS or min(self.counts) < 0):
            message = f"five counts of zero or more are needed, not {self.counts}"
            raise ValueError(message)

    @property
    def rated(self) -> int:
        """People who chose one of the levels."""
        return sum(self.counts or ())
