"""Blacking out for officers: a grid over each page, a preview, a new file. The original stays as it was received."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.cases import access, readings
from app.feedback.cases.errors import FieldMissing, UnknownCase
from app.feedback.cases.models import Case
from app.feedback.redaction import areas, pages, queries, services
from app.feedback.redaction.areas import Box
from app.files.downloads import HEADERS, file_response
from app.files.gate import blackening
from app.files.gate.models import CheckedFile, MediaType
from app.files.gate.queries import content
from app.files.store import FileStore
from app.keys.start import store_of
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("redaction", __name__, url_prefix="/officer/cases")

REDACT = Permission.CASES_REDACT
MESSAGES = {
    "file": "Đã tạo bản đã che của tệp. Tệp gốc không đổi.",
    "text": "Đã tạo bản đã che của nội dung. Nội dung gốc không đổi.",
}
PAGE = "page_"
Page = str | tuple[str, int]


@blueprint.get("/<case_id>/redaction")
@requires(REDACT)
def show(case_id: str) -> str:
    """What can be blacked out of a case, and what has been."""
    with transaction() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        readings.opened(session, case, actor(), _role())
        return _drawn(session, case, flashes=notice(MESSAGES))


@blueprint.post("/<case_id>/redaction/text")
@requires(REDACT)
def submit_text(case_id: str) -> Response | Page:
    """Keep the text without what stands in brackets."""
    require_token()
    require_known(request.form, ["marked", "version"])
    marked = request.form.get("marked", "")
    try:
        with transaction() as session:
            services.keep_text(session, actor(), case_id, _version(request.form), marked, role=_role())
    except FieldMissing as error:
        return _again(case_id, marked, error.message), 400
    except Conflict as error:
        return _again(case_id, marked, conflict=error.message), 409
    return redirect(url_for(".show", case_id=case_id, done="text"), 303)


@blueprint.get("/<case_id>/redaction/files/<int:number>")
@requires(REDACT)
def form(case_id: str, number: int) -> str:
    """The pages of a file under a grid, each with a field; looking at a file is recorded."""
    with transaction() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        source = services.source_of(session, case, number)
        detail = {"number": number}
        record(session, actor().officer_id, Action.CASE_READ_FILE, readings.subject(case.id), detail, case.unit_id)
        count = blackening.count_pages(_store().read(_name(source)), source.media_type)
        return _file_page(case, number, count, {})


@blueprint.get("/<case_id>/redaction/files/<int:number>/pages/<int:page>")
@requires(REDACT)
def page_picture(case_id: str, number: int, page: int) -> Response:
    """One page as a picture, with the boxes asked for in the address already black."""
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        source = services.source_of(session, case, number)
        name, media_type = _name(source), source.media_type
    if not 1 <= page <= blackening.MOST_PAGES:
        raise UnknownCase
    try:
        boxes = areas.boxes_of(request.args.get("areas", ""), page)
    except ValueError:
        boxes = ()
    drawn = blackening.page_picture(_store().read(name), media_type, boxes, page)
    return Response(drawn, mimetype=MediaType.JPEG.value, headers=HEADERS)


@blueprint.post("/<case_id>/redaction/files/<int:number>")
@requires(REDACT)
def submit_file(case_id: str, number: int) -> Response | Page:
    """Show the boxes on the pages; confirmed, make the new file."""
    require_token()
    typed = {name: value for name, value in request.form.items() if pages.is_field(name)}
    require_known(request.form, [*typed, "version", "step"])
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        source = services.source_of(session, case, number)
        name, media_type = _name(source), source.media_type
    count = blackening.count_pages(_store().read(name), media_type)
    boxes, wrong = pages.boxes_of(typed, count)
    if not boxes and not wrong:
        wrong = {f"{PAGE}1": areas.NOTHING}
    if wrong or request.form.get("step") != "final":
        return _file_page(case, number, count, typed, wrong), 400 if wrong else 200
    try:
        _make(case_id, number, boxes, name, media_type)
    except Conflict as error:
        return _file_again(case_id, number, count, typed, error.message), 409
    return redirect(url_for(".show", case_id=case_id, done="file"), 303)


@blueprint.get("/<case_id>/redaction/copies/<int:number>")
@requires(Permission.CASES_READ)
def copy(case_id: str, number: int) -> Response:
    """A new file, for whoever may see the case."""
    with transaction() as session:
        case = access.find(session, actor(), case_id, clock.local_date())
        found = next((one for one in queries.lines(session, case.id) if one.number == number), None)
        if found is None or found.file is None:
            raise UnknownCase
        sent = content(session, _store(), found.file.id)
        detail = {"redacted": number}
        record(session, actor().officer_id, Action.CASE_READ_FILE, readings.subject(case.id), detail, case.unit_id)
    return file_response(sent, to_staff=True)


def _make(case_id: str, number: int, boxes: Sequence[Box], name: str, media_type: MediaType) -> None:
    """Draw, then put it to the case; what is refused leaves no file behind."""
    store = _store()
    made = blackening.blackened(store, name, media_type, boxes)
    version = _version(request.form)
    try:
        with transaction() as session:
            services.keep_file(session, store, actor(), case_id, version, number, boxes, made, role=_role())
    except Conflict:
        store.erase(made.name)
        raise


def _again(case_id: str, marked: str, wrong: str = "", conflict: str = "") -> str:
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        return _drawn(session, case, marked, wrong, conflict)


def _drawn(
    session: Session, case: Case, marked: str | None = None, wrong: str = "", conflict: str = "", **more: object
) -> str:
    return render_template(
        "redaction/case.html",
        case_url=url_for("case_officer.show", case_id=case.id),
        text_url=url_for(".submit_text", case_id=case.id),
        conflict=conflict,
        **pages.of_case(session, case, marked, wrong, url_for),
        **more,
    )


def _file_again(case_id: str, number: int, count: int, typed: Mapping[str, str], conflict: str) -> str:
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), REDACT)
        return _file_page(case, number, count, typed, conflict=conflict)


def _file_page(
    case: Case,
    number: int,
    count: int,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    conflict: str = "",
) -> str:
    return render_template(
        "redaction/file.html",
        case=case,
        number=number,
        pages=pages.of_file(case.id, number, count, typed, wrong or {}, url_for),
        is_looked_at=bool(typed) and not wrong,
        errors=[{"field_id": name, "message": words} for name, words in (wrong or {}).items()],
        conflict=conflict,
        columns=areas.COLUMNS,
        rows=areas.ROWS,
        back_url=url_for(".show", case_id=case.id),
        action_url=url_for(".submit_file", case_id=case.id, number=number),
    )


def _store() -> FileStore:
    return store_of(site().config)


def _name(source: CheckedFile) -> str:
    assert source.stored_name is not None
    return source.stored_name


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _role() -> str:
    return actor().roles.get(REDACT, "")
