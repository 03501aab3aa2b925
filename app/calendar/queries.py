"""Reads the calendar: any version of it, its entries for a list, its history."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from app.calendar.errors import UnknownVersion
from app.calendar.models import CalendarDay, CalendarHours, CalendarVersion, EntryKind
from app.calendar.working_time import DayKind, SpecialDay, WeeklyHours, WorkingCalendar, read_ranges, read_week
from app.i18n.folding import fold_words

_SPECIAL = (
    CalendarDay.day,
    CalendarDay.kind,
    CalendarDay.name,
    CalendarDay.ranges,
    CalendarDay.source,
    CalendarDay.status,
)


def latest_version(session: Session) -> int:
    """The number of the newest version; 0 before the first load."""
    return session.scalar(select(func.max(CalendarVersion.number))) or 0


def calendar(session: Session, version: int | None = None) -> WorkingCalendar:
    """The calendar as it stands, or as it stood in a version.

    Raises
    ------
    UnknownVersion
        When there is no such version.
    """
    newest = latest_version(session)
    wanted = newest if version is None else version
    if not 1 <= wanted <= newest:
        raise UnknownVersion("Lịch làm việc chưa được nạp, hoặc không có phiên bản này. Xin báo quản trị hệ thống.")
    rows = session.execute(
        _in_force(CalendarDay.day, CalendarDay.version, wanted).with_only_columns(
            CalendarDay.day,
            CalendarDay.kind,
            CalendarDay.name,
            CalendarDay.ranges,
            CalendarDay.source,
            CalendarDay.status,
        )
    )
    days = {
        row.day: SpecialDay(row.day, DayKind(row.kind.value), row.name, read_ranges(row.ranges), row.source, row.status)
        for row in rows
        if row.kind is not EntryKind.USUAL
    }
    return WorkingCalendar(wanted, tuple(_week(row) for row in hours_in_force(session, wanted)), days)


def hours_in_force(session: Session, version: int | None = None) -> list[CalendarHours]:
    """The weekly hours of a version, by first day."""
    statement = _in_force(CalendarHours.valid_from, CalendarHours.version, version)
    return list(session.scalars(statement.order_by(CalendarHours.valid_from)))


def entry(session: Session, day: date) -> CalendarDay | None:
    """What the newest version says about a day, if anything."""
    found = session.scalar(
        select(CalendarDay).where(CalendarDay.day == day).order_by(CalendarDay.version.desc()).limit(1)
    )
    return None if found is None or found.kind is EntryKind.USUAL else found


def entries(session: Session, *, year: int | None = None, search: str = "") -> list[CalendarDay]:
    """The entries in force, by day; of a year, and with certain words in name or source (with marks or without)."""
    return list(session.scalars(_listed(year, search).order_by(CalendarDay.day)))


def years(session: Session) -> list[int]:
    """The years for which there are entries, newest first."""
    return sorted({day.year for day in session.scalars(select(CalendarDay.day).distinct())}, reverse=True)


def versions(session: Session) -> list[CalendarVersion]:
    """Every version with what it changed, newest first."""
    statement = select(CalendarVersion).options(selectinload(CalendarVersion.days), selectinload(CalendarVersion.hours))
    return list(session.scalars(statement.order_by(CalendarVersion.number.desc())))


def history_of(session: Session, day: date) -> list[tuple[CalendarDay, CalendarVersion]]:
    """What was ever said about a day, newest first."""
    statement = (
        select(CalendarDay, CalendarVersion)
        .join(CalendarVersion, CalendarVersion.number == CalendarDay.version)
        .where(CalendarDay.day == day)
        .order_by(CalendarDay.version.desc())
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _week(row: CalendarHours) -> WeeklyHours:
    return WeeklyHours(row.valid_from, read_week(row.hours))


def _in_force(key: InstrumentedAttribute[date], version: InstrumentedAttribute[int], until: int | None) -> Select[Any]:
    """The newest row for each key, up to a version."""
    newest = select(key.label("key"), func.max(version).label("version")).group_by(key)
    if until is not None:
        newest = newest.where(version <= until)
    found = newest.subquery()
    return select(key.class_).join(found, (key == found.c.key) & (version == found.c.version))


def _listed(year: int | None, search: str) -> Select[Any]:
    statement = _in_force(CalendarDay.day, CalendarDay.version, None).where(CalendarDay.kind != EntryKind.USUAL)
    if year is not None:
        statement = statement.where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    for word in fold_words(search).split():
        statement = statement.where(CalendarDay.folded.contains(word, autoescape=True))
    return statement
