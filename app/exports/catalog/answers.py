"""The anonymous answers of a round, one row each, in a new random order every time.

A row says month, never day; its unit and counter only where enough people answered there in that month (places.py).
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from app.analysis.addresses import CHANNELS
from app.analysis.cells import UNSTATED, kinds_of
from app.analysis.rollups import set_of_round, units_of_counters
from app.exports.definitions import Cell, Column, Export, Kind, Notes, Row, Table
from app.exports.origins import AREA, COUNTER, READ_AT_ONCE, UNIT, Wanted, find_origins
from app.exports.places import NOWHERE, Place, told
from app.i18n.formats import format_integer, format_until
from app.survey import packing
from app.survey.answer_types import type_of
from app.survey.codes import BLANK, NOT_APPLICABLE, NOT_SHOWN, NOT_TICKED, TICKED
from app.survey.definitions import Choice, Question, QuestionSet, Role
from app.survey.flags import Flag
from app.survey.models import Response
from app.web.permissions import Permission

ANYWHERE = "cơ quan"
NOT_APPLICABLE_WORDS, BLANK_WORDS = "không áp dụng", "bỏ trống"
LANGUAGES = {"vi": "Tiếng Việt", "en": "Tiếng Anh"}
FLAG_WORDS = {
    Flag.TOO_FAST: "trả lời quá nhanh",
    Flag.STRAIGHT_LINE: "mọi tiêu chí cùng một mức",
    Flag.HONEYPOT: "điền ô bẫy máy",
    Flag.CLOSED_HOURS: "ngoài giờ làm việc",
    Flag.BURST: "nhiều phiếu dồn dập",
    Flag.SAME_DEVICE: "cùng thiết bị",
}


def columns(question_set: QuestionSet) -> tuple[Column, ...]:
    """Where, how and who; then one column for each question, one for each choice where several may be ticked."""
    return (
        *(*AREA, *UNIT, *COUNTER),
        Column("channel", "Kênh"),
        Column("language", "Ngôn ngữ"),
        Column("respondent_kind", "Người trả lời"),
        Column("flags", "Dấu hiệu"),
        *(column for question in _asked(question_set) for column in _columns_of(question)),
    )


EXPORT = Export(
    code="answers",
    version=1,
    title="Phiếu trả lời ẩn danh",
    description=(
        "Mỗi phiếu một dòng, thứ tự ngẫu nhiên, chỉ ghi tháng. Nơi có ít phiếu thì không ghi quầy hoặc đơn vị. "
        "Mỗi câu hỏi một cột: số là mức đã chọn (1 là mức thấp nhất), ô trống là chưa được hỏi."
    ),
    permission=Permission.ANSWERS_EXPORT,
    columns=columns,
)


def count(session: Session, wanted: Wanted) -> int:
    """How many answers the file will have."""
    return sum(_counts(session, wanted).values())


def table(session: Session, wanted: Wanted) -> Table:
    """The table; its rows are read while the file is written, so it must be written inside the session."""
    question_set = set_of_round(wanted.survey_round)
    counts = _counts(session, wanted)
    places = told(counts, threshold=wanted.least)
    rows: Iterator[Row] = iter(()) if places is None else _rows(session, wanted, question_set, places)
    n = None if places is None else sum(counts.values())
    title = f"{EXPORT.title} – {wanted.survey_round.name}"
    return Table(title, columns(question_set), rows, _notes(wanted, question_set, n))


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Response.round_id == wanted.survey_round.id]
    counters = wanted.counters(session)
    return conditions if counters is None else [*conditions, Response.counter_id.in_(counters)]


def _counts(session: Session, wanted: Wanted) -> dict[Place, int]:
    year, month = extract("year", Response.answered_on), extract("month", Response.answered_on)
    statement = (
        select(Response.counter_id, year, month, func.count())
        .where(*_conditions(session, wanted))
        .group_by(Response.counter_id, year, month)
    )
    unit_of = units_of_counters(session)
    return {
        Place(int(year) * 100 + int(month), unit_of[counter], counter): n
        for counter, year, month, n in session.execute(statement)
    }


def _rows(
    session: Session, wanted: Wanted, question_set: QuestionSet, places: Mapping[Place, Place]
) -> Iterator[list[Cell]]:
    origins = find_origins(session, wanted, places)
    # What was not there when we counted is told nowhere.
    unknown = origins.cells(NOWHERE, with_counter=True)
    where = {(at.counter_id, at.month): origins.cells(known, with_counter=True) for at, known in places.items()}
    kind_at, kinds = packing.layout(question_set).respondent_kind, kinds_of(question_set)
    codes = [
        (position, words) for question in _asked(question_set) for position, words in _words(question_set, question)
    ]
    flags = {number: _flag_words(number) for number in range(sum(Flag) + 1)}
    statement = (
        select(
            Response.counter_id,
            Response.answered_on,
            Response.channel,
            Response.language,
            Response.flags,
            Response.answers,
        )
        .where(*_conditions(session, wanted))
        .order_by(func.random())
        .execution_options(yield_per=READ_AT_ONCE)
    )
    for counter, on, channel, language, flag, packed in session.execute(statement):
        kind = kinds.get(str(packed[kind_at]), kinds[UNSTATED]) if kind_at is not None else None
        yield [
            *where.get((counter, on.year * 100 + on.month), unknown),
            CHANNELS.get(channel, channel),
            LANGUAGES.get(language, language),
            kind,
            flags[flag],
            *[words[packed[position]] for position, words in codes],
        ]


def _asked(question_set: QuestionSet) -> list[Question]:
    """The questions with packed answers, but for the respondent's kind, which has its words among the first columns."""
    return [
        question
        for question in question_set.questions
        if question.id in packing.columns(question_set) and question.role is not Role.RESPONDENT_KIND
    ]


