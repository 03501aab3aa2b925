"""Import of a table in three steps: upload, preview with every error, one yes."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.files.sheets import MAX_FILE_BYTES, BadTable
from app.files.tables import Record, read_sheet
from app.units import import_drafts, import_store
from app.units.forms import KIND_OPTIONS, UploadForm
from app.units.import_templates import allowed, template
from app.units.imports import COLUMNS, ImportKind, records_of
from app.units.scope import allowed_unit_ids
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

MOST_ERRORS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MESSAGES = {"imported": "Đã nhập toàn bộ bảng."}


@blueprint.get("")
@requires(Permission.UNITS_MANAGE)
def upload() -> str:
    """Choose a file; ``?kind=`` says of what."""
    asked = request.args.get("kind", "")
    return _upload_page(UploadForm(kind=asked if asked in list(ImportKind) else ImportKind.UNITS.value))


@blueprint.post("")
@requires(Permission.UNITS_MANAGE)
def upload_submit() -> Response | tuple[str, int]:
    """Read the file and keep its rows until their officer has seen the preview; nothing is imported yet."""
    form = UploadForm()
    if not form.validate():
        return _upload_page(form), 400
    kind = ImportKind(form.kind.data)
    try:
        data = form.file.data.stream.read(MAX_FILE_BYTES + 1)
        records = records_of(read_sheet(data, form.file.data.filename or ""), kind)
    except BadTable as error:
        form.file.errors = [error.message]
        return _upload_page(form), 400
    with transaction() as session:
        draft_id = UUID(import_drafts.keep(session, actor().officer_id, kind.value, records, clock.now()))
    return redirect(url_for(".preview", draft_id=draft_id), 303)


@blueprint.get("/template/<any(units, counters, procedures):kind>.xlsx")
@requires(Permission.UNITS_MANAGE)
def template_file(kind: str) -> Response:
    """An empty table of a kind, with an explanation of its columns."""
    response = Response(template(ImportKind(kind)), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="mau-{kind}.xlsx"'
    return response


@blueprint.get("/<uuid:draft_id>")
@requires(Permission.UNITS_MANAGE)
def preview(draft_id: UUID) -> str:
    """What would be created, or every error by row and column."""
    today = clock.local_date()
    with reading() as session:
        kind, records = _draft(session, draft_id)
        parsed = import_store.check(session, kind, records, today)
        allowed = allowed_unit_ids(session, actor(), Permission.UNITS_MANAGE, today)
        outside = import_store.rows_outside(session, parsed, allowed)
    return render_template(
        "units/import_preview.html",
        draft_id=draft_id,
        kind=kind,
        parsed=parsed,
        errors=(*parsed.errors, *outside)[:MOST_ERRORS_SHOWN],
        error_count=len(parsed.errors) + len(outside),
        records=records[:50],
        columns=COLUMNS[kind],
        row_count=len(records),
    )


@blueprint.post("/<uuid:draft_id>")
@requires(Permission.UNITS_MANAGE)
def confirm(draft_id: UUID) -> Response:
    """Import everything, or nothing: the rows are checked again against what exists at this moment."""
    require_token()
    today = clock.local_date()
    try:
        with transaction() as session:
            kind, records = _draft(session, draft_id)
            parsed = import_store.check(session, kind, records, today)
            allowed = allowed_unit_ids(session, actor(), Permission.UNITS_MANAGE, today)
            import_store.refuse_outside(session, parsed, allowed)
            import_store.apply_import(session, parsed, actor().officer_id)
            import_drafts.drop(session, draft_id.hex)
    except import_store.ImportRefused:
        return redirect(url_for(".preview", draft_id=draft_id), 303)
    return redirect(url_for(".upload", done="imported"), 303)


def _draft(session: Session, draft_id: UUID) -> tuple[ImportKind, tuple[Record, ...]]:
    """The upload of this officer, if it is of units, counters or procedures."""
    kind, records = import_drafts.found(session, actor().officer_id, draft_id.hex, clock.now())
    if kind not in set(ImportKind):
        raise import_drafts.UnknownDraft
    return ImportKind(kind), records


def _upload_page(form: UploadForm) -> str:
    return render_template(
        "units/import.html",
        form=form,
        kind_options=KIND_OPTIONS,
        columns={kind: allowed(kind) for kind in ImportKind},
        flashes=notice(MESSAGES),
    )
