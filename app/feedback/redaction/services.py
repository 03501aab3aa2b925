"""Making a new file, or a new text, in which personal data are blacked out. What was received never changes."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.details import files_of
from app.feedback.cases.errors import FieldMissing, UnknownCase
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case
from app.feedback.redaction import areas
from app.feedback.redaction.areas import Box
from app.feedback.redaction.models import CaseRedaction
from app.files.gate.blackening import enter_made
from app.files.gate.models import CheckedFile, FileState
from app.files.store import FileStore, StoredFile
from app.web.text_input import clean


def source_of(session: Session, case: Case, number: int) -> CheckedFile:
    """An accepted file of a case by its number; raises ``UnknownCase``."""
    found = next((file for at, file in files_of(session, case.id) if at == number), None)
    if found is None or found.state is not FileState.ACCEPTED or found.stored_name is None:
        raise UnknownCase
    return found


def keep_file(
    session: Session,
    store: FileStore,
    viewer: Viewer,
    case_id: str,
    version: int,
    number: int,
    boxes: Sequence[Box],
    made: StoredFile,
    *,
    role: str = "",
) -> Case:
    """Put a drawn file to the case. It was drawn before, because drawing would make the transaction long."""
    case = begin(session, viewer, case_id, version, "redact")
    source = source_of(session, case, number)
    row = enter_made(session, store, made, source)
    kept = CaseRedaction(
        case_id=case.id,
        number=_next(session, case),
        file_id=row.id,
        source_id=source.id,
        areas=[list(box) for box in boxes],
        made_by=viewer.officer_id,
        made_at=clock.now(),
    )
    session.add(kept)
    detail = {"file": number, "number": kept.number, "boxes": len(boxes)}
    return end(session, viewer, case, None, Event.REDACTED, Action.CASE_REDACT, None, detail, role=role, shown=False)


def keep_text(session: Session, viewer: Viewer, case_id: str, version: int, marked: str, *, role: str = "") -> Case:
    """Keep the text of the case without the pieces that stand in brackets."""
    case = begin(session, viewer, case_id, version, "redact")
    try:
        spans = areas.spans_of(clean(marked).strip(), case.text.strip())
    except ValueError as error:
        raise FieldMissing("marked", str(error)) from None
    kept = CaseRedaction(
        case_id=case.id,
        number=_next(session, case),
        text=in_row(areas.blackened(case.text.strip(), spans), case.id),
        areas=[list(span) for span in spans],
        made_by=viewer.officer_id,
        made_at=clock.now(),
    )
    session.add(kept)
    detail = {"number": kept.number, "pieces": len(spans)}
    return end(session, viewer, case, None, Event.REDACTED, Action.CASE_REDACT, None, detail, role=role, shown=False)


def _next(session: Session, case: Case) -> int:
    last = session.scalar(select(func.max(CaseRedaction.number)).where(CaseRedaction.case_id == case.id))
    return (last or 0) + 1
