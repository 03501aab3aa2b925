"""Question-set versions: shipped and uploaded files alike go into the database and are frozen there."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.survey.definitions import QuestionSet, Wording
from app.survey.errors import NotPublishable
from app.survey.loading import load_text
from app.survey.models import QuestionSetVersion, SetStatus, SurveyRound
from app.survey.set_files.texts import untranslated

FOLDER = Path(__file__).parent / "question_sets"


@lru_cache(maxsize=64)
def parse(source: str, content_hash: str) -> QuestionSet:
    """The set written in a stored source; the hash is part of the key so that a changed source cannot hide.

    Raises
    ------
    NotPublishable
        When the stored text no longer has the content that was published.
    """
    question_set = load_text(source, translated=False)
    if question_set.content_hash != content_hash:
        raise NotPublishable("Bộ câu hỏi đã lưu không còn đúng nội dung khi công bố. Xin báo quản trị hệ thống.")
    return question_set


def set_of(version: QuestionSetVersion) -> QuestionSet:
    """The question set of a stored version."""
    return parse(version.source, version.content_hash)


def register_files(session: Session) -> list[QuestionSetVersion]:
    """Bring the repository's set files into the database; drafts follow their file, published versions never change.

    Raises
    ------
    NotPublishable
        When the file of a published version has other content.
    """
    return [register(session, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]


def register(session: Session, source: str) -> QuestionSetVersion:
    """Store one set file as a draft, or refresh the draft of the same code and version."""
    question_set = load_text(source)
    row = session.scalar(
        select(QuestionSetVersion).where(
            QuestionSetVersion.code == question_set.code, QuestionSetVersion.version == question_set.version
        )
    )
    if row is None:
        row = QuestionSetVersion(code=question_set.code, version=question_set.version, status=SetStatus.DRAFT)
        session.add(row)
    elif row.is_uploaded:  # made here before the product came to have one of that number; rounds may stand on it
        return row
    elif row.status is SetStatus.PUBLISHED:
        if row.content_hash != question_set.content_hash:
            raise NotPublishable(f"Phiên bản {question_set.key} đã công bố nên không sửa được. Xin lập phiên bản mới.")
        return row
    row.title = question_set.title.vi
    row.content_hash = question_set.content_hash
    row.source = source
    return row


def publish(row: QuestionSetVersion) -> None:
    """Freeze a draft so that rounds may use it. Publishing twice changes nothing.

    Raises
    ------
    NotPublishable
        When some wording was not verified against its source.
    """
    if row.status is SetStatus.PUBLISHED:
        return
    question_set = set_of(row)
    if not question_set.can_be_published():
        missing = ", ".join(question_set.unverified()[:5])
        raise NotPublishable(f"Chưa công bố được: lời văn chưa kiểm chứng ({missing}…). Xin đối chiếu văn bản gốc.")
    if untranslated(question_set):
        raise NotPublishable(f"Chưa công bố được: {why_not_publishable(question_set)}")
    row.status = SetStatus.PUBLISHED
    row.published_on = clock.local_date()


def why_not_publishable(question_set: QuestionSet) -> str:
    """Why a set has to stay a draft; an empty text when it may be published."""
    count = len(question_set.unverified())
    if count:
        return f"{count} câu có lời văn chưa được đối chiếu với văn bản gốc."
    if question_set.wording is Wording.UNVERIFIED:
        return "Lời văn của bộ câu hỏi chưa được đối chiếu với văn bản gốc."
    missing = len(untranslated(question_set))
    return f"Còn {missing} chỗ chưa có bản dịch tiếng Anh." if missing else ""


def versions_of(session: Session, code: str) -> list[QuestionSetVersion]:
    """The stored versions of one set, the latest made first."""
    statement = select(QuestionSetVersion).where(QuestionSetVersion.code == code)
    return list(session.scalars(statement.order_by(QuestionSetVersion.id.desc())))


def numbers(session: Session, code: str) -> frozenset[int]:
    """The numbers that versions of a set have."""
    return frozenset(session.scalars(select(QuestionSetVersion.version).where(QuestionSetVersion.code == code)))


def newest(session: Session, code: str, *, published: bool = False) -> QuestionSetVersion | None:
    """The version of a set that was made last, or the one published last."""
    found = versions_of(session, code)
    return next((row for row in found if not published or row.status is SetStatus.PUBLISHED), None)


def all_versions(session: Session) -> list[QuestionSetVersion]:
    """Every stored version, by code."""
    return list(session.scalars(select(QuestionSetVersion).order_by(QuestionSetVersion.code, QuestionSetVersion.id)))


def is_in_use(session: Session, row: QuestionSetVersion) -> bool:
    """Whether a round asks this version."""
    found = select(SurveyRound.id).where(SurveyRound.question_set_version_id == row.id).limit(1)
    return session.scalar(found) is not None
