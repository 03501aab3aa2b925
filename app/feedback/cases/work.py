"""To which state the work on a case comes back after it stood still."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseEvent

BEGINS = frozenset({Event.TAKEN_UP, Event.REOPENED, Event.REVIEW_TAKEN_UP})
ARRIVES = frozenset({Event.RECEIVED, Event.MOVED})


def resumed(session: Session, case: Case) -> State:
    """In progress if somebody took it up where it lies, else received: it can still be taken up (thụ lý)."""
    last = session.scalar(
        select(CaseEvent.event)
        .where(CaseEvent.case_id == case.id, CaseEvent.event.in_(BEGINS | ARRIVES))
        .order_by(CaseEvent.sequence.desc())
        .limit(1)
    )
    return State.IN_PROGRESS if last in BEGINS else State.RECEIVED
