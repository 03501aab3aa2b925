"""Officer pages about codes: what they show, and which code an officer may see at all."""

from dataclasses import dataclass

from flask import render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session

from app import clock
from app.accounts.errors import UnknownUnit
from app.accounts.scope import allowed_unit_ids, require_unit
from app.db.session import reading
from app.errors import Missing
from app.i18n.formats import format_date, format_integer
from app.qr import overview
from app.qr.addresses import scan_address, short_address
from app.qr.cards import CardKind
from app.qr.forms import CHANNEL_OPTIONS, IssueForm, RetireForm, RotateForm
from app.qr.models import Channel, QrCode
from app.qr.queries import CodeState, code_state
from app.qr.render import svg
from app.units import queries as units
from app.units.models import Counter, Unit
from app.web.access import actor
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

MESSAGES = {
    "issued": "Đã cấp mã cho các quầy chưa có mã. Bước tiếp theo: in thẻ và đặt tại quầy.",
    "none-missing": "Quầy nào cũng đã có mã, không cần cấp thêm.",
    "rotated": "Đã đổi mã. Xin in thẻ mới và thay thẻ cũ trước khi mã cũ hết hạn.",
    "retired": "Mã đã ngừng dùng. Người quét mã này thấy trang giải thích và vẫn gửi được phản ánh.",
    "replaced": "Mã cũ đã ngừng dùng, quầy đã có mã mới. Xin in thẻ mới ngay.",
}
STATE_WORDS = {
    CodeState.ACTIVE: ("good", "Đang dùng"),
    CodeState.GRACE: ("plain", "Sắp hết hạn"),
    CodeState.RETIRED: ("off", "Đã ngừng"),
}
CHANNEL_WORDS = dict(CHANNEL_OPTIONS)
SHEETS = ((CardKind.POSTER, "Áp phích A4"), (CardKind.TENT, "Biển để quầy A5"), (CardKind.STICKERS, "Nhãn dán"))
SCAN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Held:
    """A code that the officer may see, with its place."""

    code: QrCode
    counter: Counter
    unit: Unit
    unit_name: str
    state: CodeState


def held_code(session: Session, code_id: int, permission: Permission) -> Held:
    """The code, if it exists and lies where the officer holds the permission; otherwise the same Missing."""
    missing = Missing("Không tìm thấy mã QR này, hoặc Ông/Bà không được giao xem đơn vị có mã này.")
    code = session.get(QrCode, code_id)
    if code is None:
        raise missing
    counter = session.get_one(Counter, code.counter_id)
    try:
        unit = require_unit(session, actor(), permission, counter.unit_id)
    except UnknownUnit as error:
        raise missing from error
    today = clock.local_date()
    name = units.name_on(session, unit.id, today)
    state = code_state(code.retired_on, code.grace_until, today)
    has_ended = any(one.valid_to is not None and one.valid_to < today for one in (unit, counter))
    return Held(code, counter, unit, name, CodeState.RETIRED if has_ended else state)


def unit_page(unit_id: int, form: IssueForm) -> str:
    """The counters of one unit with their codes."""
    show_retired = "retired" in request.args
    with reading() as session:
        require_unit(session, actor(), Permission.CODES_READ, unit_id)
        today = clock.local_date()
        name = units.name_on(session, unit_id, today)
        lines = overview.counters_with_codes(session, unit_id, today, retired=show_retired)
        may_manage = _may_manage(session, unit_id)
    return render_template(
        "qr/unit.html",
        unit_id=unit_id,
        unit_name=name,
        lines=lines,
        missing=sum(not line.has_code for line in lines),
        can_print=any(line.state is CodeState.ACTIVE for counter in lines for line in counter.codes),
        sheets=SHEETS,
        show_retired=show_retired,
        may_manage=may_manage,
        form=form,
        channel_options=CHANNEL_OPTIONS,
        channel_words=CHANNEL_WORDS,
        state_words=STATE_WORDS,
        format_date=format_date,
        format_integer=format_integer,
        flashes=notice(MESSAGES),
    )


def code_page(code_id: int, form: RotateForm, problem: str = "") -> str:
    """One code; ``problem`` is why it could not be replaced."""
    with reading() as session:
        held = held_code(session, code_id, Permission.CODES_READ)
        days = overview.scans_by_day(session, code_id, clock.local_date(), SCAN_DAYS)
        may_manage = _may_manage(session, held.unit.id)
    errors = [*form.problems(), *([{"field_id": "grace_days", "message": problem}] if problem else [])]
    return render_template(
        "qr/code.html",
        held=held,
        # Our own drawing of our own address, hence not escaped.
        picture=Markup(svg(code_address(held.code), title=code_title(held))),  # noqa: S704
        short_address=short_address(site().config.public_url, held.code.token),
        rows=[[format_date(day), format_integer(count)] for day, count in days],
        scan_columns=[{"label": "Ngày", "numeric": False}, {"label": "Lượt quét", "numeric": True}],
        total=format_integer(sum(count for _, count in days)),
        sheets=SHEETS if held.code.channel is Channel.QR else (),
        channel_words=CHANNEL_WORDS,
        state_words=STATE_WORDS,
        may_manage=may_manage,
        form=form,
        errors=errors,
        wrong=form.wrong("grace_days") or problem,
        format_date=format_date,
        flashes=notice(MESSAGES),
    )


def retire_page(code_id: int, form: RetireForm) -> str:
    """What retiring does, and the question whether to."""
    with reading() as session:
        held = held_code(session, code_id, Permission.CODES_MANAGE)
    return render_template("qr/retire.html", held=held, form=form)


def _may_manage(session: Session, unit_id: int) -> bool:
    allowed = allowed_unit_ids(session, actor(), Permission.CODES_MANAGE, clock.local_date())
    return allowed is None or unit_id in allowed


def code_address(code: QrCode) -> str:
    """What stands inside the code."""
    return scan_address(site().config.public_url, code.token)


def code_title(held: Held) -> str:
    """The words for who cannot see the picture."""
    return f"Mã QR: {held.counter.label}, {held.unit_name}"
