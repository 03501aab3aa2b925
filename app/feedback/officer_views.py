"""What citizens wrote, for the officers of the units concerned."""

from flask import Blueprint, render_template, request, url_for

from app import clock
from app.accounts.errors import UnknownUnit
from app.audit.services import record_reading, was_read_lately
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.feedback.cases import queries
from app.i18n.formats import format_date
from app.web.access import actor, requires
from app.web.pagination import links, page_number
from app.web.permissions import Permission
from app.web.search import sought

blueprint = Blueprint("feedback_officer", __name__, url_prefix="/officer/feedback")

COLUMNS = tuple(
    {"label": label, "numeric": False} for label in ("Số phản ánh", "Ngày nhận", "Đơn vị", "Quầy", "Nội dung")
)


@blueprint.get("")
@requires(Permission.CASES_READ)
def index() -> str:
    """The texts of the officer's units, latest day first; ``?unit=`` narrows to one unit, ``?q=`` to some words."""
    search = sought()
    asked = request.args.get("unit", "")
    today = clock.local_date()
    subject = f"feedback:list-{page_number()}"
    with reading() as session:
        options = {str(unit_id): name for unit_id, name in queries.units_with_cases(session, actor(), today)}
        if asked and asked not in options:
            raise UnknownUnit("Không tìm thấy đơn vị này, hoặc Ông/Bà không được giao xem đơn vị này.")
        filters = queries.Filters(search, int(asked) if asked else None, sort="received")
        page = queries.page(session, actor(), today, filters, page_number())
        is_known = was_read_lately(session, actor().officer_id, Action.CASE_LIST, subject)
    if not is_known:
        with transaction() as session:
            unit_id = int(asked) if asked else None
            record_reading(session, actor().officer_id, Action.CASE_LIST, subject, unit_id, page=page_number())
    return render_template(
        "feedback/list.html",
        filter_action=url_for("feedback_officer.index"),
        filters=[
            {"name": "unit", "label": "Đơn vị", "value": asked, "options": [("", "Mọi đơn vị"), *options.items()]},
            {"name": "q", "label": "Nội dung hoặc số phản ánh", "value": search, "options": None},
        ],
        columns=COLUMNS,
        rows=[_row(line) for line in page.lines],
        page=links(page.number, page.last_number, page.total),
    )


def _row(line: queries.CaseLine) -> list[str]:
    return [line.public_number, format_date(line.received_on), line.unit_name, line.counter_name, line.first_words]
