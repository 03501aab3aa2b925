"""What stands in the outbox, without addresses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.messages.models import OutboxMessage
from app.messages.states import Channel, MessageState


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
    )
