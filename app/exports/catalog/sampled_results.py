"""The files of a sampled round: the figures of its pages as five tables, one workbook or one CSV file each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from app.analysis.rollups import set_of_round
from app.analysis.sampled.pages import criteria_of, estimates_of, names_of
from app.analysis.sampled.report import figures_below, report
from app.analysis.sampled.results import SampledFigure, SampledReport, UnitRow
from app.analysis.sampled.standing import Difference, Standing
from app.analysis.sampled.wording import (
    QUADRANTS,
    caution_notes,
    consistency_words,
    drivers_words,
    mark_notes,
    no_pairs,
    no_questionnaire,
    notes,
    precision,
    straight_words,
    verdict_words,
)
from app.analysis.stats.disclosure import TOO_FEW
from app.analysis.stats.drivers.priority import Quadrant
from app.analysis.stats.intervals.marks import PublicationMark
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData
from app.analysis.view import Audience
from app.analysis.wording import RANGE_NAMES, reason
from app.config import SmallNumbers
from app.errors import Invalid, Missing
from app.exports.catalog import sampled_columns
from app.exports.definitions import Cell, Export, Notes, Row, Table
from app.survey.definitions import UNIT_PLACEHOLDER
from app.survey.models import SurveyRound
from app.web.permissions import Permission

OWN, BELOW = "Đơn vị của trang", "Đơn vị trực thuộc"
LEVELS = {Level.OVERALL: "Chỉ số", Level.COMPONENT: "Thành phần", Level.FACTOR: "Yếu tố", Level.CRITERION: "Tiêu chí"}


class Part(StrEnum):
    """One table of the workbook; CSV files hold one each."""

    UNITS = "units"
    FIGURES = "figures"
    PAIRS = "pairs"
    RELIABILITY = "reliability"
    DRIVERS = "drivers"


# Headings of the first three say since version 2 what their numbers hold for.
VERSIONS = {Part.UNITS: 2, Part.FIGURES: 2, Part.PAIRS: 2, Part.RELIABILITY: 1, Part.DRIVERS: 1}
# Parts as they stand in the names of files.
FILE_WORDS = {
    Part.UNITS: "don-vi",
    Part.FIGURES: "tieu-chi",
    Part.PAIRS: "so-tung-cap",
    Part.RELIABILITY: "do-tin-cay",
    Part.DRIVERS: "yeu-to-lien-he",
}
SHEETS = {
    Part.UNITS: "Đơn vị",
    Part.FIGURES: "Tiêu chí",
    Part.PAIRS: "So từng cặp",
    Part.RELIABILITY: "Độ tin cậy",
    Part.DRIVERS: "Yếu tố liên hệ",
}


def _export(part: Part, title: str, description: str) -> Export:
    columns = getattr(sampled_columns, part.value)
    return Export(f"sampled_{part.value}", VERSIONS[part], title, description, Permission.RESULTS_EXPORT, columns)


EXPORTS = {
    Part.UNITS: _export(
        Part.UNITS,
        "Đợt chọn mẫu: các đơn vị",
        "Chỉ số, khoảng tin cậy, khoảng hạng, nhóm không phân biệt được, so với trung bình.",
    ),
    Part.FIGURES: _export(
        Part.FIGURES, "Đợt chọn mẫu: tiêu chí", "Từng yếu tố và tiêu chí của từng đơn vị, có khoảng và độ chính xác."
    ),
    Part.PAIRS: _export(Part.PAIRS, "Đợt chọn mẫu: so từng cặp", "Mọi cặp đơn vị, p đã hiệu chỉnh theo Holm."),
    Part.RELIABILITY: _export(
        Part.RELIABILITY, "Đợt chọn mẫu: độ tin cậy", "Alpha, omega của bộ câu hỏi và những điều cần lưu ý."
    ),
    Part.DRIVERS: _export(
        Part.DRIVERS, "Đợt chọn mẫu: yếu tố liên hệ", "Yếu tố nào đi cùng mức hài lòng chung, có khoảng."
    ),
}


@dataclass(frozen=True, slots=True)
class View:
    """What one page shows: a unit in a sampled round, to an audience, on a day."""

    survey_round: SurveyRound
    unit_id: int
    audience: Audience
    small_numbers: SmallNumbers
    today: date


def part_called(name: str) -> Part:
    """The table an address asks for, the units without one."""
    if name and name not in set(Part):
        raise Invalid("Phần kết quả trong địa chỉ không đúng. Xin tải lại từ trang kết quả.")
    return Part(name or Part.UNITS)


def table(session: Session, view: View, part: Part) -> Table:
    """One table of a view; its numbers are those of the page, from the same call.

    Raises
    ------
    Missing
        Before anything was imported.
    """
    return _tables(session, view)[part]


def workbook(session: Session, view: View) -> Table:
    """All tables of a view: the first with the others as further sheets."""
    first, *others = _tables(session, view).values()
    return replace(first, others=tuple(others))


def _tables(session: Session, view: View) -> Mapping[Part, Table]:
    found, below = _read(session, view)
    rows = {
        Part.UNITS: list(_units(found)),
        Part.FIGURES: list(_figures(found, below)),
        Part.PAIRS: list(_pairs(found)),
        Part.RELIABILITY: list(_reliability(found)),
        Part.DRIVERS: list(_drivers(found)),
    }
    question_set = set_of_round(view.survey_round)
    title = question_set.index_title.render("vi", unit_name=found.name)
    said = _notes(view, found, title, f"{question_set.title.vi} ({question_set.key}). {question_set.decision}")
    return {part: Table(title, EXPORTS[part].columns(question_set), rows[part], said, SHEETS[part]) for part in Part}


def _read(session: Session, view: View) -> tuple[SampledReport, Mapping[int, tuple[SampledFigure, ...]]]:
    survey_round, unit_id, audience = view.survey_round, view.unit_id, view.audience
    small_numbers, today = view.small_numbers, view.today
    found = report(session, survey_round, unit_id, audience=audience, small_numbers=small_numbers, today=today)
    if found is None:
        raise Missing("Chưa có phiếu nào được nhập vào đợt này nên chưa có tệp kết quả.")
    below = figures_below(session, survey_round, unit_id, audience=audience, small_numbers=small_numbers, today=today)
    return found, below


def _units(found: SampledReport) -> Iterator[Row]:
    overall = found.overall
    nothing = found.nothing or NoData("")
    estimate, mark = (overall.estimate, overall.mark) if overall is not None else (nothing, None)
    own = UnitRow(found.unit_id, found.code, found.name, found.people, estimate, mark, found.standing)
    for level, row in ((OWN, own), *((BELOW, row) for row in found.units)):
        yield [
            row.code,
            row.name,
            level,
            row.people,
            *_estimate(row.estimate, row.mark, found),
            *_standing(row.standing),
        ]


def _standing(standing: Standing | None) -> list[Cell]:
    if standing is None:
        return [None] * 11
    placed: list[Cell] = [standing.low, standing.high, standing.ranked, standing.letters, standing.mean]
    return [*placed, *_difference(standing.versus_mean)]


def _difference(one: Difference) -> list[Cell]:
    limits = one.interval
    return [one.difference, limits.low, limits.high, one.p, one.corrected, verdict_words(one)]


def _estimate(estimate: Estimate | NoData, mark: PublicationMark | None, found: SampledReport) -> list[Cell]:
    if isinstance(estimate, NoData):
        return [*[None] * 9, reason(estimate, found.least)]
    limits = estimate.interval
    shown: list[Cell] = [estimate.value, limits.low, limits.high, RANGE_NAMES[estimate.sample_kind], estimate.n]
    return [*shown, estimate.n_eff, estimate.deff, estimate.se, precision(mark, estimate), None]


def _figures(found: SampledReport, below: Mapping[int, tuple[SampledFigure, ...]]) -> Iterator[Row]:
    units = [(found.code, found.name, found.figures)]
    units += [(row.code, row.name, below.get(row.unit_id, ())) for row in found.units]
    if not any(figures for *_, figures in units):
        yield [found.code, found.name, *[None] * 4, *_estimate(found.nothing or NoData(TOO_FEW), None, found)]
    for code, name, figures in units:
        for level, words in LEVELS.items():
            for one in figures:
                if one.level is level:
                    label = one.label.replace(UNIT_PLACEHOLDER, name)
                    yield [code, name, words, one.code, one.number, label, *_estimate(one.estimate, one.mark, found)]


def _pairs(found: SampledReport) -> Iterator[Row]:
    if not found.pairs:
        yield [found.code, found.name, *[None] * 7, no_pairs(found)]
    for pair in found.pairs:
        first, second = pair.first, pair.second
        yield [first.code, first.name, second.code, second.name, *_difference(pair.difference)]


def _reliability(found: SampledReport) -> Iterator[Row]:
    questionnaire = found.questionnaire
    shown = [] if questionnaire is None else [one for one in questionnaire.consistency if not 0 < one.n < found.least]
    if not shown:
        yield [*[None] * 11, no_questionnaire(found)]
    labels = names_of(found)
    texts = {figure.code: figure.label.replace(UNIT_PLACEHOLDER, found.name) for figure in found.figures}
    for one in shown:
        remarks = " ".join(consistency_words(one, criteria_of(found, one.code)))
        of_factor: list[Cell] = [one.items, one.n, one.alpha, one.low, one.high, one.omega]
        yield ["Yếu tố", one.code, labels[one.code], *of_factor, None, None, remarks]
        for code, rest, dropped in zip(found.members[one.code], one.item_rest, one.if_dropped, strict=False):
            yield ["Tiêu chí", code, texts.get(code, code), *[None] * 6, rest, dropped, None]


def _drivers(found: SampledReport) -> Iterator[Row]:
    if found.questionnaire is None:
        yield [*[None] * 9, no_questionnaire(found)]
        return
    labels, drivers = names_of(found), found.questionnaire.drivers
    if not drivers.drivers or drivers.n < found.least:
        yield [*[None] * 9, " ".join(drivers_words(found.questionnaire))]
        return
    for one in drivers.drivers:
        place = QUADRANTS[Quadrant(one.quadrant)]
        shares: list[Cell] = [one.share, one.share_low, one.share_high]
        levels: list[Cell] = [one.level, one.level_low, one.level_high]
        remark = None if one.is_sure else "vị trí chưa chắc chắn"
        yield [one.code, labels[one.code], *shares, *levels, place, remark]


def _notes(view: View, found: SampledReport, title: str, questions: str) -> Notes:
    marks = [row.mark for row in found.units if row.mark is not None]
    marks += [figure.mark for figure in found.figures if figure.mark is not None]
    questionnaire = found.questionnaire
    quality = [] if questionnaire is None else [straight_words(questionnaire), *drivers_words(questionnaire)]
    return (
        ("Chỉ số", title),
        ("Đợt khảo sát", view.survey_round.name),
        ("Bộ câu hỏi", questions),
        *(("Cách tính", note) for note in notes(found)),
        *(("Độ chính xác", note) for note in (*mark_notes(marks), *caution_notes(estimates_of(found)))),
        *(("Bộ câu hỏi và yếu tố", note) for note in quality if note),
        ("Chữ số", "Tệp Excel giữ số đầy đủ và hiện số chữ số như trang; tệp CSV ghi đúng số của trang."),
        ("Phiên bản tệp", "; ".join(f"{one.code} {one.version}" for one in EXPORTS.values())),
    )
