"""Publishing for officers: the list, the form of a copy with its preview, taking down. What was typed is never lost."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.cases import access, readings
from app.feedback.cases.errors import FieldMissing
from app.feedback.publishing import moderation, pages, services
from app.feedback.publishing.copies import Basis, Copy
from app.feedback.publishing.officer_lists import LISTING
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("publishing_officer", __name__, url_prefix="/officer")

PUBLISH = Permission.CASES_PUBLISH
TEXTS = ("title", "question", "answer", "agreement", "reason")
FIELDS = (*TEXTS, "basis", "is_checked", "are_seen", "version")
TO_LOOK_AT = frozenset({"is_checked", "are_seen"})
MESSAGES = {
    "published": "Câu trả lời đã được công khai. Người gửi thấy việc này khi tra cứu.",
    "corrected": "Bản công khai đã được thay. Người gửi đọc được lý do.",
    "withdrawn": "Bản công khai đã được gỡ khỏi mọi trang. Người gửi đọc được lý do.",
}
Page = str | tuple[str, int]


@blueprint.get("/public-answers")
@requires(PUBLISH)
def index() -> str:
    """Closed cases, and what of them is public."""
    return list_page("publishing/list.html", LISTING)


@blueprint.get("/public-answers/list.csv", defaults=CSV)
@blueprint.get("/public-answers/list.xlsx", defaults=XLSX)
@requires(PUBLISH)
def files(file_format: str) -> Response:
    """The same as a file."""
    return list_file(LISTING, file_format)


@blueprint.get("/cases/<case_id>/publication")
@requires(PUBLISH)
def show(case_id: str) -> str:
    """The public copy of a case: its form, where it stands, all its versions. Opening it is opening the case."""
    with transaction() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), PUBLISH)
        readings.opened(session, case, actor(), _role())
        return _drawn(session, case_id, {}, flashes=notice(MESSAGES))


@blueprint.post("/cases/<case_id>/publication")
@requires(PUBLISH)
def submit(case_id: str) -> Response | Page:
    """Publish or correct; first it is shown as everybody will read it, then confirmed."""
    require_token()
    names = [*FIELDS, *(name for name in request.form if pages.number_of(name) is not None)]
    require_known(request.form, [*names, "step"])
    typed = {name: request.form[name] for name in names if name in request.form}
    if request.form.get("step") == "change":
        return _again(case_id, typed)
    try:
        return _do(case_id, typed, is_final=request.form.get("step") == "final")
    except FieldMissing as error:
        if error.field in TO_LOOK_AT:
            is_first = request.form.get("step") == "preview"
            wrong = {} if is_first else {error.field: error.message}
            return _looked_at(case_id, typed, wrong), 200 if is_first else 400
        return _again(case_id, typed, {error.field: error.message}), 400
    except Conflict as error:
        return _again(case_id, typed, conflict=error.message), 409


@blueprint.post("/cases/<case_id>/publication/withdraw")
@requires(PUBLISH)
def withdraw(case_id: str) -> Response | Page:
    """Take the copy down, for a reason."""
    require_token()
    require_known(request.form, ["withdrawal", "version"])
    typed = {"withdrawal": request.form.get("withdrawal", "")}
    try:
        with transaction() as session:
            services.withdraw(session, actor(), case_id, _version(request.form), typed["withdrawal"], role=_role())
    except FieldMissing as error:
        return _again(case_id, typed, {"withdrawal": error.message}), 400
    except Conflict as error:
        return _again(case_id, typed, conflict=error.message), 409
    return redirect(url_for(".show", case_id=case_id, done="withdrawn"), 303)


def _do(case_id: str, typed: Mapping[str, str], *, is_final: bool) -> Response | Page:
    """Do it; before it is confirmed, only try whether it could be done, and show it."""
    with reading() as session:
        access.find(session, actor(), case_id, clock.local_date(), PUBLISH)
        found = moderation.copy_of(session, case_id)
        is_shown = found is not None and found.is_shown
    act = services.correct if is_shown else services.publish
    copy = _copy(typed)
    if not is_final:
        with transaction() as session:
            act(session, actor(), case_id, _version(typed), copy, role=_role())
            session.rollback()
        return _looked_at(case_id, typed)
    with transaction() as session:
        act(session, actor(), case_id, _version(typed), copy, role=_role())
    return redirect(url_for(".show", case_id=case_id, done="corrected" if is_shown else "published"), 303)


def _looked_at(case_id: str, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> str:
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), PUBLISH)
        return render_template(
            "publishing/preview.html",
            typed={name: value for name, value in typed.items() if name not in TO_LOOK_AT},
            action_url=url_for(".submit", case_id=case_id),
            wrong=wrong or {},
            errors=[{"field_id": name, "message": words} for name, words in (wrong or {}).items()],
            **pages.preview(session, case, _copy(typed), clock.local_date(), url_for),
        )


def _again(case_id: str, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None, conflict: str = "") -> str:
    with reading() as session:
        return _drawn(session, case_id, typed, wrong or {}, conflict)


def _drawn(
    session: Session,
    case_id: str,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    conflict: str = "",
    **more: object,
) -> str:
    case = access.find(session, actor(), case_id, clock.local_date(), PUBLISH)
    return render_template(
        "publishing/form.html",
        public_url=site().config.public_url.rstrip("/"),
        action_url=url_for(".submit", case_id=case_id),
        withdraw_url=url_for(".withdraw", case_id=case_id),
        case_url=url_for("case_officer.show", case_id=case_id),
        list_url=url_for(".index"),
        conflict=conflict,
        **pages.form(session, case, typed, wrong or {}, url_for),
        **more,
    )


def _copy(typed: Mapping[str, str]) -> Copy:
    basis = typed.get("basis", "")
    if basis not in set(Basis):
        raise FieldMissing("basis", "Xin chọn một mục.")
    return Copy(
        **{name: typed.get(name, "") for name in TEXTS},
        basis=Basis(basis),
        is_checked=typed.get("is_checked") == "1",
        files=pages.chosen(typed),
        are_seen=typed.get("are_seen") == "1",
    )


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _role() -> str:
    return actor().roles.get(PUBLISH, "")
