"""Pages about the counters of a unit."""

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.calendar.opening_hours import format_opening_hours, parse_opening_hours
from app.db.session import reading
from app.units import acts, counter_services
from app.units.acts import Act, Answer, managed_name
from app.units.counter_services import CounterForm
from app.units.forms import CloseForm, CounterEntryForm, day_of
from app.units.import_cells import read_list
from app.units.models import Counter
from app.units.officer_lists import COUNTERS
from app.units.scope import require_unit
from app.web.access import actor, requires
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.permissions import Permission

blueprint = Blueprint("counters", __name__)

MANAGE = Permission.UNITS_MANAGE
UNIT_PAGE = "units_officer.show"
CREATE_HELP = (
    "Để khai báo một quầy nơi người dân được phục vụ. Mỗi quầy có một mã QR riêng (cấp ở mục Mã QR), nên kết quả xem "
    "được theo từng quầy. Lĩnh vực và giờ làm việc giúp lọc kết quả và nhận ra phiếu gửi ngoài giờ."
)
CHANGE_HELP = (
    "Để sửa số, tên, lĩnh vực hoặc giờ làm việc của quầy. Mã QR đã in vẫn dùng được; nếu đổi tên, nên in lại thẻ."
)
CLOSE_HELP = (
    "Để ghi nhận ngày cuối cùng quầy phục vụ. Sau ngày đó mã QR của quầy ngừng nhận câu trả lời; phiếu đã nhận vẫn "
    "được tính và quầy vẫn xem lại được."
)


@blueprint.get("/counters")
@requires(Permission.UNITS_READ)
def index() -> str:
    """The counters of all units this officer may see."""
    return list_page("units/counters.html", COUNTERS, may_manage=actor().has(MANAGE))


@blueprint.get("/counters/list.csv", defaults=CSV)
@blueprint.get("/counters/list.xlsx", defaults=XLSX)
@requires(Permission.UNITS_READ)
def files(file_format: str) -> Response:
    """The same counters as a file, with the columns of the import."""
    return list_file(COUNTERS, file_format)


@blueprint.get("/<int:unit_id>/counters/new")
@requires(MANAGE)
def create(unit_id: int) -> str:
    """The form for a new counter."""
    return acts.page(_creation(unit_id))


@blueprint.post("/<int:unit_id>/counters/new")
@requires(MANAGE)
def create_submit(unit_id: int) -> Answer:
    """Add a counter to a unit."""
    return acts.perform(_creation(unit_id))


@blueprint.get("/counters/<int:counter_id>")
@requires(MANAGE)
def edit(counter_id: int) -> str:
    """The form of a counter."""
    return acts.page(_change(counter_id))


@blueprint.post("/counters/<int:counter_id>")
@requires(MANAGE)
def edit_submit(counter_id: int) -> Answer:
    """Change a counter."""
    return acts.perform(_change(counter_id))


@blueprint.get("/counters/<int:counter_id>/close")
@requires(MANAGE)
def close(counter_id: int) -> str:
    """The form for the last day of a counter."""
    return acts.page(_closing(counter_id))


@blueprint.post("/counters/<int:counter_id>/close")
@requires(MANAGE)
def close_submit(counter_id: int) -> Answer:
    """Set the last day of a counter."""
    return acts.perform(_closing(counter_id))


def _creation(unit_id: int) -> Act:
    form = CounterEntryForm()

    def do(session: Session) -> str:
        today = clock.local_date()
        counter_services.create_counter(session, unit_id, _entry(form), today, actor_id=actor().officer_id)
        return url_for(UNIT_PAGE, unit_id=unit_id, done="counter")

    return Act(form, f"Thêm quầy: {managed_name(unit_id)}", CREATE_HELP, url_for(UNIT_PAGE, unit_id=unit_id), do)


def _change(counter_id: int) -> Act:
    with reading() as session:
        counter = _managed(session, counter_id)
        unit_id = counter.unit_id
        form = CounterEntryForm(
            number=counter.number,
            name=counter.name,
            areas="; ".join(field.name for field in counter.fields),
            hours=format_opening_hours(counter.opening_hours),
        )

    def do(session: Session) -> str:
        _managed(session, counter_id)
        counter_services.change_counter(session, counter_id, _entry(form), actor().officer_id)
        return url_for(UNIT_PAGE, unit_id=unit_id, done="counter")

    return Act(form, "Sửa quầy", CHANGE_HELP, url_for(UNIT_PAGE, unit_id=unit_id), do)


def _closing(counter_id: int) -> Act:
    with reading() as session:
        counter = _managed(session, counter_id)
        unit_id, title = counter.unit_id, f"Đóng quầy {counter.number}: {counter.name}"
    form = CloseForm()

    def do(session: Session) -> str:
        _managed(session, counter_id)
        counter_services.close_counter(session, counter_id, day_of(form.on), actor().officer_id)
        return url_for(UNIT_PAGE, unit_id=unit_id, done="counter-closed")

    return Act(form, title, CLOSE_HELP, url_for(UNIT_PAGE, unit_id=unit_id), do)


def _entry(form: CounterEntryForm) -> CounterForm:
    return CounterForm(
        number=form.number.data.strip(),
        name=form.name.data,
        fields=read_list(form.areas.data or ""),
        opening_hours=parse_opening_hours(form.hours.data or ""),
    )


def _managed(session: Session, counter_id: int) -> Counter:
    counter = counter_services.counter_by_id(session, counter_id)
    require_unit(session, actor(), MANAGE, counter.unit_id)
    return counter
