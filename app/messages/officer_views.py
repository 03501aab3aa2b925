"""What became of the messages of the product, for administrators: kinds, states, failures; no words, no addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import clock
from app.db.session import reading, transaction
from app.messages import queries, services, words
from app.messages.queries import MessageLine
from app.messages.states import WORDS, Channel, MessageState
from app.web.access import actor, requires
from app.web.csrf import require_known, require_token
from app.web.lists import CSV, XLSX, Asked, Column, Filter, Kind, Listing, list_file, list_page
from app.web.notices import notice
from app.web.pages import site
from app.web.permissions import Permission

blueprint = Blueprint("messages_officer", __name__, url_prefix="/officer/messages")

MESSAGES = {"again": "Đã xếp tin vào hàng chờ gửi lại."}


@dataclass(frozen=True, slots=True)
class Line:
    """A message with whether it may be sent once more."""

    message: MessageLine
    may_again: bool


def _find(session: Session, asked: Asked) -> Sequence[MessageLine]:
    state, channel = asked.of("state"), asked.of("channel")
    kinds = [code for code, said in words.TEMPLATES.items() if asked.matches(said)] if asked.text else None
    return queries.listed(
        session,
        state=MessageState(state) if state else None,
        channel=Channel(channel) if channel else None,
        templates=kinds,
    )


def _load(session: Session, lines: Sequence[MessageLine]) -> Sequence[Line]:
    over = [one.id for one in lines if one.state in services.AGAIN and not one.is_erased]
    done = queries.again_of(session, over)
    return [Line(one, one.id in over and one.id not in done) for one in lines]


LISTING: Listing[MessageLine, Line] = Listing(
    code="messages",
    title="Tin gửi đi",
    search_label="Tìm theo loại tin",
    columns=(
        Column("template", "Loại tin", lambda line: words.TEMPLATES.get(line.message.template, line.message.template)),
        Column("channel", "Gửi qua", lambda line: words.CHANNELS[line.message.channel]),
        Column(
            "state",
            "Tình trạng",
            lambda line: WORDS[line.message.state],
            tag=lambda line: words.TAGS[line.message.state],
        ),
        Column("tries", "Số lần thử", lambda line: str(line.message.tries)),
        # The day is enough to look into a failure; the minute might be that of somebody at a counter.
        Column("created", "Ngày lập", lambda line: line.message.created_at.astimezone(clock.VIETNAM).date(), Kind.DATE),
        Column("failure", "Vì sao", lambda line: words.failure(line.message.failure)),
        Column(
            "again",
            "Gửi lại",
            lambda line: "Gửi lại" if line.may_again else "",
            url=lambda line: url_for("messages_officer.again", key=line.message.id) if line.may_again else None,
            only_page=True,
        ),
    ),
    find=_find,
    load=_load,
    filters=lambda _session: (
        Filter("state", "Tình trạng", [(state.value, said) for state, said in WORDS.items()]),
        Filter("channel", "Gửi qua", [(channel.value, said) for channel, said in words.CHANNELS.items()]),
    ),
    empty=("Chưa có tin nào", "Tin nhắc việc, tin báo người gửi được xếp ở đây rồi gửi đi mỗi phút."),
)


@blueprint.get("")
@requires(Permission.MESSAGES_MANAGE)
def index() -> str:
    """Every message as a line without address or content, and how many stand where."""
    with reading() as session:
        counts = queries.counts(session)
    config = site().config
    return list_page(
        "administration/messages.html",
        LISTING,
        counts=[
            (WORDS[state], words.TAGS[state], counts[state], state.value) for state in MessageState if counts.get(state)
        ],
        off=[
            words.CHANNELS[channel]
            for channel, is_on in ((Channel.EMAIL, config.smtp_url), (Channel.PHONE, config.gateway_url))
            if not is_on
        ],
        flashes=notice(MESSAGES),
    )


@blueprint.get("/list.csv", endpoint="files", defaults=CSV)
@blueprint.get("/list.xlsx", endpoint="files", defaults=XLSX)
@requires(Permission.MESSAGES_MANAGE)
def files(file_format: str) -> Response:
    """The list as a file."""
    return list_file(LISTING, file_format)


@blueprint.get("/<key>/again")
@requires(Permission.MESSAGES_MANAGE)
def again(key: str) -> str:
    """Ask whether to send a message once more."""
    with reading() as session:
        line = queries.one(session, key)
        (shown,) = _load(session, [line])
    return render_template(
        "administration/message_again.html",
        pairs=[
            ("Loại tin", words.TEMPLATES.get(line.template, line.template)),
            ("Gửi qua", words.CHANNELS[line.channel]),
            ("Tình trạng", WORDS[line.state]),
            ("Số lần đã thử", str(line.tries)),
            ("Vì sao", words.failure(line.failure) or "–"),
        ],
        may_again=shown.may_again,
        why_not=services.NOT_AGAIN,
        action_url=url_for(".again_submit", key=key),
        back_url=url_for(".index"),
    )


@blueprint.post("/<key>/again")
@requires(Permission.MESSAGES_MANAGE)
def again_submit(key: str) -> Response:
    """Put it into the outbox once more."""
    require_token()
    require_known(request.form, ())
    with transaction() as session:
        services.send_again(session, actor().officer_id, queries.one(session, key).id)
    return redirect(url_for(".index", done="again"), 303)
