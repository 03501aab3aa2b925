"""The charts and tables of a report on a sampled round, ready for templates/analysis/_parts.html."""

from collections.abc import Callable, Sequence

from app.analysis.chart_parts import Cell, framed, headline, interval_row, label_of, lowest, numbered, table
from app.analysis.charts.bars import criteria_bars
from app.analysis.charts.intervals import dot_whisker, factor_dots
from app.analysis.charts.rows import IntervalRow, Position, Reference
from app.analysis.sampled.results import SampledFigure, SampledReport, UnitRow
from app.analysis.sampled.standing import Standing, Verdict
from app.analysis.sampled.wording import (
    NONE,
    p_words,
    points,
    precision,
    rank_words,
    stricter_words,
    verdict_words,
)
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import RANGE_NAMES, reason
from app.i18n.formats import (
    EN_DASH,
    NO_BREAK_SPACE,
    format_decimal,
    format_integer,
    format_percent_number,
    format_percent_range,
)

WORD_JOINER = "\u2060"
Link = Callable[[str], str]
POSITIONS = {Verdict.ABOVE: Position.ABOVE, Verdict.BELOW: Position.BELOW, Verdict.OPEN: Position.UNSAID}


def charts(report: SampledReport, link: Link) -> list[dict[str, object]]:
    """Units below, factors, criteria: those that have something to show. ``link``: unit code → address."""
    made = [_units(report, link), _factors(report), _criteria(report)]
    return [chart for chart in made if chart is not None]


def _units(report: SampledReport, link: Link) -> dict[str, object] | None:
    if not report.units:
        return None
    known = [row for row in report.units if isinstance(row.estimate, Estimate)]
    rows = [_unit_row(row, report) for row in known or report.units]
    ranked = [row.standing for row in report.units if row.standing is not None]
    reference = Reference("Trung bình các đơn vị", ranked[0].mean) if ranked else None
    title = _finding(report, ranked)
    text = (
        "Dấu là chỉ số, vạch ngang là khoảng tin cậy 95 %. Thứ tự theo chỉ số, nhưng hạng chỉ nói được trong khoảng "
        "hạng ở bảng: các đơn vị cùng một nhóm chưa phân biệt được với nhau."
    )
    if ranked:
        text = f"{text} {stricter_words(len(ranked))}"
    if report.sample_kind is SampleKind.CENSUS:
        text = "Khảo sát toàn bộ: không có sai số chọn mẫu, thứ tự là thật trong kỳ này."
    # Design effects of single units stand on their own pages and in the files.
    headings = ["Đơn vị", "Khoảng hạng", "Nhóm", *_headings(report)[:3], "Độ chính xác"]
    headings += ["So với trung bình", "Chênh lệch (điểm)", "p hiệu chỉnh"]
    table_rows = [
        [
            {"text": row.name, "url": link(row.code)},
            _unbroken(rank_words(row.standing)),
            (row.standing.letters if row.standing is not None else "") or NONE,
            *_cells(row.estimate, report)[:3],
            precision(row.mark, row.estimate),
            *_against(row.standing),
        ]
        for row in report.units
    ]
    chart = framed(
        "units",
        title,
        text,
        lambda width: dot_whisker(rows, reference, width, chart_id=f"units-{width}", title=title, keep_order=True),
        None,
    )
    # Rank intervals are the point of this page: their table stands open.
    return chart | {"legend": "positions", "open_table": _table("Các đơn vị, theo chỉ số", headings, table_rows)}


def _against(standing: Standing | None) -> list[Cell]:
    """Verdict, difference, corrected p value."""
    if standing is None:
        return [NONE] * 3
    against = standing.versus_mean
    return [_unbroken(verdict_words(against)), points(against.difference), _unbroken(p_words(against.corrected))]


def _unbroken(words: str) -> str:
    """Words of a cell on one line."""
    return words.replace(" ", NO_BREAK_SPACE).replace(EN_DASH, f"{WORD_JOINER}{EN_DASH}{WORD_JOINER}")


