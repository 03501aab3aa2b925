"""Codes of counters: list, issue, replace, retire, print. Printed and downloaded codes are recorded too."""

from flask import Blueprint, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import require_unit
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import reading, transaction
from app.errors import Conflict, DomainError, Missing
from app.qr import services
from app.qr.cards import CardKind, card_for, render_cards
from app.qr.forms import USUAL_GRACE_DAYS, IssueForm, RetireForm, RotateForm
from app.qr.models import Channel, QrCode
from app.qr.officer_lists import CODES, UNIT_CODES
from app.qr.officer_pages import Held, code_address, code_page, code_title, held_code, retire_page, unit_page
from app.qr.queries import CodeState, codes_of_unit
from app.qr.render import png, svg
from app.units import queries as units
from app.units.models import counter_label
from app.web.access import actor, requires
from app.web.csrf import refuse_other_sites
from app.web.errors import status_of
from app.web.lists import CSV, XLSX, list_file, list_page
from app.web.pages import is_simulated, site
from app.web.permissions import Permission

blueprint = Blueprint("qr_officer", __name__, url_prefix="/officer/codes")


@blueprint.get("")
@requires(Permission.CODES_READ)
def index() -> str:
    """The units with counters in the officer's part of the tree."""
    return list_page("qr/list.html", UNIT_CODES)


@blueprint.get("/list.csv", defaults=CSV)
@blueprint.get("/list.xlsx", defaults=XLSX)
@requires(Permission.CODES_READ)
def files(file_format: str) -> Response:
    """The same units as a file."""
    return list_file(UNIT_CODES, file_format)


@blueprint.get("/all")
@requires(Permission.CODES_READ)
def codes() -> str:
    """Every code in the officer's part of the tree."""
    return list_page("qr/codes.html", CODES)


@blueprint.get("/all/list.csv", defaults=CSV)
@blueprint.get("/all/list.xlsx", defaults=XLSX)
@requires(Permission.CODES_READ)
def code_files(file_format: str) -> Response:
    """The same codes as a file, with the addresses printed under them."""
    return list_file(CODES, file_format)


@blueprint.get("/units/<int:unit_id>")
@requires(Permission.CODES_READ)
def unit(unit_id: int) -> str:
    """The counters of one unit with their codes and scans."""
    return unit_page(unit_id, IssueForm(channel=Channel.QR.value))


@blueprint.post("/units/<int:unit_id>/issue")
@requires(Permission.CODES_MANAGE)
def issue(unit_id: int) -> Response | tuple[str, int]:
    """A first code for every counter of the unit that has none."""
    form = IssueForm()
    if not form.validate():
        return unit_page(unit_id, form), 400
    with transaction() as session:
        require_unit(session, actor(), Permission.CODES_MANAGE, unit_id)
        today = clock.local_date()
        counters = [counter.id for counter in units.counters_of(session, unit_id, today)]
        codes = services.issue_missing(session, counters, today=today, channel=Channel(form.channel.data))
        session.flush()  # the record names the codes by their numbers
        for code in codes:
            _record(session, Action.CODE_ISSUE, code, unit_id, {"channel": code.channel.value})
    return redirect(url_for(".unit", unit_id=unit_id, done="issued" if codes else "none-missing"), 303)


@blueprint.get("/<int:code_id>")
@requires(Permission.CODES_READ)
def show(code_id: int) -> str:
    """One code: its picture, addresses, scans, and what can be done."""
    return code_page(code_id, RotateForm(grace_days=str(USUAL_GRACE_DAYS)))


@blueprint.post("/<int:code_id>/rotate")
@requires(Permission.CODES_MANAGE)
def rotate(code_id: int) -> Response | tuple[str, int]:
    """Put a new code in place of this one."""
    form = RotateForm()
    if not form.validate():
        return code_page(code_id, form), 400
    try:
        with transaction() as session:
            held = held_code(session, code_id, Permission.CODES_MANAGE)
            if held.state is CodeState.RETIRED:  # also when its counter or unit has ended
                raise Conflict("Mã này đã ngừng dùng nên không đổi được.")
            new = services.rotate(session, code_id, form.days, today=clock.local_date())
            detail = {"replaced_by": new.id, "grace_until": str(held.code.grace_until)}
            _record(session, Action.CODE_ROTATE, held.code, held.unit.id, detail)
    except Missing:
        raise
    except DomainError as error:
        return code_page(code_id, form, error.message), status_of(error)
    return redirect(url_for(".show", code_id=new.id, done="rotated"), 303)


@blueprint.get("/<int:code_id>/retire")
@requires(Permission.CODES_MANAGE)
def retire(code_id: int) -> str:
    """Say what retiring does, and ask."""
    return retire_page(code_id, RetireForm())


