"""Codes on the counters and how often they were scanned."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, by_value
from app.db.types import Code, IntPk, LocalDate


class Channel(StrEnum):
    """How an answer reached us; a code is printed for one channel."""

    QR = "qr"
    KIOSK = "kiosk"


class QrCode(Base):
    """A token on a counter. From ``retired_on``, or after ``grace_until``, it leads to a friendly page."""

    __tablename__ = "qr_code"

    id: Mapped[IntPk]
    token: Mapped[Code] = mapped_column(unique=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    channel: Mapped[Channel] = mapped_column(by_value(Channel, "channel"), default=Channel.QR)
    issued_on: Mapped[LocalDate]
    grace_until: Mapped[date | None] = mapped_column(Date)
    retired_on: Mapped[date | None] = mapped_column(Date)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("qr_code.id"))


class QrScan(Base):
    """How often a code was opened on a day. No identity of any kind."""

    __tablename__ = "qr_scan"

    qr_code_id: Mapped[int] = mapped_column(ForeignKey("qr_code.id"), primary_key=True)
    scanned_on: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]
