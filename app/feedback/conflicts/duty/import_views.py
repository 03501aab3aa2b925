"""Rosters from a table."""

from collections.abc import Callable
from functools import partial

from flask import redirect, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import transaction
from app.feedback.conflicts.duty import services
from app.feedback.conflicts.duty.foreseen import Counts, counted, foreseen
from app.feedback.conflicts.duty.reading import COLUMNS, HINTS, DutyRow, Known, Parsed, parse
from app.feedback.conflicts.duty.services import Duty
from app.feedback.conflicts.touched import Touched
from app.files.sheets import MAX_FILE_BYTES, Limits
from app.units.import_wizard import Records, Wizard, Words
from app.units.models import Counter, Unit
from app.units.queries import in_force
from app.units.scope import allowed_unit_ids
from app.web.access import actor
from app.web.permissions import Permission

MANAGE = Permission.DUTY_MANAGE


def _act(session: Session, parsed: Parsed) -> tuple[list[int], Callable[[], Touched]]:
    """The counters of the rows, and putting them in."""
    rows = [(one.counter_id, _duty(one)) for one in parsed.rows]
    return [counter_id for counter_id, _ in rows], partial(services.add_imported, session, actor().officer_id, rows)


def _more(parsed: Parsed) -> str:
    """How many have no account; what the rows would do to cases, which is tried and undone."""
    if parsed.errors:
        return ""
    with transaction() as session:
        ahead = foreseen(session, actor(), *_act(session, parsed)).words
    count = parsed.without_account
    return (
        f"{count} dòng ghi người không có tài khoản. " if count else ""
    ) + f"Nếu nhập: {ahead[:1].lower()}{ahead[1:]}"


WORDS: Words[Parsed] = Words(
    title="Nhập lịch trực từ bảng",
    help="Để ghi lịch trực của nhiều quầy một lúc. Hệ thống đọc tệp, cho xem trước và nêu mọi lỗi theo dòng, cột; "
    "chỉ khi không còn lỗi và Ông/Bà xác nhận mới nhập. Các dòng mới được thêm vào lịch đã có, không thay dòng cũ.",
    sizes="nhiều nhất 2.000 dòng",
    preview="Xem trước: lịch trực",
    preview_help="Để kiểm tra tệp trước khi nhập: mọi lỗi được nêu theo dòng và cột. Chưa có gì được lưu vào lịch "
    "trực.",
    things="dòng",
    hint=lambda column: HINTS[column.key],
    back="duty_officer.index",
    back_label="Quay lại danh sách quầy",
    more=_more,
)


def _parsed(session: Session, records: Records) -> Parsed:
    """The rows against the counters whose roster the officer may change today."""
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), MANAGE, today)
    wanted = (
        select(Unit.code, Counter.number, Counter)
        .join(Unit, Unit.id == Counter.unit_id)
        .where(in_force(Unit.valid_from, Unit.valid_to, today), in_force(Counter.valid_from, Counter.valid_to, today))
    )
    rows = [row for row in session.execute(wanted) if allowed is None or row.Counter.unit_id in allowed]
    counters = {row.Counter.id: row.Counter for row in rows}
    known: dict[tuple[int, str], int | None] = {}

    def officer(counter_id: int, who: str) -> int | None:
        if (counter_id, who) not in known:
            known[counter_id, who] = services.who_is(session, counters[counter_id], who, today)
        return known[counter_id, who]

    return parse(records, Known({(row.code, row.number): row.Counter.id for row in rows}, officer))


def _duty(row: DutyRow) -> Duty:
    return Duty(row.officer_id, row.person_name, row.weekdays, row.shift, row.valid_from, row.valid_to)


def _take(session: Session, _records: Records, parsed: Parsed) -> Counts:
    return counted(session, actor(), *_act(session, parsed))


def _done(found: Counts) -> Response:
    return redirect(url_for("duty_officer.index", done="imported", **found.as_query), 303)


WIZARD = Wizard(
    kind="duty",
    permission=MANAGE,
    columns=COLUMNS,
    words=WORDS,
    parse=_parsed,
    take=_take,
    done=_done,
    limits=Limits(file_bytes=MAX_FILE_BYTES, rows=2000, cells=40_000),
)
blueprint = WIZARD.pages("imports", "/import")
