"""Who may do something with a case just now: the policy of ``access``, looked at from the other side.

Exclusions count as they do there: an excluded person has nothing, nor has whoever stands in for them as such.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rights import grants
from app.accounts.rights.grants import Holder
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.places import standing_for
from app.web.permissions import Permission


def excluded(session: Session, case_id: str) -> set[int]:
    """The officers for whom a case does not exist, exclusions that were lifted left out."""
    return set(
        session.scalars(
            select(CaseExclusion.officer_id).where(CaseExclusion.case_id == case_id, CaseExclusion.lifted_at.is_(None))
        )
    )


def holding(session: Session, case: Case, permission: Permission, on: date) -> list[Holder]:
    """Everybody who may do this with a case, each reason on its own line; whether it is private is not looked at."""
    out = excluded(session, case.id)
    return [
        line
        for line in reaching(session, case.unit_id, permission, on)
        if line.officer.id not in out and line.grant.lender_id not in out
    ]


def reaching(session: Session, unit_id: int, permission: Permission, on: date) -> list[Holder]:
    """Everybody whose permission reaches a unit, or what stands for it, each reason on its own line."""
    found = {
        (line.grant.assignment_id, line.grant.delegation_id): line
        for place in sorted(standing_for(session, [unit_id], on)[unit_id])
        for line in grants.holders(session, permission, place, on)
    }
    return list(found.values())
