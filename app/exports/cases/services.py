"""Files of cases: asked for, made, handed out, erased. Each is one officer's, lasts a day, and is kept encrypted.

The policy is asked three times: for the list when the file is asked for, for every row when it is made, and for every
case in it when it is fetched. Whoever lost sight of one case in between does not get the file.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.accounts.rights import grants
from app.audit.proof.heads import latest_head
from app.audit.services import record
from app.audit.tags import Action
from app.config import SmallNumbers
from app.crypto.types import in_row
from app.db.models import Installation
from app.db.session import Database
from app.errors import Invalid, Missing
from app.exports.cases import asked, columns, national, rows
from app.exports.cases.models import CaseExport, ExportState, Layout
from app.exports.definitions import FileFormat, Notes, Table
from app.exports.services import BLOCK, make_file
from app.feedback.cases.access import Viewer
from app.feedback.cases.queries import Filters, ids_matching
from app.files.store import FileStore, StoredFile
from app.i18n.formats import format_integer
from app.settings import settings
from app.units import queries as units
from app.web.access import Actor
from app.web.permissions import Permission

EXPORT, CONTACT = Permission.CASES_EXPORT, Permission.CASES_EXPORT_CONTACT
ID_BYTES = 12
MADE_AT_ONCE = 1_000
"""More cases than this are made by the job: no web worker is kept busy with them."""
LASTS = timedelta(hours=24)
MOST_WAITING = 5
UNKNOWN = "Không tìm thấy tệp này."
TOO_MANY = "Ông/Bà đã có nhiều tệp đang chờ lập. Xin đợi các tệp ấy xong."
NOT_ALL = "Trong tệp này có đơn mà Ông/Bà không còn được xem, nên tệp đã bị hủy. Xin lập lại tệp từ danh sách hiện nay."


@dataclass(frozen=True, slots=True)
class Officers:
    """An officer as the job asks the policy for them, with the rights of the day."""

    officer_id: int
    scopes: dict[Permission, frozenset[int]] = field(default_factory=dict)


def ask(
    session: Session, who: Actor, filters: Filters, file_format: FileFormat, layout: Layout, *, with_contact: bool
) -> CaseExport:
    """Note that an officer wants a file of a list of cases; the record tells how many and by which filters.

    Raises
    ------
    Invalid
        When nothing matches, or too many files wait already.
    """
    today = clock.local_date()
    waiting = session.scalars(
        select(CaseExport.id).where(CaseExport.officer_id == who.officer_id, CaseExport.state == ExportState.WAITING)
    ).all()
    if len(waiting) >= MOST_WAITING:
        raise Invalid(TOO_MANY)
    ids = ids_matching(session, who, today, filters, EXPORT)
    if with_contact:
        ids = rows.of_these(session, who, today, ids, CONTACT)
    if layout is Layout.NATIONAL:
        ids = national.reported(session, ids, rows.AT_ONCE)
    if not ids:
        raise Invalid("Không có đơn nào phù hợp để xuất.")
    key = secrets.token_hex(ID_BYTES)
    made = CaseExport(
        id=key,
        officer_id=who.officer_id,
        layout=layout.value,
        file_format=file_format.value,
        with_contact=with_contact,
        filters=in_row(asked.kept(filters), key),
        asked_at=clock.now(),
        state=ExportState.WAITING,
        case_ids=ids,
    )
    session.add(made)
    facts = {
        "format": file_format.value,
        "count": len(ids),
        "senders": with_contact,
        "layout": layout,
        "filter": asked.codes(filters),
    }
    record(session, who.officer_id, Action.CASE_EXPORT, _subject(key), facts)
    return made


def make(database: Database, store: FileStore, export_id: str, floor: SmallNumbers) -> bool:
    """Make a file that waits; False when there is nothing to do. May run twice: one of both files is kept."""
    today = clock.local_date()
    with database.reading() as session:
        wanted = session.get(CaseExport, export_id)
        if wanted is None or wanted.state is not ExportState.WAITING:
            return False
        session.expunge(wanted)
        viewer = _viewer(session, wanted.officer_id, today)
        if viewer is None:
            stored, kept, count = None, list[str](), 0
        else:
            stored, kept, count = _written(session, store, wanted, viewer, floor)
    with database.transaction() as session:
        row = session.get(CaseExport, export_id, with_for_update=True)
        if row is None or row.state is not ExportState.WAITING:
            if stored is not None:
                store.erase(stored.name)
            return False
        _note(row, stored, kept, count)
    return True


def make_waiting(database: Database, store: FileStore, floor: SmallNumbers) -> int:
    """Make every file that waits; how many."""
    with database.reading() as session:
        waiting = session.scalars(
            select(CaseExport.id).where(CaseExport.state == ExportState.WAITING).order_by(CaseExport.asked_at)
        ).all()
    return sum(make(database, store, one, floor) for one in waiting)


def end_expired(database: Database, store: FileStore) -> int:
    """Erase the files whose time is over; how many."""
    with database.transaction() as session:
        over = session.scalars(
            select(CaseExport).where(CaseExport.state == ExportState.READY, CaseExport.expires_at <= clock.now())
        ).all()
        return sum(_end(store, one) for one in over)


def of_officer(session: Session, officer_id: int) -> list[CaseExport]:
    """The files an officer asked for, newest first."""
    found = select(CaseExport).where(CaseExport.officer_id == officer_id).order_by(CaseExport.asked_at.desc())
    return list(session.scalars(found.limit(20)))


def fetch(session: Session, store: FileStore, who: Actor, export_id: str, *, with_contact: bool) -> CaseExport:
    """A finished file of this officer, who may still see every case in it; the fetching is recorded.

    Raises
    ------
    Missing
        When there is none, it is somebody else's, or its time is over: all the same to whoever asks.
    """
    found = session.get(CaseExport, export_id, with_for_update=True)
    if found is None or found.officer_id != who.officer_id or found.with_contact is not with_contact:
        raise Missing(UNKNOWN)
    if found.state is not ExportState.READY or found.expires_at is None or found.expires_at <= clock.now():
        raise Missing(UNKNOWN)
    if _allowed(session, who, found, clock.local_date()) != found.case_ids:
        _end(store, found)
        return found
    facts = {"rows": found.rows, "sha256": found.checksum, "senders": found.with_contact}
    record(session, who.officer_id, Action.CASE_EXPORT_FETCH, _subject(found.id), facts)
    return found


def _written(
    session: Session, store: FileStore, wanted: CaseExport, viewer: Viewer, floor: SmallNumbers
) -> tuple[StoredFile, list[str], int]:
    """The file of the cases that the officer may still take away, stored; which these are; how many rows."""
    kept = _allowed(session, viewer, wanted, clock.local_date())
    is_simulated = bool(session.scalar(select(Installation.is_simulated)))
    table = _table(session, wanted, viewer, kept)
    if wanted.layout == Layout.NATIONAL:
        least = settings.small_numbers(session, floor).public
        table = national.laid_out(session, viewer, table, with_contact=wanted.with_contact, least=least)
    made = make_file(table, FileFormat(wanted.file_format), simulated=is_simulated)
    with closing(made.file):
        return store.save(_blocks(made.file)), kept, made.rows


def _allowed(session: Session, viewer: Viewer, wanted: CaseExport, today: date) -> list[str]:
    """The cases of a file that a viewer may take away now, with who sent them where the file says that."""
    kept = rows.of_these(session, viewer, today, wanted.case_ids, EXPORT)
    return rows.of_these(session, viewer, today, kept, CONTACT) if wanted.with_contact else kept


def _table(session: Session, wanted: CaseExport, viewer: Viewer, ids: Sequence[str]) -> Table:
    today = clock.local_date()
    filters = asked.given_back(wanted.filters)
    unit = units.names_on(session, {filters.unit_id}, today).get(filters.unit_id, "") if filters.unit_id else ""
    notes: Notes = (
        ("Danh sách", "Phản ánh, kiến nghị, khiếu nại; không có tin tố cáo."),
        ("Số đơn", format_integer(len(ids))),
        ("Bộ lọc", asked.in_words(filters, unit)),
        ("Lập lúc", f"{clock.now().astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"),
        ("Lưu ý", columns.PRIVATE_NOTE),
        ("Lưu ý", columns.TEXT_NOTE),
        ("Nhật ký", latest_head(session)),
        ("Phiên bản tệp", f"cases {columns.VERSION}"),
    )
    content = rows.rows(session, viewer, today, ids, with_contact=wanted.with_contact)
    return Table("Phản ánh, kiến nghị, khiếu nại", columns.columns(with_contact=wanted.with_contact), content, notes)


def _viewer(session: Session, officer_id: int, today: date) -> Officers | None:
    """The officer with today's rights; None once the account is closed."""
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.is_active:
        return None
    return Officers(officer_id, grants.scopes(session, officer_id, today))


def _note(row: CaseExport, stored: StoredFile | None, kept: list[str], count: int) -> None:
    if stored is None:
        row.state = ExportState.FAILED
        return
    row.state, row.stored_name, row.checksum = ExportState.READY, stored.name, stored.checksum
    row.size, row.rows, row.case_ids = stored.size, count, kept
    row.expires_at = clock.now() + LASTS


def _end(store: FileStore, row: CaseExport) -> bool:
    if row.stored_name is not None:
        store.erase(row.stored_name)
    row.state, row.stored_name, row.case_ids = ExportState.EXPIRED, None, []
    return True


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _subject(export_id: str) -> str:
    return f"case-export:{export_id}"
