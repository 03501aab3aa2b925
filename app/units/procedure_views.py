"""Pages about procedures and fields: lists for everybody who sees units, changes for who manages all units."""

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.db.session import reading
from app.errors import NotAllowed
from app.i18n.formats import format_date
from app.units import acts, procedure_services
from app.units.acts import Act, Answer
from app.units.forms import LEVEL_OPTIONS, CloseForm, FieldForm, ProcedureForm, day_of
from app.units.officer_lists import FIELDS, PROCEDURES, manages_everywhere
from app.units.procedure_services import ProcedureEntry
from app.units.types import Level
from app.web.access import actor, requires
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission

blueprint = Blueprint("procedures_officer", __name__, url_prefix="/officer/procedures")

READ, MANAGE = Permission.UNITS_READ, Permission.UNITS_MANAGE
LEVELS = {"level": LEVEL_OPTIONS}
MESSAGES = {
    "procedure": "Đã lưu thủ tục.",
    "ended": "Đã đặt ngày kết thúc. Phiếu và phản ánh về thủ tục này vẫn được giữ.",
    "field": "Đã lưu lĩnh vực.",
}
CREATE_HELP = (
    "Để thêm một thủ tục vào danh mục dùng chung. Phiếu khảo sát và phản ánh nêu thủ tục theo mã này. Nhiều thủ tục "
    "một lúc: dùng “Nhập từ bảng”."
)
CHANGE_HELP = (
    "Để sửa tên, lĩnh vực, cấp thực hiện hoặc ngày bắt đầu. Mã không đổi được, vì phiếu và phản ánh nêu theo mã."
)
END_HELP = "Để ghi nhận ngày cuối cùng thủ tục còn áp dụng. Thủ tục không bị xóa: phiếu và phản ánh cũ vẫn nêu được nó."
FIELD_HELP = (
    "Để đặt tên một lĩnh vực (hộ tịch, đất đai…). Quầy và thủ tục thuộc lĩnh vực này hiện tên mới ở mọi nơi; kết quả "
    "lọc theo lĩnh vực không đổi."
)


@blueprint.get("")
@requires(READ)
def index() -> str:
    """The procedures; everybody shares them."""
    return list_page("units/procedures.html", PROCEDURES, may_manage=manages_everywhere(), flashes=notice(MESSAGES))


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(READ)
def files(file_format: str) -> Response:
    """The same procedures as a file, with the columns of the import."""
    return list_file(PROCEDURES, file_format)


@blueprint.get("/fields")
@requires(READ)
def fields() -> str:
    """The fields of administration."""
    return list_page("units/fields.html", FIELDS, may_manage=manages_everywhere(), flashes=notice(MESSAGES))


@blueprint.get("/fields/list.csv", defaults=CSV)
@blueprint.get("/fields/list.xlsx", defaults=XLSX)
@requires(READ)
def field_files(file_format: str) -> Response:
    """The same fields as a file."""
    return list_file(FIELDS, file_format)


@blueprint.get("/new")
@requires(MANAGE)
def create() -> str:
    """The form for a new procedure."""
    return acts.page(_creation())


@blueprint.post("/new")
@requires(MANAGE)
def create_submit() -> Answer:
    """Add a procedure."""
    return acts.perform(_creation())


@blueprint.get("/<int:procedure_id>")
@requires(MANAGE)
def edit(procedure_id: int) -> str:
    """The form of a procedure."""
    return acts.page(_change(procedure_id))


@blueprint.post("/<int:procedure_id>")
@requires(MANAGE)
def edit_submit(procedure_id: int) -> Answer:
    """Change a procedure."""
    return acts.perform(_change(procedure_id))


@blueprint.get("/<int:procedure_id>/end")
@requires(MANAGE)
def end(procedure_id: int) -> str:
    """The form for the last day of a procedure."""
    return acts.page(_ending(procedure_id))


