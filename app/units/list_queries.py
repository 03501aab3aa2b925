"""What the lists of units, counters, procedures and fields hold.

A province has some thousand units and ten thousand counters: those are searched, ordered and cut by the database, and
details are read for one page only. Procedures and fields are few enough to be matched here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.pages import Matching
from app.i18n.folding import natural_key
from app.units.models import Counter, Field, Procedure, Unit, UnitName, UnitParent, counter_field
from app.units.queries import UnitLine, holds, in_force, names_on, subtree_ids_of

Matches = Callable[..., bool]
"""Whether the texts of a row hold what is sought: ``app.web.lists.Asked.matches``."""


@dataclass(frozen=True, slots=True)
class UnitDetails:
    """A unit as the list of units shows it."""

    unit: Unit
    name: str
    parent_code: str
    parent_name: str
    counters: int


class CounterKey(NamedTuple):
    """A counter and where it stands."""

    id: int
    number: str
    name: str
    unit_id: int
    unit_code: str
    unit_name: str


class ProcedureLine(NamedTuple):
    """A procedure as its list shows it; an open end of its days is None."""

    id: int
    code: str
    name: str
    level: str
    field: str
    valid_from: date | None
    valid_to: date | None


class FieldLine(NamedTuple):
    """A field, and how many open counters and procedures in force have it."""

    id: int
    name: str
    counters: int
    procedures: int


def unit_details(session: Session, lines: Sequence[UnitLine], on: date) -> list[UnitDetails]:
    """The units of some lines: the unit above and the open counters, as of a day or of the unit's last day."""
    wanted = [line.id for line in lines]
    found = {one.id: one for one in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    above = dict(session.execute(_last_parents(wanted)).all())
    codes = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id.in_(above.values()))).all())
    names = names_on(session, codes, on)
    open_ones = select(Counter.unit_id, func.count()).where(
        Counter.unit_id.in_(wanted), in_force(Counter.valid_from, Counter.valid_to, on)
    )
    counters = dict(session.execute(open_ones.group_by(Counter.unit_id)).all())
    return [
        UnitDetails(
            found[line.id],
            line.name,
            codes.get(above.get(line.id, 0), ""),
            names.get(above.get(line.id, 0), ""),
            counters.get(line.id, 0),
        )
        for line in lines
    ]


def counters_found(
    session: Session,
    words: Iterable[str],
    on: date,
    *,
    within: Iterable[int] | None,
    field_id: int | None = None,
    is_closed: bool = False,
    order: str = "unit_name",
    is_descending: bool = False,
) -> Matching[CounterKey]:
    """The counters under some roots (None: of all units) that are open on a day, or closed by then.

    Every folded word must stand in the counter's number or name, in the unit's name or in its code.
    """
    statement = (
        select(Counter.id, Counter.number, Counter.name, Unit.id, Unit.code, UnitName.name)
        .join(Unit, Unit.id == Counter.unit_id)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(or_(in_force(UnitName.valid_from, UnitName.valid_to, on), _is_last_name(on)))
        .where(Counter.valid_to < on if is_closed else in_force(Counter.valid_from, Counter.valid_to, on))
    )
    for word in words:
        texts = (Counter.folded, UnitName.folded, func.lower(Unit.code))
        statement = statement.where(or_(*(holds(text, word) for text in texts)))
    if within is not None:
        statement = statement.where(Unit.id.in_(subtree_ids_of(session, within, on)))
    if field_id is not None:
        having = select(counter_field.c.counter_id).where(counter_field.c.field_id == field_id)
        statement = statement.where(Counter.id.in_(having))
    number, unit = func.length(Counter.number), UnitName.ordered
    first = (number, Counter.number, unit) if order == "counter" else (unit, Unit.id, number, Counter.number)
    turned = [one.desc() for one in first] if is_descending else first
    return Matching(session, statement.order_by(*turned, Counter.id), lambda row: CounterKey(*row))


def counters_loaded(session: Session, keys: Sequence[CounterKey]) -> list[tuple[CounterKey, Counter]]:
    """The counters of some keys with their fields, in the order of the keys."""
    wanted = select(Counter).where(Counter.id.in_([key.id for key in keys])).options(selectinload(Counter.fields))
    found = {one.id: one for one in session.scalars(wanted)}
    return [(key, found[key.id]) for key in keys]


def procedures_found(
    session: Session,
    matches: Matches,
    on: date,
    *,
    field_id: int | None = None,
    level: str = "",
    is_ended: bool = False,
) -> list[ProcedureLine]:
    """The procedures in force (or to come) on a day, or ended by then, by code."""
    ended = func.coalesce(Procedure.valid_to < on, False)
    statement = (
        select(
            Procedure.id,
            Procedure.code,
            Procedure.name,
            Procedure.level,
            func.coalesce(Field.name, ""),
            Procedure.valid_from,
            Procedure.valid_to,
        )
        .outerjoin(Field, Field.id == Procedure.field_id)
        .where(ended if is_ended else ~ended)
    )
    if field_id is not None:
        statement = statement.where(Procedure.field_id == field_id)
    if level:
        statement = statement.where(Procedure.level == level)
    lines = (ProcedureLine(*row) for row in session.execute(statement))
    found = [line for line in lines if matches(line.code, line.name, line.field)]
    return sorted(found, key=lambda line: natural_key(line.code))


def fields_found(session: Session, matches: Matches, on: date) -> list[FieldLine]:
    """The fields by name with their use on a day."""
    counters = (
        select(counter_field.c.field_id, func.count())
        .join(Counter, Counter.id == counter_field.c.counter_id)
        .where(in_force(Counter.valid_from, Counter.valid_to, on))
        .group_by(counter_field.c.field_id)
    )
    procedures = (
        select(Procedure.field_id, func.count())
        .where(func.coalesce(Procedure.valid_to >= on, True))
        .group_by(Procedure.field_id)
    )
    serving, settling = _counts(session, counters), _counts(session, procedures)
    lines = [
        FieldLine(key, name, serving.get(key, 0), settling.get(key, 0))
        for key, name in session.execute(select(Field.id, Field.name))
        if matches(name)
    ]
    return sorted(lines, key=lambda line: natural_key(line.name))


def field_options(session: Session) -> list[tuple[str, str]]:
    """All fields as options of a filter."""
    rows = session.execute(select(Field.id, Field.name))
    return [(str(key), name) for key, name in sorted(rows, key=lambda row: natural_key(row[1]))]


def _counts(session: Session, statement: Select[int | None, int]) -> dict[int | None, int]:
    return dict(session.execute(statement).all())


def _last_parents(unit_ids: Iterable[int]) -> Select[int, int]:
    """The parent of each unit that came last, which for a unit alive is the present one."""
    other = select(func.max(UnitParent.valid_from)).where(UnitParent.unit_id == Unit.id).correlate(Unit)
    return (
        select(UnitParent.unit_id, UnitParent.parent_id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(UnitParent.unit_id.in_(list(unit_ids)), UnitParent.valid_from == other.scalar_subquery())
    )


def _is_last_name(on: date) -> ColumnElement[bool]:
    """Of a unit that ended before a day: its name on its last day."""
    return (Unit.valid_to < on) & (UnitName.valid_to == Unit.valid_to)
