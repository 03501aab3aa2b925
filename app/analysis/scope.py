"""Which units a view covers: a subtree as of a date, with the units that were merged into it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.units.models import UnitSuccession
from app.units.queries import UnitLine, children, subtrees


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the view and all units whose answers count for it."""

    line: UnitLine
    unit_ids: frozenset[int]


def view_units(session: Session, unit_id: int, on: date) -> frozenset[int]:
    """The units whose answers count for a unit on a date: its subtree, and predecessors that went over into it whole.

    A predecessor that was split between this subtree and others counts for none of them, only for what stands
    above all its successors.
    """
    return views(session, [unit_id], on)[unit_id]


def views(session: Session, unit_ids: Collection[int], on: date) -> dict[int, frozenset[int]]:
    """The same for several units at once, in as many queries as for one."""
    below = subtrees(session, unit_ids, on)
    inside = {unit_id: below.get(unit_id, {unit_id}) for unit_id in unit_ids}
    after = _successors(session, set().union(*inside.values()), on)
    before: dict[int, set[int]] = defaultdict(set)
    for old, new in after.items():
        for unit_id in new:
            before[unit_id].add(old)
    return {unit_id: _with_predecessors(found, before, after) for unit_id, found in inside.items()}


def branches(session: Session, unit_id: int, on: date) -> list[Branch]:
    """The children of a unit on a date, each with the units that count for it, by name."""
    lines = children(session, unit_id, on)
    covered = views(session, [line.id for line in lines], on)
    return [Branch(line, covered[line.id]) for line in lines]


def _with_predecessors(
    inside: set[int], before: Mapping[int, set[int]], after: Mapping[int, set[int]]
) -> frozenset[int]:
    whole, waiting = set(inside), set(inside)
    while waiting:
        candidates: set[int] = set().union(*(before.get(unit, set()) for unit in waiting)) - whole
        waiting = {unit for unit in candidates if after[unit] <= whole}
        whole |= waiting
    return frozenset(whole)


def _successors(session: Session, unit_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    """Unit → its successors until a date, for all that came before these units, directly or not."""
    found: dict[int, set[int]] = {}
    waiting = set(unit_ids)
    while waiting:
        before = select(UnitSuccession.old_unit_id).where(
            UnitSuccession.new_unit_id.in_(waiting), UnitSuccession.effective_on <= on
        )
        statement = select(UnitSuccession.old_unit_id, UnitSuccession.new_unit_id).where(
            UnitSuccession.old_unit_id.in_(before),
            UnitSuccession.old_unit_id != UnitSuccession.new_unit_id,  # a rename ends nothing
            UnitSuccession.effective_on <= on,
        )
        rows = [(old, new) for old, new in session.execute(statement) if old not in found]
        for old, new in rows:
            found.setdefault(old, set()).add(new)
        waiting = {old for old, _ in rows}
    return found
