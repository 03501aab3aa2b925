"""Changes the calendar: each act one new version, recorded with what it was before, after and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.calendar import queries
from app.calendar.day_rows import DayRow
from app.calendar.errors import BadDay, CalendarMoved
from app.calendar.models import CalendarDay, CalendarHours, CalendarVersion, EntryKind
from app.calendar.sources import Status
from app.calendar.working_time import Ranges, read_week, stored_ranges
from app.db.turns import take_turn
from app.i18n.folding import fold_words

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DAYS = 1000
TURN = "calendar"
"""Versions are counted without gap, so one is made after the other."""
MOST_TOLD = 40
"""Days whose old and new value an event names; of a larger import it names the number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to hold for a day. ``ranges`` are the hours of a working day; for others they are empty."""

    day: date
    kind: EntryKind
    name: str = ""
    ranges: Ranges = ()
    source: str = ""
    status: Status = Status.VERIFIED


def change_days(
    session: Session, actor_id: int | None, changes: Sequence[Entry], reason: str, *, seen_version: int | None = None
) -> CalendarVersion:
    """Let these entries hold from now on: days off, swapped days, or entries taken back.

    Parameters
    ----------
    session, actor_id
        The caller's transaction; who acts, None for a command.
    changes
        One entry a day.
    reason
        Why, in the officer's words.
    seen_version
        The version the officer looked at; given, it must still be the newest.

    Raises
    ------
    BadDay
        For an entry that contradicts itself, for a day named twice, and when nothing would change.
    CalendarMoved
        When somebody else changed the calendar meanwhile.
    """
    _check(changes, reason)
    take_turn(session, TURN)
    before = {one.day: one for one in queries.entries(session)}
    real = [one for one in changes if _says(one) != _said(before.get(one.day))]
    if not real:
        raise BadDay("Không có gì thay đổi: lịch đã ghi đúng như vậy.")
    version = new_version(session, actor_id, reason, seen_version)
    add_days(session, version, real)
    told = real[:MOST_TOLD]
    record(
        session,
        actor_id,
        Action.CALENDAR_CHANGE,
        f"calendar:{version.number}",
        {"days": len(real)},
        old={_key(one.day): _told(_said(before.get(one.day))) for one in told},
        new={_key(one.day): _told(_says(one)) for one in told},
        reason=reason,
    )
    return version


def change_hours(
    session: Session,
    actor_id: int | None,
    valid_from: date,
    hours: Mapping[str, list[list[str]]],
    *,
    source: str,
    reason: str,
    status: Status = Status.OWN,
    seen_version: int | None = None,
) -> CalendarVersion:
    """Let other weekly hours hold from a day on.

    Raises
    ------
    BadDay
        When no weekday has hours, or the day is absurd.
    CalendarMoved
        When somebody else changed the calendar meanwhile.
    """
    if not any(hours.values()):
        raise BadDay("Tuần phải có ít nhất một ngày làm việc.")
    _check_day(valid_from)
    _check_reason(reason)
    take_turn(session, TURN)
    held = [one for one in queries.hours_in_force(session) if one.valid_from <= valid_from]
    version = new_version(session, actor_id, reason, seen_version)
    session.add(
        CalendarHours(version=version.number, valid_from=valid_from, hours=dict(hours), source=source, status=status)
    )
    record(
        session,
        actor_id,
        Action.CALENDAR_HOURS,
        f"calendar:{version.number}",
        {"valid_from": valid_from},
        old=_told_hours(held[-1].hours) if held else None,
        new=_told_hours(hours),
        reason=reason,
    )
    return version


def entries_of(rows: Iterable[DayRow]) -> list[Entry]:
    """Rows of a table or form as entries."""
    return [Entry(one.day, EntryKind(one.kind), one.name, one.ranges, one.source, one.status) for one in rows]


def usual_hours(session: Session) -> Ranges:
    """The hours of a usual day, which a swapped day has unless others are written: those of Monday, else the first."""
    held = [one for one in queries.hours_in_force(session) if one.valid_from <= clock.local_date()]
    if not held:
        return ()
    week = read_week(held[-1].hours)
    return week.get(1) or next((ranges for _, ranges in sorted(week.items()) if ranges), ())


def new_version(session: Session, actor_id: int | None, reason: str, seen: int | None = None) -> CalendarVersion:
    """The next version, still empty."""
    newest = queries.latest_version(session)
    if seen is not None and seen != newest:
        raise CalendarMoved("Lịch vừa được người khác sửa. Xin xem lại lịch hiện nay rồi lưu lần nữa.")
    made = CalendarVersion(number=newest + 1, created_at=clock.now(), created_by=actor_id, reason=reason)
    session.add(made)
    session.flush()  # the days point to it
    return made


def add_days(session: Session, version: CalendarVersion, entries: Sequence[Entry]) -> None:
    """Put entries that were checked into a version."""
    for one in entries:
        session.add(
            CalendarDay(
                version=version.number,
                day=one.day,
                kind=one.kind,
                name=one.name,
                folded=fold_words(f"{one.name} {one.source} {one.day:%d/%m/%Y}"),
                ranges=stored_ranges(one.ranges) if one.kind is EntryKind.WORKING else None,
                source=one.source,
                status=one.status,
            )
        )


def _check(changes: Sequence[Entry], reason: str) -> None:
    _check_reason(reason)
    if len(changes) > MOST_DAYS:
        raise BadDay(f"Mỗi lần chỉ đổi được nhiều nhất {MOST_DAYS} ngày.")
    if len({one.day for one in changes}) != len(changes):
        raise BadDay("Có ngày được ghi hai lần. Mỗi ngày chỉ ghi một dòng.")
    for one in changes:
        _check_day(one.day)
        if one.kind is not EntryKind.USUAL and not (one.name and one.source):
            raise BadDay("Xin ghi tên ngày và số văn bản.")
        if (one.kind is EntryKind.WORKING) != bool(one.ranges):
            raise BadDay("Ngày làm bù phải có giờ làm việc; ngày nghỉ thì không.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise BadDay("Xin ghi lý do.")


def _check_day(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadDay(f"Chỉ nhận ngày từ năm {FIRST_YEAR} đến năm {LAST_YEAR}.")


Said = tuple[str, str, str, str, str]
NOTHING: Said = (EntryKind.USUAL.value, "", "", "", "")


def _says(one: Entry) -> Said:
    if one.kind is EntryKind.USUAL:
        return NOTHING
    hours = ",".join("-".join(pair) for pair in stored_ranges(one.ranges))
    return one.kind.value, one.name, hours, one.source, one.status.value


def _said(row: CalendarDay | None) -> Said:
    if row is None:
        return NOTHING
    hours = ",".join("-".join(pair) for pair in row.ranges or ())
    return row.kind.value, row.name, hours, row.source, row.status.value


def _key(day: date) -> str:
    return f"d{day:%Y_%m_%d}"


def _told(said: Said) -> PublicText:
    return PublicText("; ".join(part for part in said if part))


def _told_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, object]:
    return {f"weekday_{day}": ",".join("-".join(pair) for pair in ranges) for day, ranges in hours.items()}
