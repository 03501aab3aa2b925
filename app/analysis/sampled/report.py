"""The report of a unit in a sampled round: what page, file and list show, from one path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.analysis.rollups import set_of_round
from app.analysis.sampled.exact import estimates
from app.analysis.sampled.figures import Group, Reading, overall_column
from app.analysis.sampled.kept import Kept
from app.analysis.sampled.results import PairRow, SampledFigure, SampledReport, UnitRow
from app.analysis.sampled.standing import Ranking, Standing, rank
from app.analysis.sampled.stored import StoredSurvey, stored_survey
from app.analysis.sampled.tree import Node, day_of_units, shown_units, survey_tree
from app.analysis.scores import CONFIDENCE, NO_ANSWERS
from app.analysis.stats.disclosure import TOO_FEW, publishable
from app.analysis.stats.index import Formula, IndexTable
from app.analysis.stats.intervals.marks import PublicationMark, publication_marks
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.intervals.recommended import Situation, recommended_interval
from app.analysis.stats.layout import OVERALL, Level, SumsLayout
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.stats.smoothed import PooledEffects
from app.analysis.stats.spread import Aggregation
from app.analysis.view import Audience
from app.config import SmallNumbers
from app.i18n.folding import natural_key
from app.survey.definitions import QuestionSet
from app.survey.models import SurveyRound
from app.units.queries import name_on, unit_by_id

_POOLED: Kept[PooledEffects | None] = Kept(16)
_TABLES: Kept[IndexTable] = Kept(64)
_RANKINGS: Kept[Ranking | None] = Kept(64)


@dataclass(frozen=True, eq=False)
class _Round:
    """A round at work: its sums, tree and who may be shown."""

    survey_round: SurveyRound
    question_set: QuestionSet
    stored: StoredSurvey
    root: Node
    on: date
    shown: frozenset[int]
    ranked: frozenset[int]
    least: int
    public: int

    @classmethod
    def of(
        cls, session: Session, survey_round: SurveyRound, audience: Audience, small_numbers: SmallNumbers, today: date
    ) -> "_Round | None":
        stored = stored_survey(session, survey_round)
        if stored is None:
            return None
        on, least = day_of_units(survey_round, today), audience.least(small_numbers)
        root = survey_tree(session, survey_round, stored.sums, on)
        # Ranked is who may be shown to everybody, so that all readers see the same ranks.
        ranked = shown_units(root, small_numbers.public)
        shown = ranked if least == small_numbers.public else shown_units(root, least)
        public = small_numbers.public
        return cls(survey_round, set_of_round(survey_round), stored, root, on, shown, ranked, least, public)

    @property
    def reading(self) -> Reading:
        survey_round = self.survey_round
        return Reading(
            self.stored.sums,
            self.stored.facts,
            Formula(survey_round.index_formula.value),
            Aggregation(survey_round.aggregation.value),
            SampleKind(survey_round.sample_kind.value),
            CONFIDENCE,
        )

    @property
    def _name(self) -> tuple[object, ...]:
        reading = self.reading
        return (
            self.stored.checksum,
            repr(self.stored.facts),
            reading.formula,
            reading.aggregation,
            reading.sample_kind,
        )

    def table(self, groups: Sequence[Group]) -> IndexTable:
        reading = self.reading
        pooled = _POOLED.get(self._name, reading.pooled)
        return _TABLES.get((self._name, tuple(groups)), lambda: reading.table(groups, pooled))

    def below(self, node: Node) -> IndexTable:
        """The figures of the children of a unit."""
        return self.table([child.unit_ids for child in node.children])

    def own(self, node: Node, parent: Node | None) -> tuple[IndexTable, int]:
        """A table that holds a unit's figures, and its row: the one its parent's page shows."""
        return (self.table([node.unit_ids]), 0) if parent is None else (self.below(parent), _place(parent, node))

    def ranking(self, node: Node) -> tuple[dict[int, Standing], Ranking | None, list[Node]]:
        """Standings by unit of the children that may be ranked, the ranking itself, and its units in order."""
        if not node.children:
            return {}, None, []
        table, wanted = self.below(node), []
        column = overall_column(table)
        for place, child in enumerate(node.children):
            estimate = publishable(table.estimate(place, column), threshold=self.public)
            mark = _mark(estimate)
            if child.unit_id in self.ranked and mark not in (None, PublicationMark.NOT_RANKED):
                wanted.append(child)
        groups = tuple(child.unit_ids for child in wanted)
        reading = self.reading
        found = _RANKINGS.get((self._name, groups), lambda: rank(reading, groups))
        standings = {} if found is None else dict(zip((one.unit_id for one in wanted), found.standings, strict=True))
        return standings, found, wanted


def report(
    session: Session,
    survey_round: SurveyRound,
    unit_id: int,
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    today: date,
) -> SampledReport | None:
    """The report of a unit; None before anything was imported into the round."""
    found = _Round.of(session, survey_round, audience, small_numbers, today)
    if found is None:
        return None
    node, parent = _find(found.root, unit_id)
    if node is None:
        unit = unit_by_id(session, unit_id)
        absent = Node(unit.id, unit.code, name_on(session, unit.id, found.on), frozenset(), 0, 0, ())
        return _report(found, absent, None, NoData(NO_ANSWERS))
    return _report(found, node, parent, None if unit_id in found.shown else NoData(TOO_FEW))


def units_with_answers(session: Session, survey_round: SurveyRound, today: date) -> frozenset[int]:
    """The units of a round that people answered about, with those above them; none before an import."""
    stored = stored_survey(session, survey_round)
    if stored is None:
        return frozenset()
    root = survey_tree(session, survey_round, stored.sums, day_of_units(survey_round, today))
    return frozenset(node.unit_id for node in root.walk())


def headlines(
    session: Session,
    survey_round: SurveyRound,
    unit_ids: Sequence[int],
    *,
    small_numbers: SmallNumbers,
    today: date,
) -> dict[int, Estimate | NoData]:
    """The index of several units, as everybody may see it; units without answers are absent."""
    found = _Round.of(session, survey_round, Audience.UNIT_OFFICER, small_numbers, today)
    if found is None:
        return {}
    wanted, result = set(unit_ids), {}
    for node, parent in _with_parents(found.root, None):
        if node.unit_id in wanted:
            table, place = found.own(node, parent)
            estimate = publishable(table.estimate(place, overall_column(table)), threshold=found.least)
            result[node.unit_id] = estimate if node.unit_id in found.shown else NoData(TOO_FEW)
    return result


def figures_below(
    session: Session,
    survey_round: SurveyRound,
    unit_id: int,
    *,
    audience: Audience,
    small_numbers: SmallNumbers,
    today: date,
) -> dict[int, tuple[SampledFigure, ...]]:
    """All figures of each unit below a unit that may be shown, equal to those of its own report."""
    found = _Round.of(session, survey_round, audience, small_numbers, today)
    node = None if found is None else _find(found.root, unit_id)[0]
    if found is None or node is None or not node.children:
        return {}
    table = found.below(node)
    return {
        child.unit_id: _figures(found, child, table, place)
        for place, child in enumerate(node.children)
        if child.unit_id in found.shown
    }


def _report(found: _Round, node: Node, parent: Node | None, nothing: NoData | None) -> SampledReport:
    figures: tuple[SampledFigure, ...] = ()
    reasons: tuple[Reason, ...] = ()
    if nothing is None:
        table, place = found.own(node, parent)
        figures = _figures(found, node, table, place)
        reasons = _reasons(found, node, figures)
    rows, groups, pairs = _below(found, node)
    is_whole = node is found.root
    reading = found.reading
    return SampledReport(
        unit_id=node.unit_id,
        code=node.code,
        name=node.name,
        on=found.on,
        is_whole=is_whole,
        people=node.people if nothing is None else None,
        nothing=nothing,
        figures=figures,
        reasons=reasons,
        parent_name="" if parent is None else parent.name,
        standing=None if parent is None else found.ranking(parent)[0].get(node.unit_id),
        units=rows,
        groups=groups,
        pairs=pairs,
        questionnaire=found.stored.questionnaire if is_whole and nothing is None else None,
        members=_members(found.stored.sums.plan.layout),
        facts=found.stored.facts,
        formula=reading.formula,
        aggregation=reading.aggregation,
        sample_kind=reading.sample_kind,
        least=found.least,
    )


def _figures(found: _Round, node: Node, table: IndexTable, place: int) -> tuple[SampledFigure, ...]:
    names = _names(found.question_set)
    figures = []
    for column, one in zip(table.columns, estimates(found.reading, node.unit_ids, table, place), strict=True):
        estimate = publishable(one, threshold=found.least)
        figures.append(SampledFigure(column.code, column.level, *names[column.code], estimate, _mark(estimate)))
    return tuple(figures)


def _names(question_set: QuestionSet) -> Mapping[str, tuple[str, str]]:
    return {
        **{question.id: (question.number, question.text.vi) for question in question_set.criteria},
        **{factor.id: (factor.number, factor.name.vi) for factor in question_set.factors},
        **{part.id: (part.number, part.name.vi) for part in question_set.components},
        OVERALL: ("", question_set.index_title.vi),
    }


def _members(layout: SumsLayout) -> Mapping[str, tuple[str, ...]]:
    return {
        group.code: tuple(layout.criteria[member].code for member in group.members)
        for group in layout.groups
        if group.level in (Level.FACTOR, Level.OVERALL)
    }


def _mark(estimate: Estimate | NoData) -> PublicationMark | None:
    if isinstance(estimate, NoData):
        return None
    is_census = estimate.sample_kind is SampleKind.CENSUS
    found: PublicationMark | None = publication_marks([estimate.n], [estimate.interval.width], census=is_census)[0]
    return found


def _reasons(found: _Round, node: Node, figures: Sequence[SampledFigure]) -> tuple[Reason, ...]:
    """Why the intervals of a unit look the way they do."""
    overall = next(figure.estimate for figure in figures if figure.level is Level.OVERALL)
    if isinstance(overall, NoData):
        return ()
    facts = found.stored.facts
    view = found.reading.view([node.unit_ids])
    advice = recommended_interval(
        Situation(
            sample_kind=found.reading.sample_kind,
            n=overall.n,
            population=None,
            equal_weights=False,
            clustered=facts.has_clusters,
            psus_of_cell=len(view.unit) if facts.has_clusters else overall.n,
            psus_of_survey=facts.places,
            units=len(found.stored.sums.keys.domains),
            reproducible=False,
        ),
        satisfied_all=overall.value >= 1.0,
        satisfied_none=overall.value <= 0.0,
    )
    own = [Reason(note) for note in overall.notes]
    # Its words speak of villages; for people drawn one by one the notes on the method say enough.
    is_said = advice.reason is Reason.SMOOTHED_DESIGN_EFFECT and not facts.has_clusters
    return tuple(dict.fromkeys(([] if is_said else [advice.reason]) + [*advice.notes, *own]))


def _below(
    found: _Round, node: Node
) -> tuple[tuple[UnitRow, ...], tuple[tuple[UnitRow, ...], ...] | None, tuple[PairRow, ...]]:
    """The units below, best first where they are ranked, then by name; their groups and pairs."""
    if not node.children:
        return (), (), ()
    standings, ranking, wanted = found.ranking(node)
    table = found.below(node)
    column = overall_column(table)
    rows = {}
    for place, child in enumerate(node.children):
        is_shown = child.unit_id in found.shown
        estimate = publishable(table.estimate(place, column), threshold=found.least) if is_shown else NoData(TOO_FEW)
        rows[child.unit_id] = UnitRow(
            child.unit_id,
            child.code,
            child.name,
            child.people if is_shown else None,
            estimate,
            _mark(estimate),
            standings.get(child.unit_id),
        )
    ordered = [rows[one.unit_id] for one in wanted]
    groups: tuple[tuple[UnitRow, ...], ...] | None = ()
    pairs: tuple[PairRow, ...] = ()
    if ranking is not None:
        groups = None if ranking.groups is None else tuple(tuple(ordered[at] for at in one) for one in ranking.groups)
        pairs = tuple(PairRow(ordered[one.first], ordered[one.second], one.difference) for one in ranking.pairs)
    return tuple(sorted(rows.values(), key=_order)), groups, pairs


def _order(row: UnitRow) -> tuple[bool, int, tuple[str | int, ...]]:
    return row.standing is None, row.standing.rank if row.standing is not None else 0, natural_key(row.name)


def _place(parent: Node, node: Node) -> int:
    return next(at for at, child in enumerate(parent.children) if child.unit_id == node.unit_id)


def _find(root: Node, unit_id: int) -> tuple[Node | None, Node | None]:
    return next(((node, parent) for node, parent in _with_parents(root, None) if node.unit_id == unit_id), (None, None))


def _with_parents(node: Node, parent: Node | None) -> list[tuple[Node, Node | None]]:
    return [(node, parent), *(pair for child in node.children for pair in _with_parents(child, node))]