def _columns_of(question: Question) -> list[Column]:
    name = heading(question)
    if not type_of(question).many:
        return [Column(question.id, name, Kind.CODE)]
    return [
        Column(f"{question.id}_{choice.value}", f"{name} – {choice.label.vi}", Kind.CODE) for choice in question.choices
    ]


def heading(question: Question) -> str:
    """A question as headings name it: number and words, without the name of one unit."""
    text = question.text.render("vi", unit_name=ANYWHERE)
    text = text[:1].upper() + text[1:]
    return f"{question.number}. {text}" if question.number else text


def _words(question_set: QuestionSet, question: Question) -> list[tuple[int, Sequence[Cell]]]:
    """For each byte of a question its position and the cell for each of its 256 codes."""
    place = packing.columns(question_set)[question.id]
    cells: list[Cell] = list(range(256))
    if type_of(question).many:
        cells[NOT_TICKED], cells[TICKED] = 0, 1
    cells[NOT_SHOWN], cells[NOT_APPLICABLE], cells[BLANK] = None, NOT_APPLICABLE_WORDS, BLANK_WORDS
    return [(position, cells) for position in range(place.start, place.stop)]


def _flag_words(number: int) -> str | None:
    return "; ".join(words for flag, words in FLAG_WORDS.items() if flag in Flag(number)) or None


def _notes(wanted: Wanted, question_set: QuestionSet, n: int | None) -> Notes:
    least = wanted.least
    counted = f"Ít hơn {least} phiếu nên không xuất." if n is None else f"{format_integer(n)} phiếu."
    rules = (
        "Không có ngày, giờ, địa chỉ hay thứ tự gửi: chỉ ghi tháng, mỗi lần xuất một thứ tự ngẫu nhiên khác.",
        f"Không ghi quầy hoặc đơn vị có ít hơn {least} phiếu trong tháng.",
        f"Không ghi tháng có ít hơn {least} phiếu trong cả đợt.",
        "Quầy, đơn vị hoặc tháng ít phiếu kế tiếp cũng được bỏ tên khi nếu không thì suy ra được bằng phép trừ.",
        "Ô trống: câu không được hỏi (người trả lời dừng trước đó). “không áp dụng” và “bỏ trống” ghi thành chữ.",
        "Chọn nhiều ý: mỗi ý một cột, 1 là có chọn, 0 là không.",
        "Ý kiến viết tay nằm ở tệp riêng, không có khóa nối với phiếu.",
        "Dấu hiệu chỉ để xem xét; không phiếu nào bị loại vì dấu hiệu.",
    )
    return (
        ("Đợt khảo sát", wanted.survey_round.name),
        ("Bộ câu hỏi", f"{question_set.title.vi} ({question_set.key}). {question_set.decision}"),
        ("Số phiếu", f"{counted} Số liệu {format_until(wanted.as_of)}."),
        *(("Quy tắc", rule) for rule in rules),
        *((f"Mã của “{heading(one)}”", _code_words(one.choices)) for one in _asked(question_set)),
        ("Phiên bản tệp", f"{EXPORT.code} {EXPORT.version}"),
    )


def _code_words(choices: Sequence[Choice]) -> str:
    return "; ".join(f"{choice.value} = {choice.label.vi}" for choice in choices)
