"""Letters for officers: what is written into each, and its files. Identity needs the right to it each time."""

from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.documents import docx_file, pdf_file
from app.documents.paper import Paper
from app.errors import Conflict
from app.feedback.cases import access, readings
from app.feedback.cases.errors import FieldMissing, UnknownCase
from app.feedback.letters import pages, queries, services
from app.feedback.letters.forms import FIELDS, Form
from app.feedback.letters.models import CaseLetter
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.pages import is_simulated
from app.web.permissions import Permission

blueprint = Blueprint("letters", __name__, url_prefix="/officer/cases")

HANDLE, CONTACT = Permission.CASES_HANDLE, Permission.CASES_READ_CONTACT
MESSAGES = {"made": "Đã lập văn bản. Số, ngày và chữ ký do văn thư, người ký ghi."}
FORM = "<any({}):name>".format(",".join(f"'{form.value}'" for form in Form))
Page = str | tuple[str, int]


@blueprint.get("/<case_id>/letters")
@requires(HANDLE)
def show(case_id: str) -> str:
    """The letters of a case, and those that can be made."""
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), HANDLE)
        return render_template(
            "letters/case.html",
            case_url=url_for("case_officer.show", case_id=case.id),
            flashes=notice(MESSAGES),
            **pages.of_case(session, case, url_for),
        )


@blueprint.get(f"/<case_id>/letters/{FORM}")
@requires(HANDLE)
def form(case_id: str, name: str) -> str:
    """The form of a letter; it shows what the sender wrote, so it counts as opening the case."""
    with transaction() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), HANDLE)
        services.require_offered(case, Form(name))
        readings.opened(session, case, actor(), _role(HANDLE))
        return _drawn(session, case_id, Form(name), {})


@blueprint.post(f"/<case_id>/letters/{FORM}")
@requires(HANDLE)
def submit(case_id: str, name: str) -> AnyResponse | Page:
    """Make it."""
    require_token()
    wanted = Form(name)
    names = [field.name for field in FIELDS[wanted]]
    require_known(request.form, [*names, "is_identified", "is_checked", "version"])
    typed = {one: request.form[one] for one in (*names, "is_identified") if one in request.form}
    try:
        with transaction() as session:
            _make(session, case_id, wanted, typed)
    except FieldMissing as error:
        return _again(case_id, wanted, typed, {error.field: error.message}), 400
    except Conflict as error:
        return _again(case_id, wanted, typed, conflict=error.message), 409
    return redirect(url_for(".show", case_id=case_id, done="made"), 303)


@blueprint.get("/<case_id>/letters/<int:number>/letter.docx")
@requires(HANDLE)
def docx(case_id: str, number: int) -> Response:
    """The letter to go on writing."""
    return _sent(docx_file.make(_paper(case_id, number)), docx_file.MIME_TYPE, f"van-ban-{number}.docx")


@blueprint.get("/<case_id>/letters/<int:number>/letter.pdf")
@requires(HANDLE)
def pdf(case_id: str, number: int) -> Response:
    """The letter to print."""
    return _sent(pdf_file.make(_paper(case_id, number)), pdf_file.MIME_TYPE, f"van-ban-{number}.pdf")


def _make(session: Session, case_id: str, wanted: Form, typed: Mapping[str, str]) -> None:
    is_identified = typed.get("is_identified") == "1"
    if is_identified and not queries.may_identify(session, actor(), case_id, clock.local_date()):
        raise FieldMissing("is_identified", "Ông/Bà không có quyền xem, hoặc đơn không có, họ tên người gửi.")
    services.make(
        session,
        actor(),
        case_id,
        _version(request.form),
        wanted,
        typed,
        is_identified=is_identified,
        is_checked=request.form.get("is_checked") == "1",
        role=_role(HANDLE),
    )


def _paper(case_id: str, number: int) -> Paper:
    """What stands in a letter; taking one with identity is looking at who sent the case, and recorded as that."""
    today = clock.local_date()
    with transaction() as session:
        case = access.find(session, actor(), case_id, today, HANDLE)
        letter = session.get(CaseLetter, (case.id, number))
        if letter is None:
            raise UnknownCase
        if letter.is_identified:
            access.find(session, actor(), case_id, today, CONTACT)
            subject, detail = readings.subject(case.id), {"letter": number}
            record(session, actor().officer_id, Action.CASE_READ_CONTACT, subject, detail, case.unit_id)
        mark = "Dữ liệu mô phỏng" if is_simulated() else ""
        return queries.paper(session, actor(), case, number, today, mark)


def _sent(body: bytes, mime_type: str, name: str) -> Response:
    response = Response(body, mimetype=mime_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _again(
    case_id: str, wanted: Form, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None, conflict: str = ""
) -> str:
    with reading() as session:
        return _drawn(session, case_id, wanted, typed, wrong or {}, conflict)


def _drawn(
    session: Session,
    case_id: str,
    wanted: Form,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    conflict: str = "",
) -> str:
    today = clock.local_date()
    case = access.find(session, actor(), case_id, today, HANDLE)
    return render_template(
        "letters/form.html",
        action_url=url_for(".submit", case_id=case.id, name=wanted.value),
        back_url=url_for(".show", case_id=case.id),
        case_url=url_for("case_officer.show", case_id=case.id),
        conflict=conflict,
        **pages.of_form(session, actor(), case, wanted, typed, wrong or {}, today),
    )


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _role(permission: Permission) -> str:
    return actor().roles.get(permission, "")
