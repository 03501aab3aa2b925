"""Units and counters for officers: list, page of a unit, acts that keep the history."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.calendar.opening_hours import format_opening_hours
from app.db.session import reading
from app.errors import Invalid
from app.units import acts, queries, services
from app.units.acts import Act, Answer, managed_name, managed_unit
from app.units.counter_views import blueprint as counter_blueprint
from app.units.forms import TYPE_OPTIONS, MoveForm, RenameForm, UnitForm, day_of
from app.units.import_views import blueprint as import_blueprint
from app.units.models import Unit
from app.units.officer_lists import UNITS
from app.units.scope import allowed_unit_ids, require_unit
from app.units.succession_views import blueprint as succession_blueprint
from app.units.types import unit_type
from app.web.access import actor, requires
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("units_officer", __name__, url_prefix="/officer/units")
blueprint.register_blueprint(counter_blueprint)
blueprint.register_blueprint(import_blueprint)
blueprint.register_blueprint(succession_blueprint)

READ, MANAGE = Permission.UNITS_READ, Permission.UNITS_MANAGE
MESSAGES = {
    "created": "Đã thêm đơn vị.",
    "renamed": "Đã đổi tên. Tên cũ vẫn được giữ cho thời gian trước.",
    "moved": "Đã đổi đơn vị cấp trên. Quan hệ cũ vẫn được giữ cho thời gian trước.",
    "merge": "Đã sáp nhập. Lịch sử của đơn vị cũ được giữ nguyên.",
    "split": "Đã chia tách. Lịch sử của đơn vị cũ được giữ nguyên.",
    "dissolve": "Đã ghi nhận giải thể. Lịch sử của đơn vị được giữ nguyên.",
    "counter": "Đã lưu quầy.",
    "counter-closed": "Đã đặt ngày đóng quầy.",
}
CREATE_HELP = (
    "Để thêm một cơ quan, trung tâm hay điểm tiếp nhận vào cây đơn vị, từ ngày đơn vị bắt đầu hoạt động. Sau đó thêm "
    "quầy, cấp mã QR và giao vai trò cho cán bộ của đơn vị. Nhiều đơn vị một lúc: dùng “Nhập từ bảng”."
)
RENAME_HELP = (
    "Để đổi tên từ một ngày. Trước ngày đó mọi trang vẫn hiện tên cũ; thẻ mã QR in tên cũ vẫn quét được, "
    "nhưng nên in lại."
)
MOVE_HELP = (
    "Để chuyển đơn vị sang một đơn vị cấp trên khác từ một ngày. Từ ngày đó kết quả, đợt khảo sát và quyền xem theo "
    "cấp trên mới; thời gian trước vẫn tính cho cấp trên cũ."
)


@blueprint.get("")
@requires(READ)
def index() -> str:
    """The units this officer may see."""
    return list_page("units/list.html", UNITS, may_manage=actor().has(MANAGE), flashes=notice(MESSAGES))


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same units as a file, with the columns of the import."""
    return list_file(UNITS, file_format)


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


@blueprint.get("/new")
@requires(MANAGE)
def create() -> str:
    """The form for a new unit; ``?parent=`` fills in the code above."""
    return acts.page(_creation(request.args.get("parent", "")[:40]))


@blueprint.post("/new")
@requires(MANAGE)
def create_submit() -> Answer:
    """Add a unit."""
    return acts.perform(_creation())


@blueprint.get("/<int:unit_id>/rename")
@requires(MANAGE)
def rename(unit_id: int) -> str:
    """The form for another name."""
    return acts.page(_renaming(unit_id))


@blueprint.post("/<int:unit_id>/rename")
@requires(MANAGE)
def rename_submit(unit_id: int) -> Answer:
    """Give a unit another name."""
    return acts.perform(_renaming(unit_id))


@blueprint.get("/<int:unit_id>/move")
@requires(MANAGE)
def move(unit_id: int) -> str:
    """The form for another parent."""
    return acts.page(_moving(unit_id))


@blueprint.post("/<int:unit_id>/move")
@requires(MANAGE)
def move_submit(unit_id: int) -> Answer:
    """Put a unit under another one; the officer must manage both."""
    return acts.perform(_moving(unit_id))


def _creation(parent_code: str = "") -> Act:
    form = UnitForm(parent=parent_code)

    def do(session: Session) -> str:
        has_parent = bool((form.parent.data or "").strip())
        parent = managed_unit(session, form.parent, day_of(form.on)) if has_parent else None
        if parent is None and actor().scopes[MANAGE]:
            raise Invalid("Xin nêu đơn vị cấp trên trong phạm vi Ông/Bà quản lý.")
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

    return Act(form, "Thêm đơn vị", CREATE_HELP, url_for(".index"), do, {"type": TYPE_OPTIONS})


def _renaming(unit_id: int) -> Act:
    form = RenameForm()

    def do(session: Session) -> str:
        services.rename_unit(session, unit_id, form.name.data, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="renamed")

    return Act(form, f"Đổi tên: {managed_name(unit_id)}", RENAME_HELP, url_for(".show", unit_id=unit_id), do)


def _moving(unit_id: int) -> Act:
    form = MoveForm()

    def do(session: Session) -> str:
        parent = managed_unit(session, form.other, day_of(form.on))
        services.move_unit(session, unit_id, parent.id, day_of(form.on), actor().officer_id)
        return url_for(".show", unit_id=unit_id, done="moved")

    return Act(form, f"Đổi cấp trên: {managed_name(unit_id)}", MOVE_HELP, url_for(".show", unit_id=unit_id), do)


def _visible(session: Session, unit_id: int) -> Unit:
    """The unit, if the officer may read it as of the last day on which it stood in the tree."""
    unit = session.get(Unit, unit_id)
    on = _shown_day(unit, clock.local_date()) if unit is not None else clock.local_date()
    return require_unit(session, actor(), READ, unit_id, on)


def _shown_day(unit: Unit, today: date) -> date:
    """Today, or the nearest day of the unit's life."""
    last = today if unit.valid_to is None else min(today, unit.valid_to)
    return max(last, unit.valid_from)


def _type_name(code: str) -> str:
    return unit_type(code).name
