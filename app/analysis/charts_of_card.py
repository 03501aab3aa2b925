"""The charts and tables of a score card, ready for templates/analysis/_parts.html."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from app.analysis.charts.bars import criteria_bars
from app.analysis.charts.distribution import distribution_bars
from app.analysis.charts.intervals import dot_whisker, factor_dots
from app.analysis.charts.rows import DistributionRow, IntervalRow, Reference
from app.analysis.scores import Figure, ScoreCard
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import RANGE_NAMES, reason
from app.i18n.formats import format_integer, format_percent, format_percent_number, format_percent_range
from app.survey.definitions import UNIT_PLACEHOLDER

WIDE, NARROW = 1080, 328
Draw = Callable[[int], Markup]
Cell = object
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
    rows = [_row(child.name, child.estimate, card) for child in known or card.children]
    reference = Reference("Toàn đơn vị", card.overall.value) if isinstance(card.overall, Estimate) else None
    title = f"Chỉ số của {len(known)} trên {len(card.children)} đơn vị trực thuộc có đủ phiếu để hiện"
    table_rows: list[list[Cell]] = [
        [{"text": child.name, "url": link(child.code)}, *_cells(child.estimate, card, people=child.people)]
        for child in sorted(card.children, key=lambda child: child.name)
    ]
    return _chart(
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
    rows = [_row(_label(figure), figure.estimate, card) for figure in figures]
    reference = Reference("Chung", card.overall.value) if isinstance(card.overall, Estimate) else None
    title = _lowest(figures, "Yếu tố thấp nhất")
    return _chart(
        f"factors{suffix}",
        title,
        "",
        lambda width: factor_dots(rows, reference, width, chart_id=f"factors{suffix}-{width}", title=title),
        _table("Yếu tố", ["Yếu tố", *_headings(card)], [[_label(f), *_cells(f.estimate, card)] for f in figures]),
    )


def _criteria(card: ScoreCard, suffix: str) -> dict[str, object] | None:
    figures = card.of(Level.CRITERION)
    if not figures:
        return None
    rows = [_row(_numbered(figure), figure.estimate, card) for figure in figures]
    title = _lowest(figures, "Tiêu chí thấp nhất")
    return _chart(
        f"criteria{suffix}",
        title,
        "",
        lambda width: criteria_bars(rows, width, chart_id=f"criteria{suffix}-{width}", title=title),
        _table(
            "Tiêu chí", ["Tiêu chí", *_headings(card)], [[_numbered(f), *_cells(f.estimate, card)] for f in figures]
        ),
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
    chart = _chart(
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
    if isinstance(estimate, NoData):
        return {"label": label, "value": None, "reason": reason(estimate, card.least)}
    return {
        "label": label,
        "value": format_percent(estimate.value, places=1),
        "low": format_percent_number(estimate.interval.low, places=1),
        "high": format_percent_number(estimate.interval.high, places=1),
        "n": format_integer(estimate.n),
        "sample_kind": card.sample_kind.value,
    }


def _distribution(figure: Figure, card: ScoreCard) -> DistributionRow:
    if figure.counts is None:
        why = reason(figure.estimate, card.least) if isinstance(figure.estimate, NoData) else "chưa có số liệu"
        return DistributionRow(_numbered(figure), None, reason=why)
    counts = figure.counts
    return DistributionRow(_numbered(figure), counts.levels, counts.not_applicable, counts.blank)


def _row(label: str, estimate: Estimate | NoData, card: ScoreCard) -> IntervalRow:
    if isinstance(estimate, NoData):
        return IntervalRow(label, None, reason=reason(estimate, card.least))
    return IntervalRow(label, estimate.value, estimate.interval.low, estimate.interval.high, estimate.n)


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


def _lowest(figures: Sequence[Figure], words: str) -> str:
    known = [(figure.estimate.value, figure) for figure in figures if isinstance(figure.estimate, Estimate)]
    if not known:
        return "Chưa đủ phiếu để hiện"
    value, figure = min(known, key=lambda pair: pair[0])
    return f"{words}: {_label(figure)} ({format_percent(value, places=1)})"


def _label(figure: Figure) -> str:
    """The words of a figure; in a chart of one unit its full name would only take room."""
    words = figure.label.replace(UNIT_PLACEHOLDER, "đơn vị")
    return words[:1].upper() + words[1:]


def _numbered(figure: Figure) -> str:
    return f"{figure.number}. {_label(figure)}" if figure.number else _label(figure)


def _chart(name: str, title: str, text: str, draw: Draw, table: dict[str, object]) -> dict[str, object]:
    return {
        "id": name,
        "title": title,
        "text": text,
        "legend": "",
        "wide": draw(WIDE),
        "narrow": draw(NARROW),
        "table": table,
    }


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, object]:
    columns = [{"label": heading, "numeric": place > 0} for place, heading in enumerate(headings)]
    return {"caption": caption, "columns": columns, "rows": rows}
