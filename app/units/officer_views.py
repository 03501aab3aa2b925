"""Units and counters for officers: list, page of a unit, acts that keep the history."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.errors import DomainError, Invalid
from app.units import counter_services, queries, services
from app.units.counter_services import CounterForm
from app.units.forms import (
    TYPE_OPTIONS,
    CloseForm,
    CounterEntryForm,
    MergeForm,
    MoveForm,
    RenameForm,
    UnitForm,
    day_of,
)
from app.units.import_cells import read_list
from app.units.import_views import blueprint as import_blueprint
from app.units.models import Counter, Unit
from app.units.opening_hours import format_opening_hours, parse_opening_hours
from app.units.scope import allowed_unit_ids, require_unit
from app.units.types import unit_type
from app.web.access import actor, requires
from app.web.csrf import OfficerForm
from app.web.notices import notice
from app.web.pagination import links, page_number
from app.web.permissions import Permission

blueprint = Blueprint("units_officer", __name__, url_prefix="/officer/units")
blueprint.register_blueprint(import_blueprint)

READ, MANAGE = Permission.UNITS_READ, Permission.UNITS_MANAGE
MESSAGES = {
    "created": "Đã thêm đơn vị.",
    "renamed": "Đã đổi tên. Tên cũ vẫn được giữ cho thời gian trước.",
    "moved": "Đã đổi đơn vị cấp trên. Quan hệ cũ vẫn được giữ cho thời gian trước.",
    "merged": "Đã sáp nhập. Lịch sử của đơn vị cũ được giữ nguyên.",
    "counter": "Đã lưu quầy.",
    "counter-closed": "Đã đặt ngày đóng quầy.",
}


@blueprint.get("")
@requires(READ)
def index() -> str:
    """The units this officer may see, searched by name or code."""
    search = request.args.get("q", "")[:100]
    with reading() as session:
        roots = actor().scopes[READ] or None
        page = queries.search(session, search, clock.local_date(), roots, page_number())
    return render_template(
        "units/list.html",
        lines=page.lines,
        search=search,
        page=links(page.number, page.last_number, page.total),
        type_name=_type_name,
        may_manage=actor().has(MANAGE),
    )


@blueprint.get("/<int:unit_id>")
@requires(READ)
def show(unit_id: int) -> str:
    """One unit: where it stands, what is below, its counters and its history."""
    today = clock.local_date()
    with reading() as session:
        unit = _visible(session, unit_id)
        allowed = allowed_unit_ids(session, actor(), MANAGE, today)
        on = _shown_day(unit, today)
        path = queries.path_ids(session, unit_id, on)[1:]
        history = queries.history(session, unit_id)
        involved = {key for item in history for key in (item.old_unit_id, item.new_unit_id)}
        return render_template(
            "units/unit.html",
            unit=unit,
            name=queries.name_on(session, unit_id, on),
            kind=unit_type(unit.type),
            path=[(key, name) for key, name in queries.names_on(session, path, on).items()],
            children=queries.children(session, unit_id, on),
            counters=queries.counters_of(session, unit_id),
            history=history,
            names=queries.names_on(session, involved, today),
            hours=format_opening_hours,
            type_name=_type_name,
            may_manage=allowed is None or unit_id in allowed,
            has_ended=unit.valid_to is not None and unit.valid_to < today,
            flashes=notice(MESSAGES),
        )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(MANAGE)
def create() -> Response | str | tuple[str, int]:
    """Add a unit."""
    form = UnitForm(parent=request.args.get("parent", "")[:40])

    def act(session: Session) -> str:
        parent = _by_code(session, form.parent.data.strip(), day_of(form.on)) if form.parent.data else None
        if parent is None and actor().scopes[MANAGE]:
            raise Invalid("Xin nhập mã đơn vị cấp trên trong phạm vi Ông/Bà quản lý.")
        made = services.create_unit(
            session,
            code=form.code.data.strip(),
            name=form.name.data,
            type_code=form.type.data,
            valid_from=day_of(form.on),
            parent_id=parent.id if parent else None,
            actor_id=actor().officer_id,
        )
        return url_for(".show", unit_id=made.id, done="created")

    return _handle(form, act, "Thêm đơn vị", url_for(".index"), [("type", TYPE_OPTIONS)])


@blueprint.route("/<int:unit_id>/rename", methods=["GET", "POST"])
@requires(MANAGE)
def rename(unit_id: int) -> Response | str | tuple[str, int]:
    """Give a unit another name."""
    form = RenameForm()

    def act(session: Session) -> str:
        services.rename_unit(session, unit_id, form.name.data, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="renamed")

    return _handle(form, act, f"Đổi tên: {_managed_name(unit_id)}", url_for(".show", unit_id=unit_id))


@blueprint.route("/<int:unit_id>/move", methods=["GET", "POST"])
@requires(MANAGE)
def move(unit_id: int) -> Response | str | tuple[str, int]:
    """Put a unit under another one; the officer must manage both."""
    form = MoveForm()

    def act(session: Session) -> str:
        parent = _by_code(session, form.other.data.strip(), day_of(form.on))
        services.move_unit(session, unit_id, parent.id, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="moved")

    return _handle(form, act, f"Đổi cấp trên: {_managed_name(unit_id)}", url_for(".show", unit_id=unit_id))


@blueprint.route("/<int:unit_id>/merge", methods=["GET", "POST"])
@requires(MANAGE)
def merge(unit_id: int) -> Response | str | tuple[str, int]:
    """Merge a unit into another: first a preview of what will happen, then the act."""
    name = _managed_name(unit_id)
    form = MergeForm()

    def act(session: Session) -> str:
        into = _by_code(session, form.other.data.strip(), day_of(form.on))
        services.merge_units(session, [unit_id], into.id, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="merged")

    title, back = f"Sáp nhập: {name}", url_for(".show", unit_id=unit_id)
    if request.method == "GET" or form.confirmed.data == "1" or not form.validate():
        return _handle(form, act, title, back)
    with reading() as session:
        try:
            into, on = _by_code(session, form.other.data.strip(), day_of(form.on)), day_of(form.on)
            preview = services.preview_merge(session, unit_id, into.id, on)
        except DomainError as error:
            form.form_errors.append(error.message)
            return _form_page(form, title, back), 400
    return render_template("units/merge_preview.html", form=form, title=title, name=name, preview=preview, back=back)


@blueprint.route("/<int:unit_id>/counters/new", methods=["GET", "POST"])
@requires(MANAGE)
def create_counter(unit_id: int) -> Response | str | tuple[str, int]:
    """Add a counter to a unit."""
    form = CounterEntryForm()

    def act(session: Session) -> str:
        today = clock.local_date()
        counter_services.create_counter(session, unit_id, _entry(form), today, actor_id=actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="counter")

    return _handle(form, act, f"Thêm quầy: {_managed_name(unit_id)}", url_for(".show", unit_id=unit_id))


@blueprint.route("/counters/<int:counter_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_counter(counter_id: int) -> Response | str | tuple[str, int]:
    """Change a counter."""
    with reading() as session:
        counter = _counter(session, counter_id)
        unit_id = counter.unit_id
        form = CounterEntryForm(
            number=counter.number,
            name=counter.name,
            areas="; ".join(field.name for field in counter.fields),
            hours=format_opening_hours(counter.opening_hours),
        )

    def act(session: Session) -> str:
        _counter(session, counter_id)
        counter_services.change_counter(session, counter_id, _entry(form), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="counter")

    return _handle(form, act, "Sửa quầy", url_for(".show", unit_id=unit_id))


@blueprint.route("/counters/<int:counter_id>/close", methods=["GET", "POST"])
@requires(MANAGE)
def close_counter(counter_id: int) -> Response | str | tuple[str, int]:
    """Set the last day of a counter."""
    with reading() as session:
        counter = _counter(session, counter_id)
        unit_id, title = counter.unit_id, f"Đóng quầy {counter.number}: {counter.name}"
    form = CloseForm()

    def act(session: Session) -> str:
        _counter(session, counter_id)
        counter_services.close_counter(session, counter_id, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="counter-closed")

    return _handle(form, act, title, url_for(".show", unit_id=unit_id))


def _handle(
    form: OfficerForm,
    act: Callable[[Session], str],
    title: str,
    back: str,
    options: list[tuple[str, list[tuple[str, str]]]] | None = None,
) -> Response | str | tuple[str, int]:
    """Show a form, or do its act in one transaction and redirect; a refusal comes back with what was typed."""
    if request.method == "GET":
        return _form_page(form, title, back, options)
    if form.validate():
        try:
            with transaction() as session:
                target = act(session)
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            return redirect(target, 303)
    return _form_page(form, title, back, options), 400


def _form_page(
    form: OfficerForm, title: str, back: str, options: list[tuple[str, list[tuple[str, str]]]] | None = None
) -> str:
    return render_template("units/form.html", form=form, title=title, back=back, options=dict(options or []))


def _entry(form: CounterEntryForm) -> CounterForm:
    return CounterForm(
        number=form.number.data.strip(),
        name=form.name.data,
        fields=read_list(form.areas.data or ""),
        opening_hours=parse_opening_hours(form.hours.data or ""),
    )


def _visible(session: Session, unit_id: int) -> Unit:
    """The unit, if the officer may read it as of the last day on which it stood in the tree."""
    unit = session.get(Unit, unit_id)
    on = _shown_day(unit, clock.local_date()) if unit is not None else clock.local_date()
    return require_unit(session, actor(), READ, unit_id, on)


def _managed_name(unit_id: int) -> str:
    """The present name of a unit the officer manages; a stranger learns nothing."""
    with reading() as session:
        require_unit(session, actor(), MANAGE, unit_id)
        return queries.name_on(session, unit_id, clock.local_date())


def _by_code(session: Session, code: str, on: date) -> Unit:
    """The other unit of an act: it must exist on that day and lie within what the officer manages."""
    unit = queries.unit_by_code(session, code, on)
    if unit is None:
        raise queries.UnknownUnit("Không tìm thấy đơn vị mang mã này, hoặc Ông/Bà không quản lý đơn vị đó.")
    return require_unit(session, actor(), MANAGE, unit.id, on)


def _counter(session: Session, counter_id: int) -> Counter:
    counter = counter_services.counter_by_id(session, counter_id)
    require_unit(session, actor(), MANAGE, counter.unit_id)
    return counter


def _shown_day(unit: Unit, today: date) -> date:
    """Today, or the nearest day of the unit's life."""
    last = today if unit.valid_to is None else min(today, unit.valid_to)
    return max(last, unit.valid_from)


def _type_name(code: str) -> str:
    return unit_type(code).name
