"""Sends what waits: claim in one transaction, send outside any, note the end in another.

A process killed between sending and noting leaves the message claimed. The sweep finds it: sent again where the other
side knows repeats, otherwise marked "có thể đã gửi", for nobody can tell.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.config import Config
from app.db.session import Database
from app.messages.catalogue import BadMessage, render
from app.messages.gateway import Gateway
from app.messages.models import OutboxMessage
from app.messages.retries import LEASE, MOST_TRIES, pause_after
from app.messages.smtp import SmtpServer
from app.messages.states import Channel, MessageState
from app.messages.transports import Ending, Parcel, Transport, Tried

BUDGET_SECONDS = 40.0
"""One run ends before the next begins; what is left waits for it."""


NO_LONGER_ALLOWED = "no-longer-allowed"
NOT_TO_BE_WRITTEN = "not-to-be-written"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of a message before it goes. ``about`` as whoever wrote it named it."""

    about: str
    channel: Channel
    recipient: str
    template: str


MayGo = Callable[[Session, Waiting], bool]
"""Asked in the transaction that takes a message: whether its recipient may still be told this."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message on its way."""

    id: str
    channel: Channel
    tries: int
    parcel: Parcel


def transports_of(config: Config) -> dict[Channel, Transport]:
    """What the settings name; a channel without transport keeps its messages waiting until they are no longer valid."""
    found: dict[Channel, Transport] = {}
    if config.smtp_url:
        found[Channel.EMAIL] = SmtpServer.of(config.smtp_url, config.mail_from)
    if config.gateway_url:
        found[Channel.PHONE] = Gateway(config.gateway_url, config.gateway_key)
    return found


def send_due(
    database: Database,
    transports: Mapping[Channel, Transport],
    public_url: str,
    *,
    budget_seconds: float = BUDGET_SECONDS,
    may_go: MayGo | None = None,
) -> Counter[str]:
    """Send what is due, oldest first, for some time; how the tries ended. Any number of processes may run this.

    ``may_go`` is asked about every message that says what it is about: what a person could see when the message was
    written may be hidden from them now.
    """
    counts: Counter[str] = Counter()
    with database.transaction() as session:
        counts.update(sweep(session, transports, clock.now()))
    end = time.monotonic() + budget_seconds
    while time.monotonic() < end:
        with database.transaction() as session:
            claimed = _claim(session, transports, public_url, clock.now(), may_go)
        if claimed is None:
            break
        if isinstance(claimed, MessageState):
            counts[claimed] += 1
            continue
        transport = transports[claimed.channel]
        tried, knows = transport.send(claimed.parcel), transport.knows_repeats
        with database.transaction() as session:
            counts[_note(session, claimed, tried, knows_repeats=knows, now=clock.now())] += 1
    return counts


def sweep(session: Session, transports: Mapping[Channel, Transport], now: datetime) -> Counter[str]:
    """Messages left on their way by a process that died, and messages that are no longer worth sending."""
    counts: Counter[str] = Counter()
    left = (OutboxMessage.state == MessageState.SENDING) & (OutboxMessage.claimed_at < now - LEASE)
    for channel in Channel:
        knows = channel in transports and transports[channel].knows_repeats
        again: dict[str, Any] = {"state": MessageState.WAITING, "next_try_at": now}
        never: dict[str, Any] = {"state": MessageState.MAYBE_SENT, "ended_at": now, "failure": "left-on-its-way"}
        here = left & (OutboxMessage.channel == channel)
        if knows:  # a message that ends the process each time must not do so for ever
            worn = here & (OutboxMessage.tries >= MOST_TRIES)
            counts["left"] += _moved(session, worn, never | {"failure": "too-often-left"})
        counts["left"] += _moved(session, here, again if knows else never)
    stale = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.valid_until < now)
    gone = {"state": MessageState.CANCELLED, "ended_at": now, "failure": "not-in-time"}
    counts["cancelled"] += _moved(session, stale, gone)
    return +counts


def _moved(session: Session, which: Any, values: dict[str, Any]) -> int:
    changed = update(OutboxMessage).where(which).values(claimed_at=None, **values).returning(OutboxMessage.id)
    return len(session.execute(changed).all())


def _claim(
    session: Session,
    transports: Mapping[Channel, Transport],
    public_url: str,
    now: datetime,
    may_go: MayGo | None,
) -> Claimed | MessageState | None:
    """Take the message that has waited longest; two workers never take the same one.

    Gives its end instead where its recipient may no longer be told, or where it cannot be written.
    """
    due = (
        select(OutboxMessage)
        .where(
            OutboxMessage.state == MessageState.WAITING,
            OutboxMessage.next_try_at <= now,
            OutboxMessage.channel.in_(list(transports)),
        )
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message = session.scalar(due)
    if message is None:
        return None
    if may_go is not None and message.about is not None:
        waiting = Waiting(message.about, message.channel, message.recipient or "", message.template)
        if not may_go(session, waiting):
            message.state, message.ended_at, message.failure = MessageState.CANCELLED, now, NO_LONGER_ALLOWED
            return MessageState.CANCELLED
    try:
        text = render(message.template, json.loads(message.fields or "{}"), message.language, public_url)
    except (BadMessage, ValueError):
        # A template of another release: one such message must not stand in the way of all others.
        message.state, message.ended_at, message.failure = MessageState.CANCELLED, now, NOT_TO_BE_WRITTEN
        return MessageState.CANCELLED
    message.state, message.claimed_at, message.tries = MessageState.SENDING, now, message.tries + 1
    parcel = Parcel(message.id, message.recipient or "", message.language, text)
    return Claimed(message.id, message.channel, message.tries, parcel)


def _note(session: Session, claimed: Claimed, tried: Tried, *, knows_repeats: bool, now: datetime) -> str:
    """Store how a try ended, unless the sweep has decided meanwhile."""
    values: dict[str, Any] = {"failure": tried.code or None, "reference": tried.reference}
    pause = pause_after(claimed.tries, tried.wait)
    may_repeat = tried.ending is Ending.TEMPORARY or (tried.ending is Ending.UNKNOWN and knows_repeats)
    if tried.ending is Ending.ACCEPTED:
        values |= {"state": MessageState.SENT, "ended_at": now}
    elif may_repeat and pause is not None:
        values |= {"state": MessageState.WAITING, "next_try_at": now + pause}
    elif tried.ending is Ending.UNKNOWN:
        values |= {"state": MessageState.MAYBE_SENT, "ended_at": now}
    else:
        values |= {"state": MessageState.FAILED, "ended_at": now}
    own = (
        (OutboxMessage.id == claimed.id)
        & (OutboxMessage.state == MessageState.SENDING)
        & (OutboxMessage.tries == claimed.tries)
    )
    return str(values["state"]) if _moved(session, own, values) else "decided-meanwhile"
