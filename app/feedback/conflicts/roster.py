"""Who served at a counter: the lines that count for a case, and the officers they mean."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer, RoleAssignment
from app.clock import VIETNAM
from app.feedback.cases.models import Case
from app.feedback.conflicts.kinds import is_on_duty
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.naming import comparable
from app.units import queries as units
from app.units.models import Counter


def lines_for(session: Session, case: Case, days_back: int) -> list[CounterDuty]:
    """The lines of the counter of a case that may say who is concerned: in force some days before it came, or later.

    A line that was withdrawn before the case came was a mistake that is over; one withdrawn afterwards still counts.
    """
    if case.counter_id is None:
        return []
    since = min(case.received_on, case.happened_on or case.received_on) - timedelta(days=days_back)
    rows = session.scalars(
        select(CounterDuty).where(
            CounterDuty.counter_id == case.counter_id,
            CounterDuty.valid_from <= case.received_on,
            or_(CounterDuty.valid_to.is_(None), CounterDuty.valid_to >= since),
        )
    )
    return [row for row in rows if _day(row) >= case.received_on]


def of_the_day(lines: Sequence[CounterDuty], day: date | None) -> tuple[list[CounterDuty], bool]:
    """The lines of whoever was there on a day, and whether that is known; else everybody.

    A day on which nobody was to be there was perhaps named wrongly, so everybody counts then too.
    """
    if day is not None:
        there = [one for one in lines if is_on_duty(one.weekdays, one.valid_from, one.valid_to, day)]
        if there:
            return there, True
    return list(lines), False


def officers_of(session: Session, lines: Iterable[CounterDuty], on: date) -> set[int]:
    """The officers of some lines. A name without account means whoever bears it and holds a role around the counter."""
    wanted = list(lines)
    found = {one.officer_id for one in wanted if one.officer_id is not None}
    names = {comparable(one.person_name) for one in wanted if one.person_name is not None}
    if not names:
        return found
    counter = session.get_one(Counter, wanted[0].counter_id)
    return found | {key for key, name in around(session, counter.unit_id, on).items() if comparable(name) in names}


def around(session: Session, unit_id: int, on: date) -> dict[int, str]:
    """The officers who hold or held a role at a unit, below it or above it, with their names.

    Also what they held before counts: whoever served there may have a new place by now.
    """
    near = {*units.path_ids(session, unit_id, on), *units.subtree_ids(session, unit_id, on), unit_id}
    rows = session.execute(
        select(Officer.id, Officer.full_name)
        .join(RoleAssignment, RoleAssignment.officer_id == Officer.id)
        .where(Officer.is_active, or_(RoleAssignment.unit_id.is_(None), RoleAssignment.unit_id.in_(near)))
        .distinct()
    )
    return dict(rows.all())


def _day(row: CounterDuty) -> date:
    """The day on which a line was withdrawn."""
    return date.max if row.withdrawn_at is None else row.withdrawn_at.astimezone(VIETNAM).date()
