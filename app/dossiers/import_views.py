"""Dossiers from a file of the one-stop software: upload, preview with every fault, one yes."""

import hashlib
import json
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import allowed_unit_ids
from app.db.session import reading, transaction
from app.dossiers import codes, deliveries
from app.dossiers.deliveries import Sender
from app.dossiers.errors import ImportRefused
from app.dossiers.forms import UploadForm
from app.dossiers.reading import COLUMNS, Parsed, parse
from app.files.sheets import BadTable, Limits
from app.files.tables import Record, match_columns, read_sheet
from app.units import import_store
from app.units.models import ImportDraft
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.permissions import Permission

blueprint = Blueprint("imports", __name__, url_prefix="/import")

IMPORT = Permission.DOSSIERS_IMPORT
KIND = "dossiers"
LIMITS = Limits(file_bytes=10 * 1024 * 1024, rows=50_000, cells=800_000)
MOST_ERRORS_SHOWN = 200


@blueprint.get("")
@requires(IMPORT)
def upload() -> str:
    """Choose a file."""
    return render_template("dossiers/import.html", form=UploadForm(), columns=COLUMNS, code_form=codes.FORM)


@blueprint.post("")
@requires(IMPORT)
def upload_submit() -> Response | tuple[str, int]:
    """Read the file and keep its rows until their officer has seen the preview; nothing is imported yet."""
    form = UploadForm()
    if form.validate():
        try:
            data = form.file.data.stream.read(LIMITS.file_bytes + 1)
            records = match_columns(read_sheet(data, form.file.data.filename or "", LIMITS), COLUMNS).records
        except BadTable as error:
            form.file.errors = [error.message]
        else:
            with transaction() as session:
                number = import_store.keep(session, _owner(), KIND, records, clock.now())
            return redirect(url_for(".preview", draft_id=UUID(number)), 303)
    return render_template("dossiers/import.html", form=form, columns=COLUMNS, code_form=codes.FORM), 400


@blueprint.get("/<uuid:draft_id>")
@requires(IMPORT)
def preview(draft_id: UUID) -> str:
    """What would be imported, or every fault by row and column."""
    with reading() as session:
        records = _records(session, draft_id)
        parsed = _parsed(session, records)
    return render_template(
        "dossiers/import_preview.html",
        draft_id=draft_id,
        parsed=parsed,
        errors=parsed.errors[:MOST_ERRORS_SHOWN],
        records=records[:50],
        columns=COLUMNS,
        row_count=len(records),
    )


@blueprint.post("/<uuid:draft_id>")
@requires(IMPORT)
def confirm(draft_id: UUID) -> Response:
    """Import everything, or nothing: the rows are checked again against what exists at this moment."""
    require_token()
    try:
        with transaction() as session:
            records = _records(session, draft_id)
            checksum = hashlib.sha256(json.dumps([one.values for one in records]).encode()).digest()
            sender = Sender(officer_id=actor().officer_id)
            deliveries.take(session, sender, _parsed(session, records), checksum)
            import_store.delete_draft(session, draft_id.hex)
    except ImportRefused:
        return redirect(url_for(".preview", draft_id=draft_id), 303)
    return redirect(url_for("dossiers_officer.index", done="imported"), 303)


def _records(session: Session, draft_id: UUID) -> tuple[Record, ...]:
    draft = session.get(ImportDraft, draft_id.hex)
    is_own = draft is not None and draft.owner == _owner() and draft.kind == KIND
    if draft is None or not is_own or draft.created_at < clock.now() - import_store.DRAFT_LIFE:
        raise import_store.UnknownDraft("Bản xem trước không còn nữa. Ông/Bà hãy tải tệp lên lại.")
    return import_store.rows_of(draft)


def _parsed(session: Session, records: tuple[Record, ...]) -> Parsed:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), IMPORT, today)
    return parse(records, deliveries.known(session, allowed, today), today)


def _owner() -> str:
    return f"officer:{actor().officer_id}"
