"""Files of cases for officers: ask for one from the list with its filters, see what was made, fetch it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.db.session import database, reading, transaction
from app.errors import Gone, Invalid
from app.exports.cases import asked, national, services
from app.exports.cases.models import CaseExport, ExportState, Layout
from app.exports.cases.rows import AT_ONCE
from app.exports.definitions import FileFormat
from app.exports.downloads import dress, file_name
from app.exports.services import MIME_TYPES
from app.feedback.cases.queries import Filters, ids_matching
from app.feedback.inbox.filters import asked_filters
from app.i18n.formats import format_integer
from app.keys.start import store_of
from app.units import queries as units
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.notices import notice
from app.web.pages import is_simulated, site
from app.web.permissions import Permission

blueprint = Blueprint("case_exports", __name__, url_prefix="/officer/case-exports")

EXPORT, CONTACT = Permission.CASES_EXPORT, Permission.CASES_EXPORT_CONTACT
FORMATS = (
    (FileFormat.XLSX.value, "Excel (XLSX)"),
    (FileFormat.CSV.value, "CSV, cho phần mềm"),
    (FileFormat.JSON.value, "JSON, cho phần mềm"),
)
LAYOUTS = (
    (Layout.LIST.value, "Danh sách đầy đủ"),
    (Layout.NATIONAL.value, "Theo cột của cơ sở dữ liệu quốc gia (không có góp ý)"),
)
MESSAGES = {
    "made": "Đã lập xong tệp. Tệp đứng đầu danh sách dưới đây.",
    "waiting": "Danh sách dài nên tệp đang được lập. Xin mở lại trang này sau vài phút.",
}
STATES = {
    ExportState.WAITING: ("plain", "Đang lập"),
    ExportState.READY: ("good", "Tải được"),
    ExportState.FAILED: ("bad", "Không lập được"),
    ExportState.EXPIRED: ("off", "Đã hết hạn"),
}


@blueprint.get("")
@requires(EXPORT)
def index() -> str:
    """What the list with its filters would give, and the files asked for so far."""
    return _page(with_contact=False)


@blueprint.get("/with-contact")
@requires(CONTACT, fresh=True)
def contact_form() -> str:
    """The same for a file with who sent each case; the password is asked for again."""
    return _page(with_contact=True)


@blueprint.post("")
@requires(EXPORT)
def create() -> Response:
    """Make a file, or note that one is wanted."""
    return _create(with_contact=False)


@blueprint.post("/with-contact")
@requires(CONTACT, fresh=True)
def create_with_contact() -> Response:
    """The same with who sent each case."""
    return _create(with_contact=True)


@blueprint.get("/<key>")
@requires(EXPORT)
def fetch(key: str) -> Response:
    """One's own file."""
    return _fetch(key, with_contact=False)


@blueprint.get("/with-contact/<key>")
@requires(CONTACT, fresh=True)
def fetch_with_contact(key: str) -> Response:
    """One's own file with who sent each case."""
    return _fetch(key, with_contact=True)


def _create(*, with_contact: bool) -> Response:
    require_token()
    require_known(request.form, ("format", "layout"))
    wanted, layout = request.form.get("format", ""), request.form.get("layout", Layout.LIST.value)
    if wanted not in dict(FORMATS) or layout not in dict(LAYOUTS):
        raise Invalid("Xin chọn một loại tệp.")
    with transaction() as session:
        filters = asked_filters()
        made = services.ask(session, actor(), filters, FileFormat(wanted), Layout(layout), with_contact=with_contact)
        key, count = made.id, len(made.case_ids)
    is_made = count <= services.MADE_AT_ONCE
    if is_made:
        services.make(database(), store_of(site().config), key, site().config.small_numbers)
    place = ".contact_form" if with_contact else ".index"
    return redirect(url_for(place, **_query(), done="made" if is_made else "waiting"), 303)


def _fetch(key: str, *, with_contact: bool) -> Response:
    store = store_of(site().config)
    with transaction() as session:
        found = services.fetch(session, store, actor(), key, with_contact=with_contact)
        state, name, size = found.state, found.stored_name, found.size or 0
        kind = FileFormat(found.file_format)
    if state is not ExportState.READY or name is None:
        raise Gone(services.NOT_ALL)
    words = ("don", "kem-nguoi-gui") if with_contact else ("don",)
    called = file_name(*words, as_of=clock.local_date(), extension=kind.value, simulated=is_simulated())
    response = Response(store.read(name), direct_passthrough=True)
    return dress(response, MIME_TYPES[kind], called, size)


def _page(*, with_contact: bool) -> str:
    today, filters = clock.local_date(), asked_filters()
    with reading() as session:
        ids = ids_matching(session, actor(), today, filters, CONTACT if with_contact else EXPORT)
        count, reported = len(ids), len(national.reported(session, ids, AT_ONCE))
        lacks_senders = with_contact and not national.has_senders(session)
        files = services.of_officer(session, actor().officer_id)
        unit = units.names_on(session, {filters.unit_id}, today).get(filters.unit_id, "") if filters.unit_id else ""
        lines = [_line(one) for one in files]
    query = _query()
    return render_template(
        "exports/cases.html",
        count=count,
        count_words=format_integer(count),
        is_filtered=filters != Filters(),
        filter_words=asked.in_words(filters, unit),
        formats=FORMATS,
        layouts=LAYOUTS,
        suggestions=format_integer(count - reported) if count > reported else "",
        reported=format_integer(reported),
        lacks_senders=lacks_senders,
        with_contact=with_contact,
        files=lines,
        is_long=count > services.MADE_AT_ONCE,
        action=url_for(".create_with_contact" if with_contact else ".create", **query),
        other_url=url_for(".index", **query) if with_contact else _contact_url(query),
        list_url=url_for("cases_officer.index", **query),
        flashes=notice(MESSAGES),
    )


def _contact_url(query: dict[str, Any]) -> str | None:
    return url_for(".contact_form", **query) if actor().has(CONTACT) else None


def _query() -> dict[str, Any]:
    """The filters as they stand in the address, without what is not of the list."""
    return {name: value for name, value in request.args.items() if name not in {"done", "page"} and value}


def _line(one: CaseExport) -> dict[str, object]:
    tag, words = STATES[one.state]
    is_over = one.expires_at is not None and one.expires_at <= clock.now()
    if one.state is ExportState.READY and is_over:
        tag, words = STATES[ExportState.EXPIRED]
    endpoint = ".fetch_with_contact" if one.with_contact else ".fetch"
    return {
        "asked_at": one.asked_at.astimezone(clock.VIETNAM),
        "format": one.file_format.upper(),
        "is_national": one.layout == Layout.NATIONAL,
        "with_contact": one.with_contact,
        "count": format_integer(len(one.case_ids)) if one.case_ids else "",
        "tag": tag,
        "state": words,
        "expires_at": one.expires_at.astimezone(clock.VIETNAM) if one.expires_at and not is_over else None,
        "url": url_for(endpoint, key=one.id) if one.state is ExportState.READY and not is_over else None,
    }
