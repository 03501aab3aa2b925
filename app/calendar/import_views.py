"""Days from a table, or from the library for a year to come: preview with every fault, then one yes.

The rows travel with the preview and are read and checked again with the yes, so nothing waits on the server.
"""

import json
from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from app import clock
from app.calendar import queries, services
from app.calendar.acts import Answer, perform, seen_version, stale
from app.calendar.day_rows import COLUMNS, KIND_WORDS, DayRow, Parsed, RowFault, read_rows
from app.calendar.errors import BadDay
from app.calendar.forms import ConfirmForm, UploadForm
from app.calendar.library import proposals
from app.calendar.officer_lists import hours_words
from app.calendar.services import entries_of
from app.calendar.sources import WORDS as STATUS_WORDS
from app.calendar.sources import Status
from app.calendar.working_time import stored_ranges
from app.db.session import reading
from app.errors import Invalid
from app.files.sheets import MAX_FILE_BYTES, BadTable
from app.files.tables import Record, match_columns, read_sheet
from app.web.access import actor, require_everywhere, requires
from app.web.permissions import Permission

blueprint = Blueprint("imports", __name__, url_prefix="/import")

MANAGE = Permission.RULES_MANAGE
MOST_SHOWN = 400
MOST_SENT = 200_000
HEADINGS = ("Ngày", "Loại", "Tên", "Giờ làm việc", "Số văn bản", "Mức kiểm chứng", "Thay đổi")


@blueprint.get("")
@requires(MANAGE)
def upload() -> str:
    """Choose a file."""
    require_everywhere(MANAGE)
    return _upload_page(UploadForm())


@blueprint.post("")
@requires(MANAGE)
def upload_submit() -> Answer:
    """Read the file and show what it would change; nothing is changed yet."""
    require_everywhere(MANAGE)
    form = UploadForm()
    if not form.validate():
        return _upload_page(form), 400
    try:
        data = form.file.data.stream.read(MAX_FILE_BYTES + 1)
        records = match_columns(read_sheet(data, form.file.data.filename or ""), COLUMNS).records
        with reading() as session:
            parsed = read_rows(records, services.usual_hours(session))
            seen = queries.latest_version(session)
    except BadTable as error:
        form.file.errors = [error.message]
        return _upload_page(form), 400
    return _preview_page(parsed, ConfirmForm(rows=_packed(records), seen=str(seen), reason=""))


@blueprint.get("/library/<int:year>")
@requires(MANAGE)
def library(year: int) -> str:
    """What the library expects of a year, as a preview."""
    require_everywhere(MANAGE)
    today = clock.local_date()
    if not today.year <= year <= today.year + 20:
        raise Invalid("Chỉ xem được dự kiến từ năm nay đến 20 năm sau.")
    with reading() as session:
        usual = services.usual_hours(session)
        known = {one.day for one in queries.entries(session, year=year)}
        seen = queries.latest_version(session)
    records = [
        Record(number, _values(one.day.isoformat(), one.kind.value, one.name, one.ranges, one.source, one.status))
        for number, one in enumerate((one for one in proposals([year], usual) if one.day not in known), start=1)
    ]
    form = ConfirmForm(rows=_packed(records), seen=str(seen), reason=f"Lịch nghỉ dự kiến năm {year} theo thư viện")
    return _preview_page(read_rows(records, usual), form)


def _confirm_stale() -> tuple[str, int]:
    form = ConfirmForm()
    return stale(form, lambda: _again(form))


@blueprint.post("/confirm")
@requires(MANAGE, fresh=True, on_stale=_confirm_stale)
def confirm() -> Answer:
    """Change every day of the preview, or none."""
    require_everywhere(MANAGE)
    form = ConfirmForm()

    def save(session: Session) -> str:
        parsed = read_rows(_unpacked(form.rows.data), services.usual_hours(session))
        if parsed.faults:
            raise BadDay("Bảng còn lỗi nên chưa có gì được nhập.")
        entries = entries_of(parsed.rows)
        services.change_days(session, actor().officer_id, entries, form.reason.data, seen_version=seen_version(form))
        return url_for("calendar_officer.index", done="imported")

    return perform(form, save, lambda: _again(form))


def _again(form: ConfirmForm) -> str:
    with reading() as session:
        usual = services.usual_hours(session)
    try:
        parsed = read_rows(_unpacked(form.rows.data or ""), usual)
    except Invalid:
        parsed = Parsed((), (RowFault(0, "", "Bản xem trước không đọc được. Xin tải tệp lên lại."),))
    return _preview_page(parsed, form)


def _upload_page(form: UploadForm) -> str:
    return render_template("calendar/import.html", form=form, columns=COLUMNS, kinds=KIND_WORDS, statuses=STATUS_WORDS)


def _preview_page(parsed: Parsed, form: ConfirmForm) -> str:
    with reading() as session:
        known = {one.day: one for one in queries.entries(session)}
    rows = []
    for one in parsed.rows[:MOST_SHOWN]:
        before = known.get(one.day)
        changed = "mới" if before is None else f"trước đây: {KIND_WORDS[before.kind.value]} – {before.name}"
        rows.append([*_cells(one), changed])
    return render_template(
        "calendar/import_preview.html",
        form=form,
        faults=parsed.faults[:MOST_SHOWN],
        fault_count=len(parsed.faults),
        row_count=len(parsed.rows),
        columns=[{"label": label, "numeric": False} for label in HEADINGS],
        rows=rows,
    )


def _cells(one: DayRow) -> list[str]:
    hours = hours_words(stored_ranges(one.ranges))
    return [
        f"{one.day:%d/%m/%Y}",
        KIND_WORDS[one.kind],
        one.name or "–",
        hours or "–",
        one.source or "–",
        str(STATUS_WORDS[one.status]),
    ]


def _values(day: str, kind: str, name: str, ranges: object, source: str, status: Status) -> dict[str, str]:
    hours = hours_words(stored_ranges(ranges))  # type: ignore[arg-type]  # ranges of an entry
    return {"day": day, "until": "", "kind": kind, "name": name, "hours": hours, "source": source, "status": status}


def _packed(records: Sequence[Record]) -> str:
    return json.dumps([[one.row, one.values] for one in records], ensure_ascii=False, separators=(",", ":"))


def _unpacked(text: str) -> list[Record]:
    """The rows that came back; raises BadDay for anything that is not what ``_packed`` makes."""
    refused = BadDay("Bản xem trước không đọc được. Xin tải tệp lên lại.")
    if len(text) > MOST_SENT:
        raise refused
    try:
        rows = json.loads(text)
        return [Record(int(row), _checked(values)) for row, values in rows]
    except (ValueError, TypeError, RecursionError) as error:
        raise refused from error


def _checked(values: Mapping[str, object]) -> dict[str, str]:
    found = {column.key: values[column.key] for column in COLUMNS if column.key in values}
    if not all(isinstance(value, str) and "\0" not in value for value in found.values()) or "day" not in found:
        raise ValueError
    return {column.key: "" for column in COLUMNS} | {key: str(value) for key, value in found.items()}
