"""From sums to what may be shown: the score card of a unit, its children, criteria and distribution."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from app.analysis.cells import kinds_of, layout_of
from app.analysis.models import WHOLE_UNIT, Dimension, Ledger
from app.analysis.queries import People, counters_with_field, people, sums_by_unit, total_of
from app.analysis.rollups import set_of_round
from app.analysis.scope import Branch, branches, view_units, views
from app.analysis.served import served
from app.analysis.stats import index, sums
from app.analysis.stats.disclosure import TOO_FEW, UnitCounts, protect_tree, publishable
from app.analysis.stats.intervals.binomial import BinomialMethod, proportion
from app.analysis.stats.layout import OVERALL, Level, SumsLayout
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.stats.spread import Aggregation
from app.analysis.stats.sums import ItemCounts
from app.analysis.view import Audience, Filters
from app.config import SmallNumbers
from app.qr.models import Channel
from app.survey.definitions import QuestionSet
from app.survey.models import SurveyRound
from app.units.queries import names_on, subtree_ids

Ints = npt.NDArray[np.int64]
Parts = Mapping[str, Collection[int]]
CONFIDENCE = 0.95
ROOT = "root"
ASKED = "asked"
NO_ANSWERS = "no_answers"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of a criterion, a factor, a component or the whole; for criteria with how people answered."""

    code: str
    level: Level
    number: str
    label: str
    estimate: Estimate | NoData
    counts: ItemCounts | None = None


@dataclass(frozen=True, slots=True)
class ChildScore:
    """A unit below, with its overall index and number of people."""

    unit_id: int
    code: str
    name: str
    people: int | None
    estimate: Estimate | NoData


