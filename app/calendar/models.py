"""The calendar as a history: each act makes a version, and rows are only ever added (triggers refuse the rest).

A version holds for each day the newest row up to it, and for each first day of weekly hours likewise, so that any
earlier version can be loaded again.
"""

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calendar.sources import Status
from app.db.base import Base, by_value
from app.db.types import IntPk, LocalDate, LongText, ShortText, Timestamp


class EntryKind(StrEnum):
    """What a row says about its day; ``usual`` takes an earlier entry back."""

    OFF = "off"
    WORKING = "working"
    USUAL = "usual"


class CalendarVersion(Base):
    """One act on the calendar: who, when, why. The numbers count without gap."""

    __tablename__ = "calendar_version"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    created_at: Mapped[Timestamp]
    created_by: Mapped[int | None]
    reason: Mapped[ShortText]

    days: Mapped[list["CalendarDay"]] = relationship(order_by="CalendarDay.day")
    hours: Mapped[list["CalendarHours"]] = relationship(order_by="CalendarHours.valid_from")


class CalendarDay(Base):
    """What a version says about one day. ``ranges`` is its working time, [["07:30", "11:30"], …], empty when off."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        UniqueConstraint("day", "version"),
        CheckConstraint("kind = 'working' OR ranges IS NULL", name="hours_when_working"),
    )

    id: Mapped[IntPk]
    version: Mapped[int] = mapped_column(ForeignKey("calendar_version.number"), index=True)
    day: Mapped[LocalDate]
    kind: Mapped[EntryKind] = mapped_column(by_value(EntryKind, "entry_kind"))
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[LongText]
    ranges: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[ShortText]
    status: Mapped[Status] = mapped_column(by_value(Status, "status"))


class CalendarHours(Base):
    """Weekly hours from a day on: ISO weekday to ranges, {"1": [["07:30", "11:30"], …]}."""

    __tablename__ = "calendar_hours"
    __table_args__ = (UniqueConstraint("valid_from", "version"),)

    id: Mapped[IntPk]
    version: Mapped[int] = mapped_column(ForeignKey("calendar_version.number"), index=True)
    valid_from: Mapped[LocalDate]
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(JSON)
    source: Mapped[ShortText]
    status: Mapped[Status] = mapped_column(by_value(Status, "status"))
