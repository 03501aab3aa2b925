"""Officers from a table in three steps: upload, preview with every error, one yes; then the invitations to print."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts import imports
from app.accounts.forms import OfficersFileForm
from app.accounts.officer_views import invitations_shown
from app.accounts.roles import NAMES
from app.accounts.scope import allowed_unit_ids
from app.db.session import reading, transaction
from app.files.sheets import MAX_FILE_BYTES, BadTable
from app.files.tables import Record, read_sheet
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.permissions import Permission

blueprint = Blueprint("accounts_import", __name__, url_prefix="/officer/officers/import")

MOST_SHOWN = 200


@blueprint.get("")
@requires(Permission.OFFICERS_MANAGE)
def upload() -> str:
    """Choose a file."""
    return _upload_page(OfficersFileForm())


@blueprint.post("")
@requires(Permission.OFFICERS_MANAGE)
def upload_submit() -> Response | tuple[str, int]:
    """Read the file and keep its rows until the officer has seen the preview; nobody is added yet."""
    form = OfficersFileForm()
    if not form.validate():
        return _upload_page(form), 400
    try:
        data = form.file.data.stream.read(MAX_FILE_BYTES + 1)
        records = imports.records_of(read_sheet(data, form.file.data.filename or ""))
    except BadTable as error:
        form.file.errors = [error.message]
        return _upload_page(form), 400
    with transaction() as session:
        draft_id = UUID(imports.save_draft(session, actor().officer_id, records, clock.now()))
    return redirect(url_for(".preview", draft_id=draft_id), 303)


@blueprint.get("/<uuid:draft_id>")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def preview(draft_id: UUID) -> str:
    """Who would be added, or every error by row and column."""
    with reading() as session:
        records, parsed = _parsed(session, draft_id)
    return render_template(
        "accounts/officers_import_preview.html",
        draft_id=draft_id,
        parsed=parsed,
        errors=parsed.errors[:MOST_SHOWN],
        records=records[:MOST_SHOWN],
        columns=imports.COLUMNS,
    )


@blueprint.post("/<uuid:draft_id>")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def confirm(draft_id: UUID) -> Response | str:
    """Add everybody or nobody. The invitations stand on the answer itself: they are kept nowhere, so no redirect."""
    require_token()
    try:
        with transaction() as session:
            _records, parsed = _parsed(session, draft_id)
            made = imports.apply(session, actor().officer_id, draft_id.hex, parsed)
    except imports.ImportRefused:
        return redirect(url_for(".preview", draft_id=draft_id), 303)
    return invitations_shown(made)


def _parsed(session: Session, draft_id: UUID) -> tuple[tuple[Record, ...], imports.Parsed]:
    today = clock.local_date()
    records = imports.draft_records(session, draft_id.hex, actor().officer_id, clock.now())
    allowed = allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, today)
    return records, imports.check(session, records, allowed, today)


def _upload_page(form: OfficersFileForm) -> str:
    return render_template(
        "accounts/officers_import.html", form=form, columns=imports.COLUMNS, role_names=list(NAMES.values())
    )
