"""Take deliveries of dossiers. Callers own the transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.dossiers import letters
from app.dossiers.errors import ImportRefused
from app.dossiers.models import Dossier, DossierApplicant, DossierImport
from app.dossiers.reading import DossierRow, Known, Parsed
from app.units import queries as units
from app.units.models import Procedure, Unit

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers: an officer, or the one-stop software with a key."""

    officer_id: int | None = None
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a delivery did."""

    import_id: int
    added: int
    changed: int
    same: int


def known(session: Session, allowed: frozenset[int] | None, on: date) -> Known:
    """What rows may name: the units in force among these (None: all), and every procedure."""
    rows = session.execute(select(Unit.code, Unit.id).where(units.in_force(Unit.valid_from, Unit.valid_to, on)))
    procedures = session.execute(select(Procedure.code, Procedure.id, Procedure.field_id))
    return Known(
        units={code: unit_id for code, unit_id in rows if allowed is None or unit_id in allowed},
        procedures={code: (procedure_id, field_id) for code, procedure_id, field_id in procedures},
    )


def take(session: Session, sender: Sender, parsed: Parsed, checksum: bytes) -> Taken:
    """Store a delivery whole: new dossiers are added, known ones brought to what was delivered.

    Delivering the same file again changes nothing. ``parsed`` must come from ``reading.parse`` in this transaction.

    Raises
    ------
    ImportRefused
        When it has faults.
    """
    if parsed.errors:
        raise ImportRefused(f"Bảng còn {len(parsed.errors)} lỗi nên chưa có gì được nhập.")
    made = DossierImport(
        imported_at=clock.now(),
        officer_id=sender.officer_id,
        key_id=sender.key_id,
        checksum=checksum,
        rows=len(parsed.rows),
        added=0,
        changed=0,
    )
    session.add(made)
    session.flush()  # the dossiers name it
    for start in range(0, len(parsed.rows), AT_ONCE):
        added, changed = _store(session, parsed.rows[start : start + AT_ONCE], made.id)
        made.added, made.changed = made.added + added, made.changed + changed
    letters.reckon_owed(session, clock.local_date())
    detail = {"rows": made.rows, "added": made.added, "changed": made.changed}
    record(session, sender.officer_id, Action.DOSSIER_IMPORT, f"dossier-import:{made.id}", detail)
    return Taken(made.id, made.added, made.changed, made.rows - made.added - made.changed)


def _store(session: Session, rows: Sequence[DossierRow], import_id: int) -> tuple[int, int]:
    """Add and bring up to date some rows; how many of each."""
    old = {
        one.code: one for one in session.scalars(select(Dossier).where(Dossier.code.in_([row.code for row in rows])))
    }
    fresh = [_values(row) | {"code": row.code, "import_id": import_id} for row in rows if row.code not in old]
    if fresh:
        session.execute(insert(Dossier), fresh)
    moved = [(old[row.code].id, _values(row)) for row in rows if row.code in old and _differs(old[row.code], row)]
    for dossier_id, values in moved:
        session.execute(update(Dossier).where(Dossier.id == dossier_id).values(**values, import_id=import_id))
    _store_applicants(session, rows)
    return len(fresh), len(moved)


def _values(row: DossierRow) -> dict[str, object]:
    return {
        "unit_id": row.unit_id,
        "procedure_id": row.procedure_id,
        "field_id": row.field_id,
        "received_on": row.received_on,
        "due_on": row.due_on,
        "finished_on": row.finished_on,
        "status": row.status,
    }


def _differs(stored: Dossier, row: DossierRow) -> bool:
    return any(getattr(stored, name) != value for name, value in _values(row).items())


def _store_applicants(session: Session, rows: Sequence[DossierRow]) -> None:
    """Names are kept for dossiers that are open or were finished late: nobody else will get a letter."""
    named = {row.code: row for row in rows if row.name and _may_get_a_letter(row)}
    ids = dict(_ids(session, [row.code for row in rows]))
    session.execute(delete(DossierApplicant).where(DossierApplicant.dossier_id.in_(list(ids.values()))))
    if named:
        erase_on = letters.erase_day(clock.local_date())
        session.execute(
            insert(DossierApplicant),
            [
                {
                    "dossier_id": ids[code],
                    "name": in_row(row.name, ids[code]),
                    "address": in_row(row.address, ids[code]) if row.address else None,
                    "erase_on": erase_on,
                }
                for code, row in named.items()
            ],
        )


def _may_get_a_letter(row: DossierRow) -> bool:
    return row.finished_on is None or (row.due_on is not None and row.finished_on > row.due_on)


def _ids(session: Session, codes: Sequence[str]) -> Iterator[tuple[str, int]]:
    rows = session.execute(select(Dossier.code, Dossier.id).where(Dossier.code.in_(codes)))
    yield from ((code, number) for code, number in rows)
