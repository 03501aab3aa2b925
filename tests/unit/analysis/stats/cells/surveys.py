"""Invented sampled surveys for the tests of cell sums, and the same figures from every single answer."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.cells.whole import digits_for, whole_weights
from app.analysis.stats.layout import Scoring
from tests.unit.analysis.stats.direct_computing import counter_layout

LAYOUT = counter_layout()
CODES = np.array([0, 1, 2, 3, 4, 4, 5, 5, 5, 254, 255], dtype=np.uint8)


@dataclass(frozen=True)
class Survey:
    """Rows of a survey."""

    answers: np.ndarray
    weights: np.ndarray
    stratum: np.ndarray
    psu: np.ndarray
    unit: np.ndarray
    channel: np.ndarray
    digits: int

    def plan(self, drawn: Drawn = Drawn.CLUSTERS, within: Within = Within.CELL) -> CellPlan:
        return CellPlan(LAYOUT, ("unit", "channel"), self.digits, tuple(Scoring), drawn, within)

    def sums(self, plan: CellPlan, rows: np.ndarray | slice = slice(None)) -> CellSums:
        return from_answers(
            plan,
            self.answers[rows],
            weights=whole_weights(self.weights[rows], digits=plan.digits),
            stratum=Labelled.of(self.stratum[rows]),
            psu=Labelled.of(self.psu[rows]) if plan.drawn is Drawn.CLUSTERS else None,
            domains=[Labelled.of(self.unit[rows]), Labelled.of(self.channel[rows])],
        )

    def rescaled(self, weights: np.ndarray) -> "Survey":
        return replace(self, weights=weights, digits=digits_for(weights))


def survey(seed: int, rows: int, *, strata: int = 3, psus: int = 3, units: int = 3, heavy: bool = False) -> Survey:
    """Sampling units 0..psus-1 in every stratum, each with somebody if there are rows enough."""
    rng = np.random.default_rng(seed)
    answers = rng.choice(CODES, size=(rows, LAYOUT.columns))
    answers[:, 7] = rng.choice(np.array([0, 1, 2, 3, 255], dtype=np.uint8), size=rows)
    place = rng.permutation(
        np.concatenate(
            [np.arange(min(rows, strata * psus)), rng.integers(0, strata * psus, max(rows - strata * psus, 0))]
        )
    )
    weights = rng.choice([1.0, 2.5, 12.25, 57.0], size=rows)
    if heavy:
        weights = rng.uniform(1.0, 90.0, rows)
    return Survey(
        answers=answers.astype(np.uint8),
        weights=weights,
        stratum=np.char.add("S", (place // psus).astype(str)),
        psu=(place % psus).astype(str),
        unit=np.char.add("U", rng.integers(0, units, rows).astype(str)),
        channel=rng.choice(["counter", "online"], size=rows),
        digits=digits_for(weights) if rows else 0,
    )


def surveys(min_rows: int = 0, max_rows: int = 60) -> st.SearchStrategy[Survey]:
    """Small surveys of all kinds."""
    return st.builds(
        survey,
        st.integers(0, 2**32 - 1),
        st.integers(min_rows, max_rows),
        strata=st.integers(1, 4),
        psus=st.integers(2, 4),
        units=st.integers(1, 4),
        heavy=st.booleans(),
    )
