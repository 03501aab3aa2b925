"""The satisfaction index under its named versions: per criterion, factor, component and overall, for many cells.

Values are fractions 0..1; percent is a matter of display. TOP2 is the share of the two best levels, MEAN5 the mean
level over 5, so that its lowest value is 0.2 (method-and-law.md section 2.6). Intervals are made on the scale that
starts at 0: for MEAN5 on (mean level - 1)/4, mapped back. Nothing is chosen silently: every option is named.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError, NotFromSumsError
from app.analysis.stats.index_limits import BoundedScale, census_limits, own_variance_limits, smoothed_index
from app.analysis.stats.intervals.cautions import cautions
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.layout import OVERALL, Level, Scoring, SumsLayout
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind
from app.analysis.stats.smoothed import PooledEffects
from app.analysis.stats.spread import Aggregation, criteria_spread, groups_spread, joined
from app.analysis.stats.sums import responses

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Formula(StrEnum):
    """What one criterion is worth; chosen by whoever opens a round and never changed afterwards."""

    TOP2 = "TOP2"
    MEAN5 = "MEAN5"


class IntervalMethod(StrEnum):
    """Interval methods of the index; each fits one kind of sample (statistics.md sections 3.2, 3.3, 7)."""

    WILSON_OWN_VARIANCE = "wilson_own_variance"
    SMOOTHED_WILSON = "smoothed_wilson"
    CENSUS = "census"


class SamplingUnit(StrEnum):
    """What was drawn: people one by one, or villages and counter-days whole."""

    PERSON = "person"
    CLUSTER = "cluster"


FITTING_METHOD = {
    SampleKind.OPEN: IntervalMethod.WILSON_OWN_VARIANCE,
    SampleKind.PROBABILITY: IntervalMethod.SMOOTHED_WILSON,
    SampleKind.CENSUS: IntervalMethod.CENSUS,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of the index tree."""

    level: Level
    code: str


@dataclass(frozen=True)
class IndexTable:
    """The index of many cells: every array has shape (cells, columns); NaN where nobody answered.

    `n` counts people: for a criterion those who answered it, for a group those who answered at least one of its
    criteria (RESPONDENT: at least half). `answers` counts answers. `n_eff` and `df` are what the interval used
    (df NaN: normal quantile); `unanswered` counts criteria of the group that nobody answered and that
    MEAN_OF_CRITERIA therefore leaves out. Tables of sampled surveys also carry design effects: `deff` of the figure
    itself, `deff_star` as the interval used it, `pooled` of the survey, to be stored with what is published;
    `notes` that hold for the whole table; and where an interval cannot be relied on (`intervals.cautions`).
    """

    columns: tuple[Column, ...]
    formula: Formula
    aggregation: Aggregation
    sample_kind: SampleKind
    method: IntervalMethod
    confidence_level: float
    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n_eff: Floats
    df: Floats
    n: Ints
    answers: Ints
    unanswered: Ints
    deff: Floats | None = None
    deff_star: Floats | None = None
    pooled: PooledEffects | None = None
    notes: tuple[Reason, ...] = ()
    few_dissatisfied: Bools | None = None
    unlike_others: Bools | None = None

    def position(self, level: Level, code: str = OVERALL) -> int:
        """Position of a figure; ValueError when the question set has none of that name."""
        return self.columns.index(Column(level, code))

    def estimate(self, cell: int, column: int) -> Estimate | NoData:
        """One figure as a result object."""
        value = float(self.value[cell, column])
        if np.isnan(value):
            return NoData(Reason.NO_ANSWERS)
        se, n_eff, df = (float(x[cell, column]) for x in (self.se, self.n_eff, self.df))
        notes = [*self.notes]
        if self.sample_kind is not SampleKind.CENSUS and (np.isnan(se) or se == 0.0):
            notes.append(Reason.NO_VARIANCE)
        if self.unanswered[cell, column]:
            notes.append(Reason.CRITERIA_WITHOUT_ANSWERS)
        few, unlike = (x is not None and bool(x[cell, column]) for x in (self.few_dissatisfied, self.unlike_others))
        notes.extend(cautions(few=few, unlike=unlike))
        return Estimate(
            value=value,
            interval=Interval(float(self.low[cell, column]), float(self.high[cell, column])),
            n=int(self.n[cell, column]),
            method=self._method(df),
            confidence_level=self.confidence_level,
            se=None if np.isnan(se) else se,
            sample_kind=self.sample_kind,
            notes=tuple(notes),
            n_eff=None if np.isnan(n_eff) else n_eff,
            df=None if np.isnan(df) else df,
            deff=self._deff(cell, column),
        )

    def _deff(self, cell: int, column: int) -> float | None:
        deff = np.nan if self.deff is None else float(self.deff[cell, column])
        return None if np.isnan(deff) else deff

    def _method(self, df: float) -> str:
        # Without a variance of its own a figure has the plain Wilson limits of n people.
        return "wilson" if self.method is IntervalMethod.WILSON_OWN_VARIANCE and np.isnan(df) else self.method.value


