"""Who may handle cases: of a unit, or one case, with how much they have to do as far as the asker may know."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.holding import holding, reaching
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case
from app.web.permissions import Permission

NEEDED = (Permission.CASES_READ, Permission.CASES_HANDLE)


def handlers(session: Session, case: Case, on: date) -> dict[int, Officer]:
    """The officers who may handle a case where it lies, by number: whoever is excluded from it is not among them."""
    needed = (*NEEDED, Permission.CASES_READ_PRIVATE) if case.is_private else NEEDED
    found = [
        {line.officer.id: line.officer for line in holding(session, case, permission, on)} for permission in needed
    ]
    return {key: one for key, one in found[0].items() if all(key in others for others in found)}


def handlers_at(session: Session, unit_id: int, on: date, *, private: bool = False) -> dict[int, Officer]:
    """The officers who may handle the cases of a unit, by number."""
    needed = (*NEEDED, Permission.CASES_READ_PRIVATE) if private else NEEDED
    found = [
        {line.officer.id: line.officer for line in reaching(session, unit_id, permission, on)} for permission in needed
    ]
    return {key: one for key, one in found[0].items() if all(key in others for others in found)}


def workload(session: Session, viewer: Viewer, on: date, officer_ids: Collection[int]) -> Mapping[int, int]:
    """How many unfinished cases each has, of those that exist for the viewer: other cases do not show in a count."""
    rows = session.execute(
        select(Case.assignee_id, func.count())
        .where(
            access.visible(session, viewer, on),
            Case.state != State.CLOSED,
            Case.assignee_id.in_(officer_ids),
        )
        .group_by(Case.assignee_id)
    )
    return {key: count for key, count in rows if key is not None}
