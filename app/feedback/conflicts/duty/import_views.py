"""Rosters from a table: upload, preview with every fault, one yes."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.feedback.conflicts.duty import services
from app.feedback.conflicts.duty.forms import UploadForm
from app.feedback.conflicts.duty.reading import COLUMNS, HINTS, DutyRow, Known, Parsed, parse
from app.feedback.conflicts.duty.services import Duty
from app.files.sheets import MAX_FILE_BYTES, BadTable, Limits
from app.files.tables import Record, match_columns, read_sheet
from app.units import import_store
from app.units.models import Counter, ImportDraft, Unit
from app.units.queries import in_force
from app.units.scope import allowed_unit_ids
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.permissions import Permission

blueprint = Blueprint("imports", __name__, url_prefix="/import")

MANAGE = Permission.DUTY_MANAGE
KIND = "duty"
LIMITS = Limits(file_bytes=MAX_FILE_BYTES, rows=2000, cells=40_000)
MOST_SHOWN = 200


@blueprint.get("")
@requires(MANAGE)
def upload() -> str:
    """Choose a file."""
    return render_template("duty/import.html", form=UploadForm(), columns=COLUMNS, hints=HINTS)


@blueprint.post("")
@requires(MANAGE)
def upload_submit() -> Response | tuple[str, int]:
    """Read the file and keep its rows until their officer has seen the preview; nothing is imported yet."""
    form = UploadForm()
    if form.validate():
        try:
            data = form.file.data.stream.read(MAX_FILE_BYTES + 1)
            records = match_columns(read_sheet(data, form.file.data.filename or "", LIMITS), COLUMNS).records
        except BadTable as error:
            form.file.errors = [error.message]
        else:
            with transaction() as session:
                number = import_store.keep(session, _owner(), KIND, records, clock.now())
            return redirect(url_for(".preview", draft_id=UUID(number)), 303)
    return render_template("duty/import.html", form=form, columns=COLUMNS, hints=HINTS), 400


@blueprint.get("/<uuid:draft_id>")
@requires(MANAGE)
def preview(draft_id: UUID) -> str:
    """What would be imported, or every fault by row and column."""
    with reading() as session:
        records = _records(session, draft_id)
        parsed = _parsed(session, records)
    return render_template(
        "duty/import_preview.html",
        parsed=parsed,
        errors=parsed.errors[:MOST_SHOWN],
        records=records[:MOST_SHOWN],
        columns=COLUMNS,
        row_count=len(records),
    )


@blueprint.post("/<uuid:draft_id>")
@requires(MANAGE)
def confirm(draft_id: UUID) -> Response:
    """Import everything, or nothing: the rows are checked again against what exists at this moment."""
    require_token()
    with transaction() as session:
        parsed = _parsed(session, _records(session, draft_id))
        if parsed.errors:
            return redirect(url_for(".preview", draft_id=draft_id), 303)
        services.add_imported(session, actor().officer_id, [(one.counter_id, _duty(one)) for one in parsed.rows])
        import_store.delete_draft(session, draft_id.hex)
    return redirect(url_for("duty_officer.index", done="imported"), 303)


def _records(session: Session, draft_id: UUID) -> tuple[Record, ...]:
    draft = session.get(ImportDraft, draft_id.hex)
    is_own = draft is not None and draft.owner == _owner() and draft.kind == KIND
    if draft is None or not is_own or draft.created_at < clock.now() - import_store.DRAFT_LIFE:
        raise import_store.UnknownDraft("Bản xem trước không còn nữa. Ông/Bà hãy tải tệp lên lại.")
    return import_store.rows_of(draft)


def _parsed(session: Session, records: tuple[Record, ...]) -> Parsed:
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


def _owner() -> str:
    return f"officer:{actor().officer_id}"
