"""The outbox, one row a message."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, Timestamp, UtcDateTime
from app.messages.states import Channel, MessageState


class OutboxMessage(Base):
    """A message to one recipient. Its random id is also what the other side knows it by.

    ``once`` keeps a second message of the same meaning out ("due:case:…:2026-11-22"). ``recipient`` and ``fields`` are
    emptied some time after the message has ended; the row stays.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed_while_sending"),
        CheckConstraint("tries >= 0", name="tries_counted"),
        Index("ix_outbox_message_state_next_try_at", "state", "next_try_at"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(by_value(Channel, "channel"))
    template: Mapped[Code]
    language: Mapped[Code]
    recipient: Mapped[str | None] = mapped_column(
        EncryptedText("outbox_message.recipient", row="id"), comment="personal data: an address"
    )
    fields: Mapped[str | None] = mapped_column(EncryptedText("outbox_message.fields", row="id"))
    about: Mapped[str | None] = mapped_column(String(60), index=True, comment="kind:id; None for denunciations")
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[MessageState] = mapped_column(by_value(MessageState, "state"))
    tries: Mapped[int]
    next_try_at: Mapped[Timestamp]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[Timestamp]
    created_at: Mapped[Timestamp]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(60), comment="a code, never words of the other side")
    reference: Mapped[str | None] = mapped_column(String(120), comment="what the gateway calls it")
    erased_on: Mapped[date | None] = mapped_column(Date)
