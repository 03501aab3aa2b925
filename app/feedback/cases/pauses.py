"""Pauses of the clock of a case. What a sender does bears a date only, so it ends a pause when its day begins."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.feedback.cases.models import Case, CasePause


def begin(session: Session, case: Case, document: str) -> None:
    """Let the clock stand from now on; ``document`` is what caused it."""
    last = session.scalar(select(func.max(CasePause.number)).where(CasePause.case_id == case.id)) or 0
    session.add(
        CasePause(
            case_id=case.id,
            number=last + 1,
            started_at=clock.now(),
            ended_at=None,
            document=in_row(document, case.id),
        )
    )
    session.flush()  # the due date is reckoned from the table


def end(session: Session, case: Case) -> None:
    """Let the clock run again from now on: an officer's act."""
    _end_at(session, case, clock.now())


def end_by_sender(session: Session, case: Case, on: date) -> None:
    """Let it run again from the beginning of a day, in the sender's favour: nobody learns the hour."""
    _end_at(session, case, midnight(on))


def end_after(session: Session, case: Case, last_day: date) -> None:
    """Let it run again after a day, such as the last one on which a question could be answered."""
    _end_at(session, case, midnight(last_day + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), tzinfo=clock.VIETNAM)


def _end_at(session: Session, case: Case, moment: datetime) -> None:
    open_ones = select(CasePause).where(CasePause.case_id == case.id, CasePause.ended_at.is_(None))
    for pause in session.scalars(open_ones):
        pause.ended_at = max(moment, pause.started_at)
    session.flush()  # the due date is reckoned from the table
