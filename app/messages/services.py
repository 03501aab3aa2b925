"""Put messages into the outbox, take them back, note what became of them. Callers own the transaction."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.errors import Conflict
from app.messages import addresses, catalogue
from app.messages.models import OutboxMessage
from app.messages.queries import again_key
from app.messages.states import Channel, MessageState, before

VALID_FOR = timedelta(days=3)
KEPT = timedelta(days=30)
AGAIN = frozenset({MessageState.FAILED, MessageState.UNDELIVERED})
"""Ends after which a message certainly did not arrive."""
NOT_AGAIN = "Tin này không gửi lại được: tin có thể đã đến, đã được gửi lại, không còn cần, hoặc nội dung đã xóa."


class NotAgain(Conflict):
    """What was asked to be sent once more cannot be."""


def enqueue(
    session: Session,
    channel: Channel,
    template: str,
    recipient: str,
    values: Mapping[str, str],
    *,
    about: str | None = None,
    once: str | None = None,
    language: str = "vi",
    not_before: datetime | None = None,
    valid_for: timedelta = VALID_FOR,
) -> str | None:
    """Add a message to the caller's transaction: what it tells of and the message are stored together or not at all.

    Parameters
    ----------
    channel, recipient
        How and to whom; the address is checked.
    template, values
        One of ``catalogue.TEMPLATES`` and its fields, each of its form.
    about
        What it is about, as ``kind:id``; left out where that must not be told.
    once
        A message with this key is stored once for ever.
    not_before
        The first moment to send it, for reminders that keep to working time.
    valid_for
        How long after that it is still worth sending.

    Returns
    -------
    The number of the message, or None when one with this key is there already.

    Raises
    ------
    BadAddress
        When nothing can be sent to this recipient.
    BadMessage
        When the fields do not fit the template.
    """
    addresses.check(channel, recipient)
    if catalogue.check(template, values).is_about_denunciations and about is not None:
        raise catalogue.BadMessage("A message about denunciations says nothing about what.")
    now = clock.now()
    first = max(now, not_before or now)
    number = secrets.token_hex(16)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    stored = session.execute(
        insert(OutboxMessage)
        .values(
            id=number,
            channel=channel,
            template=template,
            language=language,
            recipient=in_row(recipient, number),
            fields=in_row(json.dumps(dict(values), ensure_ascii=False), number),
            about=about,
            once=once,
            state=MessageState.WAITING,
            tries=0,
            next_try_at=first,
            valid_until=first + valid_for,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(OutboxMessage.id)
    ).scalar()
    return None if stored is None else str(stored)


def send_again(session: Session, actor_id: int, message_id: str) -> str:
    """Put a message that was given up into the outbox once more; its number. Twice changes nothing.

    What may have gone is never repeated, nor what nobody waits for any more.

    Raises
    ------
    NotAgain
        When the message is not one that was given up, or is no longer known.
    """
    old = session.get(OutboxMessage, message_id, with_for_update=True)
    if old is None or old.state not in AGAIN or old.recipient is None or old.fields is None:
        raise NotAgain(NOT_AGAIN)
    number = enqueue(
        session,
        old.channel,
        old.template,
        old.recipient,
        json.loads(old.fields),
        about=old.about,
        once=again_key(old.id),
        language=old.language,
    )
    if number is None:
        raise NotAgain(NOT_AGAIN)
    record(session, actor_id, Action.MESSAGE_RESEND, f"message:{number[:30]}", {"template": old.template})
    return number


def cancel_about(session: Session, about: str) -> int:
    """Take back what waits about something: the case was moved, closed or erased; how many messages."""
    moved = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.about == about, OutboxMessage.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, ended_at=clock.now(), failure="no-longer-needed")
        .returning(OutboxMessage.id)
    )
    return len(moved.all())


def note_receipt(session: Session, message_id: str, *, arrived: bool) -> bool:
    """What the other side tells about a message it took; False: unknown, or its end is already known.

    Receipts come late, twice and in any order: the first word about the end of a message stands.
    """
    state = MessageState.DELIVERED if arrived else MessageState.UNDELIVERED
    moved = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state.in_(before(state)))
        .values(state=state, ended_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return moved.first() is not None


def erase_old(session: Session) -> int:
    """Empty addresses and fields of messages that ended some time ago; how many."""
    now = clock.now()
    ended = [state for state in MessageState if state not in {MessageState.WAITING, MessageState.SENDING}]
    old = select(OutboxMessage.id).where(
        OutboxMessage.state.in_(ended), OutboxMessage.ended_at < now - KEPT, OutboxMessage.erased_on.is_(None)
    )
    emptied = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(old))
        .values(recipient=None, fields=None, erased_on=clock.local_date())
        .returning(OutboxMessage.id)
    )
    return len(emptied.all())
