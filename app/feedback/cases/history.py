"""The history of a case: lines are added, never changed. Acts of officers bear a time, those of citizens a date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent, CaseWords

MOST_ROLE = 60


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line with its words, if it has any."""

    sequence: int
    event: Event
    happened_on: date
    at: datetime | None
    officer_id: int | None
    role: str | None
    words: str | None
    detail: Mapping[str, object] = field(default_factory=dict)
    is_shown: bool = False


def append(
    session: Session,
    case: Case,
    event: Event,
    *,
    shown: bool,
    by: Viewer | None = None,
    role: str | None = None,
    words: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add a line; its number.

    Parameters
    ----------
    shown
        Whether the sender sees the line, words included.
    by, role
        The officer who acts; None for the sender and for jobs, whose lines bear no time.
    words
        A reason or a document, encrypted, in a table of their own.
    detail
        Codes, numbers and dates; never words.
    """
    # Nobody else may take the number that follows; officers hold this lock already.
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
    last = session.scalar(select(func.max(CaseEvent.sequence)).where(CaseEvent.case_id == case.id))
    sequence = (last or 0) + 1
    session.add(
        CaseEvent(
            case_id=case.id,
            sequence=sequence,
            event=event,
            happened_on=clock.local_date(),
            at=None if by is None else clock.now(),
            officer_id=None if by is None else by.officer_id,
            role=None if by is None or not role else role[:MOST_ROLE],
            is_shown=shown,
            detail=dict(detail or {}),
        )
    )
    if words:
        session.add(CaseWords(case_id=case.id, sequence=sequence, text=in_row(words, case.id)))
    session.flush()  # the next line asks the table for its number
    return sequence


def lines(session: Session, case_id: str, *, shown_only: bool) -> list[HistoryLine]:
    """The lines in order; ``shown_only``: as the sender sees them, with neither officer nor words of hidden lines."""
    statement = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence)
    if shown_only:
        statement = statement.where(CaseEvent.is_shown)
    events = session.scalars(statement).all()
    said = {
        row.sequence: row.text
        for row in session.scalars(
            select(CaseWords).where(
                CaseWords.case_id == case_id, CaseWords.sequence.in_([event.sequence for event in events])
            )
        )
    }
    return [
        HistoryLine(
            sequence=event.sequence,
            event=event.event,
            happened_on=event.happened_on,
            at=event.at,
            officer_id=None if shown_only else event.officer_id,
            role=event.role,
            words=said.get(event.sequence),
            detail=event.detail,
            is_shown=event.is_shown,
        )
        for event in events
    ]


def first_day(session: Session, case_id: str, event: Event) -> date | None:
    """The day on which something first happened to a case."""
    return session.scalar(
        select(func.min(CaseEvent.happened_on)).where(CaseEvent.case_id == case_id, CaseEvent.event == event)
    )
