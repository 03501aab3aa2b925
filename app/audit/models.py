"""The record of acts, the place where its chain ends, the signed heads, and the thresholds of the watch.

Rows are only ever added: triggers and, on PostgreSQL, missing rights refuse everything else (docs/audit.md).
"""

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, IntPk, LocalDate, ShortText, Timestamp


class AuditEvent(Base):
    """Who did what to what, when and why; nothing personal (``values.py``), nothing changed later.

    ``day`` and ``sequence`` are the place in the chain: the local day on which the row was stored, and its number
    within that day. ``folded`` is for the search only and follows from the rest.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_place", "day", "sequence", unique=True),
        Index("ix_audit_event_actor", "actor_id", "occurred_at"),
        Index("ix_audit_event_action", "action", "occurred_at"),
    )

    id: Mapped[IntPk]
    day: Mapped[LocalDate]
    sequence: Mapped[int]
    occurred_at: Mapped[Timestamp] = mapped_column(index=True)
    action: Mapped[Code]
    actor_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(String(120))
    unit_id: Mapped[int | None]
    subject: Mapped[Code]
    old_value: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    new_value: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(300))
    folded: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditChain(Base):
    """Where the chain ends: one row, locked by whoever adds to it. It only ever moves forward."""

    __tablename__ = "audit_chain"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[IntPk]
    day: Mapped[LocalDate]
    sequence: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """A signed statement about the chain (``proof/head_text.py``); ``number`` counts without gap."""

    __tablename__ = "audit_head"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[LocalDate] = mapped_column(index=True)
    rows: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    is_final: Mapped[bool]
    signed_at: Mapped[Timestamp]
    key_id: Mapped[Code]
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))


class AuditThreshold(Base):
    """From a day on, another number is what stands out (``watch/thresholds.py``); the newest row of a day counts."""

    __tablename__ = "audit_threshold"

    id: Mapped[IntPk]
    name: Mapped[Code]
    value: Mapped[int]
    valid_from: Mapped[LocalDate]
    reason: Mapped[ShortText]
    set_by: Mapped[int | None]
    set_at: Mapped[Timestamp]
