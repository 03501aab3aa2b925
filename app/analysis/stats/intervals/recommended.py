"""Which interval fits which situation, and the words that go with it (statistics.md section 3.3).

Figures of too few people are kept back before this (`disclosure`); medians have limits of their own (`quantiles`).
"""

from dataclasses import dataclass
from enum import StrEnum

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.results import SampleKind

# A survey of a single unit with at most this many sampled places is told that its wide range is an honest one.
FEW_PSUS = 5


class RecommendedMethod(StrEnum):
    """Interval to publish.

    ``planned_wilson`` is the Wilson interval with n divided by the design effect assumed in planning; ``beta_trunc``
    is Korn-Graubard cut at n (`ShareMethod.BETA_TRUNC`).
    """

    CENSUS = "census"
    HYPERGEOMETRIC = "hypergeometric"
    SMOOTHED_WILSON = "smoothed_wilson"
    PLANNED_WILSON = "planned_wilson"
    KORN_GRAUBARD_CUT = "beta_trunc"
    WILSON_OWN_VARIANCE = "wilson_own_variance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known about a cell and its survey.

    Parameters
    ----------
    sample_kind : SampleKind
    n : int
        People of the cell who answered.
    population : int or None
        People or dossiers the cell was drawn from; None when unknown.
    equal_weights : bool
        Whether everybody of the cell counts the same.
    clustered : bool
        Whether villages, communes or counter-days were drawn first, people inside them second.
    psus_of_cell, psus_of_survey : int
        Sampled places with answers of the cell, and of the whole survey; without clusters the people.
    units : int
        Units of the survey.
    reproducible : bool
        Whether the table must come out of R survey cell by cell.
    """

    sample_kind: SampleKind
    n: int
    population: int | None
    equal_weights: bool
    clustered: bool
    psus_of_cell: int
    psus_of_survey: int
    units: int
    reproducible: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Method (None without answers), why it was chosen, and what else the reader has to be told."""

    method: RecommendedMethod | None
    reason: Reason
    notes: tuple[Reason, ...] = ()


def recommended_interval(situation: Situation, *, satisfied_all: bool, satisfied_none: bool) -> Recommendation:
    """Choose the interval of a cell.

    Parameters
    ----------
    situation : Situation
    satisfied_all, satisfied_none : bool
        Whether the share stands at 100 % or at 0 %: the interval stays, the reader is told how to read it.

    Raises
    ------
    BadInputError
        When n is negative or above the population, or the share is said to stand at both ends.
    """
    _check(situation)
    if satisfied_all and satisfied_none:
        message = "a share cannot stand at 0 % and at 100 %"
        raise BadInputError(message)
    if situation.n == 0:
        return Recommendation(None, Reason.NO_ANSWERS)
    method, reason = _choice(situation)
    if method is RecommendedMethod.CENSUS:
        return Recommendation(method, reason)
    notes = []
    if situation.n == 1:
        notes.append(Reason.ONE_ANSWER)
    elif situation.clustered and situation.psus_of_cell == 1:
        notes.append(Reason.ONE_PSU)
    if satisfied_all:
        notes.append(Reason.ALL_AT_ONE)
    if satisfied_none:
        notes.append(Reason.ALL_AT_ZERO)
    few = situation.units == 1 and situation.psus_of_survey <= FEW_PSUS and situation.clustered
    if few and method is RecommendedMethod.SMOOTHED_WILSON:
        notes.append(Reason.FEW_PSUS)
    return Recommendation(method, reason, tuple(notes))


def _choice(situation: Situation) -> tuple[RecommendedMethod, Reason]:
    if situation.sample_kind is SampleKind.OPEN:
        return RecommendedMethod.WILSON_OWN_VARIANCE, Reason.OPEN_SAMPLE
    # An answer from everybody is a census, however people were approached.
    if situation.sample_kind is SampleKind.CENSUS or situation.n == situation.population:
        return RecommendedMethod.CENSUS, Reason.CENSUS
    if situation.reproducible and situation.psus_of_survey > 1:
        return RecommendedMethod.KORN_GRAUBARD_CUT, Reason.REPRODUCIBLE
    if situation.population is not None and situation.equal_weights and not situation.clustered:
        return RecommendedMethod.HYPERGEOMETRIC, Reason.KNOWN_POPULATION
    if situation.psus_of_survey <= 1:
        return RecommendedMethod.PLANNED_WILSON, Reason.PLANNED_DESIGN_EFFECT
    return RecommendedMethod.SMOOTHED_WILSON, Reason.SMOOTHED_DESIGN_EFFECT


def _check(situation: Situation) -> None:
    if situation.n < 0 or (situation.population is not None and situation.n > situation.population):
        message = f"{situation.n} answers from a population of {situation.population} cannot be"
        raise BadInputError(message)
