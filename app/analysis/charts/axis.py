"""A horizontal axis of shares: where it starts, its ticks, and the mark that says it does not start at zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.analysis.charts.svg import Drawing, coordinate
from app.i18n.formats import format_percent_number

Span = tuple[float, float]
"""Top and bottom of a stretch of height, px."""

KEEP_ZERO_BELOW = 0.4
"""A chart whose lowest limit lies below this share starts at zero; otherwise at the next ten points below it."""


def in_percent(fraction: float) -> str:
    """Return a share as a number of percent with one decimal: 0.841 becomes "84,1"."""
    return format_percent_number(fraction, places=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps shares from `start`…1 to px from `left` to `right`."""

    start: float
    left: float
    right: float

    @property
    def is_truncated(self) -> bool:
        """Whether the axis leaves out the part next to zero."""
        return self.start > 0

    @property
    def start_note(self) -> str:
        """A sentence for the description when the axis is cut, else nothing."""
        return f" Trục bắt đầu từ {round(self.start * 100)}\u00a0%." if self.is_truncated else ""

    def at(self, share: float) -> float:
        """Return the place of a share in px, kept inside the axis."""
        inside = min(max(share, self.start), 1.0)
        return self.left + (inside - self.start) / (1 - self.start) * (self.right - self.left)

    def ticks(self) -> list[float]:
        """Return round shares from start to 1, at most six."""
        points = 100 - round(self.start * 100)
        step = 5 if points <= 20 else 10 if points <= 50 else 20
        first = round(self.start * 100)
        return [share / 100 for share in range(100, first - 1, -step)][::-1]

    def draw(self, drawing: Drawing, words_at: float, spans: Sequence[Span]) -> None:
        """Draw grid lines with their percentages, and the zigzag at the foot of a cut axis.

        `spans` are the heights (top, bottom) where lines may run; on a phone they leave the names free.
        """
        for share in self.ticks():
            place = self.at(share)
            anchor = "end" if share == 1 and self.right > drawing.width - 30 else "middle"
            anchor = "start" if place < 20 else anchor
            for top, bottom in spans:
                drawing.line(place, top, place, bottom, "grid")
            drawing.text(place, words_at, f"{round(share * 100)}\u00a0%", "small", anchor)
        if self.is_truncated:
            drawing.path(f"M{coordinate(self.left - 2)} {coordinate(spans[-1][1])}l4-4l4 8l4-8l4 4", "cut")


def share_axis(limits: Iterable[float], left: float, right: float) -> Axis:
    """Return the axis that holds all `limits` (shares)."""
    lowest = min(limits, default=0.0)
    start = 0.0 if lowest < KEEP_ZERO_BELOW else min(int(lowest * 10 + 1e-9) / 10, 0.9)
    return Axis(start, left, right)
