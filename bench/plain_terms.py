"""Due dates once more, without the product's reckoning: lists of days are written out and counted with the fingers.

Only facts are taken over: which days are off, how long the terms of the law are. A day counts when it is later than the
first one, worked on (for terms in working days), and the clock does not stand when it ends.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.calendar.days import DayUnit, Limit
from app.rules.content import Begins, KindRule
from app.rules.kinds import Kind
from app.rules.queries import kind_rule_on
from app.simulation.case_diary import Diary

FAR = 400


@dataclass(frozen=True)
class PlainLaw:
    """Days off and on that differ from the week, and the rule of each kind."""

    off: frozenset[date]
    worked: frozenset[date]
    rules: dict[Kind, KindRule]

    def is_worked(self, day: date) -> bool:
        """Monday to Friday, but for what differs."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)


def read(session: Session, on: date) -> PlainLaw:
    """What the database says in so many words."""
    rows = session.execute(text("SELECT day, kind, ranges FROM calendar_day ORDER BY version")).all()
    latest = {date.fromisoformat(str(day)[:10]): (kind, ranges) for day, kind, ranges in rows}
    off = {day for day, (kind, _) in latest.items() if kind == "off"}
    worked = {day for day, (kind, ranges) in latest.items() if kind == "working" and _any(ranges)}
    kinds = (Kind.PETITION, Kind.SUGGESTION, Kind.COMPLAINT)
    return PlainLaw(
        frozenset(off), frozenset(worked), {kind: kind_rule_on(session, kind, on).content for kind in kinds}
    )


def due_on(diary: Diary, law: PlainLaw) -> date:
    """When a case is due, as its diary has it."""
    start, limit = _term(diary, law.rules[diary.kind])
    end = _after(start, limit, diary, law)
    for decided_on, more in sorted(diary.extensions, key=lambda one: one[0]):
        if decided_on >= start:
            end = _after(end, more, diary, law)
    moved = end
    while not law.is_worked(moved) or (moved != end and _stands(moved, diary)):
        moved += timedelta(1)
    return moved


def _term(diary: Diary, rule: KindRule) -> tuple[date, Limit]:
    limit = (rule.second_resolve if diary.is_second else None) or rule.resolve
    if diary.again_on is not None:
        return diary.again_on, limit
    if rule.begins is Begins.ACCEPTED:
        return (diary.received_on, rule.accept or limit) if diary.accepted_on is None else (diary.accepted_on, limit)
    return diary.received_on, limit


def _after(start: date, limit: Limit, diary: Diary, law: PlainLaw) -> date:
    days = (start + timedelta(number) for number in range(1, FAR))
    counted = [day for day in days if not _stands(day, diary) and (_any_day(limit) or law.is_worked(day))]
    return counted[limit.value - 1]


def _stands(day: date, diary: Diary) -> bool:
    """Acts fall into working hours: the day on which the clock stops is lost, the one on which it goes on is not."""
    return any(last is not None and first <= day < last for first, last in diary.gaps)


def _any_day(limit: Limit) -> bool:
    return limit.unit is DayUnit.CALENDAR


def _any(ranges: object) -> bool:
    found: Iterable[object] = json.loads(ranges) if isinstance(ranges, str) else ranges or ()  # type: ignore[assignment]
    return bool(found)
