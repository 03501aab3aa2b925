"""The figures of one results page: a unit, its factors and criteria, the one-tap question, and the units below."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.analysis.addresses import CHANNELS, Asked, read_view
from app.analysis.cells import kinds_of
from app.analysis.result_pages import cards_of
from app.analysis.rollups import set_of_round
from app.analysis.scores import NO_ANSWERS, Figure, ScoreCard
from app.analysis.stats.disclosure import TOO_FEW
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData
from app.analysis.stats.sums import ItemCounts
from app.analysis.view import Audience
from app.analysis.wording import RANGE_NAMES, method_of, notes, reason
from app.config import SmallNumbers
from app.exports.definitions import Cell, Column, Export, Kind, Notes, Row, Table
from app.survey.definitions import UNIT_PLACEHOLDER, QuestionSet
from app.survey.models import SurveyRound
from app.units.models import Counter, Field
from app.units.queries import name_on, unit_by_id
from app.web.permissions import Permission

PLACES = 1  # of percent, as on the page
UNIT_LEVEL, TAP_LEVEL, CHILD_LEVEL = "Đơn vị", "Câu hỏi một chạm", "Đơn vị trực thuộc"
LEVELS = {Level.COMPONENT: "Thành phần", Level.FACTOR: "Yếu tố", Level.CRITERION: "Tiêu chí"}
TAP_LABEL = "Hài lòng hoặc rất hài lòng, câu hỏi một chạm (không vào chỉ số)"


@dataclass(frozen=True, slots=True)
class View:
    """What one page shows: a unit in a round, as asked for in an address, to an audience, as of a closed day."""

    survey_round: SurveyRound
    unit_id: int
    arguments: Mapping[str, str]
    audience: Audience
    small_numbers: SmallNumbers
    as_of: date


def columns(question_set: QuestionSet) -> tuple[Column, ...]:
    """The columns; as many counts as the criteria have levels."""
    return (
        Column("unit_code", "Mã đơn vị của trang"),
        Column("unit", "Đơn vị của trang"),
        Column("period", "Kỳ"),
        Column("as_of", "Tính đến hết ngày", Kind.DATE),
        Column("formula", "Công thức"),
        Column("aggregation", "Cách gộp"),
        Column("level", "Cấp"),
        Column("code", "Mã"),
        Column("number", "Số thứ tự"),
        Column("label", "Tên"),
        Column("value", "Chỉ số (%)", Kind.PERCENT, PLACES),
        Column("low", "Cận dưới (%)", Kind.PERCENT, PLACES),
        Column("high", "Cận trên (%)", Kind.PERCENT, PLACES),
        Column("range", "Loại khoảng"),
        Column("n", "n", Kind.WHOLE),
        Column("people", "Số phiếu", Kind.WHOLE),
        *(
            Column(f"level_{number}", label, Kind.WHOLE)
            for number, label in enumerate(_level_labels(question_set), start=1)
        ),
        Column("not_applicable", "Không áp dụng", Kind.WHOLE),
        Column("blank", "Bỏ trống", Kind.WHOLE),
        Column("reason", "Vì sao không có số"),
    )


EXPORT = Export(
    code="unit_scores",
    version=1,
    title="Kết quả của một đơn vị",
    description="Đúng các con số của trang kết quả: chỉ số, khoảng, n, từng yếu tố, tiêu chí và đơn vị trực thuộc.",
    permission=Permission.RESULTS_EXPORT,
    columns=columns,
)


def table(session: Session, view: View) -> Table:
    """The table of a view; its numbers are those of the page, from the same call.

    Raises
    ------
    Invalid
        When a filter in the address cannot be.
    """
    question_set = set_of_round(view.survey_round)
    asked = read_view(view.arguments, question_set)
    cards = cards_of(
        session,
        view.survey_round,
        view.unit_id,
        asked,
        audience=view.audience,
        small_numbers=view.small_numbers,
        as_of=view.as_of,
    )
    name = name_on(session, view.unit_id, view.as_of)
    title = question_set.index_title.render("vi", unit_name=name)
    period = asked.filters.period.label if asked.filters.period else view.survey_round.name
    leading = (unit_by_id(session, view.unit_id).code, name, period, view.as_of)
    levels = len(_level_labels(question_set))
    rows: list[Row] = []
    for card in cards:
        of_card = (*leading, card.formula.value, card.aggregation.value)
        rows += [[*of_card, *row] for row in _rows(card, title, name, levels)]
    return Table(
        title, columns(question_set), rows, _notes(session, view, asked, question_set, title, period, cards[0])
    )


def _rows(card: ScoreCard, title: str, unit_name: str, levels: int) -> Iterator[list[Cell]]:
    nothing = NoData(TOO_FEW if card.people is None else NO_ANSWERS)
    overall = card.overall if card.figures else nothing
    yield _row(card, (UNIT_LEVEL, "", "", title), overall, card.people, None, levels)
    if card.tap != NoData(NO_ANSWERS) or card.people == 0:
        yield _row(card, (TAP_LEVEL, "", "", TAP_LABEL), card.tap, card.people, card.tap_counts, levels)
    for level, name in LEVELS.items():
        for figure in card.of(level):
            yield _row(card, _names(name, figure, unit_name), figure.estimate, None, figure.counts, levels)
    for child in sorted(card.children, key=lambda child: child.name):
        yield _row(card, (CHILD_LEVEL, child.code, "", child.name), child.estimate, child.people, None, levels)


def _names(level: str, figure: Figure, unit_name: str) -> tuple[str, str, str, str]:
    return level, figure.code, figure.number, figure.label.replace(UNIT_PLACEHOLDER, unit_name)


def _row(
    card: ScoreCard,
    names: tuple[str, str, str, str],
    estimate: Estimate | NoData,
    people: int | None,
    counts: ItemCounts | None,
    levels: int,
) -> list[Cell]:
    answered: list[Cell] = [None] * (levels + 2)
    if counts is not None:
        by_level = [*counts.levels, *[None] * (levels - len(counts.levels))][:levels]
        answered = [*by_level, counts.not_applicable, counts.blank]
    if isinstance(estimate, NoData):
        return [*names, None, None, None, None, None, people, *answered, reason(estimate, card.least)]
    limits = estimate.interval
    figures: list[Cell] = [estimate.value, limits.low, limits.high, RANGE_NAMES[estimate.sample_kind], estimate.n]
    return [*names, *figures, people, *answered, None]


def _level_labels(question_set: QuestionSet) -> Sequence[str]:
    """The words of the levels: of the criteria, or of the one question where a set has no criteria."""
    asked = question_set.criteria[0] if question_set.criteria else question_set.overall
    return [choice.label.vi for choice in asked.choices] if asked is not None else []


def _notes(
    session: Session,
    view: View,
    asked: Asked,
    question_set: QuestionSet,
    title: str,
    period: str,
    card: ScoreCard,
) -> Notes:
    survey_round = view.survey_round
    return (
        ("Chỉ số", title),
        ("Đợt khảo sát", survey_round.name),
        ("Kỳ", period),
        ("Bộ lọc", _filter_words(session, asked, question_set)),
        ("Bộ câu hỏi", f"{question_set.title.vi} ({question_set.key}). {question_set.decision}"),
        *(("Cách tính", note) for note in notes(card, method=method_of(card))),
        ("Chữ số", "Tệp Excel giữ số đầy đủ và hiện một chữ số thập phân như trang; tệp CSV ghi đúng số của trang."),
        ("Phiên bản tệp", f"{EXPORT.code} {EXPORT.version}"),
    )


def _filter_words(session: Session, asked: Asked, question_set: QuestionSet) -> str:
    filters = asked.filters
    counter = session.get(Counter, filters.counter_id) if filters.counter_id is not None else None
    field = session.get(Field, filters.field_id) if filters.field_id is not None else None
    words = [
        f"kênh: {CHANNELS[filters.channel]}" if filters.channel else "",
        f"người trả lời: {kinds_of(question_set)[filters.kind]}" if filters.kind else "",
        f"lĩnh vực: {field.name}" if field else "",
        f"quầy: {counter.label}" if counter else "",
    ]
    return "; ".join(word for word in words if word) or "không lọc"
