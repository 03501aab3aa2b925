"""Diverging bars: the five levels of each criterion around the middle of "bình thường"."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.analysis.charts.rows import LEVELS, DistributionRow
from app.analysis.charts.svg import NARROW_LIMIT, Drawing, nothing_to_draw, wrap
from app.i18n.formats import format_integer, format_percent_number

TOP = 30
BAR = 24
AFTER_BAR = 16
ROOM_FOR_FIGURE = 30
"""A segment narrower than this (px) carries no number; the table has it."""


def _shares(row: DistributionRow) -> list[float]:
    return [count / row.rated for count in row.counts or ()] if row.rated else []


def _left_of_middle(shares: Sequence[float]) -> float:
    """Share that lies left of the centre line: both lower levels and half of the middle one."""
    return shares[0] + shares[1] + shares[2] / 2


def _segments(drawing: Drawing, shares: Sequence[float], centre: float, scale: float, top: float) -> None:
    x = centre - _left_of_middle(shares) * scale
    for level, share in zip(range(1, LEVELS + 1), shares, strict=True):
        length = share * scale
        drawing.rect(x, top, length, BAR, f"level level-{level}")
        if length >= ROOM_FOR_FIGURE:
            css = "on-dark" if level in {1, LEVELS} else "on-light"
            drawing.text(x + length / 2, top + 17, format_percent_number(share, places=0), css, "middle")
        x += length


def _without_level(row: DistributionRow) -> str:
    return f"không áp dụng {format_integer(row.not_applicable)} · bỏ trống {format_integer(row.blank)}"


def _line(drawing: Drawing, row: DistributionRow, centre: float, scale: float, y: float, label_width: float) -> float:
    """Draw one criterion and return the y of the next."""
    shares = _shares(row)
    is_narrow = drawing.width < NARROW_LIMIT
    lines = wrap(row.label, label_width, 3)
    notes = [f"n\u00a0=\u00a0{format_integer(row.rated)}", _without_level(row)] if shares else [row.reason]
    if is_narrow:
        drawing.label(4, y + 14, lines)
        y += 17 * len(lines)
        drawing.text(4, y + 14, " · ".join(notes), "small")
        if not shares:
            return y + 30
        _segments(drawing, shares, centre, scale, y + 22)
        return y + 22 + BAR + AFTER_BAR
    height = max(17 * len(lines), 34) + 10
    middle = y + height / 2
    drawing.label(8, middle + 5 - 8.5 * (len(lines) - 1), lines)
    if shares:
        _segments(drawing, shares, centre, scale, middle - BAR / 2)
    for index, note in enumerate(notes):
        drawing.text(drawing.width * 0.755, middle + 5 - 8.5 * (len(notes) - 1) + 17 * index, note, "small")
    return y + height


def distribution_bars(rows: Sequence[DistributionRow], width: int = 1080, *, chart_id: str, title: str) -> Markup:
    """Return the shares of the five levels per criterion, of those who rated; other answers stand apart as numbers.

    All bars share one scale and one centre line, the middle of the third level.
    """
    all_shares = [shares for row in rows if (shares := _shares(row))]
    if not all_shares:
        return nothing_to_draw()
    is_narrow = width < NARROW_LIMIT
    left, right = (4.0, width - 4.0) if is_narrow else (width * 0.38, width * 0.74)
    before = max(_left_of_middle(shares) for shares in all_shares)
    after = max(1 - _left_of_middle(shares) for shares in all_shares)
    scale = (right - left) / (before + after)
    centre = left + before * scale
    lines = Drawing(width)
    y = float(TOP)
    spans = [(TOP - 8.0, TOP - 2.0)]
    for row in rows:
        y = _line(lines, row, centre, scale, y, width - 8 if is_narrow else left - 24)
        if not is_narrow:
            spans.append((spans[-1][1], y))
        elif row.rated:
            spans.append((y - AFTER_BAR - BAR - 4, y - AFTER_BAR + 4))
    drawing = Drawing(width)
    lean = "end" if centre > width * 0.7 else "start" if centre < 130 else "middle"
    drawing.text(centre, 16, "← không hài lòng | hài lòng →", "small", lean)
    drawing.parts += lines.parts
    for top, bottom in spans:
        drawing.line(centre, top, centre, bottom, "reference")
    desc = (
        "Mỗi thanh là phần trăm của năm mức, từ rất không hài lòng đến rất hài lòng; đường giữa đi qua giữa mức bình "
        "thường. Không áp dụng và bỏ trống không nằm trong thanh. Số liệu có trong bảng kèm theo."
    )
    return drawing.render(y + 6, chart_id=chart_id, title=title, desc=desc)
