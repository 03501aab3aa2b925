"""Takes an uploaded file in: a set file (TOML) as it is, a workbook as translations of the version it names."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Invalid
from app.survey import sets
from app.survey.authoring import drafts, sheets
from app.survey.authoring.models import DraftWay
from app.survey.loading import MAX_FILE_CHARACTERS, SetInvalid, decode
from app.survey.models import QuestionSetVersion
from app.survey.set_files.editing import with_translations

MOST_BYTES = 4 * MAX_FILE_CHARACTERS
TOML_ENDINGS = (".toml",)


class BadUpload(Invalid):
    """A file that is neither a set file nor a workbook of translations."""


def take_in(session: Session, officer_id: int, data: bytes, filename: str) -> str:
    """Keep an upload as a draft, faults included, and return its id.

    Raises
    ------
    BadUpload, BadTable
        When the file cannot be worked on at all.
    """
    if len(data) > MOST_BYTES:
        raise BadUpload(f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Bộ câu hỏi không dài như vậy; xin chọn lại tệp.")
    if filename.strip().lower().endswith(TOML_ENDINGS):
        return _take_set_file(session, officer_id, data)
    return _take_workbook(session, officer_id, data, filename)


def _take_set_file(session: Session, officer_id: int, data: bytes) -> str:
    try:
        source = decode(data)
    except SetInvalid as error:
        line, message = error.problems[0]
        raise BadUpload(f"Dòng {line}: {message}. Xin lưu lại tệp với mã hóa UTF-8.") from error
    if not source.strip():
        raise BadUpload("Tệp rỗng. Xin chọn tệp có nội dung.")
    return drafts.keep(
        session, officer_id, way=DraftWay.TOML, source=source, base_id=None, now=clock.now(), upload=data
    )


def _take_workbook(session: Session, officer_id: int, data: bytes, filename: str) -> str:
    returned = sheets.read_workbook(data, filename)
    base = _version_called(session, returned.key)
    if base is None:
        raise BadUpload(
            f"Cột “Bộ và phiên bản” ghi “{returned.key[:60]}”, hệ thống không có phiên bản này. "
            "Xin dùng tệp tải về từ trang của bộ câu hỏi."
        )
    english, faults = sheets.translations(returned.records, sets.set_of(base))
    return drafts.keep(
        session,
        officer_id,
        way=DraftWay.XLSX,
        source=with_translations(base.source, english),
        base_id=base.id,
        now=clock.now(),
        faults=faults,
        upload=data,
    )


def _version_called(session: Session, key: str) -> QuestionSetVersion | None:
    code, _, version = key.rpartition("_")
    if not (version.isascii() and version.isdecimal() and len(version) <= 6):
        return None
    statement = select(QuestionSetVersion).where(
        QuestionSetVersion.code == code, QuestionSetVersion.version == int(version)
    )
    return session.scalars(statement).one_or_none()
