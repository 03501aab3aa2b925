"""What the pages of a sampled round are drawn from: a report in words, charts and tables."""

from collections.abc import Sequence

from app.analysis.chart_parts import numbered
from app.analysis.sampled.charts import Link, charts, figure_of
from app.analysis.sampled.questionnaire import Consistency, Driver
from app.analysis.sampled.results import SampledFigure, SampledReport, UnitRow
from app.analysis.sampled.standing import Verdict
from app.analysis.sampled.wording import (
    NONE,
    QUADRANTS,
    caution_notes,
    cautions_of,
    consistency_words,
    drivers_words,
    mark_notes,
    notes,
    p_words,
    points,
    precision,
    standing_sentences,
    straight_words,
)
from app.analysis.stats.drivers.priority import Quadrant
from app.analysis.stats.intervals.marks import PublicationMark
from app.analysis.stats.intervals.reasons import REASON_TEXTS
from app.analysis.stats.layout import OVERALL, Level
from app.analysis.stats.ranks.groups import letter
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import reason
from app.i18n.formats import (
    EN_DASH,
    format_decimal,
    format_integer,
    format_percent,
    format_percent_number,
    format_percent_range,
)

MOST_NAMES = 12
MOST_SHOWN_PAIRS = 40
KIND_WORDS = {SampleKind.PROBABILITY: "mẫu chọn ngẫu nhiên", SampleKind.CENSUS: "khảo sát toàn bộ"}
ALPHA_WORDS = (
    "Alpha và omega cho biết các tiêu chí của một yếu tố có cùng đo một điều không: trên 0,7 là dùng được, trên 0,95 "
    "là gần như hỏi lặp. Tính trên những người trả lời đủ các tiêu chí của yếu tố."
)
Table = dict[str, object]


def page(report: SampledReport, link: Link, index_title: str, round_name: str) -> dict[str, object]:
    """The context of templates/analysis/sampled/unit.html. ``link``: unit code → address."""
    overall = report.overall
    has_figures = overall is not None and isinstance(overall.estimate, Estimate)
    return {
        "index_title": index_title,
        "round_name": round_name,
        "kind_words": KIND_WORDS[report.sample_kind],
        "figures": [figure_of(overall, f"{index_title} ({report.formula.value})", report)] if overall else [],
        "facts": _facts(report, overall) if overall is not None and has_figures else [],
        "standing": standing_sentences(report),
        "charts": charts(report, link),
        "tables": [part for part in (_groups(report), _pairs(report), *_questionnaire(report)) if part is not None],
        "warnings": _warnings(overall) if overall is not None else [],
        "notes": [*notes(report), *mark_notes(_marks(report)), *caution_notes(estimates_of(report))],
        "empty_reason": _empty(report),
    }


def _empty(report: SampledReport) -> str:
    if report.nothing is None:
        return ""
    why = reason(report.nothing, report.least)
    return f"{why[:1].upper()}{why[1:]} trong đợt này."


def _warnings(overall: SampledFigure) -> list[str]:
    """Why the headline's own range cannot be relied on, to stand beside it."""
    return [REASON_TEXTS[reason].vi for reason in cautions_of(overall.estimate)]


def estimates_of(report: SampledReport) -> list[Estimate | NoData]:
    """Every figure of a report."""
    return [*(figure.estimate for figure in report.figures), *(row.estimate for row in report.units)]


def _marks(report: SampledReport) -> list[PublicationMark]:
    marks = (*(figure.mark for figure in report.figures), *(row.mark for row in report.units))
    return [mark for mark in marks if mark is not None]


def _facts(report: SampledReport, overall: SampledFigure) -> list[tuple[str, str]]:
    estimate = overall.estimate
    assert isinstance(estimate, Estimate)
    found = [("Số phiếu", format_integer(report.people or 0)), ("Số người vào chỉ số (n)", format_integer(estimate.n))]
    # Not the effective size: that of an index is put as of a share, and would not be n over the design effect.
    if estimate.se is not None and report.sample_kind is SampleKind.PROBABILITY:
        found.append(("Sai số chuẩn (điểm phần trăm)", format_percent_number(estimate.se, places=2)))
    if estimate.deff is not None:
        found.append(("Hệ số thiết kế", format_decimal(estimate.deff, places=2)))
    return [*found, ("Độ chính xác", precision(overall.mark, estimate))]


def _groups(report: SampledReport) -> Table | None:
    """Units that cannot be told apart; in a census only equal ones, which the table shows anyway."""
    if report.sample_kind is SampleKind.CENSUS or report.groups == ():
        return None
    heading = "Các nhóm không phân biệt được"
    if report.groups is None:
        return _part("groups", heading, ["Có quá nhiều nhóm chồng lên nhau; xin đọc khoảng hạng của từng đơn vị."])
    ranked = sum(row.standing is not None for row in report.units)
    if len(report.groups) == 1:
        return _part("groups", heading, [f"Cả {ranked} đơn vị được xếp hạng chưa phân biệt được với nhau."])
    sentences = ["Hai đơn vị cùng một nhóm chưa phân biệt được với nhau; một đơn vị có thể ở nhiều nhóm."]
    rows = [[letter(number), str(len(group)), _names(group)] for number, group in enumerate(report.groups)]
    return _part("groups", heading, sentences, ["Nhóm", "Số đơn vị", "Đơn vị, theo chỉ số"], rows, numeric=(1,))


def _names(group: Sequence[UnitRow]) -> str:
    names = [row.name for row in group[:MOST_NAMES]]
    return ", ".join(names) + (f" và {len(group) - MOST_NAMES} đơn vị khác" if len(group) > MOST_NAMES else "")


