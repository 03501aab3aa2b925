"""The log as a table for a file: every event asked for, oldest first, with its place in the chain."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.accounts.roles import words_of as words_of_role
from app.audit import queries
from app.audit.models import AuditEvent
from app.audit.proof.heads import latest_head
from app.audit.queries import EventFilter
from app.audit.words import facts, words_of
from app.exports.definitions import Cell, Column, Kind, Table
from app.i18n.formats import format_integer
from app.oversight.filters import Names, names_of

TITLE = "Nhật ký"
COLUMNS = (
    Column("day", "Ngày của chuỗi", Kind.DATE),
    Column("sequence", "Số trong ngày", Kind.WHOLE),
    Column("occurred_at", "Thời điểm"),
    Column("action", "Hành động"),
    Column("action_code", "Mã hành động"),
    Column("actor", "Người thực hiện"),
    Column("actor_id", "Số của người thực hiện", Kind.WHOLE),
    Column("role", "Vai trò"),
    Column("unit", "Đơn vị"),
    Column("subject", "Đối tượng"),
    Column("old_value", "Giá trị cũ"),
    Column("new_value", "Giá trị mới"),
    Column("detail", "Chi tiết"),
    Column("reason", "Lý do"),
    Column("hash", "Mã băm"),
)


def table(session: Session, wanted: EventFilter, filters: Mapping[str, str]) -> Table:
    """The table; its rows are read while the file is written, so it must be written inside the session."""
    names = names_of(session, queries.actors(session, wanted), queries.units(session, wanted))
    shown = "; ".join(f"{name}: {value}" for name, value in filters.items() if value) or "không lọc"
    notes = (
        ("Số dòng", format_integer(queries.count(session, wanted))),
        ("Bộ lọc", shown),
        ("Lập lúc", moment_words(clock.now())),
        ("Đầu chuỗi", latest_head(session)),
    )
    return Table(TITLE, COLUMNS, _rows(session, wanted, names), notes)


def moment_words(moment: datetime) -> str:
    """A moment on a Vietnamese wall clock, to the second."""
    return f"{moment.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M:%S}"


def _rows(session: Session, wanted: EventFilter, names: Names) -> Iterator[list[Cell]]:
    for one in queries.all_events(session, wanted):
        yield _row(one, names)


def _row(one: AuditEvent, names: Names) -> list[Cell]:
    return [
        one.day,
        one.sequence,
        one.occurred_at.astimezone(clock.VIETNAM).isoformat(timespec="seconds"),
        words_of(one.action),
        one.action,
        names.officer(one.actor_id),
        one.actor_id,
        words_of_role(one.role),
        names.unit(one.unit_id),
        one.subject,
        facts(one.old_value),
        facts(one.new_value),
        facts(one.detail),
        one.reason,
        one.hash.hex(),
    ]
