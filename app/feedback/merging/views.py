"""The pages on which cases are merged and taken apart, and on which the same answer is offered to each of them."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.answering import drafts
from app.feedback.cases import access, due_words
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.kinds import State
from app.feedback.merging import queries, services
from app.feedback.merging.services import UNKNOWN_OTHER
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.permissions import Permission

blueprint = Blueprint("case_merging", __name__, url_prefix="/officer/cases")

MERGE, HANDLE = Permission.CASES_MERGE, Permission.CASES_HANDLE
MOST_NUMBER = 40
Page = str | tuple[str, int]


@blueprint.get("/<case_id>/merge")
@requires(MERGE)
def choose(case_id: str) -> str:
    """Cases that read like this one, and a field for the number of another."""
    with reading() as session:
        return _form(session, case_id)


@blueprint.post("/<case_id>/merge")
@requires(MERGE)
def merge(case_id: str) -> Response | Page:
    """Let the chosen case lead this one."""
    require_token()
    require_known(request.form, ("leading", "number", "version"))
    chosen, number = request.form.get("leading", ""), request.form.get("number", "")[:MOST_NUMBER]
    try:
        with transaction() as session:
            leading_id = _chosen(session, chosen, number)
            role = actor().roles.get(MERGE, "")
            services.merge(session, actor(), case_id, _version(), leading_id, role=role)
    except FieldMissing as error:
        with reading() as session:
            return _form(session, case_id, chosen, number, wrong=error.message), 400
    except Conflict as error:
        with reading() as session:
            return _form(session, case_id, chosen, number, conflict=error.message), 409
    return redirect(url_for("case_officer.show", case_id=case_id, done="merge"), 303)


@blueprint.post("/<case_id>/unmerge")
@requires(MERGE)
def undo(case_id: str) -> Response:
    """Take the two apart again."""
    require_token()
    require_known(request.form, ("version",))
    with transaction() as session:
        services.undo(session, actor(), case_id, _version(), role=actor().roles.get(MERGE, ""))
    return redirect(url_for("case_officer.show", case_id=case_id, done="unmerge"), 303)


@blueprint.get("/<case_id>/same-answer")
@requires(HANDLE)
def answers(case_id: str) -> str:
    """The cases led by this one, each with a button that puts the answer into a draft of its own."""
    today = clock.local_date()
    with reading() as session:
        case = access.find(session, actor(), case_id, today, HANDLE)
        led = queries.merged(session, actor(), case.id, today).led
        due = due_words.due_lines(session, {one.case_id: (one.state, one.due_on) for one in led}, today)
        lines = [
            {
                "line": one,
                "due": due[one.case_id],
                "has_draft": drafts.newest(session, one.case_id) is not None,
                "may_answer": one.state is not State.CLOSED
                and access.may(session, actor(), one.case_id, today, HANDLE),
                "url": url_for("case_officer.show", case_id=one.case_id),
                "answer_url": url_for("case_answer.form", case_id=one.case_id),
                "offer_url": url_for(".offer", case_id=one.case_id),
            }
            for one in led
        ]
        return render_template(
            "merging/same_answer.html",
            number=case.public_number,
            is_answered=case.state is State.CLOSED,
            lines=lines,
            case_url=url_for("case_officer.show", case_id=case.id),
        )


@blueprint.post("/<case_id>/same-answer")
@requires(HANDLE)
def offer(case_id: str) -> Response:
    """Put the answer of the leading case into a draft of this one, then look at it and send it as any other."""
    require_token()
    require_known(request.form, ())
    with transaction() as session:
        services.offer_answer(session, actor(), case_id)
    return redirect(url_for("case_answer.form", case_id=case_id), 303)


def _chosen(session: Session, chosen: str, number: str) -> str:
    """The case meant: by its number where one was typed, else the one marked."""
    if not number.strip():
        if not chosen:
            raise FieldMissing("leading", "Xin chọn một đơn, hoặc nhập số đơn.")
        return chosen
    found = queries.by_number(session, actor(), number, clock.local_date())
    if found is None:
        raise FieldMissing("number", UNKNOWN_OTHER)
    return found.id


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _form(
    session: Session, case_id: str, chosen: str = "", number: str = "", wrong: str = "", conflict: str = ""
) -> str:
    today = clock.local_date()
    case = access.find(session, actor(), case_id, today, MERGE)
    field = "number" if number.strip() else "leading"
    return render_template(
        "merging/form.html",
        case=case,
        found=queries.alike(session, actor(), case, today),
        chosen=chosen,
        number=number,
        wrong={field: wrong} if wrong else {},
        errors=[{"field_id": field, "message": wrong}] if wrong else [],
        conflict=conflict,
        action_url=url_for(".merge", case_id=case.id),
        case_url=url_for("case_officer.show", case_id=case.id),
        look_url=lambda one: url_for("case_officer.show", case_id=one),
    )
