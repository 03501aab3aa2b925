"""The list of question-set versions: what is searched, filtered and shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.survey import sets
from app.survey.definitions import SENSITIVE_MODES, Mode, QuestionSet
from app.survey.models import QuestionSetVersion, SetStatus, SurveyRound
from app.survey.set_files.texts import texts_of, untranslated
from app.web.lists import Asked, Column, Filter, Kind, Listing, same

STATE_WORDS = {SetStatus.PUBLISHED: "Đã công bố", SetStatus.DRAFT: "Bản nháp"}
STATE_TAGS = {SetStatus.PUBLISHED: "good", SetStatus.DRAFT: "off"}
KINDS = (("counter", "Tại quầy, mã QR"), ("sampled", "Mẫu chọn, phiếu giấy"))


@dataclass(frozen=True, slots=True)
class SetRow:
    """A version with what the list says of it."""

    row: QuestionSetVersion
    question_set: QuestionSet
    rounds: int

    @property
    def kinds(self) -> frozenset[str]:
        """The codes in ``KINDS`` of the ways it may be asked in."""
        found = self.question_set
        modes = {mode for mode in Mode if found.can_attach_to(mode)}
        return frozenset(
            code for code, some in (("counter", modes - SENSITIVE_MODES), ("sampled", modes & SENSITIVE_MODES)) if some
        )

    @property
    def translated(self) -> str:
        """How many of its texts have English: "39/40"."""
        return progress(self.question_set)


def progress(found: QuestionSet) -> str:
    """Texts with English and all texts: "39/40"."""
    total = sum(1 for _ in texts_of(found))
    return f"{total - len(untranslated(found))}/{total}"


def round_counts(session: Session) -> dict[int, int]:
    """How many rounds ask each version."""
    statement = select(SurveyRound.question_set_version_id, func.count())
    rows = session.execute(statement.group_by(SurveyRound.question_set_version_id)).all()
    return {row[0]: row[1] for row in rows}


def _find(session: Session, asked: Asked) -> Sequence[SetRow]:
    counts = round_counts(session)
    rows = [SetRow(row, sets.set_of(row), counts.get(row.id, 0)) for row in sets.all_versions(session)]
    state, kind = asked.of("state"), asked.of("kind")
    return [
        one
        for one in rows
        if state in ("", one.row.status.value)
        if not kind or kind in one.kinds
        if asked.matches(one.row.title, one.question_set.key, one.question_set.decision)
    ]


def _filters(_session: Session) -> tuple[Filter, ...]:
    states = tuple((state.value, words) for state, words in STATE_WORDS.items())
    return Filter("state", "Tình trạng", states), Filter("kind", "Dùng cho", KINDS)


def _sort_title(one: SetRow) -> tuple[str, int]:
    return one.question_set.code, one.row.version


LISTING: Listing[SetRow, SetRow] = Listing(
    code="question-sets",
    title="Các bộ câu hỏi",
    search_label="Tìm theo tên, mã, văn bản",
    columns=(
        Column(
            "title",
            "Bộ câu hỏi",
            lambda one: one.row.title,
            sort=_sort_title,
            url=lambda one: url_for("survey_officer.question_set", version_id=one.row.id),
        ),
        Column("version", "Mã và phiên bản", lambda one: f"{one.row.code} {one.row.version}"),
        Column(
            "state",
            "Tình trạng",
            lambda one: STATE_WORDS[one.row.status],
            tag=lambda one: STATE_TAGS[one.row.status],
        ),
        Column("kind", "Dùng cho", lambda one: "; ".join(words for code, words in KINDS if code in one.kinds)),
        Column("questions", "Số câu", lambda one: len(one.question_set.questions), Kind.WHOLE),
        Column("criteria", "Tiêu chí", lambda one: len(one.question_set.criteria), Kind.WHOLE),
        Column("translated", "Đã dịch", lambda one: one.translated),
        Column("rounds", "Số đợt", lambda one: one.rounds, Kind.WHOLE, sort=lambda one: one.rounds),
        Column(
            "publishing",
            "Việc công bố",
            lambda one: (
                (sets.why_not_publishable(one.question_set) or "Công bố được.")
                if one.row.status is SetStatus.DRAFT
                else ""
            ),
        ),
        Column("published_on", "Công bố ngày", lambda one: one.row.published_on, Kind.DATE, only_file=True),
        Column("decision", "Văn bản", lambda one: one.question_set.decision, only_file=True),
        Column("origin", "Nguồn", lambda one: origin_words(one.row), only_file=True),
        Column("content", "Dấu nội dung", lambda one: one.row.content_hash, only_file=True),
    ),
    find=_find,
    load=same,
    empty=("Chưa có bộ câu hỏi", "Nạp các bộ câu hỏi kèm theo phần mềm bằng lệnh “flask survey register”."),
    filters=_filters,
    files="survey_officer.sets.files",
)


def origin_words(row: QuestionSetVersion) -> str:
    """Where a version comes from."""
    return "Lập trên trang này" if row.is_uploaded else "Kèm theo phần mềm"
