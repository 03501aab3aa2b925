"""The few SVG elements the charts are made of. Every text is escaped here; no style attribute is ever written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

NARROW_LIMIT = 600
"""Charts below this width (px) are laid out for a phone."""

# Average advance of 14 px text in the widest face of the font stack; measured with "Rất không hài lòng".
CHARACTER_WIDTH = 8.0

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def coordinate(value: float) -> str:
    """Return a length with one decimal at most; finer differences cannot be seen."""
    return f"{value:.1f}".removesuffix(".0")


def safe(words: str) -> Markup:
    """Return a text escaped, without the control characters that XML forbids."""
    return escape(_NOT_XML.sub("", words))


def wrap(label: str, width: float, lines: int = 2) -> list[str]:
    """Break a label into at most `lines` lines of about `width` px; what does not fit is cut with "…"."""
    room = max(int(width / CHARACTER_WIDTH), 4)
    broken = [""]
    for word in label.split():
        joined = f"{broken[-1]} {word}".strip()
        if len(joined) <= room or not broken[-1]:
            broken[-1] = joined
        else:
            broken.append(word)
    cut = len(broken) > lines
    kept = [line if len(line) <= room else line[: room - 1] + "…" for line in broken[:lines]]
    if cut and not kept[-1].endswith("…"):
        kept[-1] = kept[-1][: room - 1].rstrip() + "…"
    return kept


@dataclass(slots=True)
class Drawing:
    """Collects elements; `render` closes them into one document with a title and a description."""

    width: int
    parts: list[Markup] = field(default_factory=list)

    def add(self, template: str, *values: str | float) -> None:
        """Add one element; values are escaped, numbers written with one decimal."""
        written = [coordinate(value) if isinstance(value, int | float) else safe(value) for value in values]
        self.parts.append(Markup(template).format(*written))  # noqa: S704  (templates are the literals below)

    def text(self, x: float, y: float, words: str, css: str, anchor: str = "start") -> None:
        """Write one line of text with its baseline at `y`."""
        self.add('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>', x, y, css, anchor, words)

    def label(self, x: float, y: float, lines: Iterable[str], css: str = "name", leading: float = 17) -> None:
        """Write several lines, the first with its baseline at `y`."""
        for index, line in enumerate(lines):
            self.text(x, y + index * leading, line, css)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Draw a straight line."""
        self.add('<path d="M{} {}L{} {}" class="{}"/>', x1, y1, x2, y2, css)

    def path(self, data: str, css: str) -> None:
        """Draw a path."""
        self.add('<path d="{}" class="{}"/>', data, css)

    def rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """Draw a rectangle; one of no width is left out."""
        if width > 0:
            self.add('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>', x, y, width, height, css)

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """Draw a disc."""
        self.add('<circle cx="{}" cy="{}" r="{}" class="{}"/>', x, y, radius, css)

    def render(self, height: float, *, chart_id: str, title: str, desc: str) -> Markup:
        """Return the whole document. `chart_id` must be unique in the page; the width is added to it."""
        form = "narrow" if self.width < NARROW_LIMIT else "wide"
        name = safe(f"{chart_id}-{self.width}")
        head = Markup(
            '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" class="chart {2}" role="img" '
            'aria-labelledby="{3}-title {3}-desc">'
        ).format(self.width, coordinate(height), form, name)
        words = Markup('<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>').format(
            name, safe(title), name, safe(desc)
        )
        return head + words + Markup("").join(self.parts) + Markup("</svg>")


def nothing_to_draw(reason: str = "Chưa có số liệu để vẽ biểu đồ.") -> Markup:
    """Return the words that stand where a chart would be, when there is nothing to draw."""
    return Markup('<p class="no-data">{}</p>').format(reason)
