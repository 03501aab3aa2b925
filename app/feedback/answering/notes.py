"""Internal notes: what officers who handle a case write to each other. Never part of anything its sender reads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.answering.models import CaseNote
from app.feedback.cases import access, acting, history
from app.feedback.cases.access import Viewer
from app.feedback.cases.checking import words_of
from app.feedback.cases.kinds import Event
from app.feedback.cases.readings import subject
from app.web.permissions import Permission

MOST_NOTE = 5_000


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note with who wrote it, in which role."""

    number: int
    text: str
    written_at: datetime
    name: str
    role: str


def add(session: Session, viewer: Viewer, case_id: str, text: str, *, after: int | None = None, role: str = "") -> int:
    """Write a note; its number. It takes nobody's turn: forms that others have open stay good.

    ``after``: the last note on the page it was written on. The same words of the same officer that came behind it are
    this note, sent twice.
    """
    case = access.find(session, viewer, case_id, clock.local_date(), Permission.CASES_HANDLE, locked=True)
    acting.require_words(session, case.id)
    said = words_of("note", text, MOST_NOTE)
    if after is not None and (kept := _sent_before(session, viewer, case.id, said, after)) is not None:
        return kept
    number = (session.scalar(select(func.max(CaseNote.number)).where(CaseNote.case_id == case.id)) or 0) + 1
    session.add(
        CaseNote(
            case_id=case.id,
            number=number,
            written_by=viewer.officer_id,
            role=role,
            written_at=clock.now(),
            text=in_row(said, case.id),
        )
    )
    detail = {"number": number}
    history.append(session, case, Event.NOTE_ADDED, shown=False, by=viewer, role=role, detail=detail)
    record(session, viewer.officer_id, Action.CASE_NOTE, subject(case.id), detail, case.unit_id, role=role or None)
    return number


def of_case(session: Session, case_id: str) -> list[NoteLine]:
    """The notes of a case that the asker may see, earliest first."""
    rows = session.execute(
        select(CaseNote, Officer.full_name)
        .join(Officer, Officer.id == CaseNote.written_by)
        .where(CaseNote.case_id == case_id)
        .order_by(CaseNote.number)
    )
    return [NoteLine(row.number, row.text, row.written_at, name, row.role) for row, name in rows]


def _sent_before(session: Session, viewer: Viewer, case_id: str, said: str, after: int) -> int | None:
    rows = session.scalars(
        select(CaseNote).where(
            CaseNote.case_id == case_id, CaseNote.number > after, CaseNote.written_by == viewer.officer_id
        )
    )
    return next((row.number for row in rows if row.text == said), None)
