"""Writing the answer to a case: a draft kept with the case, a look at it as its sender will read it, then sending it.

Whatever comes between, what was typed is never lost: each step but a refused one saves first.
"""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.answering import approvals, drafts, reply_templates
from app.feedback.answering.composing import MOST_POINTS, inserted
from app.feedback.answering.drafts import Saved, StaleDraft
from app.feedback.answering.points import ONE_POINT, Split, require_looked_at, split_of
from app.feedback.cases import access
from app.feedback.cases.errors import DoneAlready, FieldMissing, NotInThisState
from app.feedback.cases.models import Case
from app.feedback.handling import answer_page, closing
from app.feedback.handling.answer_page import GENERAL, NAMES, NONE, Trouble, Typed, number_of
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("case_answer", __name__, url_prefix="/officer/cases")

HANDLE, APPROVE = Permission.CASES_HANDLE, Permission.CASES_APPROVE
SAVE, INSERT, PREVIEW = "save", "insert", "preview"
SEND, SUBMIT = "send", "submit"
SENT_FIELDS = ("draft", "version", "seen", "step", ONE_POINT)
MESSAGES = {"saved": "Đã lưu bản nháp. Người gửi chưa thấy gì.", "inserted": "Đã chèn mẫu và lưu bản nháp."}
Page = str | tuple[str, int]


@blueprint.get("/<case_id>/answer")
@requires(HANDLE)
def form(case_id: str) -> str:
    """The form with the draft saved last."""
    with reading() as session:
        return _form(session, _case(session, case_id))


@blueprint.post("/<case_id>/answer")
@requires(HANDLE)
def save(case_id: str) -> Response | Page:
    """Save the draft; then go on writing, put a template in, or look at it as its sender will."""
    require_token()
    require_known(request.form, NAMES)
    typed, step = answer_page.read(request.form), request.form.get("step", SAVE)
    try:
        with transaction() as session:
            if wrong := drafts.too_long(typed.draft):
                return _form(session, _case(session, case_id), typed, Trouble(wrong)), 400
            if step == INSERT:
                typed = _with_template(session, _case(session, case_id), typed)
            # Nothing was written yet that colleagues should find.
            is_nothing = step == PREVIEW and not typed.base and typed.draft.is_blank
            number = 0 if is_nothing else drafts.save(session, actor(), case_id, typed.base, typed.draft)
            wrong = drafts.problems(split_of(session, case_id), typed.draft) if step == PREVIEW else {}
    except FieldMissing as error:
        return _again(case_id, typed, Trouble({error.field: error.message})), 400
    except Conflict as error:
        return _again(case_id, typed, Trouble({}, error.message, isinstance(error, StaleDraft))), 409
    if wrong:
        return _again(case_id, Typed(typed.draft, number, typed.seen), Trouble(wrong)), 400
    if step == PREVIEW:
        return redirect(url_for(".look", case_id=case_id), 303)
    return redirect(url_for(".form", case_id=case_id, done="inserted" if step == INSERT else "saved"), 303)


@blueprint.get("/<case_id>/answer/preview")
@requires(HANDLE)
def look(case_id: str) -> Response | str:
    """The saved answer in the very box its sender will read, with what looks personal in it."""
    with reading() as session:
        case = _case(session, case_id)
        saved, split = drafts.newest(session, case.id), split_of(session, case.id)
        if saved is None or saved.split != split.number or drafts.problems(split, saved.draft):
            return redirect(url_for(".form", case_id=case_id), 303)
        return _preview(session, case, saved, split)


@blueprint.post("/<case_id>/answer/send")
@requires(HANDLE)
def send(case_id: str) -> Response | Page:
    """Send the answer that was looked at, or hand it to a second pair of eyes."""
    require_token()
    require_known(request.form, SENT_FIELDS)
    draft, version = number_of(request.form.get("draft", "")), number_of(request.form.get("version", ""))
    role, is_handed_on = actor().roles.get(HANDLE, ""), request.form.get("step") == SUBMIT
    act = approvals.submit if is_handed_on else closing.send_draft
    try:
        with transaction() as session:
            case = act(session, actor(), case_id, version, draft, role=role)
            require_looked_at(session, case, is_one=request.form.get(ONE_POINT) == "1")
    except (Conflict, FieldMissing) as error:
        return _refused(case_id, error), _status(error)
    return redirect(url_for("case_officer.show", case_id=case_id, done="submitted" if is_handed_on else "close"), 303)


