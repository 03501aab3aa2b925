"""One case: its page, its files, and apart from both who sent it. Each look is recorded."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import transaction
from app.feedback.cases import access, details, readings
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.models import Case, Reporter
from app.feedback.cases.reporters import Contact
from app.feedback.handling import case_page, rechecked, services
from app.feedback.handling.act_views import NAMES
from app.files.downloads import file_response
from app.files.gate.queries import content
from app.keys.start import store_of
from app.web.access import actor, requires
from app.web.csrf import require_token
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("case_officer", __name__, url_prefix="/officer/cases")

MESSAGES = {name: f"Đã ghi: {move.label.lower()}." for name, move in NAMES.items()} | {
    "take-up": "Đã ghi: nhận xử lý. Ông/Bà là người xử lý đơn này.",
    "take-up-kept": "Đã ghi: nhận xử lý. Người đã được giao vẫn là người xử lý.",
    "set-points-one": "Đã ghi: đơn này chỉ có một ý, trả lời chung một lần.",
    "close": "Đã gửi câu trả lời cho người gửi. Đơn đã kết thúc.",
    "erased": "Đã xóa họ tên, liên hệ của người gửi.",
    "submitted": "Đã trình duyệt. Câu trả lời chưa gửi; thời hạn vẫn chạy.",
    "noted": "Đã ghi chú. Người gửi không đọc được.",
    "merge": "Đã gộp. Mỗi đơn vẫn có hạn và câu trả lời riêng.",
    "unmerge": "Đã tách. Hai đơn lại được xử lý riêng.",
}


@blueprint.get("/<case_id>")
@requires(Permission.CASES_READ)
def show(case_id: str) -> str:
    """The case from top to bottom; opening it is noted."""
    today = clock.local_date()
    with transaction() as session:
        case, held = access.look(session, actor(), case_id, today, case_page.ASKED)
        readings.opened(session, case, actor(), _role(Permission.CASES_READ))
        view = details.of(session, case, today)
        context = case_page.context(session, actor(), view, today, url_for, held)
        context["rechecked"] = rechecked.findings(session, actor(), case_id)
    return render_template("cases/one.html", flashes=notice(MESSAGES), **context)


@blueprint.get("/<case_id>/contact")
@requires(Permission.CASES_READ_CONTACT)
def contact(case_id: str) -> str:
    """Who sent it; each look is on the record."""
    today = clock.local_date()
    with transaction() as session:
        found = details.contact(session, actor(), case_id, today)
        case = session.get_one(Case, case_id)
        kept = session.get(Reporter, case_id)
        record(session, actor().officer_id, Action.CASE_READ_CONTACT, readings.subject(case_id), {}, case.unit_id)
        may_erase = access.may(session, actor(), case_id, today, Permission.CASES_ERASE_CONTACT)
        return render_template(
            "cases/contact.html",
            number=case.public_number,
            version=case.version,
            pairs=[] if found is None else _pairs(found),
            erase_on=kept.erase_on if kept else None,
            erased_on=kept.erased_on if kept else None,
            may_erase=may_erase,
            is_closed=case.closed_on is not None,
            case_url=url_for(".show", case_id=case_id),
            erase_url=url_for(".erase_contact", case_id=case_id),
        )


@blueprint.post("/<case_id>/contact/erase")
@requires(Permission.CASES_ERASE_CONTACT, fresh=True)
def erase_contact(case_id: str) -> Response:
    """Erase who sent a closed case, for good."""
    require_token()
    role = _role(Permission.CASES_ERASE_CONTACT)
    with transaction() as session:
        services.erase_contact(session, actor(), case_id, request.form.get("version", 0, type=int), role=role)
    return redirect(url_for(".show", case_id=case_id, done="erased"), 303)


@blueprint.get("/<case_id>/files/<int:number>")
@requires(Permission.CASES_READ)
def file(case_id: str, number: int) -> Response:
    """One file, asked for anew each time: to whoever may not see the case it does not exist.

    What somebody sent who gave a name may show that name, so it is opened with the right to know who sent it.
    """
    today = clock.local_date()
    with transaction() as session:
        case = access.find(session, actor(), case_id, today)
        if not case.is_anonymous:
            access.find(session, actor(), case_id, today, Permission.CASES_READ_CONTACT)
        found = next((one for place, one in details.files_of(session, case.id) if place == number), None)
        if found is None:
            raise UnknownCase
        sent = content(session, store_of(site().config), found.id)
        subject, detail = readings.subject(case.id), {"number": number}
        record(session, actor().officer_id, Action.CASE_READ_FILE, subject, detail, case.unit_id)
    return file_response(sent, to_staff=True)


def _pairs(found: Contact) -> list[tuple[str, str]]:
    labelled = (
        ("Họ tên", found.name),
        ("Điện thoại", found.phone),
        ("Thư điện tử", found.email),
        ("Địa chỉ", found.address),
    )
    return [(label, value) for label, value in labelled if value]


def _role(permission: Permission) -> str:
    return actor().roles.get(permission, "")
