"""Bars of criteria: one share per question, always from zero."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.analysis.charts.axis import Axis, Span
from app.analysis.charts.intervals import HEAD, figures
from app.analysis.charts.rows import IntervalRow
from app.analysis.charts.svg import NARROW_LIMIT, Drawing, nothing_to_draw, wrap
from app.i18n.formats import format_integer

BAR = 14


def _bar(drawing: Drawing, axis: Axis, row: IntervalRow, top: float) -> None:
    if row.value is None:
        return
    drawing.rect(axis.left, top, axis.at(row.value) - axis.left, BAR, "bar-fill")
    if row.low is not None and row.high is not None:
        drawing.line(axis.at(row.low), top + BAR / 2, axis.at(row.high), top + BAR / 2, "whisker")


def _line(drawing: Drawing, axis: Axis, row: IntervalRow, y: float) -> float:
    """Draw one line and return the y of the next."""
    css = "figures" if row.value is not None else "small"
    count = "" if row.n is None else f"n\u00a0=\u00a0{format_integer(row.n)}"
    if drawing.width < NARROW_LIMIT:
        lines = wrap(row.label, drawing.width - 8, 3)
        drawing.label(4, y + 14, lines)
        y += 17 * len(lines)
        drawing.text(4, y + 14, f"{figures(row)} · {count}" if count else figures(row), css)
        _bar(drawing, axis, row, y + 21)
        return y + 21 + BAR + 14
    lines = wrap(row.label, axis.left - 24, 3)
    height = 11 + 17 * max(len(lines), 1)
    middle = y + height / 2
    drawing.label(8, middle + 5 - 8.5 * (len(lines) - 1), lines)
    _bar(drawing, axis, row, middle - BAR / 2)
    drawing.text(axis.right + 20, middle + 5, figures(row), css)
    drawing.text(drawing.width - 2, middle + 5, count, "small", "end")
    return y + height


def criteria_bars(rows: Sequence[IntervalRow], width: int = 1080, *, chart_id: str, title: str) -> Markup:
    """Return one bar per criterion in the order given, from 0 to 100 %, with its range as a line."""
    if not any(row.value is not None for row in rows):
        return nothing_to_draw()
    is_narrow = width < NARROW_LIMIT
    axis = Axis(0.0, 4 if is_narrow else width * 0.42, width - 10 if is_narrow else width * 0.75)
    lines = Drawing(width)
    y = float(HEAD)
    spans: list[Span] = [] if is_narrow else [(HEAD - 6, y)]
    for row in rows:
        y = _line(lines, axis, row, y)
        spans.append((y - 14 - BAR - 4, y - 10) if is_narrow else (spans[-1][1], y))
    drawing = Drawing(width)
    axis.draw(drawing, 32, spans)
    drawing.parts += lines.parts
    desc = (
        "Thanh là tỷ lệ hài lòng, vạch là khoảng 95\u00a0%. Trục từ 0 đến 100\u00a0%. Số liệu có trong bảng kèm theo."
    )
    return drawing.render(y + 8, chart_id=chart_id, title=title, desc=desc)
