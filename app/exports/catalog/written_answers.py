"""What people wrote in a round: texts and numbers apart from the coded answers, without any key to them.

A row says month and unit only where enough was written under the same question there (places.py).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.analysis.models import WHOLE_UNIT
from app.analysis.rollups import set_of_round
from app.exports.catalog.answers import heading
from app.exports.definitions import Cell, Column, Export, Notes, Row, Table
from app.exports.origins import AREA, READ_AT_ONCE, UNIT, Wanted, find_origins
from app.exports.places import NOWHERE, Place, told
from app.i18n.formats import format_integer, format_until
from app.survey.definitions import QuestionSet
from app.survey.models import WrittenAnswer
from app.units.models import Counter
from app.web.permissions import Permission
from app.web.privacy_hints import NAMES, find_hints

OTHER = "_other"
Counts = dict[str, dict[Place, int]]


def columns(_question_set: QuestionSet) -> tuple[Column, ...]:
    """Where, under which question, and what."""
    return (
        *(*AREA, *UNIT),
        Column("question", "Câu hỏi"),
        Column("text", "Nội dung"),
        Column("hints", "Có thể có dữ liệu cá nhân"),
    )


EXPORT = Export(
    code="written_answers",
    version=1,
    title="Ý kiến viết tay",
    description=(
        "Các câu trả lời bằng chữ, thứ tự ngẫu nhiên, chỉ ghi tháng, không có khóa nối với phiếu. "
        "Nội dung có thể có dữ liệu cá nhân: không chuyển tiếp nguyên văn."
    ),
    permission=Permission.ANSWERS_EXPORT,
    columns=columns,
)


def count(session: Session, wanted: Wanted) -> int:
    """How many texts the file may have."""
    return sum(sum(counts.values()) for counts in _counts(session, wanted).values())


def table(session: Session, wanted: Wanted) -> Table:
    """The table; its rows are read while the file is written, so it must be written inside the session."""
    question_set = set_of_round(wanted.survey_round)
    counts = _counts(session, wanted)
    places = {question: told(of_one, threshold=wanted.least) for question, of_one in counts.items()}
    enough = {question: known for question, known in places.items() if known is not None}
    n = sum(sum(counts[question].values()) for question in enough)
    title = f"{EXPORT.title} – {wanted.survey_round.name}"
    rows: Iterator[Row] = _rows(session, wanted, question_set, enough)
    return Table(title, columns(question_set), rows, _notes(wanted, question_set, n))


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [WrittenAnswer.round_id == wanted.survey_round.id]
    counters = wanted.counters(session)
    return conditions if counters is None else [*conditions, WrittenAnswer.counter_id.in_(counters)]


def _counts(session: Session, wanted: Wanted) -> Counts:
    """Question → unit and month → number of texts."""
    statement = (
        select(WrittenAnswer.question_id, WrittenAnswer.month, Counter.unit_id, func.count())
        .join(Counter, Counter.id == WrittenAnswer.counter_id)
        .where(*_conditions(session, wanted))
        .group_by(WrittenAnswer.question_id, WrittenAnswer.month, Counter.unit_id)
    )
    found: Counts = defaultdict(dict)
    for question, month, unit, n in session.execute(statement):
        found[question][Place(month, unit, WHOLE_UNIT)] = n
    return found


def _rows(
    session: Session, wanted: Wanted, question_set: QuestionSet, enough: Mapping[str, Mapping[Place, Place]]
) -> Iterator[list[Cell]]:
    origins = find_origins(session, wanted, (place for known in enough.values() for place in known))
    names = {question: _question_name(question_set, question) for question in enough}
    statement = (
        select(WrittenAnswer.question_id, WrittenAnswer.month, Counter.unit_id, WrittenAnswer.text)
        .join(Counter, Counter.id == WrittenAnswer.counter_id)
        .where(*_conditions(session, wanted), WrittenAnswer.question_id.in_(sorted(enough)))
        .order_by(func.random())
        .execution_options(yield_per=READ_AT_ONCE)
    )
    for question, month, unit, text in session.execute(statement):
        place = enough[question].get(Place(month, unit, WHOLE_UNIT), NOWHERE)
        yield [*origins.cells(place, with_counter=False), names[question], text, _hint_words(text)]


def _question_name(question_set: QuestionSet, question_id: str) -> str:
    own = question_id.removesuffix(OTHER)
    known = {question.id: question for question in question_set.questions}
    if own not in known:
        return question_id
    return heading(known[own]) + (" – ý khác" if own != question_id else "")


def _hint_words(text: str) -> str | None:
    return "; ".join(dict.fromkeys(NAMES[hint.kind] for hint in find_hints(text))) or None


def _notes(wanted: Wanted, question_set: QuestionSet, n: int) -> Notes:
    least = wanted.least
    return (
        ("Đợt khảo sát", wanted.survey_round.name),
        ("Bộ câu hỏi", f"{question_set.title.vi} ({question_set.key}). {question_set.decision}"),
        ("Số ý kiến", f"{format_integer(n)} ý kiến. Số liệu {format_until(wanted.as_of)}."),
        ("Quy tắc", "Không có khóa nối với phiếu trả lời; mỗi lần xuất một thứ tự ngẫu nhiên khác."),
        (
            "Quy tắc",
            f"Không ghi đơn vị hoặc tháng nơi có ít hơn {least} ý kiến cho cùng câu hỏi, kể cả khi có thể suy ra.",
        ),
        ("Quy tắc", f"Câu hỏi có ít hơn {least} ý kiến trong cả đợt thì không xuất."),
        ("Lưu ý", "Nội dung do người dân tự viết, có thể có dữ liệu cá nhân; cột cuối chỉ là gợi ý của máy."),
        ("Phiên bản tệp", f"{EXPORT.code} {EXPORT.version}"),
    )
