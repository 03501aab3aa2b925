"""Sealed blocks: how answers are released so that no two published views differ by a few people.

Every answer ends in exactly one block of at least `threshold` answers, and a published view (a counter, a unit or a
subtree; a month, a quarter, a half-year or a year; on any day) is the sum of the whole blocks that lie inside it.
Whatever is added or subtracted between views, days, periods and units is therefore a union of whole blocks.

Blocks are sealed as locally as the numbers allow: a counter's month as soon as enough answers wait; what is left when
the month is over joins the unit's month, then its quarter, half-year and year; then the year of each unit above, up
to the root. What even that does not fill stays unpublished.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from app.analysis.stats.errors import BadInputError
from app.calendar.periods import Period, PeriodKind


@dataclass(frozen=True, slots=True)
class Pending:
    """Answers of one counter and month that are in no block yet.

    `path` holds the counter's unit first, then the units above it up to the root.
    """

    counter: int
    path: tuple[int, ...]
    month: Period
    n: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when a block lies: of one counter, or (counter None) of a unit with everything below it."""

    unit: int
    counter: int | None
    period: Period


@dataclass(frozen=True, slots=True)
class Block:
    """A sealed block and the pending groups it swallows whole."""

    scope: Scope
    parts: tuple[Pending, ...]

    @property
    def n(self) -> int:
        """Answers of the block."""
        return sum(part.n for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sealing:
    """Outcome of one day: the new blocks, and what waits on."""

    blocks: tuple[Block, ...]
    waiting: tuple[Pending, ...]


def seal(pending: Iterable[Pending], *, closed_through: dt.date, threshold: int) -> Sealing:
    """Decide which pending groups become blocks, after all days up to `closed_through` have been closed.

    Parameters
    ----------
    pending : iterable of Pending
        At most one group for each counter and month. A group that counts 0 (taps only) joins the block of others.
    closed_through : date
        Last closed day. A period is over when its last day is closed; nothing is added to it afterwards.
    threshold : int
        Smallest block, at least 1.

    Returns
    -------
    Sealing
        Same input, same output, whatever the order of the groups.
    """
    waiting = sorted(pending, key=_order)
    _check(waiting, threshold)
    blocks: list[Block] = []

    for scope_of in _rungs(closed_through, max((len(p.path) for p in waiting), default=0)):
        new, waiting = _gather(waiting, scope_of, threshold)
        blocks.extend(new)
    return Sealing(tuple(blocks), tuple(waiting))


def breakdown_is_disclosed(counts: Sequence[int], *, threshold: int) -> bool:
    """Whether a block may show its answers by the categories of one dimension: every non-empty one is large enough.

    A filtered view is the sum over the blocks that may; the others are left out of it whole.
    """
    return all(n == 0 or n >= threshold for n in counts)


def lies_inside(scope: Scope, *, units: frozenset[int], period: Period, counter: int | None = None) -> bool:
    """Whether a block belongs to a view: of a counter, or of a unit with everything below (`units`)."""
    if scope.period not in period:
        return False
    return scope.counter == counter if counter is not None else scope.unit in units


def _gather(
    waiting: list[Pending], scope_of: Callable[[Pending], Scope | None], threshold: int
) -> tuple[list[Block], list[Pending]]:
    """Form the blocks of one rung; groups without a scope, or of a scope with too few answers, wait on."""
    gathered: dict[Scope, list[Pending]] = {}
    for group in waiting:
        scope = scope_of(group)
        if scope is not None:
            gathered.setdefault(scope, []).append(group)
    blocks = [Block(scope, tuple(parts)) for scope, parts in gathered.items() if sum(p.n for p in parts) >= threshold]
    sealed = {part for block in blocks for part in block.parts}
    return blocks, [group for group in waiting if group not in sealed]


def _rungs(closed_through: dt.date, levels: int) -> Iterator[Callable[[Pending], Scope | None]]:
    """The ladder of scopes, most local first; the units above are taken level by level, counted from the root."""
    yield lambda group: Scope(group.path[0], group.counter, group.month)
    for kind in PeriodKind:
        yield partial(_merged, kind=kind, level=None, closed_through=closed_through)
    for level in reversed(range(1, levels + 1)):
        yield partial(_merged, kind=PeriodKind.YEAR, level=level, closed_through=closed_through)


def _merged(group: Pending, *, kind: PeriodKind, level: int | None, closed_through: dt.date) -> Scope | None:
    """Scope of the counter's unit, or of the unit at a level (1 the root), over a period that must have ended."""
    period = group.month.widened(kind)
    if period.last_day > closed_through or (level is not None and level > len(group.path)):
        return None
    return Scope(group.path[0 if level is None else -level], None, period)


def _order(group: Pending) -> tuple[dt.date, int]:
    return group.month.first_day, group.counter


def _check(waiting: list[Pending], threshold: int) -> None:
    if threshold < 1 or any(p.n < 0 or not p.path or p.month.kind is not PeriodKind.MONTH for p in waiting):
        message = "a threshold of at least 1, months, units and numbers of answers not below 0 are needed"
        raise BadInputError(message)
    if len({(p.counter, p.month) for p in waiting}) != len(waiting):
        message = "a counter and month occurs twice"
        raise BadInputError(message)
