"""What was made of the files and the text of a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.cases.details import files_of
from app.feedback.redaction.models import CaseRedaction
from app.files.gate.models import CheckedFile


@dataclass(frozen=True, slots=True)
class RedactionLine:
    """One new file (``file`` and the number of its source) or one new text."""

    number: int
    file: CheckedFile | None
    source_number: int | None
    text: str | None
    pieces: int
    by: str
    at: datetime


def lines(session: Session, case_id: str) -> list[RedactionLine]:
    """All of them, newest first."""
    rows = session.execute(
        select(CaseRedaction, CheckedFile, Officer.full_name)
        .outerjoin(CheckedFile, CheckedFile.id == CaseRedaction.file_id)
        .join(Officer, Officer.id == CaseRedaction.made_by)
        .where(CaseRedaction.case_id == case_id)
        .order_by(CaseRedaction.number.desc())
    ).all()
    numbers = {file.id: number for number, file in files_of(session, case_id)} if rows else {}
    return [
        RedactionLine(row.number, file, numbers.get(row.source_id or ""), row.text, len(row.areas), name, row.made_at)
        for row, file, name in rows
    ]


def newest_text(session: Session, case_id: str) -> str | None:
    """The newest text of a case with personal data blacked out, if there is one."""
    rows = session.scalars(
        select(CaseRedaction).where(CaseRedaction.case_id == case_id).order_by(CaseRedaction.number.desc())
    )
    return next((row.text for row in rows if row.text is not None), None)
