"""The yearly review: who may what in a unit, confirmed by its leader. Callers own the transaction.

A review only records. An objection takes nothing away by itself: it waits for an administrator, who ends the role, so
that no leader can strip another of rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.models import RightsReview, RightsReviewLine, Verdict
from app.accounts.roles import Role
from app.audit.services import record
from app.audit.tags import Action
from app.units import queries as units

EVERY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class RightLine:
    """A role held in a unit or below, and what was said of it last."""

    assignment: RoleAssignment
    officer: Officer
    unit_name: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A unit with a leader: when its rights were last confirmed and by whom, and the last day for the next time."""

    unit_id: int
    unit_name: str
    reviewed_at: datetime | None
    reviewer_name: str
    due_on: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """A right a leader no longer agrees to and that is still held."""

    assignment: RoleAssignment
    officer: Officer
    reviewer_name: str
    reviewed_at: datetime


def rights_in(session: Session, unit_id: int, today: date) -> list[RightLine]:
    """The roles held today in a unit and below, by name: what its leader confirms. Roles over everything are not."""
    within = units.subtree_ids(session, unit_id, today)
    rows = session.execute(
        select(RoleAssignment, Officer)
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .where(
            RoleAssignment.unit_id.in_(within),
            units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, today),
            Officer.is_active,
        )
        .order_by(Officer.full_name, RoleAssignment.id)
    ).all()
    names = units.names_on(session, {role.unit_id for role, _ in rows if role.unit_id is not None}, today)
    said = _verdicts(session, unit_id)
    return [RightLine(role, officer, names.get(role.unit_id or 0, ""), said.get(role.id)) for role, officer in rows]


def confirm(session: Session, reviewer_id: int, unit_id: int, verdicts: Mapping[int, Verdict]) -> RightsReview:
    """Record what a leader says of every role held in the unit; roles not named count as kept."""
    review = RightsReview(unit_id=unit_id, reviewer_id=reviewer_id, reviewed_at=clock.now())
    session.add(review)
    session.flush()  # the lines need the number
    lines = rights_in(session, unit_id, clock.local_date())
    for line in lines:
        verdict = verdicts.get(line.assignment.id, Verdict.KEEP)
        session.add(RightsReviewLine(review_id=review.id, assignment_id=line.assignment.id, verdict=verdict))
    objections = sum(verdicts.get(line.assignment.id) is Verdict.OBJECT for line in lines)
    detail = {"rights": len(lines), "objections": objections}
    record(session, reviewer_id, Action.RIGHTS_REVIEW, f"review:{review.id}", detail, unit_id=unit_id)
    return review


def states(session: Session, today: date, allowed: frozenset[int] | None) -> list[ReviewState]:
    """The units that have a leader, the most overdue first. The first review is due a year after the first leader."""
    rows = session.execute(
        select(RoleAssignment.unit_id, func.min(RoleAssignment.valid_from))
        .where(
            RoleAssignment.role == Role.UNIT_LEADER,
            units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, today),
        )
        .group_by(RoleAssignment.unit_id)
    )
    since = {unit_id: first for unit_id, first in rows if unit_id is not None}
    wanted = [unit_id for unit_id in since if allowed is None or unit_id in allowed]
    names = units.names_on(session, wanted, today)
    last = _last_reviews(session)
    found = []
    for unit_id in wanted:
        reviewed_at, reviewer_name = last.get(unit_id, (None, ""))
        begun = reviewed_at.astimezone(clock.VIETNAM).date() if reviewed_at else since[unit_id]
        due_on = begun + EVERY
        found.append(ReviewState(unit_id, names.get(unit_id, ""), reviewed_at, reviewer_name, due_on, due_on < today))
    return sorted(found, key=lambda state: (state.due_on, state.unit_name))


def objections(session: Session, today: date, allowed: frozenset[int] | None) -> list[Objection]:
    """Roles still held to which the last review of a unit objected."""
    newest = select(func.max(RightsReview.id)).group_by(RightsReview.unit_id)
    reviewer = select(Officer.id, Officer.full_name).subquery()
    rows = session.execute(
        select(RoleAssignment, Officer, reviewer.c.full_name, RightsReview.reviewed_at)
        .join(RightsReviewLine, RightsReviewLine.assignment_id == RoleAssignment.id)
        .join(RightsReview, RightsReview.id == RightsReviewLine.review_id)
        .join(Officer, Officer.id == RoleAssignment.officer_id)
        .join(reviewer, reviewer.c.id == RightsReview.reviewer_id)
        .where(
            RightsReview.id.in_(newest),
            RightsReviewLine.verdict == Verdict.OBJECT,
            units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, today),
        )
        .order_by(RightsReview.reviewed_at)
    )
    return [
        Objection(role, officer, name, at)
        for role, officer, name, at in rows
        if allowed is None or role.unit_id in allowed
    ]


def _verdicts(session: Session, unit_id: int) -> dict[int, Verdict]:
    newest = session.scalar(select(func.max(RightsReview.id)).where(RightsReview.unit_id == unit_id))
    rows = session.execute(
        select(RightsReviewLine.assignment_id, RightsReviewLine.verdict).where(RightsReviewLine.review_id == newest)
    )
    return {row.assignment_id: row.verdict for row in rows}


def _last_reviews(session: Session) -> dict[int, tuple[datetime, str]]:
    newest = select(func.max(RightsReview.id)).group_by(RightsReview.unit_id)
    rows = session.execute(
        select(RightsReview.unit_id, RightsReview.reviewed_at, Officer.full_name)
        .join(Officer, Officer.id == RightsReview.reviewer_id)
        .where(RightsReview.id.in_(newest))
    )
    return {unit_id: (at, name) for unit_id, at, name in rows}
