"""The record of acts."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, IntPk, Timestamp


class AuditEvent(Base):
    """Who did what to what, and when. Rows are only ever inserted; ``detail`` holds no personal data."""

    __tablename__ = "audit_event"

    id: Mapped[IntPk]
    occurred_at: Mapped[Timestamp] = mapped_column(index=True)
    action: Mapped[Code]
    actor_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    subject: Mapped[Code]
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
