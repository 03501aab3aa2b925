"""The chart of docs/coverage.md: coverage of every method in all settings of the grid, one row a method."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.analysis.charts.svg import Drawing
from bench.coverage.clusters import Outcome
from bench.coverage.methods import Method

WIDTH, LABELS, RIGHT, HEAD, ROW = 940, 350, 920, 40, 30
START = 0.7
BIN = 0.005
STYLE = (
    "<style>.paper{fill:#fff}text{font:14px system-ui,sans-serif;fill:#1f2933}.small{font-size:12px;fill:#52606d}"
    ".strong{font-weight:700}.grid{stroke:#d9e2ec;stroke-width:1}.goal{stroke:#0b7a4b;stroke-width:2}"
    ".lowest{stroke:#b44d12;stroke-width:1.5;stroke-dasharray:4 3}.dot{fill:#52606d;fill-opacity:.45}"
    ".ours{fill:#0b6bcb;fill-opacity:.6}.mean{stroke:#1f2933;stroke-width:2.5}</style>"
)


def coverage_chart(outcomes: Sequence[Outcome]) -> str:
    """Return an SVG document that stands alone: the area of a dot is the number of settings at that coverage."""
    drawing = Drawing(WIDTH)
    bottom = HEAD + ROW * len(Method)
    drawing.rect(0, 0, WIDTH, bottom + 34, "paper")
    for share in (0.7, 0.75, 0.8, 0.85, 0.9, 1.0):
        drawing.line(_at(share), HEAD - 8, _at(share), bottom, "grid")
        words = f"≤ {share:.2f}" if share == START else f"{share:.2f}"
        drawing.text(_at(share), HEAD - 14, words, "small", "middle")
    drawing.line(_at(0.95), HEAD - 8, _at(0.95), bottom, "goal")
    drawing.line(_at(0.93), HEAD - 8, _at(0.93), bottom, "lowest")
    drawing.text(_at(0.95), HEAD - 14, "0.95", "small strong", "middle")
    for place, method in enumerate(Method):
        _row(drawing, HEAD + ROW * (place + 0.5), method, [outcome.held[method].coverage for outcome in outcomes])
    drawing.text(8, bottom + 22, f"{len(outcomes)} settings; upright stroke: mean; dashed line: 0.93", "small")
    desc = (
        "One row a method. A dot stands at a coverage, its area for the number of settings there; what lies below 0.70 "
        "stands at the left end. The figures are in docs/coverage.md."
    )
    title = "How often intervals of a nominal 95 % hold the true share, cluster samples"
    svg = str(drawing.render(bottom + 34, chart_id="coverage", title=title, desc=desc))
    head, rest = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).split(">", 1)
    return f"{head}>{STYLE}{rest}\n"


def _row(drawing: Drawing, y: float, method: Method, coverages: list[float]) -> None:
    ours = method is Method.SMOOTHED
    drawing.text(8, y + 5, str(method), "strong" if ours else "name")
    counted = Counter(round(max(coverage, START) / BIN) for coverage in coverages)
    for step, count in sorted(counted.items()):
        radius = 12.0 * float(np.sqrt(count / len(coverages)))
        drawing.circle(_at(step * BIN), y, max(radius, 0.8), "ours" if ours else "dot")
    mean = _at(float(np.mean(coverages)))
    drawing.line(mean, y - 10, mean, y + 10, "mean")


def _at(coverage: float) -> float:
    return LABELS + (min(max(coverage, START), 1.0) - START) / (1.0 - START) * (RIGHT - LABELS)
