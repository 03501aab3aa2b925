"""Dots with whiskers: shares with their ranges, one line per unit or factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.analysis.charts.axis import Axis, Span, in_percent, share_axis
from app.analysis.charts.rows import IntervalRow, Position, Reference
from app.analysis.charts.svg import NARROW_LIMIT, Drawing, coordinate, nothing_to_draw, wrap
from app.i18n.formats import format_integer, format_percent_range

HEAD = 44
"""Height of the axis labels above the first line, px."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns of a chart stand, px."""

    label_width: float
    n_right: float
    left: float
    right: float
    figures: float


def _places(width: int) -> Places:
    return Places(width * 0.3, width * 0.365, width * 0.39, width * 0.79, width * 0.825)


def figures(row: IntervalRow) -> str:
    """Return "84,1 (81,9–86,1)", or why there is no figure."""
    if row.value is None:
        return row.reason
    if row.low is None or row.high is None:
        return in_percent(row.value)
    return f"{in_percent(row.value)} ({format_percent_range(row.low, row.high, places=1)})"


def _by_value(rows: Sequence[IntervalRow]) -> list[IntervalRow]:
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0.0), row.label))


def _mark(drawing: Drawing, axis: Axis, row: IntervalRow, y: float) -> None:
    """Draw the whisker and the dot; the shape, not only the colour, tells the position."""
    if row.value is None:
        return
    if row.low is not None and row.high is not None:
        drawing.line(axis.at(row.low), y, axis.at(row.high), y, f"whisker whisker-{row.position}")
    x = axis.at(row.value)
    if row.position is Position.ABOVE:
        drawing.path(f"M{coordinate(x)} {coordinate(y - 6)}l6.5 11h-13z", "mark-above")
    elif row.position is Position.BELOW:
        drawing.path(f"M{coordinate(x)} {coordinate(y + 6)}l6.5-11h-13z", "mark-below")
    else:
        drawing.circle(x, y, 5.5, "mark")


def _reference(drawing: Drawing, axis: Axis, reference: Reference | None, spans: Sequence[Span]) -> None:
    if reference is None:
        return
    x = axis.at(reference.value)
    half = len(reference.label + "00,0 %") * 4
    inside = min(max(x, half + 2), drawing.width - half - 2)
    for top, bottom in spans:
        drawing.line(x, top, x, bottom, "reference")
    drawing.text(inside, 14, f"{reference.label} {in_percent(reference.value)}\u00a0%", "small strong", "middle")


def _wide(drawing: Drawing, axis: Axis, rows: Sequence[IntervalRow], places: Places) -> list[Span]:
    """Draw all lines in columns; return where the grid may run."""
    drawing.text(8, 32, "Tên", "small")
    drawing.text(places.n_right, 32, "Số phiếu", "small", "end")
    drawing.text(places.figures, 32, "Tỷ lệ % (khoảng)", "small")
    y = float(HEAD)
    for row in rows:
        lines = wrap(row.label, places.label_width)
        height = 9 + 17 * len(lines)
        middle = y + height / 2
        drawing.label(8, middle + 5 - 8.5 * (len(lines) - 1), lines)
        if row.n is not None:
            drawing.text(places.n_right, middle + 5, format_integer(row.n), "small", "end")
        _mark(drawing, axis, row, middle)
        drawing.text(places.figures, middle + 5, figures(row), "figures" if row.value is not None else "small")
        y += height
    return [(HEAD - 6, y + 2)]


def _narrow(drawing: Drawing, axis: Axis, rows: Sequence[IntervalRow]) -> list[Span]:
    """Draw each line as name, figures and whisker below each other; return where the grid may run."""
    spans = [(HEAD - 6.0, HEAD - 2.0)]
    y = float(HEAD)
    for row in rows:
        lines = wrap(row.label, drawing.width - 8)
        drawing.label(4, y + 14, lines)
        y += 17 * len(lines)
        count = "" if row.n is None else f" · n\u00a0=\u00a0{format_integer(row.n)}"
        drawing.text(4, y + 14, figures(row) + count, "figures" if row.value is not None else "small")
        if row.value is not None:
            _mark(drawing, axis, row, y + 29)
            spans.append((y + 19, y + 39))
            y += 20
        y += 26
    return [*spans, (y - 4, y)]


def dot_whisker(
    rows: Sequence[IntervalRow],
    reference: Reference | None = None,
    width: int = 1080,
    *,
    chart_id: str,
    title: str,
    keep_order: bool = False,
) -> Markup:
    """Return a dot with its range for every row, highest first unless `keep_order`.

    Rows without a value come last and say why. From 600 px on names and figures stand beside the axis, below it above
    and under each other. The title should say the finding; the description adds how to read the chart.
    """
    shown = list(rows) if keep_order else _by_value(rows)
    known = [row for row in shown if row.value is not None]
    if not known:
        return nothing_to_draw()
    limits = [limit for row in known for limit in (row.value, row.low) if limit is not None]
    limits += [reference.value] if reference else []
    places = _places(width)
    is_narrow = width < NARROW_LIMIT
    axis = share_axis(limits, 10 if is_narrow else places.left, width - 10 if is_narrow else places.right)
    lines = Drawing(width)
    spans = _narrow(lines, axis, shown) if is_narrow else _wide(lines, axis, shown, places)
    drawing = Drawing(width)
    axis.draw(drawing, 32, spans)
    _reference(drawing, axis, reference, spans)
    drawing.parts += lines.parts
    desc = f"Dấu là tỷ lệ, vạch ngang là khoảng 95\u00a0%.{axis.start_note} Số liệu có trong bảng kèm theo."
    return drawing.render(spans[-1][1] + 8, chart_id=chart_id, title=title, desc=desc)


def factor_dots(
    rows: Sequence[IntervalRow], reference: Reference | None = None, width: int = 1080, *, chart_id: str, title: str
) -> Markup:
    """Return the dots of the factors in the order of the questionnaire."""
    return dot_whisker(rows, reference, width, chart_id=chart_id, title=title, keep_order=True)
