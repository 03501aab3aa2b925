"""What a report on a unit of a sampled round holds (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.analysis.sampled.making import DesignFacts
from app.analysis.sampled.questionnaire import Questionnaire
from app.analysis.sampled.standing import Difference, Standing
from app.analysis.stats.index import Formula
from app.analysis.stats.intervals.marks import PublicationMark
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.layout import Level
from app.analysis.stats.results import Estimate, NoData, SampleKind
from app.analysis.stats.spread import Aggregation


@dataclass(frozen=True, slots=True)
class SampledFigure:
    """One figure of a unit with its publication mark."""

    code: str
    level: Level
    number: str
    label: str
    estimate: Estimate | NoData
    mark: PublicationMark | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit below: its index, and where it stands among its neighbours (None: not ranked)."""

    unit_id: int
    code: str
    name: str
    people: int | None
    estimate: Estimate | NoData
    mark: PublicationMark | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two units below and their difference, first less second."""

    first: UnitRow
    second: UnitRow
    difference: Difference


@dataclass(frozen=True, slots=True)
class SampledReport:
    """Everything that is shown of a unit in a sampled round.

    ``people`` is None where the unit may not be shown, and then ``nothing`` says why. ``standing`` is that among the
    children of ``parent_name``; ``groups`` are units below that cannot be told apart, None when there are too many.
    ``questionnaire`` stands with the round's own unit only; ``members`` are the criteria of each factor and of all.
    """

    unit_id: int
    code: str
    name: str
    on: date
    is_whole: bool
    people: int | None
    nothing: NoData | None
    figures: tuple[SampledFigure, ...]
    reasons: tuple[Reason, ...]
    parent_name: str
    standing: Standing | None
    units: tuple[UnitRow, ...]
    groups: tuple[tuple[UnitRow, ...], ...] | None
    pairs: tuple[PairRow, ...]
    questionnaire: Questionnaire | None
    members: Mapping[str, tuple[str, ...]]
    facts: DesignFacts
    formula: Formula
    aggregation: Aggregation
    sample_kind: SampleKind
    least: int

    @property
    def overall(self) -> SampledFigure | None:
        """The index itself."""
        return next((figure for figure in self.figures if figure.level is Level.OVERALL), None)

    def of(self, level: Level) -> list[SampledFigure]:
        """The figures of a level, in the order of the questionnaire."""
        return [figure for figure in self.figures if figure.level is level]
