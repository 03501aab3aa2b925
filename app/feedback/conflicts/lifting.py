"""Who may lift an exclusion: the level above the unit concerned, and above whoever is excluded."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.grants import EVERYWHERE
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, CaseExclusion
from app.units import queries as units
from app.web.permissions import Permission


def may_lift(session: Session, viewer: Viewer, case: Case, officer_id: int, on: date) -> bool:
    """Whether the right to hand out cases, held by the viewer, stands above the unit concerned and above the officer.

    Who holds it everywhere stands above all units; nobody lifts their own exclusion, because they do not see the case.
    """
    roots = viewer.scopes.get(Permission.CASES_ASSIGN)
    if roots is None or officer_id == viewer.officer_id:
        return False
    if roots == EVERYWHERE:
        return True
    places = {case.concerned_unit_id, *_places(session, officer_id, on)}
    above = [units.parent_id(session, place, on) for place in sorted(place for place in places if place is not None)]
    if None in places or None in above:
        return False
    return all(
        access.reaches(session, viewer, unit_id, on, Permission.CASES_ASSIGN)
        for unit_id in above
        if unit_id is not None
    )


def liftable(session: Session, viewer: Viewer, case: Case, on: date) -> Sequence[tuple[int, str]]:
    """The officers whose exclusion the viewer may lift, with their names."""
    if Permission.CASES_ASSIGN not in viewer.scopes:
        return ()
    rows = session.execute(
        select(Officer.id, Officer.full_name)
        .join(CaseExclusion, CaseExclusion.officer_id == Officer.id)
        .where(CaseExclusion.case_id == case.id, CaseExclusion.lifted_at.is_(None))
        .order_by(Officer.full_name, Officer.id)
    )
    return [(row.id, row.full_name) for row in rows if may_lift(session, viewer, case, row.id, on)]


def _places(session: Session, officer_id: int, on: date) -> set[int | None]:
    """Where an officer holds roles of their own on a day; None: everywhere."""
    return set(
        session.scalars(
            select(RoleAssignment.unit_id).where(
                RoleAssignment.officer_id == officer_id,
                units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on),
            )
        )
    )
