"""The pages of routes: the list, a new one, who gets the cases of one, and its end."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import Invalid
from app.feedback.cases.errors import FieldMissing
from app.feedback.routing import pages, people, table
from app.feedback.routing.officer_lists import ANY_FIELD, ANY_KIND, KINDS, NOBODY, ROUTES, kind_words
from app.feedback.routing.table import UnknownRoute, Wanted
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Field
from app.units.unit_choice import UnitChoice, choose_unit
from app.web.access import actor, requires
from app.web.csrf import STALE, require_known, require_token
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("case_routes", __name__, url_prefix="/officer/case-routes")

ASSIGN = Permission.CASES_ASSIGN
FIELDS = ("unit", "field", "kind", "to_unit")
MESSAGES = {
    "set": "Đã đặt tuyến. Đơn gửi từ bây giờ đi theo tuyến này; đơn đã có ở nguyên chỗ cũ.",
    "assignee": "Đã đổi người nhận của tuyến.",
    "ended": "Đã bỏ tuyến. Đơn gửi từ bây giờ không đi theo tuyến này nữa.",
}
Page = str | tuple[str, int]
Suggestions = dict[str, tuple[tuple[str, str], ...]]


@blueprint.get("")
@requires(ASSIGN)
def index() -> str:
    """The routes of the officer's units."""
    return list_page("routing/list.html", ROUTES, flashes=notice(MESSAGES))


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(ASSIGN, fresh=True)
def files(file_format: str) -> Response:
    """The same routes as a file; it names people."""
    return list_file(ROUTES, file_format)


@blueprint.get("/new")
@requires(ASSIGN)
def new() -> str:
    """The form of a new route."""
    return _form({}, {}, {})


@blueprint.post("/new")
@requires(ASSIGN)
def create() -> Response | Page:
    """Set it; who gets the cases there is chosen on the page of the route."""
    require_token()
    if set(request.form) - {"csrf_token", *FIELDS}:
        raise Invalid(STALE)
    typed = {name: request.form.get(name, "") for name in FIELDS}
    suggestions: Suggestions = {}
    try:
        with transaction() as session:
            wanted = _wanted(session, typed, suggestions)
            route_id = table.set_route(session, actor(), wanted, role=_role()).id
    except FieldMissing as error:
        return _form(typed, {error.field: error.message}, suggestions), 400
    return redirect(url_for(".edit", route_id=route_id, done="set"), 303)


@blueprint.get("/<int:route_id>")
@requires(ASSIGN)
def edit(route_id: int) -> str:
    """One route: what it does, who gets its cases, and its end."""
    return _one(route_id, {})


@blueprint.post("/<int:route_id>")
@requires(ASSIGN)
def change(route_id: int) -> Response | Page:
    """Let another officer get the cases: the route as it was ends, so that its history stays."""
    require_token()
    require_known(request.form, ["assignee"])
    chosen = request.form.get("assignee", "")
    try:
        with transaction() as session:
            new_id = _changed(session, route_id, chosen)
    except FieldMissing as error:
        return _one(route_id, {error.field: error.message}), 400
    return redirect(url_for(".edit", route_id=new_id, done="assignee"), 303)


@blueprint.post("/<int:route_id>/end")
@requires(ASSIGN)
def end(route_id: int) -> Response:
    """Let no further case take it."""
    require_token()
    with transaction() as session:
        table.end_route(session, actor(), route_id, role=_role())
    return redirect(url_for(".index", done="ended"), 303)


def _wanted(session: Session, typed: Mapping[str, str], suggestions: Suggestions) -> Wanted:
    """What was typed, as a route; units that fit several are put into ``suggestions``."""
    found: dict[str, int] = {}
    for name in ("unit", "to_unit"):
        choice: UnitChoice = choose_unit(session, actor(), ASSIGN, typed[name][:100], clock.local_date())
        if choice.unit_id is None:
            suggestions[name] = choice.suggestions
            raise FieldMissing(name, choice.problem)
        found[name] = choice.unit_id
    kind = typed["kind"]
    if kind not in ("", *(value for value, _ in KINDS)):
        raise FieldMissing("kind", "Xin chọn một loại trong danh sách.")
    field_id = _whole(typed["field"])
    if typed["field"] and field_id is None:
        raise FieldMissing("field", table.WRONG_FIELD)
    return Wanted(found["unit"], field_id, Kind(kind) if kind else None, found["to_unit"], None)


def _changed(session: Session, route_id: int, chosen: str) -> int:
    before = table.of_viewer(session, actor(), route_id, locked=True)
    if before.ended_at is not None:
        raise UnknownRoute
    officer_id = _whole(chosen)
    if chosen and officer_id is None:
        raise FieldMissing("assignee", table.NOT_THERE)
    wanted = Wanted(before.unit_id, before.field_id, before.kind, before.to_unit_id, officer_id)
    return table.set_route(session, actor(), wanted, role=_role()).id


def _form(typed: Mapping[str, str], wrong: Mapping[str, str], suggestions: Suggestions) -> str:
    with reading() as session:
        fields = [("", ANY_FIELD), *table.field_options(session)]
    return render_template(
        "routing/new.html",
        typed=typed,
        wrong=wrong,
        suggestions=suggestions,
        fields=fields,
        kinds=[("", ANY_KIND), *KINDS],
        errors=[{"field_id": name, "message": words} for name, words in wrong.items()],
    )


def _one(route_id: int, wrong: Mapping[str, str]) -> str:
    today = clock.local_date()
    with reading() as session:
        route = table.of_viewer(session, actor(), route_id)
        if route.ended_at is not None:
            raise UnknownRoute
        names = units.names_on(session, {route.unit_id, route.to_unit_id}, today)
        field = None if route.field_id is None else session.get(Field, route.field_id)
        there = people.handlers_at(session, route.to_unit_id, today)
        return render_template(
            "routing/one.html",
            route=route,
            facts=[
                ("Đơn nói về", f"{names.get(route.unit_id, '')} và các đơn vị trực thuộc"),
                ("Lĩnh vực", ANY_FIELD if field is None else field.name),
                ("Loại", kind_words(route.kind)),
                ("Chuyển đến", names.get(route.to_unit_id, "")),
            ],
            officers=[("", NOBODY), *pages.officers(session, actor(), there, today)],
            wrong=wrong,
            errors=[{"field_id": name, "message": words} for name, words in wrong.items()],
            flashes=notice(MESSAGES),
        )


def _role() -> str:
    return actor().roles.get(ASSIGN, "")


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