@blueprint.post("/<int:code_id>/retire")
@requires(Permission.CODES_MANAGE)
def retire_submit(code_id: int) -> Response | tuple[str, int]:
    """End the code today; issue another one if asked."""
    form = RetireForm()
    if not form.validate():
        return retire_page(code_id, form), 400
    with transaction() as session:
        held = held_code(session, code_id, Permission.CODES_MANAGE)
        today = clock.local_date()
        services.retire(session, code_id, today=today)
        if held.state is not CodeState.RETIRED:
            _record(session, Action.CODE_RETIRE, held.code, held.unit.id, {"retired_on": today.isoformat()})
        session.flush()  # issuing looks for codes in force
        new = []
        if form.issue_new.data:
            new = services.issue_missing(session, [held.counter.id], today=today, channel=held.code.channel)
            session.flush()  # the record names the code by its number
        for code in new:
            _record(session, Action.CODE_ISSUE, code, held.unit.id, {"channel": code.channel.value})
    if new:
        return redirect(url_for(".show", code_id=new[0].id, done="replaced"), 303)
    return redirect(url_for(".unit", unit_id=held.unit.id, done="retired"), 303)


@blueprint.get("/units/<int:unit_id>/cards.pdf")
@requires(Permission.CODES_READ)
def print_unit(unit_id: int) -> Response:
    """The cards of all counters of a unit as one PDF; ``?kind=`` says which."""
    refuse_other_sites()
    kind = _kind()
    with reading() as session:
        found = require_unit(session, actor(), Permission.CODES_READ, unit_id)
        today = clock.local_date()
        name = units.name_on(session, unit_id, today)
        codes = [code for code in codes_of_unit(session, unit_id, today) if code.channel is Channel.QR]
    if not codes:
        raise Conflict("Đơn vị này chưa có mã nào để in. Xin cấp mã cho các quầy trước.")
    address = site().config.public_url
    cards = [
        card_for(name, counter_label(code.counter_number, code.counter_name), code.token, address) for code in codes
    ]
    pdf = render_cards(kind, cards, simulated=is_simulated())
    with transaction() as session:
        detail = {"kind": kind.value, "codes": [code.code_id for code in codes]}
        record(session, actor().officer_id, Action.CODE_PRINT, f"unit:{unit_id}", detail, unit_id=unit_id)
    return _download(pdf, f"ma-qr-{found.code}-{kind.value}.pdf", "application/pdf")


@blueprint.get("/<int:code_id>/cards.pdf")
@requires(Permission.CODES_READ)
def print_code(code_id: int) -> Response:
    """The cards of one counter as PDF; ``?kind=`` says which."""
    kind, held = _kind(), _to_print(code_id)
    if held.code.channel is not Channel.QR:
        raise Conflict("Mã này dành cho máy tính bảng tại quầy, không in thành thẻ.")
    card = card_for(held.unit_name, held.counter.label, held.code.token, site().config.public_url)
    pdf = render_cards(kind, [card], simulated=is_simulated())
    return _recorded(held, kind.value, pdf, "pdf", "application/pdf")


@blueprint.get("/<int:code_id>/picture.svg")
@requires(Permission.CODES_READ)
def picture_svg(code_id: int) -> Response:
    """The code as a vector picture, for an office's own print shop."""
    held = _to_print(code_id)
    return _recorded(held, "svg", svg(code_address(held.code), title=code_title(held)).encode(), "svg", "image/svg+xml")


@blueprint.get("/<int:code_id>/picture.png")
@requires(Permission.CODES_READ)
def picture_png(code_id: int) -> Response:
    """The code as a picture for documents and web pages."""
    held = _to_print(code_id)
    return _recorded(held, "png", png(code_address(held.code)), "png", "image/png")


def _kind() -> CardKind:
    asked = request.args.get("kind", "")
    if asked not in list(CardKind):
        raise Missing("Không có loại thẻ này.")
    return CardKind(asked)


def _to_print(code_id: int) -> Held:
    refuse_other_sites()
    with reading() as session:
        held = held_code(session, code_id, Permission.CODES_READ)
    if held.state is not CodeState.ACTIVE:
        raise Conflict("Mã này đã ngừng dùng hoặc đã được thay, nên không in nữa. Xin in mã mới của quầy.")
    return held


def _recorded(held: Held, kind: str, data: bytes, ending: str, mimetype: str) -> Response:
    with transaction() as session:
        _record(session, Action.CODE_PRINT, held.code, held.unit.id, {"kind": kind})
    return _download(data, f"ma-qr-{held.unit.code}-quay-{held.code.id}-{kind}.{ending}", mimetype)


def _record(session: Session, action: Action, code: QrCode, unit_id: int, detail: dict[str, object]) -> None:
    known = {"counter": code.counter_id, **detail}
    record(session, actor().officer_id, action, f"code:{code.id}", known, unit_id=unit_id)


def _download(data: bytes, name: str, mimetype: str) -> Response:
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "-" for sign in name)
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{safe}"'})
