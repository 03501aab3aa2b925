# ruff: noqa: D102 - the columns of AuditEvent, described there
"""The rows of the chain, checked one after another (pure): memory stays flat however many there are."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from app.audit.proof import findings
from app.audit.proof.findings import Finding
from app.audit.proof.rows import BEGINNING, Said, row_hash

MOST_BAD = 500
REMEMBERED = 64


class Row(Said, Protocol):
    """A row at its place."""

    @property
    def day(self) -> date: ...
    @property
    def sequence(self) -> int: ...
    @property
    def previous_hash(self) -> bytes: ...
    @property
    def hash(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Point:
    """A signed place: head ``number`` says that row ``rows`` of its day has ``hash``."""

    number: int
    rows: int
    hash: bytes
    is_final: bool


@dataclass(slots=True)
class Checker:
    """Takes the rows in the order (day, sequence) and collects what is wrong. ``signed``: the points of each day."""

    signed: Mapping[date, list[Point]]
    found: list[Finding] = field(default_factory=list)
    rows: int = 0
    days: int = 0
    day: date | None = None
    sequence: int = 0
    end: bytes = BEGINNING
    _bad: list[Row] = field(default_factory=list)
    _was_bad: bool = False
    _lost: bool = False
    _hashes: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _points: dict[int, Point] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Check the next row."""
        self.rows += 1
        is_first = row.day != self.day
        if is_first:
            self._begin(row.day)
        elif row.sequence == self.sequence:
            self.found.append(findings.twice(row.day, row.sequence))
            return
        is_whole = row_hash(row, row.day, row.sequence, row.previous_hash) == row.hash
        has_gap = row.sequence > self.sequence + 1
        if has_gap:
            self.found.append(findings.removed(row.day, self.sequence + 1, row.sequence - 1))
        if not is_whole:
            self._remember_bad(row)
        elif row.previous_hash != self.end and not (has_gap or self._was_bad or self._lost):
            self._unlinked(row)
        self._compare(row, is_whole=is_whole)
        self.sequence, self.end = row.sequence, row.hash
        self._was_bad, self._lost = not is_whole, False
        self._hashes.append((row.sequence, row.hash))

    def finish(self) -> list[Finding]:
        """End the last day; what is wrong, in the order of the days."""
        self._end_day()
        self._gone_days(None)
        self.found += self._explain_bad()
        return sorted(self.found, key=lambda one: one.day or date.min)

    def _begin(self, day: date) -> None:
        self._end_day()
        self._gone_days(day)
        self.day, self.sequence = day, 0
        self.days += 1
        self._points = {one.rows: one for one in self.signed.get(day, [])}
        self._hashes.clear()

    def _end_day(self) -> None:
        """Hold the day against what was signed about it."""
        if self.day is None:
            return
        points = self.signed.get(self.day, [])
        most = max((one.rows for one in points), default=0)
        if most > self.sequence:
            self.found.append(findings.cut(self.day, most, self.sequence))
            self._lost = True
        final = next((one for one in points if one.is_final), None)
        if final is not None and final.rows < self.sequence:
            self.found.append(findings.added(self.day, final.rows, self.sequence))
            self._lost = True

    def _gone_days(self, until: date | None) -> None:
        """Signed days without rows, after the present day and before ``until``."""
        for day in sorted(self.signed):
            is_here = (self.day is None or day > self.day) and (until is None or day < until)
            if is_here:
                self.found.append(findings.day_gone(day, max(one.rows for one in self.signed[day])))
                self._lost = True

    def _unlinked(self, row: Row) -> None:
        after = next((number for number, digest in self._hashes if digest == row.previous_hash), None)
        if after is None:
            self.found.append(findings.broken(row.day, row.sequence))
        else:
            self.found.append(findings.fork(row.day, row.sequence, after))

    def _compare(self, row: Row, *, is_whole: bool) -> None:
        point = self._points.get(row.sequence)
        if point is not None and is_whole and point.hash != row.hash:
            self.found.append(findings.rewritten(row.day, row.sequence, point.number))

    def _remember_bad(self, row: Row) -> None:
        if len(self._bad) < MOST_BAD:
            self._bad.append(row)
        else:
            self.found.append(findings.edited(row.day, row.sequence))

    def _explain_bad(self) -> list[Finding]:
        """Rows that do not fit their hash: two that changed places, or each one edited."""
        explained: list[Finding] = []
        left = list(self._bad)
        while left:
            row = left.pop(0)
            partner = next((other for other in left if _changed_places(row, other)), None)
            if partner is None:
                explained.append(findings.edited(row.day, row.sequence))
            else:
                left.remove(partner)
                explained.append(findings.swapped(row.day, row.sequence, partner.day, partner.sequence))
        return explained


def _changed_places(one: Row, other: Row) -> bool:
    return _fits(one, other) and _fits(other, one)


def _fits(row: Row, place: Row) -> bool:
    """Whether a row is whole at the place of another: only what it says was moved, or the row with its hashes."""
    return (
        row_hash(row, place.day, place.sequence, place.previous_hash) == place.hash
        or row_hash(row, place.day, place.sequence, row.previous_hash) == row.hash
    )
