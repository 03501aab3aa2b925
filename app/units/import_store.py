"""Imports and the database: what exists already, and the import itself."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.audit.services import record
from app.audit.tags import Action
from app.errors import Conflict
from app.files.tables import Record
from app.i18n.folding import fold
from app.units.counter_services import fields_by_name
from app.units.import_cells import RowError
from app.units.import_units import UnitKey
from app.units.imports import ImportKind, Known, Parsed, parse_records
from app.units.models import Counter, Procedure, Unit, UnitName, UnitParent, UnitSuccession
from app.units.spans import Span
from app.units.tree import Link, Node


class ImportRefused(Conflict):
    """The table has errors, or no longer fits what exists; nothing was imported."""


def known(session: Session) -> Known:
    """What exists now, for the checks of an import."""
    units = session.scalars(select(Unit).options(selectinload(Unit.parents))).all()
    keys: dict[int, UnitKey] = {unit.id: (unit.code, unit.valid_from) for unit in units}
    nodes = {}
    for unit in units:
        links = (Link(keys[link.parent_id], Span(link.valid_from, link.valid_to)) for link in unit.parents)
        key = keys[unit.id]
        nodes[key] = Node(key, unit.type, Span(unit.valid_from, unit.valid_to), tuple(links))
    counters = session.execute(select(Counter.unit_id, Counter.number))
    return Known(
        units=nodes,
        counters=frozenset((keys[unit_id], number) for unit_id, number in counters),
        procedures=frozenset(session.scalars(select(Procedure.code))),
    )


def check(session: Session, kind: ImportKind, records: tuple[Record, ...], today: date) -> Parsed:
    """The outcome of importing these records now."""
    return parse_records(records, kind, known(session), today)


def apply_import(session: Session, parsed: Parsed, actor_id: int | None = None) -> int:
    """Create everything parsed, or raise ImportRefused and create nothing; the number of things created.

    ``parsed`` must come from ``check`` in the same transaction, so that it fits what exists.
    """
    if parsed.errors:
        raise ImportRefused(f"Bảng còn {len(parsed.errors)} lỗi nên chưa có gì được nhập.")
    creators = {
        ImportKind.UNITS: (_create_units, Action.UNIT_IMPORT),
        ImportKind.COUNTERS: (_create_counters, Action.COUNTER_IMPORT),
        ImportKind.PROCEDURES: (_create_procedures, Action.PROCEDURE_IMPORT),
    }
    create, action = creators[parsed.kind]
    create(session, parsed)
    record(session, actor_id, action, f"import:{parsed.kind.value}", {"count": parsed.count})
    return parsed.count


def rows_outside(session: Session, parsed: Parsed, allowed: frozenset[int] | None) -> tuple[RowError, ...]:
    """The rows that touch units the importer does not manage (``allowed`` None: manages everything).

    A new unit must stand under a managed unit or under another one of the table; procedures belong to everybody.
    """
    if allowed is None:
        return ()
    message = "Dòng này nằm ngoài phạm vi Ông/Bà quản lý."
    within = {key for key, unit_id in _ids(session).items() if unit_id in allowed} | {one.key for one in parsed.units}
    rows = [row.row for row in parsed.counters if row.unit_key not in within]
    rows += [row.row for row in parsed.procedures]
    for plan in parsed.units:
        is_within = all(parent in within for parent in plan.parents)
        if not is_within or any(item.new not in within for item in plan.successions):
            rows.append(plan.rows[0].row)
    return tuple(RowError(row, "", message) for row in rows)


def refuse_outside(session: Session, parsed: Parsed, allowed: frozenset[int] | None) -> None:
    """Raise ImportRefused when a row touches units the importer does not manage."""
    if rows_outside(session, parsed, allowed):
        raise ImportRefused("Bảng có dòng nằm ngoài phạm vi Ông/Bà quản lý.")


def _ids(session: Session) -> dict[UnitKey, int]:
    rows = session.execute(select(Unit.code, Unit.valid_from, Unit.id))
    return {(code, valid_from): unit_id for code, valid_from, unit_id in rows}


def _create_units(session: Session, parsed: Parsed) -> None:
    for plan in parsed.units:
        code, start = plan.key
        unit = Unit(code=code, type=plan.rows[0].type, valid_from=start, valid_to=plan.rows[-1].span.end)
        names: list[UnitName] = []
        for row in plan.rows:
            if names and names[-1].name == row.name:
                names[-1].valid_to = row.span.end
            else:
                names.append(_name(row.name, row.first_day, row.span.end))
        unit.names = names
        session.add(unit)
    session.flush()  # parents and successions go by the numbers the database gives
    ids = _ids(session)
    for plan in parsed.units:
        for row, parent in zip(plan.rows, plan.parents, strict=True):
            if parent is not None:
                link = UnitParent(unit_id=ids[plan.key], valid_from=row.first_day, valid_to=row.span.end)
                link.parent_id = ids[parent]
                session.add(link)
        for item in plan.successions:
            session.add(
                UnitSuccession(
                    old_unit_id=ids[item.old], new_unit_id=ids[item.new], effective_on=item.on, kind=item.kind
                )
            )
    session.flush()
    session.expire_all()  # lists of parents loaded before the import are stale


def _name(name: str, start: date, end: date | None) -> UnitName:
    return UnitName(name=name, folded=fold(name), valid_from=start, valid_to=end)


def _create_counters(session: Session, parsed: Parsed) -> None:
    ids = _ids(session)
    areas = fields_by_name(session, dict.fromkeys(name for row in parsed.counters for name in row.fields))
    for row in parsed.counters:
        session.add(
            Counter(
                unit_id=ids[row.unit_key],
                number=row.number,
                name=row.name,
                opening_hours=row.opening_hours,
                valid_from=row.span.start,
                valid_to=row.span.end,
                fields=list(dict.fromkeys(areas[name] for name in row.fields)),
            )
        )


def _create_procedures(session: Session, parsed: Parsed) -> None:
    areas = fields_by_name(session, dict.fromkeys(row.field for row in parsed.procedures))
    for row in parsed.procedures:
        session.add(Procedure(code=row.code, name=row.name, field=areas[row.field], level=row.level.value))
