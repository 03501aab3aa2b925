"""What charts of open and of sampled rounds have in common: frame, table, labels, rows with their range."""

from collections.abc import Callable, Sequence
from typing import Protocol

from markupsafe import Markup

from app.analysis.charts.rows import IntervalRow, Position
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.wording import reason
from app.i18n.formats import format_integer, format_percent, format_percent_number
from app.survey.definitions import UNIT_PLACEHOLDER

WIDE, NARROW = 1080, 328
Draw = Callable[[int], Markup]
Cell = object


class Named(Protocol):
    """A figure of a score card or of a report."""

    @property
    def number(self) -> str:
        """Its number in the question set, or ""."""

    @property
    def label(self) -> str:
        """Its words."""

    @property
    def estimate(self) -> Estimate | NoData:
        """Its value."""


def framed(name: str, title: str, text: str, draw: Draw, table: dict[str, object] | None) -> dict[str, object]:
    """A chart drawn for wide and for narrow screens, with the table that says the same."""
    return {
        "id": name,
        "title": title,
        "text": text,
        "legend": "",
        "wide": draw(WIDE),
        "narrow": draw(NARROW),
        "table": table,
    }


def table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], is_number: Callable[[int, str], bool]
) -> dict[str, object]:
    """A table; ``is_number`` tells by place and heading which columns stand to the right."""
    columns = [{"label": heading, "numeric": is_number(place, heading)} for place, heading in enumerate(headings)]
    return {"caption": caption, "columns": columns, "rows": rows}


def label_of(figure: Named) -> str:
    """The words of a figure; in a chart of one unit its full name would only take room."""
    words = figure.label.replace(UNIT_PLACEHOLDER, "đơn vị")
    return words[:1].upper() + words[1:]


def numbered(figure: Named) -> str:
    """Number and words of a figure."""
    return f"{figure.number}. {label_of(figure)}" if figure.number else label_of(figure)


def lowest(figures: Sequence[Named], words: str) -> str:
    """A title that names the lowest of some figures."""
    known = [(figure.estimate.value, figure) for figure in figures if isinstance(figure.estimate, Estimate)]
    if not known:
        return "Chưa đủ phiếu để hiện"
    value, figure = min(known, key=lambda pair: pair[0])
    return f"{words}: {label_of(figure)} ({format_percent(value, places=1)})"


def headline(label: str, estimate: Estimate | NoData, kind: SampleKind, least: int) -> dict[str, object]:
    """A headline number for components/estimate.html."""
    if isinstance(estimate, NoData):
        return {"label": label, "value": None, "reason": reason(estimate, least)}
    return {
        "label": label,
        "value": format_percent(estimate.value, places=1),
        "low": format_percent_number(estimate.interval.low, places=1),
        "high": format_percent_number(estimate.interval.high, places=1),
        "n": format_integer(estimate.n),
        "sample_kind": kind.value,
    }


def interval_row(
    label: str, estimate: Estimate | NoData, least: int, position: Position = Position.UNSAID
) -> IntervalRow:
    """A dot with its range, or why there is none."""
    if isinstance(estimate, NoData):
        return IntervalRow(label, None, reason=reason(estimate, least))
    low, high = estimate.interval.low, estimate.interval.high
    return IntervalRow(label, estimate.value, low, high, estimate.n, position=position)
