"""Which of the officers one manages can be reached: a list without addresses; entering and dropping for one officer."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts import list_queries
from app.accounts import queries as accounts
from app.accounts.contacts import queries, services, words
from app.accounts.contacts.queries import ContactLine
from app.accounts.errors import UnknownOfficer
from app.accounts.list_queries import OfficerKey
from app.accounts.models import Officer
from app.accounts.scope import allowed_unit_ids
from app.db.session import reading, transaction
from app.i18n.folding import natural_key
from app.messages.addresses import LONGEST, BadAddress
from app.messages.states import Channel
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Listing, list_file, list_page
from app.web.notices import notice
from app.web.permissions import Permission
from app.web.text_input import clean

blueprint = Blueprint("contacts_officer", __name__, url_prefix="/officer/officers")

MESSAGES = {
    "entered": "Đã ghi và gửi mã đến địa chỉ đó. Chính cán bộ phải nhập mã ở trang “Nhận nhắc việc” của mình.",
    "dropped": "Đã bỏ địa chỉ. Không gửi gì đến đó nữa.",
}
PROVEN, WAITING, NONE = "proven", "waiting", "none"
STATES = {PROVEN: "Đã xác nhận", WAITING: "Chờ xác nhận", NONE: "Chưa có"}
UNKNOWN = "Không tìm thấy cán bộ này trong phạm vi Ông/Bà quản lý."
CHANNELS = "<any(email, phone):channel>"


@dataclass(frozen=True, slots=True)
class Line:
    """An officer with what is known of their addresses."""

    officer: OfficerKey
    contacts: dict[Channel, ContactLine]


def state_of(contacts: dict[Channel, ContactLine]) -> str:
    """The key in ``STATES``."""
    if any(one.verified_at for one in contacts.values()):
        return PROVEN
    return WAITING if contacts else NONE


def _find(session: Session, asked: Asked) -> Sequence[Line]:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, today)
    keys = [one for one in list_queries.officers_found(session, asked.matches, today, allowed) if one.is_active]
    known = queries.of_officers(session, [one.id for one in keys])
    lines = [Line(one, known.get(one.id, {})) for one in keys]
    return [line for line in lines if asked.of("state") in ("", state_of(line.contacts))]


def _said(line: Line, channel: Channel) -> str:
    found = line.contacts.get(channel)
    if found is None:
        return STATES[NONE]
    return STATES[WAITING] if found.verified_at is None else words.SHORT[found.level]


LISTING: Listing[Line, Line] = Listing(
    code="officer-contacts",
    title="Nhận nhắc việc của cán bộ",
    search_label="Tìm theo tên hoặc tên đăng nhập",
    columns=(
        Column(
            "name",
            "Họ và tên",
            lambda line: line.officer.full_name,
            sort=lambda line: natural_key(line.officer.full_name),
            url=lambda line: url_for("contacts_officer.show", officer_id=line.officer.id),
        ),
        Column(
            "username", "Tên đăng nhập", lambda line: line.officer.username, sort=lambda line: line.officer.username
        ),
        Column("email", "Thư điện tử", lambda line: _said(line, Channel.EMAIL)),
        Column("phone", "Điện thoại", lambda line: _said(line, Channel.PHONE)),
        Column(
            "state",
            "Nhận được tin",
            lambda line: STATES[state_of(line.contacts)],
            tag=lambda line: {PROVEN: "good", WAITING: "plain", NONE: "off"}[state_of(line.contacts)],
        ),
    ),
    find=_find,
    load=lambda _session, lines: lines,
    filters=lambda _session: (Filter("state", "Tình trạng", tuple(STATES.items())),),
    empty=("Chưa có cán bộ nào", "Thêm cán bộ ở mục Cán bộ."),
)


@blueprint.get("/contacts")
@requires(Permission.OFFICERS_MANAGE)
def index() -> str:
    """Who can be reached and who cannot."""
    return list_page("accounts/contact_list.html", LISTING)


@blueprint.get("/contacts/list.csv", endpoint="files", defaults=CSV)
@blueprint.get("/contacts/list.xlsx", endpoint="files", defaults=XLSX)
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def files(file_format: str) -> Response:
    """The same as a file: names of staff, so the password is asked for again."""
    return list_file(LISTING, file_format)


@blueprint.get("/<int:officer_id>/contacts")
@requires(Permission.OFFICERS_MANAGE)
def show(officer_id: int) -> str:
    """The addresses of one officer, cut so that they can be recognised and not written to."""
    return _page(officer_id)


@blueprint.post(f"/<int:officer_id>/contacts/{CHANNELS}")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def enter(officer_id: int, channel: str) -> Response | tuple[str, int]:
    """Enter an address for an officer; only the officer can prove it."""
    require_token()
    require_known(request.form, ["address"])
    typed = clean(request.form.get("address", ""))[: LONGEST + 1].strip()
    try:
        with transaction() as session:
            _managed(session, officer_id)
            services.enter(session, actor().officer_id, officer_id, Channel(channel), typed)
    except BadAddress as error:
        return _page(officer_id, {channel: error.message}, {channel: typed}), 400
    return redirect(url_for(".show", officer_id=officer_id, done="entered"), 303)


@blueprint.post(f"/<int:officer_id>/contacts/{CHANNELS}/drop")
@requires(Permission.OFFICERS_MANAGE, fresh=True)
def drop(officer_id: int, channel: str) -> Response:
    """Take an address off, for instance of a telephone that was lost."""
    require_token()
    with transaction() as session:
        _managed(session, officer_id)
        services.drop(session, actor().officer_id, officer_id, Channel(channel))
    return redirect(url_for(".show", officer_id=officer_id, done="dropped"), 303)


def _page(officer_id: int, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    wrong, typed = wrong or {}, typed or {}
    with reading() as session:
        officer = _managed(session, officer_id)
        known = queries.of_officer(session, officer_id)
    return render_template(
        "accounts/officer_contacts.html",
        officer=officer,
        parts=[
            {
                "name": channel.value,
                "label": words.LABELS[channel],
                "field_label": words.FIELDS[channel],
                "example": words.EXAMPLES[channel],
                "line": known.get(channel),
                "level_words": words.SHORT[known[channel].level] if channel in known else "",
                "typed": typed.get(channel.value, ""),
                "wrong": wrong.get(channel.value, ""),
            }
            for channel in Channel
        ],
        errors=[{"field_id": f"{name}-address", "message": said} for name, said in wrong.items()],
        flashes=notice(MESSAGES),
    )


def _managed(session: Session, officer_id: int) -> Officer:
    today = clock.local_date()
    allowed = allowed_unit_ids(session, actor(), Permission.OFFICERS_MANAGE, today)
    if not accounts.may_manage(session, officer_id, today, allowed):
        raise UnknownOfficer(UNKNOWN)
    return session.get_one(Officer, officer_id)
