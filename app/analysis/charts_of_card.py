"""The charts and tables of a score card, ready for templates/analysis/_parts.html."""

from collections.abc import Callable, Sequence

from app.analysis.chart_parts import Cell, framed, headline, interval_row, label_of, lowest, numbered, table
from app.analysis.charts.bars import criteria_bars
from app.analysis.charts.distribution import distribution_bars
from app.analysis.charts.intervals import dot_whisker, factor_dots
from app.analysis.charts.rows import DistributionRow, Reference
from app.analysis.scores import Figure, ScoreCard
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import RANGE_NAMES, reason
from app.i18n.formats import format_integer, format_percent_number, format_percent_range

LEVEL_NAMES = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")


def charts(card: ScoreCard, link: Callable[[str], str], *, suffix: str = "") -> list[dict[str, object]]:
    """Children, factors, criteria, distribution: those that have something to show. ``link``: unit code → address."""
    made = [_children(card, link, suffix), _factors(card, suffix), _criteria(card, suffix), _levels(card, suffix)]
    return [chart for chart in made if chart is not None]


def _children(card: ScoreCard, link: Callable[[str], str], suffix: str) -> dict[str, object] | None:
    if not card.children:
        return None
    known = [child for child in card.children if isinstance(child.estimate, Estimate)]
    # A province has units by the hundred; those without a figure stand in the table only.
    rows = [interval_row(child.name, child.estimate, card.least) for child in known or card.children]
    reference = Reference("Toàn đơn vị", card.overall.value) if isinstance(card.overall, Estimate) else None
    title = f"Chỉ số của {len(known)} trên {len(card.children)} đơn vị trực thuộc có đủ phiếu để hiện"
    table_rows: list[list[Cell]] = [
        [{"text": child.name, "url": link(child.code)}, *_cells(child.estimate, card, people=child.people)]
        for child in sorted(card.children, key=lambda child: child.name)
    ]
    return framed(
        f"children{suffix}",
        title,
        "Dấu tròn là chỉ số, vạch ngang là khoảng. Không xếp hạng: các khoảng chồng lên nhau không nói được ai hơn ai.",
        # People who chose to scan say nothing about who is better, so their units stand by name.
        lambda width: dot_whisker(
            rows,
            reference,
            width,
            chart_id=f"children{suffix}-{width}",
            title=title,
            keep_order=card.sample_kind is SampleKind.OPEN,
        ),
        _table("Đơn vị trực thuộc", ["Đơn vị", *_headings(card, with_people=True)], table_rows),
    )


def _factors(card: ScoreCard, suffix: str) -> dict[str, object] | None:
    figures = card.of(Level.FACTOR)
    if not figures:
        return None
    rows = [interval_row(label_of(figure), figure.estimate, card.least) for figure in figures]
    reference = Reference("Chung", card.overall.value) if isinstance(card.overall, Estimate) else None
    title = lowest(figures, "Yếu tố thấp nhất")
    return framed(
        f"factors{suffix}",
        title,
        "",
        lambda width: factor_dots(rows, reference, width, chart_id=f"factors{suffix}-{width}", title=title),
        _table("Yếu tố", ["Yếu tố", *_headings(card)], [[label_of(f), *_cells(f.estimate, card)] for f in figures]),
    )


def _criteria(card: ScoreCard, suffix: str) -> dict[str, object] | None:
    figures = card.of(Level.CRITERION)
    if not figures:
        return None
    rows = [interval_row(numbered(figure), figure.estimate, card.least) for figure in figures]
    title = lowest(figures, "Tiêu chí thấp nhất")
    return framed(
        f"criteria{suffix}",
        title,
        "",
        lambda width: criteria_bars(rows, width, chart_id=f"criteria{suffix}-{width}", title=title),
        _table("Tiêu chí", ["Tiêu chí", *_headings(card)], [[numbered(f), *_cells(f.estimate, card)] for f in figures]),
    )


def _levels(card: ScoreCard, suffix: str) -> dict[str, object] | None:
    figures = card.of(Level.CRITERION)
    if not figures or (card.of(Level.CRITERION)[0].counts is None and all(f.counts is None for f in figures)):
        return None
    rows = [_distribution(figure, card) for figure in figures]
    title = "Người dân trả lời từng tiêu chí thế nào"
    table_rows: list[list[Cell]] = [
        [
            row.label,
            *(map(format_integer, row.counts) if row.counts else ["–"] * len(LEVEL_NAMES)),
            format_integer(row.not_applicable),
            format_integer(row.blank),
        ]
        for row in rows
    ]
    chart = framed(
        f"levels{suffix}",
        title,
        "Tỷ lệ trên số người có chọn một trong năm mức; không áp dụng và bỏ trống ghi riêng.",
        lambda width: distribution_bars(rows, width, chart_id=f"levels{suffix}-{width}", title=title),
        _table("Số người theo mức", ["Tiêu chí", *LEVEL_NAMES, "Không áp dụng", "Bỏ trống"], table_rows),
    )
    chart["legend"] = "levels"
    return chart


def figure_of(label: str, estimate: Estimate | NoData, card: ScoreCard) -> dict[str, object]:
    """A headline number for components/estimate.html."""
    return headline(label, estimate, card.sample_kind, card.least)


def _distribution(figure: Figure, card: ScoreCard) -> DistributionRow:
    if figure.counts is None:
        why = reason(figure.estimate, card.least) if isinstance(figure.estimate, NoData) else "chưa có số liệu"
        return DistributionRow(numbered(figure), None, reason=why)
    counts = figure.counts
    return DistributionRow(numbered(figure), counts.levels, counts.not_applicable, counts.blank)


def _cells(estimate: Estimate | NoData, card: ScoreCard, people: int | None = None) -> list[Cell]:
    counted: list[Cell] = [] if people is None else [format_integer(people)]
    if isinstance(estimate, NoData):
        return [*(counted or ([] if people is None else ["–"])), reason(estimate, card.least), "–", "–"]
    return [
        *counted,
        format_percent_number(estimate.value, places=1),
        format_percent_range(estimate.interval.low, estimate.interval.high, places=1),
        format_integer(estimate.n),
    ]


def _headings(card: ScoreCard, *, with_people: bool = False) -> list[str]:
    counted = ["Số phiếu"] if with_people else []
    return [*counted, "Chỉ số (%)", RANGE_NAMES[card.sample_kind], "n"]


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, object]:
    return table(caption, headings, rows, lambda place, _heading: place > 0)
