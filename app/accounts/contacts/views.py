"""One's own addresses: enter, prove with a code, choose how much to be told, drop."""

from flask import Blueprint, redirect, render_template, request, url_for
from limits import parse
from werkzeug.wrappers import Response

from app import clock
from app.accounts.contacts import queries, services, words
from app.accounts.contacts.errors import TooSoon
from app.accounts.contacts.models import Level
from app.accounts.contacts.queries import ContactLine
from app.db.session import reading, transaction
from app.messages.addresses import LONGEST, BadAddress
from app.messages.states import Channel
from app.web.access import actor, signed_in
from app.web.csrf import require_known, require_token
from app.web.limits import limits
from app.web.notices import notice
from app.web.pages import site
from app.web.text_input import clean

blueprint = Blueprint("contacts", __name__, url_prefix="/officer/account/contacts")

PER_OFFICER = parse("10 per hour")  # codes go to whatever address was typed
TOO_MANY = "Đã lấy mã quá nhiều lần. Xin Ông/Bà đợi một giờ rồi thử lại."
CHOOSE = "Xin chọn một cách nhận."
MESSAGES = {
    "entered": "Đã gửi mã 6 chữ số đến địa chỉ vừa ghi. Xin nhập mã để xác nhận.",
    "entered-unsent": "Đã ghi địa chỉ. Mã xác nhận chưa gửi được vì hệ thống chưa nối với nơi gửi; xin báo quản trị hệ "
    "thống, rồi lấy mã mới ở đây.",
    "again-unsent": "Chưa gửi được mã vì hệ thống chưa nối với nơi gửi. Xin báo quản trị hệ thống.",
    "again": "Đã gửi mã mới. Mã cũ không dùng được nữa.",
    "proven": "Đã xác nhận địa chỉ. Xin chọn cách nhận.",
    "chosen": "Đã lưu cách nhận.",
    "dropped": "Đã bỏ địa chỉ. Không gửi gì đến đó nữa.",
}
CHANNELS = "<any(email, phone):channel>"


@blueprint.get("")
@signed_in
def index() -> str:
    """Where reminders go, and how much of them."""
    return _page()


@blueprint.post(f"/{CHANNELS}/enter")
@signed_in
def enter(channel: str) -> Response | tuple[str, int]:
    """Take an address and send it a code."""
    typed = _typed("address")
    if not limits().hit(PER_OFFICER, "contact-code", str(actor().officer_id)):
        return _page({f"{channel}-address": TOO_MANY}, {f"{channel}-address": typed}), 429
    try:
        with transaction() as session:
            services.enter(session, actor().officer_id, actor().officer_id, Channel(channel), typed)
    except BadAddress as error:
        return _page({f"{channel}-address": error.message}, {f"{channel}-address": typed}), 400
    return _done(_sent("entered", channel))


@blueprint.post(f"/{CHANNELS}/again")
@signed_in
def again(channel: str) -> Response | tuple[str, int]:
    """Send a new code."""
    _typed("nothing")
    if not limits().hit(PER_OFFICER, "contact-code", str(actor().officer_id)):
        return _page({f"{channel}-code": TOO_MANY}), 429
    try:
        with transaction() as session:
            services.send_code_again(session, actor().officer_id, Channel(channel))
    except TooSoon as error:
        return _page({f"{channel}-code": error.message}), 400
    return _done(_sent("again", channel))


@blueprint.post(f"/{CHANNELS}/confirm")
@signed_in
def confirm(channel: str) -> Response | tuple[str, int]:
    """Prove the address."""
    typed = _typed("code")
    with transaction() as session:
        is_proven = services.confirm(session, actor().officer_id, Channel(channel), typed)
    if not is_proven:
        return _page({f"{channel}-code": services.WRONG_CODE}), 400
    return _done("proven")


@blueprint.post(f"/{CHANNELS}/choose")
@signed_in
def choose(channel: str) -> Response | tuple[str, int]:
    """How much to be told there."""
    typed = _typed("level")
    if typed not in set(Level):
        return _page({f"{channel}-level": CHOOSE}), 400
    with transaction() as session:
        services.choose(session, actor().officer_id, Channel(channel), Level(typed))
    return _done("chosen")


@blueprint.post(f"/{CHANNELS}/drop")
@signed_in
def drop(channel: str) -> Response:
    """Forget the address."""
    _typed("nothing")
    with transaction() as session:
        services.drop(session, actor().officer_id, actor().officer_id, Channel(channel))
    return _done("dropped")


def _typed(name: str) -> str:
    """The one field of a form, cut to what could be right; other fields are refused."""
    require_token()
    require_known(request.form, [name])
    return clean(request.form.get(name, ""))[: LONGEST + 1].strip()


def _is_sent(channel: Channel) -> bool:
    """Whether there is anything that sends to such addresses."""
    config = site().config
    return bool(config.smtp_url if channel is Channel.EMAIL else config.gateway_url)


def _sent(done: str, channel: str) -> str:
    return done if _is_sent(Channel(channel)) else f"{done}-unsent"


def _done(what: str) -> Response:
    return redirect(url_for(".index", done=what), 303)


def _page(wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    with reading() as session:
        mine = queries.of_officer(session, actor().officer_id)
    wrong, typed = wrong or {}, typed or {}
    return render_template(
        "accounts/contacts.html",
        parts=[_part(channel, mine.get(channel), wrong, typed) | {"is_sent": _is_sent(channel)} for channel in Channel],
        errors=[{"field_id": name, "message": message} for name, message in wrong.items()],
        levels=[(level.value, said) for level, said in words.LEVELS.items()],
        flashes=notice(MESSAGES, "info" if request.args.get("done", "").endswith("-unsent") else "success"),
    )


def _part(
    channel: Channel, line: ContactLine | None, wrong: dict[str, str], typed: dict[str, str]
) -> dict[str, object]:
    name = channel.value
    is_waiting = line is not None and line.verified_at is None
    return {
        "name": name,
        "label": words.LABELS[channel],
        "field_label": words.FIELDS[channel],
        "example": words.EXAMPLES[channel],
        "line": line,
        "is_waiting": is_waiting,
        "has_code": line is not None and line.code_until is not None and line.code_until >= clock.now(),
        "address": typed.get(f"{name}-address", ""),
        "wrong": {key.removeprefix(f"{name}-"): said for key, said in wrong.items() if key.startswith(f"{name}-")},
    }
