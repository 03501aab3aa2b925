"""What stands in the outbox, without addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.db.pages import Matching
from app.errors import Missing
from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState


class UnknownMessage(Missing):
    """There is no such message."""


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as lists show it: never to whom, never with what in it."""

    id: str
    channel: Channel
    template: str
    about: str | None
    state: MessageState
    tries: int
    created_at: datetime
    ended_at: datetime | None
    failure: str | None
    is_erased: bool = False


def counts(session: Session) -> dict[MessageState, int]:
    """How many messages stand in each state."""
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return {row.state: int(row[1]) for row in rows}


def about(session: Session, subject: str) -> list[MessageLine]:
    """The messages about something (``case:…``), oldest first."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.about == subject).order_by(OutboxMessage.created_at, OutboxMessage.id)
    )
    return [_line(row) for row in rows]


def stuck(session: Session, limit: int = 50) -> list[MessageLine]:
    """The latest messages that did not go, or of which nobody knows whether they went."""
    states = (MessageState.FAILED, MessageState.MAYBE_SENT, MessageState.UNDELIVERED)
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state.in_(states))
        .order_by(OutboxMessage.ended_at.desc())
        .limit(limit)
    )
    return [_line(row) for row in rows]


def one(session: Session, message_id: str) -> MessageLine:
    """A message.

    Raises
    ------
    UnknownMessage
        When there is none of this number.
    """
    # What stands in an address may hold signs that no database takes.
    row = session.get(OutboxMessage, message_id) if message_id.isascii() and message_id.isalnum() else None
    if row is None:
        raise UnknownMessage("Không tìm thấy tin này.")
    return _line(row)


def listed(
    session: Session,
    *,
    state: MessageState | None = None,
    channel: Channel | None = None,
    templates: Collection[str] | None = None,
) -> Matching[MessageLine]:
    """Messages, newest first, read a page at a time."""
    closed = (defer(OutboxMessage.recipient), defer(OutboxMessage.fields))
    statement = select(OutboxMessage).options(*closed).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
    if state is not None:
        statement = statement.where(OutboxMessage.state == state)
    if channel is not None:
        statement = statement.where(OutboxMessage.channel == channel)
    if templates is not None:
        statement = statement.where(OutboxMessage.template.in_(templates))
    return Matching(session, statement, lambda row: _line(row[0]))


def again_of(session: Session, ids: Collection[str]) -> frozenset[str]:
    """Those of some messages that were sent again already."""
    keys = {again_key(one): one for one in ids}
    found = session.scalars(select(OutboxMessage.once).where(OutboxMessage.once.in_(keys)))
    return frozenset(keys[key] for key in found if key is not None)


def again_key(message_id: str) -> str:
    """The key of the message that repeats another one: there is one at most."""
    return f"again:{message_id}"


def _line(row: OutboxMessage) -> MessageLine:
    return MessageLine(
        row.id,
        row.channel,
        row.template,
        row.about,
        row.state,
        row.tries,
        row.created_at,
        row.ended_at,
        row.failure,
        row.erased_on is not None,
    )
