"""Figures of units out of the sums of a round: index, factors, criteria, each with its design-based interval (pure)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.analysis.sampled.making import LONELY, UNIT, DesignFacts
from app.analysis.stats.cells.drawing import Drawing, stages_of
from app.analysis.stats.cells.figures import index
from app.analysis.stats.cells.plan import Drawn
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.cells.table import sampled_index_table
from app.analysis.stats.cells.view import View
from app.analysis.stats.index import FITTING_METHOD, Formula, IndexTable
from app.analysis.stats.index_limits import BoundedScale
from app.analysis.stats.layout import Level, Scoring
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed import PooledEffects
from app.analysis.stats.spread import Aggregation

Floats = npt.NDArray[np.float64]
Group = frozenset[int]

PLANNED_ICC = 0.1
"""Likeness inside a sampled place that is assumed where a survey has one place only; the cautious end of 0.05-0.1."""


@dataclass(frozen=True, eq=False)
class Reading:
    """How the sums of a round are read: its formula, aggregation and kind, never changed after opening."""

    sums: CellSums
    facts: DesignFacts
    formula: Formula
    aggregation: Aggregation
    sample_kind: SampleKind
    confidence_level: float

    @property
    def drawing(self) -> Drawing:
        """The design that the sums are laid over."""
        return Drawing(LONELY, self.facts.populations)

    @property
    def scale(self) -> BoundedScale:
        """From the raw scores of the formula to 0..1 and to print."""
        if self.formula is Formula.TOP2:
            return BoundedScale(0.0, 1.0, 1.0)
        return BoundedScale(1.0, float(self.sums.plan.layout.levels), 5.0)

    @property
    def scoring(self) -> Scoring:
        """What an answer counts."""
        return Scoring.TOP2 if self.formula is Formula.TOP2 else Scoring.LEVEL

    def pooled(self) -> PooledEffects | None:
        """Design effects of the whole survey, over the units that were asked about, whatever the tree does to them."""
        return self._table(View.of(self.sums, by=(UNIT,)), None).pooled

    def table(self, wanted: Sequence[Group], pooled: PooledEffects | None) -> IndexTable:
        """The figures of some groups of units that share none, in their order; each group has answers."""
        return self._table(self.view(wanted), pooled)

    def view(self, wanted: Sequence[Group]) -> View:
        """The sums as seen by groups of units; whoever belongs to none stays in the design as outside the domain."""
        names = {str(unit): f"{place:06}" for place, group in enumerate(wanted) for unit in group}
        renamed = tuple((names.get(label, ""),) for (label,) in self.sums.keys.domains)
        regrouped = replace(self.sums, keys=replace(self.sums.keys, domains=renamed))
        return View.of(regrouped, by=(UNIT,), where={UNIT: set(names.values())})

    def _table(self, view: View, pooled: PooledEffects | None) -> IndexTable:
        return sampled_index_table(
            view,
            formula=self.formula,
            aggregation=self.aggregation,
            confidence_level=self.confidence_level,
            sample_kind=self.sample_kind,
            method=FITTING_METHOD[self.sample_kind],
            drawing=self.drawing,
            planned_icc=PLANNED_ICC,
            pooled=pooled,
        )

    def covariance(self, wanted: Sequence[Group]) -> Floats | None:
        """Design covariance of the index of groups on 0..1, shape (k, k); None where none can be estimated."""
        if self.sample_kind is SampleKind.CENSUS:
            return None
        view = self.view(wanted)
        stages = stages_of(view.sums, self.drawing)
        if stages.degrees_of_freedom <= 0:
            return None
        of_people = view.sums.plan.drawn is Drawn.PEOPLE
        figures = index(view, self.scoring, self.aggregation, squares=of_people)
        last = len(figures.value) - 1
        if not of_people:
            found = figures.covariance(stages, [(last, unit) for unit in range(len(wanted))])
        else:
            # One person speaks of one unit, so that between units only the strata they share count.
            strata = np.zeros((len(wanted), len(stages.sampled)))
            np.add.at(strata, (view.unit, view.sums.keys.psu_stratum[view.psu]), figures.influence[last])
            weight = np.where(stages.sampled > 1, (1.0 - stages.fraction) / np.maximum(stages.sampled - 1.0, 1.0), 0.0)
            found = -(strata * weight) @ strata.T
            np.fill_diagonal(found, figures.variance(stages)[last])
        span = self.scale.highest - self.scale.lowest
        return np.asarray(found / span**2)


def overall_column(table: IndexTable) -> int:
    """Where the index itself stands."""
    return next(at for at, column in enumerate(table.columns) if column.level is Level.OVERALL)


def groups_of(units: Sequence[Collection[int]]) -> tuple[Group, ...]:
    """Groups as they name what is kept."""
    return tuple(map(frozenset, units))
