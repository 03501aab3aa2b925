"""Files that go with a public answer: only copies in which something was blacked out, never what was received.

The rows bear the number of a copy of the same case (``case_redaction``), which the database holds to; so nothing that
was sent can stand here. They are there while the answer is shown: taking it down removes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.feedback.cases.errors import FieldMissing
from app.feedback.publishing.models import PublicAnswer, PublicAnswerFile
from app.feedback.publishing.queries import shown
from app.feedback.redaction.models import CaseRedaction
from app.feedback.redaction.queries import RedactionLine, lines
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.units.models import Unit

MOST_FILES = 10
GONE = "Có bản đã che không còn dùng được. Xin chọn lại."
TOO_MANY = f"Chỉ công khai được tối đa {MOST_FILES} tệp. Xin bỏ bớt."
OPEN_EACH = "Xin mở từng tệp đã che; nếu không tệp nào cho biết ai là ai, xin xác nhận đã xem."


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file as everybody may have it; ``number`` counts within the answer."""

    number: int
    media_type: MediaType
    size: int
    file_id: str


def offered(session: Session, case_id: str) -> list[RedactionLine]:
    """The blacked-out copies of files of a case, the earliest first."""
    return [one for one in reversed(lines(session, case_id)) if one.file is not None and _is_there(one.file)]


def check(session: Session, case_id: str, numbers: Sequence[int], *, are_seen: bool) -> None:
    """Raise ``FieldMissing`` unless these are such copies and somebody looked at each."""
    if not set(numbers) <= {one.number for one in offered(session, case_id)}:
        raise FieldMissing("files", GONE)
    if len(numbers) > MOST_FILES:
        raise FieldMissing("files", TOO_MANY)
    if numbers and not are_seen:
        raise FieldMissing("are_seen", OPEN_EACH)


def put(session: Session, case_id: str, numbers: Sequence[int]) -> None:
    """Let these copies, and no others, go with the public answer."""
    take_down(session, case_id)
    for number, redaction in enumerate(numbers, start=1):
        session.add(PublicAnswerFile(case_id=case_id, number=number, redaction=redaction))
    session.flush()


def take_down(session: Session, case_id: str) -> None:
    """Let no file go with it any more."""
    session.execute(delete(PublicAnswerFile).where(PublicAnswerFile.case_id == case_id))


def of_answer(session: Session, key: str) -> list[PublicFile]:
    """The files of a public answer that is shown; empty otherwise."""
    return _files(session, _shown().where(PublicAnswer.id == key).order_by(PublicAnswerFile.number))


def one(session: Session, unit_code: str, key: str, number: int) -> PublicFile | None:
    """One of them; None where there is none, whatever the reason."""
    of_unit = _shown().join(Unit, Unit.id == PublicAnswer.unit_id).where(Unit.code == unit_code)
    found = _files(session, of_unit.where(PublicAnswer.id == key, PublicAnswerFile.number == number))
    return found[0] if found else None


def of_copies(session: Session, case_id: str, numbers: Sequence[int]) -> list[tuple[int, PublicFile]]:
    """What would be shown of these copies, with the numbers of the copies."""
    found = {line.number: line.file for line in offered(session, case_id)}
    chosen = [(number, file) for number in numbers if (file := found.get(number)) is not None]
    return [(number, _file(place, file)) for place, (number, file) in enumerate(chosen, start=1)]


def _shown() -> Select[int, CheckedFile]:
    return (
        select(PublicAnswerFile.number, CheckedFile)
        .join(PublicAnswer, PublicAnswer.case_id == PublicAnswerFile.case_id)
        .join(
            CaseRedaction,
            (CaseRedaction.case_id == PublicAnswerFile.case_id) & (CaseRedaction.number == PublicAnswerFile.redaction),
        )
        .join(CheckedFile, CheckedFile.id == CaseRedaction.file_id)
        .where(shown())
    )


def _files(session: Session, statement: Select[int, CheckedFile]) -> list[PublicFile]:
    return [_file(number, file) for number, file in session.execute(statement) if _is_there(file)]


def _file(number: int, file: CheckedFile) -> PublicFile:
    return PublicFile(number, file.media_type, file.size, file.id)


def _is_there(file: CheckedFile) -> bool:
    return file.state is FileState.ACCEPTED and file.stored_name is not None
