"""Acts on procedures and fields. A procedure ends, it is never deleted: answers and cases name it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.errors import Conflict, Gone, Invalid, Missing
from app.i18n.folding import fold
from app.units.counter_services import fields_by_name
from app.units.import_cells import read_code, read_name
from app.units.models import Field, Procedure
from app.units.types import Level
from app.web.text_input import clean


class BadProcedure(Invalid):
    """The procedure would break a rule."""


class UnknownProcedure(Missing):
    """No procedure or field has this number."""


@dataclass(frozen=True, slots=True)
class ProcedureEntry:
    """What an officer enters for a procedure."""

    name: str
    field: str
    level: Level
    valid_from: date | None = None


def procedure_by_id(session: Session, procedure_id: int) -> Procedure:
    """The procedure with this number; raises UnknownProcedure."""
    procedure = session.get(Procedure, procedure_id)
    if procedure is None:
        raise UnknownProcedure("Không tìm thấy thủ tục này.")
    return procedure


def field_by_id(session: Session, field_id: int) -> Field:
    """The field with this number; raises UnknownProcedure."""
    field = session.get(Field, field_id)
    if field is None:
        raise UnknownProcedure("Không tìm thấy lĩnh vực này.")
    return field


def create_procedure(session: Session, code: str, entry: ProcedureEntry, actor_id: int | None = None) -> Procedure:
    """Add a procedure; raises Conflict when the code is taken, now or by one that has ended."""
    if session.scalar(select(Procedure.id).where(Procedure.code == read_code(code))) is not None:
        raise Conflict(f"Mã thủ tục {code} đã có trong hệ thống.")
    procedure = Procedure(code=code)
    _fill(session, procedure, entry)
    session.add(procedure)
    session.flush()  # the record names the procedure by its number
    record(session, actor_id, Action.PROCEDURE_CREATE, f"procedure:{procedure.id}", None, None, new=_facts(procedure))
    return procedure


def change_procedure(
    session: Session, procedure_id: int, entry: ProcedureEntry, actor_id: int | None = None
) -> Procedure:
    """Change name, field, level or first day of a procedure; its code stays. Raises BadProcedure."""
    procedure = procedure_by_id(session, procedure_id)
    old = _facts(procedure)
    _fill(session, procedure, entry)
    new = _facts(procedure)
    record(session, actor_id, Action.PROCEDURE_CHANGE, f"procedure:{procedure.id}", None, None, old=old, new=new)
    return procedure


def end_procedure(session: Session, procedure_id: int, last_day: date, actor_id: int | None = None) -> Procedure:
    """End a procedure after a day; what was said about it stays. Raises Gone, BadProcedure."""
    procedure = procedure_by_id(session, procedure_id)
    if procedure.valid_to is not None and procedure.valid_to <= last_day:
        raise Gone("Thủ tục này đã kết thúc.")
    if procedure.valid_from is not None and last_day < procedure.valid_from:
        raise BadProcedure("Ngày kết thúc đứng trước ngày bắt đầu.")
    procedure.valid_to = last_day
    record(session, actor_id, Action.PROCEDURE_END, f"procedure:{procedure.id}", {"last_day": last_day})
    return procedure


def create_field(session: Session, name: str, actor_id: int | None = None) -> Field:
    """Add a field; raises Conflict when there is one of that name, whatever its case and marks."""
    field = Field()
    _name_field(session, field, name)
    session.add(field)
    session.flush()  # the record names the field by its number
    record(
        session, actor_id, Action.FIELD_CREATE, f"field:{field.id}", None, None, new={"name": PublicText(field.name)}
    )
    return field


def rename_field(session: Session, field_id: int, name: str, actor_id: int | None = None) -> Field:
    """Give a field another name everywhere it is used; raises Conflict when another field has it."""
    field = field_by_id(session, field_id)
    old = {"name": PublicText(field.name)}
    _name_field(session, field, name)
    new = {"name": PublicText(field.name)}
    record(session, actor_id, Action.FIELD_RENAME, f"field:{field.id}", None, None, old=old, new=new)
    return field


def _name_field(session: Session, field: Field, name: str) -> None:
    text = read_name(" ".join(clean(name).split()))
    if not text:
        raise BadProcedure("Ông/Bà hãy nhập tên lĩnh vực.")
    with session.no_autoflush:  # the field is not complete yet
        taken = session.scalar(select(Field.id).where(Field.folded == fold(text)).limit(1))
    if taken is not None and taken != field.id:
        raise Conflict(f"Đã có lĩnh vực “{text}”.")
    field.name, field.folded = text, fold(text)


def _fill(session: Session, procedure: Procedure, entry: ProcedureEntry) -> None:
    name = read_name(" ".join(clean(entry.name).split()))
    if not name:
        raise BadProcedure("Ông/Bà hãy nhập tên thủ tục.")
    if entry.valid_from is not None and procedure.valid_to is not None and procedure.valid_to < entry.valid_from:
        raise BadProcedure("Ngày bắt đầu đứng sau ngày kết thúc.")
    with session.no_autoflush:  # the procedure is not complete yet
        areas = fields_by_name(session, [entry.field]) if entry.field.strip() else {}
    procedure.name, procedure.level, procedure.valid_from = name, entry.level.value, entry.valid_from
    procedure.field = areas.get(entry.field)


def _facts(procedure: Procedure) -> Mapping[str, object]:
    return {
        "code": PublicText(procedure.code),
        "name": PublicText(procedure.name),
        "field": procedure.field and PublicText(procedure.field.name),
        "level": procedure.level,
        "valid_from": procedure.valid_from,
    }