def index_table(
    layout: SumsLayout,
    sums: Ints,
    *,
    formula: Formula,
    aggregation: Aggregation,
    confidence_level: float,
    sample_kind: SampleKind,
    method: IntervalMethod,
    sampling_unit: SamplingUnit = SamplingUnit.PERSON,
    population: Sequence[int] | None = None,
) -> IndexTable:
    """Index of every cell, from stacked sums.

    Parameters
    ----------
    layout : SumsLayout
    sums : int64 array, shape (cells, layout.size)
        For a probability sample the cells are the units of one survey, each a stratum of its own.
    formula, aggregation
        The named version of the index, stored with the round.
    confidence_level : float
    sample_kind, method
        The method has to fit the kind of sample: a census is never given a range, an open sample never a
        design-based one.
    sampling_unit : SamplingUnit
        CLUSTER needs sums per cluster and is refused here: `cells.table.sampled_index_table`.
    population : sequence of int, optional
        Probability samples: people each unit served (fpc 1 - n/N); None for no correction.

    Returns
    -------
    IndexTable
        Columns are the criteria in order, then factors, components, overall.

    Raises
    ------
    MethodDoesNotFitError, NotFromSumsError, BadInputError
    """
    _check(layout, sums, formula, check_level(confidence_level), sample_kind, method, sampling_unit)
    scoring = Scoring.TOP2 if formula is Formula.TOP2 else Scoring.LEVEL
    scale = BoundedScale(0.0, 1.0, 1.0) if formula is Formula.TOP2 else BoundedScale(1.0, 5.0, 5.0)
    both = joined(criteria_spread(layout, sums, scoring), groups_spread(layout, sums, scoring, aggregation))
    # A single TOP2 criterion is a plain share of people; everything else is a mean of scores.
    shares = len(layout.criteria) if formula is Formula.TOP2 else 0
    if method is IntervalMethod.CENSUS:
        limits = census_limits(both, scale)
    elif method is IntervalMethod.WILSON_OWN_VARIANCE:
        limits = own_variance_limits(both, scale, shares=shares, confidence_level=confidence_level)
    else:
        people, level = responses(sums), confidence_level
        limits = smoothed_index(
            both, scale, shares=shares, people=people, population=population, confidence_level=level
        )
    return IndexTable(
        columns=columns_of(layout),
        formula=formula,
        aggregation=aggregation,
        sample_kind=sample_kind,
        method=method,
        confidence_level=confidence_level,
        value=both.value / scale.divisor,
        n=both.n,
        answers=both.answers,
        unanswered=both.unanswered,
        **same_figure_once(layout, asdict(limits)),
    )


def combine_by_item_counts(values: Sequence[float], item_counts: Sequence[int]) -> float:
    """Mean of published factor or component values, each weighted by its number of criteria.

    This is how the national figures of 2023 and 2024 are put together: all criteria weigh the same
    (method-and-law.md section 2.6). The result is on the scale of the values.
    """
    if len(values) != len(item_counts) or not item_counts or min(item_counts) < 1:
        message = f"{len(values)} values need as many item counts of at least 1, got {list(item_counts)}"
        raise BadInputError(message)
    return sum(value * count for value, count in zip(values, item_counts, strict=True)) / sum(item_counts)


def _check(
    layout: SumsLayout,
    sums: Ints,
    formula: Formula,
    confidence_level: float,
    sample_kind: SampleKind,
    method: IntervalMethod,
    sampling_unit: SamplingUnit,
) -> None:
    if sums.ndim != 2 or sums.shape[1] != layout.size or sums.dtype != np.int64:
        message = f"sums of shape {sums.shape}, the layout needs int64 of (cells, {layout.size})"
        raise BadInputError(message)
    if not layout.criteria:
        message = "this question set has no criteria that count in an index"
        raise MethodDoesNotFitError(message)
    if formula is Formula.MEAN5 and layout.levels != 5:
        message = f"MEAN5 needs five levels, these criteria have {layout.levels}"
        raise MethodDoesNotFitError(message)
    if method is not FITTING_METHOD[sample_kind]:
        message = f"{method.value} at {confidence_level} does not fit a sample of kind {sample_kind.value}"
        raise MethodDoesNotFitError(message)
    if sampling_unit is SamplingUnit.CLUSTER and sample_kind is not SampleKind.CENSUS:
        message = "clusters need sums per stratum and cluster, not sums per cell"
        raise NotFromSumsError(message)


def columns_of(layout: SumsLayout) -> tuple[Column, ...]:
    """Criteria, factors, components, overall."""
    criteria = (Column(Level.CRITERION, criterion.code) for criterion in layout.criteria)
    return (*criteria, *(Column(group.level, group.code) for group in layout.groups))


def same_figure_once(layout: SumsLayout, limits: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """A group of one criterion is that criterion: print the same limits, not two versions of them."""
    for position, group in enumerate(layout.groups, start=len(layout.criteria)):
        if len(group.members) == 1:
            for array in limits.values():
                array[..., position] = array[..., group.members[0]]
    return limits
