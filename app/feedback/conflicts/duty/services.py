"""Acts on the duty roster of a counter. After each, its cases are looked at again for who is concerned."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case
from app.feedback.conflicts.duty.errors import BadDuty, OwnDuty, UnknownDuty
from app.feedback.conflicts.kinds import Shift
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.naming import comparable
from app.feedback.conflicts.roster import around
from app.feedback.conflicts.services import refresh_all, undo_mistake
from app.feedback.conflicts.touched import Touched
from app.units.models import Counter

ID_BYTES = 12
CLOSED_SINCE = timedelta(days=366)
OWN = "Ông/Bà không tự sửa được dòng về chính mình. Xin nhờ người khác có quyền sửa lịch trực."


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody at a counter: an officer, or a name without account; never both."""

    officer_id: int | None
    person_name: str
    weekdays: int
    shift: Shift
    valid_from: date
    valid_to: date | None


def who_is(session: Session, counter: Counter, typed: str, on: date) -> int | None:
    """The officer around the counter meant by a user name, or by a full name that only one bears; else nobody.

    Officers of other places are not found: a user name that was guessed must not tell whose it is.
    """
    people = around(session, counter.unit_id, on)
    by_account = session.scalar(select(Officer.id).where(Officer.username == typed.strip().lower()))
    if by_account in people:
        return by_account
    found = [officer_id for officer_id, name in people.items() if comparable(name) == comparable(typed)]
    return found[0] if len(found) == 1 else None


def add(session: Session, by: int, counter_id: int, entries: Sequence[Duty]) -> Touched:
    """Put lines into the roster of a counter, and follow what they mean for its cases.

    Raises
    ------
    BadDuty
        When days are in the wrong order.
    """
    lines = _put(session, by, counter_id, entries)
    detail = {"officers": sorted({one.officer_id for one in entries if one.officer_id is not None})}
    counter = session.get_one(Counter, counter_id)
    record(session, by, Action.DUTY_ADD, f"counter:{counter_id}", detail, counter.unit_id)
    return follow(session, [counter_id], lines)


def add_imported(session: Session, by: int, rows: Sequence[tuple[int, Duty]]) -> Touched:
    """Put the lines of a table into the rosters of their counters."""
    counters: dict[int, list[Duty]] = {}
    for counter_id, entry in rows:
        counters.setdefault(counter_id, []).append(entry)
    lines: list[CounterDuty] = []
    for counter_id, entries in counters.items():
        lines += _put(session, by, counter_id, entries)
    record(session, by, Action.DUTY_IMPORT, "duty:import", {"rows": len(rows), "counters": len(counters)})
    return follow(session, counters, lines)


def end_line(session: Session, by: int, line_id: str, last: date) -> int:
    """Name the last day of a line, today or later: what was is not changed; the counter of the line."""
    line, counter = _line(session, by, line_id)
    if last < max(clock.local_date(), line.valid_from):
        raise BadDuty("Ngày cuối phải từ hôm nay trở đi và không trước ngày bắt đầu. Dòng ghi nhầm thì dùng “Rút”.")
    line.valid_to = last
    detail = {"line": line.id, "last": last.isoformat()}
    record(session, by, Action.DUTY_END, f"counter:{counter.id}", detail, counter.unit_id)
    return counter.id


def withdraw(session: Session, viewer: Viewer, line_id: str) -> Touched:
    """Mark a line as entered by mistake.

    Withdrawn by the level above, what rests on it alone in cases that were there before it is lifted, and what it sent
    up comes back; it still counts for what came while it stood.
    """
    by = viewer.officer_id
    line, counter = _line(session, by, line_id)
    line.withdrawn_by, line.withdrawn_at = by, clock.now()
    record(session, by, Action.DUTY_WITHDRAW, f"counter:{counter.id}", {"line": line.id}, counter.unit_id)
    session.flush()  # what still stands is asked of the table
    return undo_mistake(session, viewer, line)


def follow(session: Session, counter_ids: Collection[int], lines: Sequence[CounterDuty] = ()) -> Touched:
    """Look again at cases of counters, open or closed within a year; ``lines`` were just entered."""
    since = clock.local_date() - CLOSED_SINCE
    about = select(Case.id).where(
        Case.counter_id.in_(list(counter_ids)), or_(Case.closed_on.is_(None), Case.closed_on >= since)
    )
    return refresh_all(session, session.scalars(about).all(), lines)


def _put(session: Session, by: int, counter_id: int, entries: Sequence[Duty]) -> list[CounterDuty]:
    lines = []
    for one in entries:
        if one.valid_to is not None and one.valid_to < one.valid_from:
            raise BadDuty("Ngày cuối không được trước ngày bắt đầu.")
        key = secrets.token_hex(ID_BYTES)
        lines.append(
            CounterDuty(
                id=key,
                counter_id=counter_id,
                officer_id=one.officer_id,
                person_name=None if one.officer_id is not None else in_row(one.person_name, key),
                weekdays=one.weekdays,
                shift=one.shift,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                entered_by=by,
                entered_at=clock.now(),
            )
        )
    session.add_all(lines)
    session.flush()  # the cases are looked at by what stands in the table
    return lines


def _line(session: Session, by: int, line_id: str) -> tuple[CounterDuty, Counter]:
    """A line that may still be changed, locked."""
    line = session.get(CounterDuty, line_id, with_for_update=True)
    if line is None:
        raise UnknownDuty
    if line.officer_id == by:
        raise OwnDuty(OWN)
    if line.withdrawn_at is not None or (line.valid_to is not None and line.valid_to < clock.local_date()):
        raise BadDuty("Dòng này đã hết hiệu lực hoặc đã rút.")
    return line, session.get_one(Counter, line.counter_id)
