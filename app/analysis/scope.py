"""Which units a view covers: a subtree as of a date, with the units that were merged into it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.units.models import UnitSuccession
from app.units.queries import UnitLine, children, subtree_ids


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
    inside = set(subtree_ids(session, unit_id, on)) or {unit_id}
    waiting = set(inside)
    while waiting:
        before = session.scalars(
            select(UnitSuccession.old_unit_id).where(
                UnitSuccession.new_unit_id.in_(waiting),
                UnitSuccession.old_unit_id.not_in(inside),
                UnitSuccession.effective_on <= on,
            )
        )
        waiting = {unit for unit, after in _successors(session, set(before), on).items() if after <= inside}
        inside |= waiting
    return frozenset(inside)


def branches(session: Session, unit_id: int, on: date) -> list[Branch]:
    """The children of a unit on a date, each with the units that count for it, by name."""
    return [Branch(line, view_units(session, line.id, on)) for line in children(session, unit_id, on)]


def _successors(session: Session, unit_ids: set[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    statement = select(UnitSuccession.old_unit_id, UnitSuccession.new_unit_id).where(
        UnitSuccession.old_unit_id.in_(unit_ids), UnitSuccession.effective_on <= on
    )
    for old, new in session.execute(statement):
        found[old].add(new)
    return found
