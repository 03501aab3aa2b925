"""Acts on the cases ticked on the list: a page that asks what is needed, then each case on its own."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import database, reading
from app.errors import Invalid
from app.feedback.cases import due_words
from app.feedback.cases.models import Case
from app.feedback.cases.workflow import BY_NAME, Move
from app.feedback.handling.act_fields import FORMS, Field, Options
from app.feedback.handling.act_page import whose
from app.feedback.handling.act_steps import missing
from app.feedback.handling.words import KINDS, STATES
from app.feedback.inbox import bulk
from app.feedback.inbox.bulk import Chosen, Done
from app.feedback.inbox.filters import NAMES
from app.feedback.routing import pages
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import STALE, require_token
from app.web.permissions import Permission

blueprint = Blueprint("case_bulk", __name__, url_prefix="/officer/cases/bulk")

Page = str | tuple[str, int]
NOBODY = "Không ai xử lý được mọi đơn đã chọn. Xin chọn các đơn của cùng một đơn vị rồi giao từng lượt."
NOTHING = "Không còn đơn nào trong các đơn đã chọn mà Ông/Bà làm được việc này."
UNTICKED = "Xin đánh dấu ít nhất một đơn."
MOST_QUERY = 2000


@blueprint.get("")
@requires(Permission.CASES_READ)
def form() -> Response | str:
    """What an act on the ticked cases asks for; with none ticked, back to the list as it stood, which says so."""
    move, picked = _move(request.args.get("act", "")), bulk.chosen(request.args.getlist("case"))
    if not picked:
        return _none_ticked()
    return _page(move, picked, {})


@blueprint.post("")
@requires(Permission.CASES_READ)
def submit() -> Response | Page:
    """Do it with each; when some refuse, say which and why, and offer those again."""
    require_token()
    move = _move(request.form.get("act", ""))
    _require_known(move)
    picked, typed = bulk.chosen(request.form.getlist("case")), _typed(move)
    wrong = missing(move.name, typed)
    if not picked:
        offered = bulk.chosen(request.form.getlist("offered"))
        return _page(move, offered, typed, {"cases": UNTICKED, **wrong}), 400
    if wrong:
        return _page(move, picked, typed, wrong), 400
    done = bulk.do_each(database(), actor(), move.name, picked, typed, actor().roles.get(move.permission, ""))
    if any(one.problem for one in done):
        failed = {one.case_id for one in done if one.problem}
        return _page(move, [one for one in picked if one.case_id in failed], typed, done=done), 409
    return redirect(url_for("cases_officer.index", done="bulk-take-up" if move.name == "take_up" else "bulk"), 303)


def _none_ticked() -> Response:
    """Back to the list, narrowed as it was."""
    asked = dict(parse_qsl(request.args.get("list", "")[:MOST_QUERY]))
    known: dict[str, Any] = {name: value for name, value in asked.items() if name in (*NAMES, "page")}
    return redirect(url_for("cases_officer.index", **known, done="none-ticked"), 303)


def _move(name: str) -> Move:
    if name not in bulk.NAMES:
        raise Invalid("Xin chọn một việc ở danh sách đơn.")
    return BY_NAME[name]


def _require_known(move: Move) -> None:
    """No second act rides along; only the cases stand several times in the form, ticked and as they were offered."""
    known = {"csrf_token", "act", *(field.name for field in FORMS[move.name].fields)}
    once = [(name, values) for name, values in request.form.lists() if name not in ("case", "offered")]
    if any(name not in known or len(values) > 1 for name, values in once):
        raise Invalid(STALE)


def _typed(move: Move) -> dict[str, str]:
    return {field.name: request.form.get(field.name, "") for field in FORMS[move.name].fields}


def _page(
    move: Move,
    picked: Sequence[Chosen],
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    done: Sequence[Done] = (),
) -> str:
    today, wrong = clock.local_date(), wrong or {}
    with reading() as session:
        found = bulk.known(session, actor(), picked, move.permission, today)
        cases = [one for one in found if one.state in move.from_states]
        fields = [_drawn(session, cases, field, typed, wrong) for field in FORMS[move.name].fields]
        unit_names = units.names_on(session, {one.unit_id for one in found}, today)
        due = due_words.due_lines(session, {one.id: (one.state, one.due_on) for one in cases}, today)
        note = whose(session, actor(), cases) if cases and move.name == "take_up" else ""
    return render_template(
        "cases/bulk.html",
        move=move,
        form=FORMS[move.name],
        cases=cases,
        due=due,
        barred=[one for one in found if one not in cases],
        unit_names=unit_names,
        nobody=NOBODY if any(one["name"] == "assignee" and len(one["options"]) == 1 for one in fields) else "",
        fields=fields,
        note=note,
        is_ticked="cases" not in wrong,
        kind_words=KINDS,
        state_words=STATES,
        nothing=NOTHING,
        errors=[{"field_id": name, "message": words} for name, words in wrong.items()],
        failed=[one for one in done if one.problem],
        count_done=sum(not one.problem for one in done),
    )


def _drawn(
    session: Session, cases: Sequence[Case], field: Field, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "shape": field.shape,
        "hint": field.hint,
        "most": field.most,
        "options": _options(session, cases, field, typed),
        "value": typed.get(field.name, ""),
        "error": wrong.get(field.name, ""),
    }


def _options(session: Session, cases: Sequence[Case], field: Field, typed: Mapping[str, str]) -> Options:
    """Officers for all of the cases; the units around the first of them."""
    today = clock.local_date()
    if field.options is not None:
        return field.options
    if field.name == "assignee":
        return bulk.officers(session, actor(), cases, today)
    return pages.options(session, actor(), cases[0], field.name, typed, today) if cases else ()
