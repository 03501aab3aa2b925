"""The duty roster as pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.names import full_names
from app.feedback.conflicts.kinds import SHIFTS, days_words
from app.feedback.conflicts.models import CounterDuty


class Standing(StrEnum):
    """Where a line stands on a day."""

    NOW = "now"
    COMING = "coming"
    OVER = "over"
    WITHDRAWN = "withdrawn"


STANDINGS: Mapping[Standing, str] = {
    Standing.NOW: "Đang trực",
    Standing.COMING: "Sắp trực",
    Standing.OVER: "Đã hết",
    Standing.WITHDRAWN: "Đã rút, ghi nhầm",
}
TAGS: Mapping[Standing, str] = {
    Standing.NOW: "good",
    Standing.COMING: "plain",
    Standing.OVER: "off",
    Standing.WITHDRAWN: "off",
}


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One line with its names. ``may_change``: it is not over, and is not about whoever looks."""

    line_id: str
    name: str
    has_account: bool
    days: str
    shift: str
    valid_from: date
    valid_to: date | None
    standing: Standing
    entered_by: str
    entered_at: datetime
    withdrawn_by: str
    may_change: bool


def lines_of(session: Session, counter_id: int, viewer_id: int, on: date) -> list[DutyLine]:
    """Every line of a counter, those in force first."""
    rows = session.scalars(
        select(CounterDuty).where(CounterDuty.counter_id == counter_id).order_by(CounterDuty.valid_from.desc())
    ).all()
    ids = {one for row in rows for one in (row.officer_id, row.entered_by, row.withdrawn_by) if one is not None}
    names = full_names(session, ids)
    made = [_line(row, names, viewer_id, on) for row in rows]
    return sorted(made, key=lambda one: (list(Standing).index(one.standing), one.name))


def name_of_line(session: Session, line: CounterDuty) -> str:
    """Who a line is about."""
    if line.officer_id is None:
        return line.person_name or ""
    return full_names(session, {line.officer_id}).get(line.officer_id, "")


def now_on_duty(session: Session, counter_ids: Sequence[int], on: date) -> dict[int, list[str]]:
    """The names of whoever has a line in force at some counters on a day, by counter."""
    rows = session.scalars(
        select(CounterDuty).where(
            CounterDuty.counter_id.in_(list(counter_ids)),
            CounterDuty.withdrawn_at.is_(None),
            CounterDuty.valid_from <= on,
            or_(CounterDuty.valid_to.is_(None), CounterDuty.valid_to >= on),
        )
    ).all()
    names = full_names(session, {row.officer_id for row in rows if row.officer_id is not None})
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.counter_id, set()).add(names.get(row.officer_id or 0, row.person_name or ""))
    return {counter_id: sorted(people) for counter_id, people in found.items()}


def _line(row: CounterDuty, names: Mapping[int, str], viewer_id: int, on: date) -> DutyLine:
    standing = _standing(row, on)
    return DutyLine(
        line_id=row.id,
        name=names.get(row.officer_id or 0, row.person_name or ""),
        has_account=row.officer_id is not None,
        days=days_words(row.weekdays),
        shift=SHIFTS[row.shift],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        standing=standing,
        entered_by=names.get(row.entered_by, ""),
        entered_at=row.entered_at,
        withdrawn_by=names.get(row.withdrawn_by or 0, ""),
        may_change=standing in (Standing.NOW, Standing.COMING) and row.officer_id != viewer_id,
    )


def _standing(row: CounterDuty, on: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if row.valid_from > on:
        return Standing.COMING
    return Standing.OVER if row.valid_to is not None and row.valid_to < on else Standing.NOW