@blueprint.post("/<int:procedure_id>/end")
@requires(MANAGE)
def end_submit(procedure_id: int) -> Answer:
    """Set the last day of a procedure."""
    return acts.perform(_ending(procedure_id))


@blueprint.get("/fields/new")
@requires(MANAGE)
def create_field() -> str:
    """The form for a new field."""
    return acts.page(_field_creation())


@blueprint.post("/fields/new")
@requires(MANAGE)
def create_field_submit() -> Answer:
    """Add a field."""
    return acts.perform(_field_creation())


@blueprint.get("/fields/<int:field_id>")
@requires(MANAGE)
def edit_field(field_id: int) -> str:
    """The form of a field."""
    return acts.page(_field_change(field_id))


@blueprint.post("/fields/<int:field_id>")
@requires(MANAGE)
def edit_field_submit(field_id: int) -> Answer:
    """Rename a field."""
    return acts.perform(_field_change(field_id))


def _creation() -> Act:
    _require_everywhere()
    form = ProcedureForm()

    def do(session: Session) -> str:
        procedure_services.create_procedure(session, form.code.data.strip(), _entry(form), actor().officer_id)
        return url_for(".index", done="procedure")

    return Act(form, "Thêm thủ tục", CREATE_HELP, url_for(".index"), do, LEVELS)


def _change(procedure_id: int) -> Act:
    _require_everywhere()
    with reading() as session:
        found = procedure_services.procedure_by_id(session, procedure_id)
        form = ProcedureForm(
            name=found.name,
            area=found.field.name if found.field else "",
            level=found.level,
            on=format_date(found.valid_from) if found.valid_from else "",
        )
        title = f"Sửa thủ tục {found.code}"
    del form.code

    def do(session: Session) -> str:
        procedure_services.change_procedure(session, procedure_id, _entry(form), actor().officer_id)
        return url_for(".index", done="procedure")

    links = ((url_for(".end", procedure_id=procedure_id), "Kết thúc thủ tục này…"),)
    return Act(form, title, CHANGE_HELP, url_for(".index"), do, LEVELS, links=links)


def _ending(procedure_id: int) -> Act:
    _require_everywhere()
    with reading() as session:
        found = procedure_services.procedure_by_id(session, procedure_id)
        title = f"Kết thúc thủ tục {found.code}: {found.name}"
    form = CloseForm()

    def do(session: Session) -> str:
        procedure_services.end_procedure(session, procedure_id, day_of(form.on), actor().officer_id)
        return url_for(".index", done="ended")

    return Act(form, title, END_HELP, url_for(".edit", procedure_id=procedure_id), do)


def _field_creation() -> Act:
    _require_everywhere()
    form = FieldForm()

    def do(session: Session) -> str:
        procedure_services.create_field(session, form.name.data, actor().officer_id)
        return url_for(".fields", done="field")

    return Act(form, "Thêm lĩnh vực", FIELD_HELP, url_for(".fields"), do)


def _field_change(field_id: int) -> Act:
    _require_everywhere()
    with reading() as session:
        found = procedure_services.field_by_id(session, field_id)
        form, title = FieldForm(name=found.name), f"Đổi tên lĩnh vực {found.name}"

    def do(session: Session) -> str:
        procedure_services.rename_field(session, field_id, form.name.data, actor().officer_id)
        return url_for(".fields", done="field")

    return Act(form, title, FIELD_HELP, url_for(".fields"), do)


def _entry(form: ProcedureForm) -> ProcedureEntry:
    return ProcedureEntry(
        name=form.name.data,
        field=form.area.data.strip(),
        level=Level(form.level.data),
        valid_from=day_of(form.on) if (form.on.data or "").strip() else None,
    )


def _require_everywhere() -> None:
    if not manages_everywhere():
        raise NotAllowed("Danh mục thủ tục và lĩnh vực dùng chung, nên chỉ quản trị viên toàn hệ thống được sửa.")
