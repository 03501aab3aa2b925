"""Versions of rules: rows are only ever added, triggers refuse the rest. Cases point to the one they began under."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.calendar.sources import Status
from app.db.base import Base, by_value
from app.db.types import Code, IntPk, LocalDate, ShortText, Timestamp


class RuleVersion(Base):
    """What holds for a matter from a day on, until a later version begins."""

    __tablename__ = "rule_version"
    __table_args__ = (Index("ix_rule_version_matter", "matter", "valid_from"),)

    id: Mapped[IntPk]
    matter: Mapped[Code]
    valid_from: Mapped[LocalDate]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    legal_basis: Mapped[ShortText]
    status: Mapped[Status] = mapped_column(by_value(Status, "status"))
    reason: Mapped[ShortText]
    created_at: Mapped[Timestamp]
    created_by: Mapped[int | None]


class RuleWithdrawal(Base):
    """Takes back a version that has not begun."""

    __tablename__ = "rule_withdrawal"
    __table_args__ = (UniqueConstraint("version_id"),)

    id: Mapped[IntPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    reason: Mapped[ShortText]
    withdrawn_at: Mapped[Timestamp]
    withdrawn_by: Mapped[int | None]
