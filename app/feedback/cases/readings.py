"""Who opened a case: told to the sender by role, to Home Affairs by name, and on the record of acts each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.services import record_reading
from app.audit.tags import Action
from app.feedback.cases.access import Viewer
from app.feedback.cases.models import Case, CaseReading

MOST_ROLE = 60


@dataclass(frozen=True, slots=True)
class Opener:
    """An officer who opened a case."""

    officer_id: int
    full_name: str
    role: str
    first_at: datetime
    last_at: datetime


def subject(case_id: str) -> str:
    """How the record of acts names a case."""
    return f"case:{case_id}"


def opened(session: Session, case: Case, viewer: Viewer, role: str) -> None:
    """Note that an officer opened a case; leafing back within the hour is one reading on the record."""
    now = clock.now()
    found = session.get(CaseReading, (case.id, viewer.officer_id))
    if found is None:
        session.add(
            CaseReading(case_id=case.id, officer_id=viewer.officer_id, role=role[:MOST_ROLE], first_at=now, last_at=now)
        )
    else:
        found.last_at = now
    record_reading(session, viewer.officer_id, Action.CASE_READ, subject(case.id), case.unit_id)


def openers_by_role(session: Session, case_id: str) -> Mapping[str, int]:
    """How many people of each role opened a case: what its sender is told."""
    rows = session.execute(
        select(CaseReading.role, func.count()).where(CaseReading.case_id == case_id).group_by(CaseReading.role)
    )
    return dict(sorted(rows.all()))


def openers_by_name(session: Session, case_id: str) -> list[Opener]:
    """Who they were, first one first."""
    rows = session.execute(
        select(CaseReading, Officer.full_name)
        .join(Officer, Officer.id == CaseReading.officer_id)
        .where(CaseReading.case_id == case_id)
        .order_by(CaseReading.first_at, CaseReading.officer_id)
    )
    return [Opener(row.officer_id, name, row.role, row.first_at, row.last_at) for row, name in rows]
