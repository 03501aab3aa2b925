"""The acts on a case: a form for each, on a page of its own. What was typed is never lost, whatever comes between."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Conflict
from app.feedback.answering.points import split_of
from app.feedback.answering.spotting import marked, spots
from app.feedback.cases import access
from app.feedback.cases.errors import DoneAlready, FieldMissing
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import MOVES, Move
from app.feedback.handling import act_page
from app.feedback.handling.act_fields import FORMS
from app.feedback.handling.act_page import NONE, Trouble
from app.feedback.handling.act_steps import At, missing, perform
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.permissions import Permission
from app.web.text_input import clean

blueprint = Blueprint("case_acts", __name__, url_prefix="/officer/cases")

NAMES = {move.name.replace("_", "-"): move for move in MOVES}
ACT = "<any({}):act>".format(",".join(f"'{name}'" for name in NAMES))
FINAL, CHANGE = "final", "change"
Page = str | tuple[str, int]


@blueprint.get(f"/<case_id>/{ACT}")
@requires(Permission.CASES_READ)
def form(case_id: str, act: str) -> str:
    """The form of an act, for whoever may do it."""
    with reading() as session:
        return _drawn(session, case_id, NAMES[act], _asked(request.args, NAMES[act]))


@blueprint.post(f"/<case_id>/{ACT}")
@requires(Permission.CASES_READ)
def submit(case_id: str, act: str) -> Response | Page:
    """Do it; words for the sender in which something looks personal are confirmed by a second post."""
    require_token()
    move = NAMES[act]
    typed = _asked(request.form, move)
    require_known(request.form, [*typed, "step"])
    if (before := _before(case_id, move, typed)) is not None:
        return before
    try:
        with transaction() as session:
            perform(session, At(actor(), case_id, _version(typed), _role(move)), move.name, typed)
            done = _done(session, case_id, act)
            is_seen = access.may(session, actor(), case_id, clock.local_date(), Permission.CASES_READ)
    except FieldMissing as error:
        return _again(case_id, move, typed, Trouble({error.field: error.message})), 400
    except DoneAlready as error:
        return _done_already(case_id, move, typed, error.message), 409
    except Conflict as error:
        return _again(case_id, move, typed, Trouble({}, error.message)), 409
    # An act may take the case to another unit, where whoever did it does not see it any more.
    if not is_seen:
        return redirect(url_for("cases_officer.index", done=act), 303)
    return redirect(url_for("case_officer.show", case_id=case_id, done=done), 303)


def _done(session: Session, case_id: str, act: str) -> str:
    """Which message tells what was done: accepting says whether the case is now one's own, parting whether it is."""
    if act == "set-points":
        return act if split_of(session, case_id).points else "set-points-one"
    is_kept = act == "take-up" and session.get_one(Case, case_id).assignee_id != actor().officer_id
    return "take-up-kept" if is_kept else act


def _before(case_id: str, move: Move, typed: dict[str, str]) -> Page | None:
    """What comes before the act: its form again, what looks personal in it; else nothing."""
    if wrong := missing(move.name, typed):
        return _again(case_id, move, typed, Trouble(wrong)), 400
    form, step = FORMS[move.name], request.form.get("step")
    if step == FINAL:
        return None
    if step == CHANGE:
        return _again(case_id, move, typed, NONE)
    return _spotted(case_id, move, typed) if form.spotted and spots(clean(typed[form.spotted])) else None


def _asked(given: Mapping[str, str], move: Move) -> dict[str, str]:
    """What was typed into the fields of an act, and on which state of the case; other fields are not looked at."""
    names = [*(field.name for field in FORMS[move.name].fields), "request", "version", "seen"]
    return {name: given[name] for name in names if name in given}


def _version(typed: Mapping[str, str]) -> int:
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _role(move: Move) -> str:
    return actor().roles.get(move.permission, "")


def _again(case_id: str, move: Move, typed: dict[str, str], trouble: Trouble) -> str:
    """The same form with what was typed, and what is wrong."""
    with reading() as session:
        return _drawn(session, case_id, move, typed, trouble)


def _drawn(session: Session, case_id: str, move: Move, typed: dict[str, str], trouble: Trouble = NONE) -> str:
    today = clock.local_date()
    case = access.find(session, actor(), case_id, today, move.permission)
    return render_template(
        "cases/act.html",
        action_url=url_for(".submit", case_id=case.id, act=move.name.replace("_", "-")),
        case_url=url_for("case_officer.show", case_id=case.id),
        **act_page.context(session, actor(), case, move, typed, today, trouble),
    )


def _done_already(case_id: str, move: Move, typed: Mapping[str, str], message: str) -> str:
    """Where it was done: the second sending changed nothing, and what it said is there to be copied."""
    with reading() as session:
        return render_template(
            "cases/done_already.html",
            case=access.find(session, actor(), case_id, clock.local_date(), Permission.CASES_READ),
            message=message,
            case_url=url_for("case_officer.show", case_id=case_id),
            texts=[
                (field.label, typed[field.name])
                for field in FORMS[move.name].fields
                if field.shape in ("text", "area") and typed.get(field.name)
            ],
        )


def _spotted(case_id: str, move: Move, typed: dict[str, str]) -> Page:
    """What looks personal in words for the sender, before they go; whoever means it sends them as they are."""
    field = next(one for one in FORMS[move.name].fields if one.name == FORMS[move.name].spotted)
    with reading() as session:
        case = access.find(session, actor(), case_id, clock.local_date(), move.permission)
        return render_template(
            "cases/spotted.html",
            case=case,
            move=move,
            label=field.label,
            pieces=marked(clean(typed[field.name])),
            typed=typed,
            action_url=url_for(".submit", case_id=case.id, act=move.name.replace("_", "-")),
        )