def _finding(report: SampledReport, ranked: Sequence[Standing]) -> str:
    """The finding in one sentence: what may be said, not who is first."""
    if not ranked:
        shown = sum(isinstance(row.estimate, Estimate) for row in report.units)
        return f"{shown} trên {len(report.units)} đơn vị có đủ phiếu để hiện; chưa đủ để xếp hạng"
    above = sum(one.versus_mean.verdict is Verdict.ABOVE for one in ranked)
    below = sum(one.versus_mean.verdict is Verdict.BELOW for one in ranked)
    if report.sample_kind is SampleKind.CENSUS:
        return f"{above} đơn vị cao hơn và {below} đơn vị thấp hơn trung bình, trong {len(ranked)} đơn vị"
    if not above and not below:
        return f"Cả {len(ranked)} đơn vị được xếp hạng chưa phân biệt được với trung bình"
    said = [f"{above} đơn vị cao hơn rõ rệt"] * bool(above) + [f"{below} đơn vị thấp hơn rõ rệt"] * bool(below)
    rest = len(ranked) - above - below
    return f"So với trung bình: {', '.join(said)}, {rest} đơn vị chưa phân biệt được"


def _factors(report: SampledReport) -> dict[str, object] | None:
    figures = report.of(Level.FACTOR)
    if not figures:
        return None
    rows = [interval_row(label_of(figure), figure.estimate, report.least) for figure in figures]
    title = lowest(figures, "Yếu tố thấp nhất")
    overall = report.overall
    reference = None
    if overall is not None and isinstance(overall.estimate, Estimate):
        reference = Reference("Chung", overall.estimate.value)
    return framed(
        "factors",
        title,
        "",
        lambda width: factor_dots(rows, reference, width, chart_id=f"factors-{width}", title=title),
        _figure_table("Yếu tố", figures, report),
    )


def _criteria(report: SampledReport) -> dict[str, object] | None:
    figures = report.of(Level.CRITERION)
    if not figures:
        return None
    rows = [interval_row(numbered(figure), figure.estimate, report.least) for figure in figures]
    title = lowest(figures, "Tiêu chí thấp nhất")
    return framed(
        "criteria",
        title,
        "",
        lambda width: criteria_bars(rows, width, chart_id=f"criteria-{width}", title=title),
        _figure_table("Tiêu chí", figures, report),
    )


def figure_of(figure: SampledFigure, label: str, report: SampledReport) -> dict[str, object]:
    """A headline number for components/estimate.html."""
    return headline(label, figure.estimate, report.sample_kind, report.least)


def _unit_row(row: UnitRow, report: SampledReport) -> IntervalRow:
    position = Position.UNSAID if row.standing is None else POSITIONS[row.standing.versus_mean.verdict]
    return interval_row(row.name, row.estimate, report.least, position)


def _headings(report: SampledReport) -> list[str]:
    return ["Chỉ số (%)", RANGE_NAMES[report.sample_kind], "n", "Hệ số thiết kế"]


def _cells(estimate: Estimate | NoData, report: SampledReport) -> list[Cell]:
    if isinstance(estimate, NoData):
        return [reason(estimate, report.least), NONE, NONE, NONE]
    return [
        format_percent_number(estimate.value, places=1),
        format_percent_range(estimate.interval.low, estimate.interval.high, places=1),
        format_integer(estimate.n),
        NONE if estimate.deff is None else format_decimal(estimate.deff, places=2),
    ]


def _figure_table(caption: str, figures: Sequence[SampledFigure], report: SampledReport) -> dict[str, object]:
    rows = [[numbered(one), *_cells(one.estimate, report), precision(one.mark, one.estimate)] for one in figures]
    return _table(caption, [caption, *_headings(report), "Độ chính xác"], rows)


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, object]:
    return table(caption, headings, rows, lambda _place, heading: heading in NUMERIC)


NUMERIC = frozenset(
    {
        "Chỉ số (%)",
        *RANGE_NAMES.values(),
        "n",
        "Hệ số thiết kế",
        "Chênh lệch (điểm)",
        "p hiệu chỉnh",
    }
)
