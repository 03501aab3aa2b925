"""Writing an internal note under a case. Notes stand on the page of the case and nowhere else."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.feedback.answering import notes
from app.feedback.cases import access
from app.feedback.cases.errors import FieldMissing
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.permissions import Permission

blueprint = Blueprint("case_notes", __name__, url_prefix="/officer/cases")

HANDLE = Permission.CASES_HANDLE


@blueprint.post("/<case_id>/notes")
@requires(HANDLE)
def add(case_id: str) -> Response | tuple[str, int]:
    """Add one; a wrong one comes back with what was typed."""
    require_token()
    require_known(request.form, ["note", "after"])
    typed, after = request.form.get("note", ""), _after()
    try:
        with transaction() as session:
            notes.add(session, actor(), case_id, typed, after=after, role=actor().roles.get(HANDLE, ""))
    except FieldMissing as error:
        return _again(case_id, typed, error.message), 400
    return redirect(url_for("case_officer.show", case_id=case_id, done="noted", _anchor="notes"), 303)


def _after() -> int | None:
    """The last note on the page this one was written on; None when the form does not tell."""
    text = request.form.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _again(case_id: str, typed: str, words: str) -> str:
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), HANDLE)
        return render_template(
            "cases/note.html",
            public_number=case.public_number,
            action_url=url_for(".add", case_id=case.id),
            case_url=url_for("case_officer.show", case_id=case.id),
            note=typed,
            after=request.form.get("after", ""),
            most=notes.MOST_NOTE,
            errors=[{"field_id": "note", "message": words}],
        )