@dataclass(frozen=True, slots=True)
class Headline:
    """What a list shows of a unit: its index and its one-tap figure."""

    overall: Estimate | NoData
    tap: Estimate | NoData


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Everything a results page, file or API shows of one view.

    ``people`` is None when too few to be told; ``served``: how many could have answered, where that is known.
    """

    as_of: date
    people: int | None
    tap: Estimate | NoData
    tap_counts: ItemCounts | None
    figures: tuple[Figure, ...]
    children: tuple[ChildScore, ...]
    formula: index.Formula
    aggregation: Aggregation
    sample_kind: SampleKind
    least: int
    is_released: bool
    predecessors: tuple[str, ...] = ()
    served: int | None = None

    @property
    def overall(self) -> Estimate | NoData:
        """The index itself."""
        return self.of(Level.OVERALL)[0].estimate if self.of(Level.OVERALL) else NoData(NO_ANSWERS)

    def of(self, level: Level) -> list[Figure]:
        """The figures of a level, in the order of the questionnaire."""
        return [figure for figure in self.figures if figure.level is level]


def score_card(
    session: Session,
    survey_round: SurveyRound,
    unit_id: int,
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    filters: Filters,
    as_of: date,
    formula: index.Formula | None = None,
) -> ScoreCard:
    """Compute a view of a unit and its children.

    ``as_of`` is the last closed day; the tree is resolved on it (or on the last day of the period). ``formula``
    replaces the round's for a side-by-side page.
    """
    question_set = set_of_round(survey_round)
    layout = layout_of(question_set)
    on = min(as_of, filters.period.last_day) if filters.period is not None else as_of
    by_counter = filters.counter_id is not None or filters.field_id is not None
    units = view_units(session, unit_id, on)
    below = [] if by_counter else branches(session, unit_id, on)
    known = units.union(*(branch.unit_ids for branch in below))
    by_unit = sums_by_unit(session, survey_round, audience.ledger, known, filters)
    least = audience.least(small_numbers)
    rows = people(session, survey_round, audience.ledger, known, filters)
    members = counters_with_field(session, filters.field_id) if filters.field_id is not None else frozenset()
    parts = _parts(rows, below, filters, members)
    shown = _shown(rows, _categories(survey_round, filters.dimension), parts, filters.category, least)
    whole = total_of(survey_round, by_unit, units)
    cells = [whole, *(total_of(survey_round, by_unit, branch.unit_ids) for branch in below)]
    table = _index(survey_round, layout, cells, formula)
    is_shown = (ASKED if by_counter else ROOT) in shown
    return ScoreCard(
        as_of=as_of,
        people=int(sums.responses(whole)) if is_shown else None,
        tap=_tap(question_set, layout, whole, table.sample_kind, least) if is_shown else NoData(TOO_FEW),
        tap_counts=_tap_counts(question_set, layout, whole, least) if is_shown else None,
        figures=_figures(question_set, layout, table, whole, least) if is_shown else (),
        children=_children(table, cells[1:], below, shown, least),
        formula=table.formula,
        aggregation=table.aggregation,
        sample_kind=table.sample_kind,
        least=least,
        is_released=audience.ledger is Ledger.RELEASED,
        predecessors=_predecessors(session, unit_id, units, on),
        served=served(session, survey_round, units, filters, as_of) if is_shown else None,
    )


def _predecessors(session: Session, unit_id: int, units: frozenset[int], on: date) -> tuple[str, ...]:
    """Names of the ended units whose answers a view includes."""
    return tuple(sorted(names_on(session, units - subtree_ids(session, unit_id, on) - {unit_id}, on).values()))


def headlines(
    session: Session,
    survey_round: SurveyRound,
    unit_ids: Collection[int],
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    as_of: date,
) -> dict[int, Headline]:
    """The two figures of each of several units over the whole round, equal to those of their own score cards."""
    if not unit_ids:
        return {}
    question_set = set_of_round(survey_round)
    layout, least, filters = layout_of(question_set), audience.least(small_numbers), Filters()
    covered = views(session, unit_ids, as_of)
    by_unit = sums_by_unit(session, survey_round, audience.ledger, frozenset().union(*covered.values()), filters)
    cells = [total_of(survey_round, by_unit, covered[unit_id]) for unit_id in unit_ids]
    table = _index(survey_round, layout, cells, None)
    column = table.position(Level.OVERALL)
    found = {}
    for number, (unit_id, whole) in enumerate(zip(unit_ids, cells, strict=True)):
        if int(sums.responses(whole)) < least:
            found[unit_id] = Headline(NoData(TOO_FEW), NoData(TOO_FEW))
            continue
        tap = _tap(question_set, layout, whole, table.sample_kind, least)
        found[unit_id] = Headline(publishable(table.estimate(number, column), threshold=least), tap)
    return found


def _index(
    survey_round: SurveyRound, layout: SumsLayout, cells: Sequence[Ints], formula: index.Formula | None
) -> index.IndexTable:
    kind = SampleKind(survey_round.sample_kind.value)
    return index.index_table(
        layout,
        np.stack(cells),
        formula=formula or index.Formula(survey_round.index_formula.value),
        aggregation=Aggregation(survey_round.aggregation.value),
        confidence_level=CONFIDENCE,
        sample_kind=kind,
        method=index.FITTING_METHOD[kind],
    )


def _shown(
    rows: Sequence[People], categories: Sequence[str], parts: Mapping[str, Collection[int]], chosen: str, least: int
) -> frozenset[str]:
    """Codes of the parts (and ``ROOT``) whose figures may be shown: the small-number rule, primary and complementary.

    ``parts``: code → positions in ``rows``; rows in no part are the unit's own. ``chosen`` is the category asked for.
    """
    inside = {position for positions in parts.values() for position in positions}
    own = [position for position in range(len(rows)) if position not in inside]
    tree = UnitCounts(
        ROOT,
        _by_category(rows, own, categories),
        tuple(UnitCounts(code, _by_category(rows, positions, categories)) for code, positions in parts.items()),
    )
    decision = protect_tree(tree, threshold=least)
    if len(categories) == 1:
        return decision.totals
    if chosen not in categories or not decision.categories[categories.index(chosen)]:
        return frozenset()
    return decision.breakdowns


def _parts(rows: Sequence[People], below: Sequence[Branch], filters: Filters, members: Collection[int]) -> Parts:
    """The parts of a view that are shown beside each other: its children, or the counter or field asked for."""
    if filters.counter_id is None and filters.field_id is None:
        return {
            branch.line.code: [at for at, row in enumerate(rows) if row.unit_id in branch.unit_ids] for branch in below
        }
    if filters.field_id is not None:
        return {ASKED: [at for at, row in enumerate(rows) if row.counter_id in members]}
    counters = {row.counter_id for row in rows if row.counter_id != WHOLE_UNIT}
    return {
        ASKED if counter == filters.counter_id else f"{ASKED}-{counter}": [
            at for at, row in enumerate(rows) if row.counter_id == counter
        ]
        for counter in sorted(counters)
    }


def _by_category(rows: Sequence[People], positions: Collection[int], categories: Sequence[str]) -> tuple[int, ...]:
    counts = dict.fromkeys(categories, 0)
    for position in positions:
        counts[rows[position].category] = counts.get(rows[position].category, 0) + rows[position].n
    return tuple(counts[category] for category in categories)


def _categories(survey_round: SurveyRound, dimension: Dimension) -> list[str]:
    if dimension is Dimension.ALL:
        return [""]
    if dimension is Dimension.CHANNEL:
        return [channel.value for channel in Channel]
    return list(kinds_of(set_of_round(survey_round)))


def _figures(
    question_set: QuestionSet, layout: SumsLayout, table: index.IndexTable, whole: Ints, least: int
) -> tuple[Figure, ...]:
    names = {
        **{question.id: (question.number, question.text.vi) for question in question_set.criteria},
        **{factor.id: (factor.number, factor.name.vi) for factor in question_set.factors},
        **{part.id: (part.number, part.name.vi) for part in question_set.components},
        OVERALL: ("", question_set.index_title.vi),
    }
    figures = []
    for position, column in enumerate(table.columns):
        number, label = names[column.code]
        estimate = publishable(table.estimate(0, position), threshold=least)
        counts = None
        if column.level is Level.CRITERION and isinstance(estimate, Estimate):
            counts = sums.item_counts(layout, whole, column.code)
        figures.append(Figure(column.code, column.level, number, label, estimate, counts))
    return tuple(figures)


def _children(
    table: index.IndexTable, cells: Sequence[Ints], below: Sequence[Branch], shown: frozenset[str], least: int
) -> tuple[ChildScore, ...]:
    position = table.position(Level.OVERALL)
    rows = []
    for number, (branch, vector) in enumerate(zip(below, cells, strict=True), start=1):
        people = int(sums.responses(vector))
        is_shown = branch.line.code in shown
        estimate = publishable(table.estimate(number, position), threshold=least) if is_shown else NoData(TOO_FEW)
        line = branch.line
        rows.append(ChildScore(line.id, line.code, line.name, people if is_shown else None, estimate))
    return tuple(rows)


def _tap_counts(question_set: QuestionSet, layout: SumsLayout, whole: Ints, least: int) -> ItemCounts | None:
    if question_set.overall is None:
        return None
    counts = sums.item_counts(layout, whole, question_set.overall.id)
    return counts if counts.n >= least else None


def _tap(question_set: QuestionSet, layout: SumsLayout, whole: Ints, kind: SampleKind, least: int) -> Estimate | NoData:
    """The one-tap question as its own figure with its own n; it never enters the index."""
    if question_set.overall is None:
        return NoData(NO_ANSWERS)
    counts = sums.item_counts(layout, whole, question_set.overall.id)
    if counts.n < least:
        return NoData(TOO_FEW if counts.n else NO_ANSWERS)
    satisfied, method = sum(counts.levels[3:]), BinomialMethod.WILSON
    return proportion(satisfied, counts.n, confidence_level=CONFIDENCE, method=method, sample_kind=kind)