def _pairs(report: SampledReport) -> Table | None:
    if not report.pairs or report.sample_kind is SampleKind.CENSUS:
        return None
    clear = [pair for pair in report.pairs if pair.difference.verdict is not Verdict.OPEN]
    clear.sort(key=lambda pair: (pair.difference.corrected or 0.0, -abs(pair.difference.difference)))
    said = f"Đã so {format_integer(len(report.pairs))} cặp; {format_integer(len(clear))} cặp khác nhau rõ rệt"
    if not clear:
        return _part("pairs", "So từng cặp đơn vị", [f"{said}."])
    more = (
        f" ({MOST_SHOWN_PAIRS} cặp rõ nhất dưới đây, mọi cặp trong tệp Excel)" if len(clear) > MOST_SHOWN_PAIRS else ""
    )
    rows = []
    for pair in clear[:MOST_SHOWN_PAIRS]:
        first, second, sign = pair.first, pair.second, 1.0
        if pair.difference.verdict is Verdict.BELOW:
            first, second, sign = second, first, -1.0
        low, high = sorted((sign * pair.difference.interval.low, sign * pair.difference.interval.high))
        rows.append(
            [
                first.name,
                f"cao hơn rõ rệt {second.name}",
                points(sign * pair.difference.difference),
                f"từ {points(low)} đến {points(high)}",
                p_words(pair.difference.corrected),
            ]
        )
    headings = ["Đơn vị", "So sánh", "Chênh lệch (điểm)", "Khoảng 95 % của riêng cặp này", "p đã hiệu chỉnh"]
    return _part("pairs", "So từng cặp đơn vị", [f"{said}{more}."], headings, rows, numeric=(2, 3, 4))


def _questionnaire(report: SampledReport) -> list[Table]:
    """Reliability and drivers, which speak of the round as a whole."""
    found = report.questionnaire
    if found is None:
        return []
    labels = names_of(report)
    shown = [one for one in found.consistency if not 0 < one.n < report.least]
    warnings = [
        f"{labels[one.code]}: {text}" for one in shown for text in consistency_words(one, criteria_of(report, one.code))
    ]
    sentences = [
        ALPHA_WORDS,
        *([text] if (text := straight_words(found)) else []),
        *warnings,
    ]
    rows = [[labels[one.code], str(one.items), format_integer(one.n), *_consistency_cells(one)] for one in shown]
    headings = ["Yếu tố", "Số tiêu chí", "n", "Alpha", "Khoảng tin cậy 95 %", "Omega"]
    reliability = _part(
        "reliability", "Bộ câu hỏi có đáng tin không", sentences, headings, rows, numeric=(1, 2, 3, 4, 5)
    )
    return [reliability, _drivers(report)]


def _consistency_cells(one: Consistency) -> list[object]:
    limits = NONE
    if one.low is not None and one.high is not None:
        limits = f"{format_decimal(one.low, places=2)}{EN_DASH}{format_decimal(one.high, places=2)}"
    alpha, omega = (NONE if x is None else format_decimal(x, places=2) for x in (one.alpha, one.omega))
    return [alpha, limits, omega]


def _drivers(report: SampledReport) -> Table:
    found, labels = report.questionnaire, names_of(report)
    assert found is not None
    heading = "Yếu tố nào đi cùng mức hài lòng chung"
    sentences = drivers_words(found)
    if not found.drivers.drivers or found.drivers.n < report.least:
        return _part("drivers", heading, sentences)
    rows = [[labels[one.code], *_driver_cells(one)] for one in found.drivers.drivers]
    headings = ["Yếu tố", "Phần giải thích (%)", "Khoảng 95 %", "Điểm trung bình (1–5)", "Khoảng 95 %", "Vị trí"]
    return _part("drivers", heading, sentences, headings, rows, numeric=(1, 2, 3, 4))


def _driver_cells(one: Driver) -> list[object]:
    share, level = NONE, NONE
    if one.share_low is not None and one.share_high is not None:
        share = format_percent_range(one.share_low, one.share_high, places=0)
    if one.level_low is not None and one.level_high is not None:
        level = f"{format_decimal(one.level_low, places=2)}{EN_DASH}{format_decimal(one.level_high, places=2)}"
    place = QUADRANTS[Quadrant(one.quadrant)] + ("" if one.is_sure else " (chưa chắc)")
    shown = format_percent(one.share, places=0).removesuffix("\u00a0%")
    return [shown, share, format_decimal(one.level, places=2), level, place]


def names_of(report: SampledReport) -> dict[str, str]:
    """Words for the codes of factors and of the whole."""
    return {
        **{figure.code: numbered(figure) for figure in report.of(Level.FACTOR)},
        OVERALL: "Cả bộ câu hỏi",
    }


def criteria_of(report: SampledReport, code: str) -> list[str]:
    """Numbers of the criteria of a factor, or of all."""
    members = report.members.get(code, ())
    return [f"câu {figure.number or figure.code}" for figure in report.of(Level.CRITERION) if figure.code in members]


def _part(
    identity: str,
    heading: str,
    sentences: Sequence[str],
    headings: Sequence[str] = (),
    rows: Sequence[Sequence[object]] = (),
    *,
    numeric: Sequence[int] = (),
) -> Table:
    columns = [{"label": label, "numeric": place in numeric} for place, label in enumerate(headings)]
    table = {"caption": f"{heading}: số liệu", "columns": columns, "rows": rows} if rows else None
    return {"id": identity, "heading": heading, "sentences": sentences, "table": table}
