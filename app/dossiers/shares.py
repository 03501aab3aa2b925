"""Counts of dossiers in a period and the shares that follow from them (pure).

Shares derive from counts: late is what was settled after its day. A dossier still open after its day is counted apart,
so that nobody improves a share by leaving a file unfinished; both stand on the page.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to dossiers in a period.

    ``received``: came in; ``settled``: finished with a result; of these ``on_time`` and ``late`` (a dossier without a
    day has neither); ``open_late``: unfinished and past its day when the period ended, or
    today while it lasts; ``open``: unfinished then.
    """

    received: int = 0
    settled: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    open_late: int = 0

    def __post_init__(self) -> None:
        if min(self.received, self.settled, self.on_time, self.late, self.open, self.open_late) < 0:
            raise ValueError("Counts are not negative.")
        if self.on_time + self.late > self.settled or self.open_late > self.open:
            raise ValueError("Parts are not larger than their whole.")

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.received + other.received,
            self.settled + other.settled,
            self.on_time + other.on_time,
            self.late + other.late,
            self.open + other.open,
            self.open_late + other.open_late,
        )

    @property
    def dated(self) -> int:
        """Settled dossiers that had a day: the n of both shares."""
        return self.on_time + self.late

    @property
    def on_time_share(self) -> Fraction | None:
        """Settled in time among those settled that had a day; None: there are none."""
        return Fraction(self.on_time, self.dated) if self.dated else None

    @property
    def late_share(self) -> Fraction | None:
        """Settled late among those settled that had a day; None: there are none."""
        return Fraction(self.late, self.dated) if self.dated else None
