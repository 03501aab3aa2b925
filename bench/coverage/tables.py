"""The tables of docs/coverage.md."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from bench.coverage.clusters import LIKENESS, SHARES, WEIGHTS, Outcome
from bench.coverage.methods import Method
from bench.coverage.plain import METHODS, Exact, ExactPopulation
from bench.coverage.study import Results
from bench.coverage.surveys import BANDS, Figure
from bench.coverage.tally import Counts
from bench.coverage.verdicts import LOWEST, Mark, Verdict, index_verdict, mark, verdict


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float) -> str:
    """Three decimals, or a dash for nothing."""
    return "–" if np.isnan(value) else f"{value:.3f}"


def percent(value: float) -> str:
    """Whole percent."""
    return "–" if np.isnan(value) else f"{100 * value:.0f} %"


def plain_table(found: dict[tuple[float, int], dict[str, Exact]]) -> str:
    """Coverage of plain samples, enumerated."""
    rows = []
    for (p, n), methods in found.items():
        others = [exact.coverage for name, exact in methods.items() if name != "Wilson"]
        marks = {"Wilson": mark(methods["Wilson"].coverage, others)}
        cells = [number(exact.coverage) + marks.get(name, "") for name, exact in methods.items()]
        widths = " / ".join(number(methods[name].width) for name in ("Wald", "Wilson", "Clopper–Pearson"))
        rows.append([f"{p:g}, {n}", *cells, widths])
    return table(["p, n", *METHODS, "width Wald / Wilson / C–P"], rows)


def population_table(found: Sequence[ExactPopulation]) -> str:
    """Exact limits of known populations, over every share they can hold."""
    rows = [
        [f"{each.population:,}", str(each.n), number(each.lowest), number(each.mean), number(each.width)]
        for each in found
    ]
    return table(["population", "drawn", "lowest coverage", "mean coverage", "mean width"], rows)


def method_table(outcomes: Sequence[Outcome]) -> str:
    """Every method over the grid."""
    rows = []
    for method in Method:
        coverage = np.array([outcome.held[method].coverage for outcome in outcomes])
        width = np.array([outcome.held[method].width for outcome in outcomes])
        name = f"**{method}**" if method is Method.SMOOTHED else str(method)
        below = [percent(float((coverage < limit).mean())) for limit in (LOWEST, 0.9)]
        rows.append([name, number(coverage.mean()), number(coverage.min()), *below, number(width.mean())])
    return table(["method", "mean coverage", "worst", "settings < 0.93", "< 0.90", "mean width"], rows)


def size_table(outcomes: Sequence[Outcome]) -> str:
    """Means over likeness and weights, per shape and share."""
    shown = (Method.WALD_T, Method.LOGIT, Method.WILSON_OWN, Method.KORN_GRAUBARD_CUT, Method.SMOOTHED)
    rows = []
    for (shape, p), group in groupby(outcomes, key=lambda outcome: (outcome.setting.shape, outcome.setting.p)):
        cells = list(group)
        means = [number(float(np.mean([cell.held[method].coverage for cell in cells]))) for method in shown]
        widths = [float(np.mean([cell.held[method].width for cell in cells])) for method in shown[-2:]]
        rows.append([shape, f"{p:g}", *means, " / ".join(map(number, widths))])
    return table(["places × people", "p", *map(str, shown), "width: KG cut / smoothed"], rows)


def grid_table(outcomes: Sequence[Outcome]) -> str:
    """Coverage of the default in every one of the settings."""
    found = {(o.setting.shape, o.setting.icc, o.setting.weight_cv, o.setting.p): o for o in outcomes}
    shapes = dict.fromkeys(outcome.setting.shape for outcome in outcomes)
    rows = []
    for shape in shapes:
        for cv in WEIGHTS:
            for icc in LIKENESS:
                cells = [_default(found.get((shape, icc, cv, p))) for p in SHARES]
                if any(cells):
                    rows.append([shape, "equal" if cv == 0 else f"CV {cv:g}", f"{icc:g}", *cells])
    return table(["places × people", "weights", "likeness", *(f"p {p:g}" for p in SHARES)], rows)


def _default(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    coverage = outcome.held[Method.SMOOTHED].coverage
    return number(coverage) + mark(coverage, [outcome.held[m].coverage for m in Method if m is not Method.SMOOTHED])


def survey_table(results: Results) -> str:
    """Whole surveys: cells, units with few degrees of freedom, the index, differences."""
    rows = []
    for kind, counts in results.realistic:
        worst = _worst(counts)
        for group, name in (("all", "cells"), ("few df", "cells of units with 0–3 df"), ("index", "index")):
            for method, held in counts.get(group, {}).items():
                if method == Figure.WARNED:
                    continue
                low = worst.get(method, float("nan")) if group == "all" else float("nan")
                rows.append([kind.name, name, _bold(method), number(held.coverage), number(low), number(held.width)])
        for method, held in counts.get("differences", {}).items():
            rows.append([kind.name, "differences", _bold(method), number(held.coverage), "–", number(held.width)])
    head = ["surveys", "what", "method", "mean coverage", "worst band of p", "mean width"]
    return table(head, _without_repeats(rows, columns=2))


def _bold(method: str) -> str:
    ours = (Figure.SMOOTHED, Figure.SMOOTHED_INDEX, Figure.MOVER)
    return f"**{method}**" if method in ours else str(method)


def _worst(counts: Counts) -> dict[str, float]:
    bands = [counts[name] for name in (f"p {low:g}–{high:g}" for low, high in BANDS) if name in counts]
    return {method: min(band[method].coverage for band in bands) for method in bands[0]}


def _without_repeats(rows: list[list[str]], *, columns: int) -> list[list[str]]:
    shown, before = [], [""] * columns
    for row in rows:
        same = [now == then for now, then in zip(row, before, strict=False)]
        keep = [not all(same[: at + 1]) for at in range(columns)]
        shown.append([*(cell if kept else "" for cell, kept in zip(row, keep, strict=False)), *row[columns:]])
        before = row[:columns]
    return shown


def _cell(found: Verdict) -> list[str]:
    warned = percent(found.warned)
    return [number(found.default) + found.mark, number(found.other), f"**{warned}**" if found.is_warned else warned]


def stress_table(results: Results) -> str:
    """Settings in which nothing tells how much places differ; shares in columns."""
    rows = []
    for (units, places, icc), group in groupby(results.stress, key=lambda x: (x[0].units, x[0].places, x[0].icc)):
        cells = [cell for _, counts in group for cell in _cell(verdict(counts["all"]))]
        rows.append([str(units), str(places), f"{icc:g}", *cells])
    shares = dict.fromkeys(each.p for each, _ in results.stress)
    head = [f"p {p:g}: {what}" for p in shares for what in ("default", "best other", "warned")]
    return table(["units", "places of 30", "likeness", *head], rows)


def odd_table(results: Results) -> str:
    """One unit unlike the nineteen others: its own cells."""
    rows = [[str(odd.places), f"{odd.icc:g}", *_cell(verdict(counts["first unit"]))] for odd, counts in results.odd]
    return table(["places of 20", "likeness in that unit", "default", "best other", "warned"], rows)


def warned_table(results: Results) -> str:
    """How often the product warns in the whole surveys, and whether it has to."""
    rows = []
    for kind, counts in results.realistic:
        for name, found in (("cells", verdict(counts["all"])), ("index", index_verdict(counts))):
            rows.append([kind.name, name, *_cell(found)])
    return table(["surveys", "what", "default", "best other", "warned"], _without_repeats(rows, columns=1))


def tallied(results: Results) -> tuple[int, int, int, int]:
    """Stress settings: no method holds, of these usually warned; the default holds, of these usually warned."""
    found = [verdict(counts["all"]) for _, counts in results.stress]
    found += [verdict(counts["first unit"]) for _, counts in results.odd]
    none = [each for each in found if each.mark is Mark.NONE]
    holds = [each for each in found if each.mark is Mark.HOLDS]
    return len(none), sum(e.is_warned for e in none), len(holds), sum(e.is_warned for e in holds)
