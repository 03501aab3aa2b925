"""The index computed straight from the answers, person by person: the yardstick for everything made from sums."""

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.analysis.stats.layout import Criterion, Item, SumsLayout
from app.analysis.stats.spread import Aggregation

Z95 = 1.959963984540054


def counter_layout() -> SumsLayout:
    """Small set in the shape of the counter set: two components, one factor of a single criterion, tap and kind."""
    criteria = [
        Criterion("a1", 1, "a", "policy"),
        Criterion("b1", 2, "b", "service"),
        Criterion("b2", 3, "b", "service"),
        Criterion("c1", 4, "c", "service"),
        Criterion("c2", 5, "c", "service"),
        Criterion("c3", 6, "c", "service"),
    ]
    return SumsLayout.of(columns=8, levels=5, criteria=criteria, others=[Item("tap", 0, 5), Item("kind", 7, 3)])


def responses(min_size: int = 0, max_size: int = 40) -> st.SearchStrategy[np.ndarray]:
    """Packed answers of `counter_layout`, with many missing ones."""
    code = st.sampled_from([0, 1, 2, 3, 4, 4, 5, 5, 254, 255])
    kind = st.sampled_from([0, 1, 2, 3, 255])

    def build(n: int) -> st.SearchStrategy[np.ndarray]:
        body = hnp.arrays(np.uint8, (n, 7), elements=code)
        return st.tuples(body, hnp.arrays(np.uint8, (n, 1), elements=kind)).map(np.hstack)

    return st.integers(min_size, max_size).flatmap(build)


@dataclass(frozen=True)
class Direct:
    """Value on 0..1 from lowest to highest score, its variance between people, people."""

    unit_value: float
    variance: float
    n: int


def direct_index(answers: np.ndarray, columns: list[int], *, top2: bool, aggregation: Aggregation) -> Direct | None:
    """Value and variance by the definitions of statistics.md 2.1 and 3.2, one Python loop per person."""
    people = []
    for row in answers.tolist():
        scores = {}
        for column in columns:
            if 1 <= row[column] <= 5:
                scores[column] = float(row[column] >= 4) if top2 else (row[column] - 1) / 4
        if scores and (aggregation is not Aggregation.RESPONDENT or 2 * len(scores) >= len(columns)):
            people.append(scores)
    if not people:
        return None
    n = len(people)
    if aggregation is Aggregation.RESPONDENT:
        e = [sum(s.values()) / len(s) for s in people]
        value = math.fsum(e) / n
    elif aggregation is Aggregation.POOLED:
        answered = sum(len(s) for s in people)
        value = math.fsum(sum(s.values()) for s in people) / answered
        e = [value + n * (sum(s.values()) - value * len(s)) / answered for s in people]
    else:
        counts = {c: sum(c in s for s in people) for c in columns}
        means = {c: math.fsum(s.get(c, 0.0) for s in people) / counts[c] for c in columns if counts[c]}
        value = math.fsum(means.values()) / len(means)
        e = [value + n * sum((y - means[c]) / counts[c] for c, y in s.items()) / len(means) for s in people]
    mean = math.fsum(e) / n
    variance = math.fsum((x - mean) ** 2 for x in e) / (n * (n - 1)) if n > 1 else math.nan
    return Direct(value, variance, n)


def wilson(p: float, n_eff: float, q: float) -> tuple[float, float]:
    """Wilson limits, written out."""
    middle = p + q * q / (2 * n_eff)
    half = q / (2 * n_eff) * math.sqrt(max(0.0, 4 * n_eff * p * (1 - p) + q * q))
    return max(0.0, (middle - half) / (1 + q * q / n_eff)), min(1.0, (middle + half) / (1 + q * q / n_eff))