@blueprint.get("/<case_id>/answer/approval")
@requires(Permission.CASES_READ)
def approval(case_id: str) -> Response | str:
    """The answer that waits, as its sender would read it: for whoever writes answers there or approves them."""
    with reading() as session:
        today = clock.local_date()
        may_approve = access.may(session, actor(), case_id, today, APPROVE)
        case = access.find(session, actor(), case_id, today, APPROVE if may_approve else HANDLE)
        waiting = approvals.waiting(session, case)
        saved = None if waiting is None else drafts.newest(session, case.id, waiting.draft_number)
        if saved is None:
            return redirect(url_for("case_officer.show", case_id=case.id), 303)
        return _preview(session, case, saved, split_of(session, case.id))


@blueprint.post("/<case_id>/answer/approval")
@requires(APPROVE)
def approve(case_id: str) -> Response | Page:
    """Let it pass: it goes to its sender and the case is closed."""
    require_token()
    require_known(request.form, SENT_FIELDS)
    draft, version = number_of(request.form.get("draft", "")), number_of(request.form.get("version", ""))
    role = actor().roles.get(APPROVE, "")
    try:
        with transaction() as session:
            closing.approve_answer(session, actor(), case_id, version, draft, role=role)
    except (Conflict, FieldMissing) as error:
        return _refused(case_id, error, APPROVE), 409
    return redirect(url_for("case_officer.show", case_id=case_id, done="close"), 303)


def _case(session: Session, case_id: str, permission: Permission = HANDLE) -> Case:
    return access.find(session, actor(), case_id, clock.local_date(), permission)


def _with_template(session: Session, case: Case, typed: Typed) -> Typed:
    """The draft with a template put behind what stands in the chosen place."""
    chosen, into = number_of(request.form.get("template", "")), request.form.get("into", "1")
    text = reply_templates.text_for(session, case, chosen, clock.local_date())
    if into != GENERAL and not 1 <= number_of(into) <= MOST_POINTS:
        raise FieldMissing("into", "Xin chọn nơi chèn mẫu.")
    return replace(typed, draft=inserted(typed.draft, 0 if into == GENERAL else number_of(into), text))


def _form(session: Session, case: Case, typed: Typed | None = None, trouble: Trouble = NONE) -> str:
    return render_template(
        "cases/answer.html",
        flashes=notice(MESSAGES),
        action_url=url_for(".save", case_id=case.id),
        case_url=url_for("case_officer.show", case_id=case.id),
        points_url=url_for("case_acts.form", case_id=case.id, act="set-points"),
        **answer_page.compose(session, case, clock.local_date(), typed, trouble),
    )


def _again(case_id: str, typed: Typed, trouble: Trouble) -> str:
    with reading() as session:
        return _form(session, _case(session, case_id), typed, trouble)


def _status(error: Conflict | FieldMissing) -> int:
    return 400 if isinstance(error, FieldMissing) and error.field == ONE_POINT else 409


def _preview(
    session: Session, case: Case, saved: Saved, split: Split, conflict: str = "", seen: int | None = None
) -> str:
    return render_template(
        "cases/answer_preview.html",
        conflict=conflict,
        form_url=url_for(".form", case_id=case.id),
        send_url=url_for(".send", case_id=case.id),
        approve_url=url_for(".approve", case_id=case.id),
        return_url=url_for("case_acts.form", case_id=case.id, act="return-answer"),
        case_url=url_for("case_officer.show", case_id=case.id),
        points_url=url_for("case_acts.form", case_id=case.id, act="set-points"),
        **answer_page.preview(session, actor(), case, saved, split, clock.local_date(), seen),
    )


def _refused(case_id: str, error: Conflict | FieldMissing, permission: Permission = HANDLE) -> str:
    """What stood in the way and what happened meanwhile, with the answer as it is now; nothing was typed here."""
    with reading() as session:
        case = _case(session, case_id, permission)
        if isinstance(error, DoneAlready):
            case_url = url_for("case_officer.show", case_id=case.id)
            return render_template(
                "cases/done_already.html", case=case, message=error.message, case_url=case_url, texts=[]
            )
        saved, split = drafts.newest(session, case.id), split_of(session, case.id)
        if saved is None:
            raise NotInThisState(error.message)
        return _preview(session, case, saved, split, error.message, number_of(request.form.get("seen", "")))
