"""Counts of dossiers by unit, field and level in a period: the one path by which page, file and interface get them.

For a unit and period the single dossiers speak; where there are none, counts that were entered as totals for exactly
such stretches inside the period. The two are never added for one unit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from app.dossiers.models import Dossier, DossierCount
from app.dossiers.shares import Counts
from app.dossiers.statuses import Status
from app.i18n.folding import natural_key
from app.units import queries as units
from app.units.models import Field, Unit
from app.units.types import Level, unit_type


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class UnitShares:
    """The counts of one unit; ``is_total``: entered as totals, not counted from dossiers."""

    unit_id: int
    name: str
    level: Level
    counts: Counts
    is_total: bool


def by_unit(session: Session, allowed: frozenset[int] | None, span: Span, today: date) -> list[UnitShares]:
    """The counts of every unit among these (None: all) that has any, by name."""
    single = _counts(session, Dossier.unit_id, _visible(Dossier.unit_id, allowed), span, today)
    totals = _totals(session, allowed, span)
    found = {**{unit_id: (counts, True) for unit_id, counts in totals.items()}}
    found |= {unit_id: (counts, False) for unit_id, counts in single.items()}
    names = units.names_on(session, set(found), min(span.last, today))
    rows = session.execute(select(Unit.id, Unit.type).where(Unit.id.in_(list(found))))
    types = {row.id: row.type for row in rows}
    lines = [
        UnitShares(unit_id, names.get(unit_id, ""), unit_type(types[unit_id]).level, counts, is_total)
        for unit_id, (counts, is_total) in found.items()
    ]
    return sorted(lines, key=lambda line: (natural_key(line.name), line.unit_id))


def by_level(lines: Iterable[UnitShares]) -> dict[Level, Counts]:
    """The same counts added up by level of government, in the order of the levels."""
    found: dict[Level, Counts] = {}
    for line in lines:
        found[line.level] = found.get(line.level, Counts()) + line.counts
    return {level: found[level] for level in Level if level in found}


def by_field(session: Session, allowed: frozenset[int] | None, span: Span, today: date) -> list[tuple[str, Counts]]:
    """Counts of single dossiers by field of administration, by name; last those without a known procedure ("")."""
    counts = _counts(session, Dossier.field_id, _visible(Dossier.unit_id, allowed), span, today)
    names = {row.id: row.name for row in session.execute(select(Field.id, Field.name))}
    named = sorted((names.get(field_id, ""), one) for field_id, one in counts.items() if field_id is not None)
    rest = [("", one) for field_id, one in counts.items() if field_id is None]
    return [*named, *rest]


def populations(session: Session, unit_ids: Iterable[int], span: Span, today: date) -> Mapping[int, int]:
    """Finished dossiers by unit: the N of the people who could have answered about their dossier in a period.

    Units without any figure are left out, which is not the same as nought.
    """
    return {
        line.unit_id: line.counts.settled
        for line in by_unit(session, frozenset(unit_ids), span, today)
        if line.counts.settled
    }


def _counts(
    session: Session, key: SQLCoreOperations[Any], visible: ColumnElement[bool], span: Span, today: date
) -> dict[Any, Counts]:
    last = min(span.last, today)  # nothing is late by a day that has not come
    settled = and_(Dossier.status == Status.FINISHED, Dossier.finished_on.between(span.first, span.last))
    still_open = and_(
        Dossier.received_on <= span.last, or_(Dossier.finished_on.is_(None), Dossier.finished_on > span.last)
    )
    concerned = or_(Dossier.received_on.between(span.first, span.last), settled, still_open)
    rows = session.execute(
        select(
            key,
            _sum(Dossier.received_on.between(span.first, span.last)),
            _sum(settled),
            _sum(and_(settled, Dossier.finished_on <= Dossier.due_on)),
            _sum(and_(settled, Dossier.finished_on > Dossier.due_on)),
            _sum(still_open),
            _sum(and_(still_open, Dossier.due_on < last)),
        )
        .where(visible, concerned)
        .group_by(key)
    )
    return {row[0]: Counts(*(int(value or 0) for value in row[1:])) for row in rows}


def _totals(session: Session, allowed: frozenset[int] | None, span: Span) -> dict[int, Counts]:
    rows = session.execute(
        select(
            DossierCount.unit_id,
            func.sum(DossierCount.received),
            func.sum(DossierCount.settled),
            func.sum(DossierCount.on_time),
            func.sum(DossierCount.late),
        )
        .where(
            _visible(DossierCount.unit_id, allowed),
            DossierCount.first_on >= span.first,
            DossierCount.last_on <= span.last,
            DossierCount.field_id.is_(None),
        )
        .group_by(DossierCount.unit_id)
    )
    return {row[0]: Counts(*(int(value or 0) for value in row[1:])) for row in rows}


def _visible(column: SQLCoreOperations[int], allowed: frozenset[int] | None) -> ColumnElement[bool]:
    return column.in_(allowed) if allowed is not None else column.is_not(None)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
