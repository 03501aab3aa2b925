"""Figures of cases in a period, from facts about each (pure).

A case counts in the period in which it was received. "On time" is an answer on or before its due date; a case without a
due date is in neither share. A case still open after its date counts late from that day on: waiting does not help.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import fmean, median
from typing import NamedTuple

from app.feedback.cases.kinds import Channel
from app.rules.kinds import Kind


class Fact(NamedTuple):
    """What the figures need of one case.

    ``working_days``: from receipt to answer, pauses taken out. ``field_id``: of administration.
    ``stands_since``: from which day the clock of an unfinished case stands. ``is_competent``: it was not answered with
    whose matter it is instead. ``missed_as``: the kinds it was when it missed a term.
    """

    unit_id: int
    kind: Kind
    received_on: date
    due_on: date | None
    closed_on: date | None
    is_reopened: bool = False
    is_dissatisfied: bool = False
    scores: tuple[int, ...] = ()
    working_days: int | None = None
    case_id: str = ""
    field_id: int | None = None
    has_procedure: bool = False
    stands_since: date | None = None
    is_competent: bool = True
    missed_as: frozenset[Kind] = frozenset()
    channel: Channel = Channel.WEBSITE

    def is_late(self, today: date) -> bool:
        """Whether the answer came, or is still missing, after the due date."""
        until = self.closed_on or min(today, self.stands_since or today)
        return bool(self.missed_as) or (self.due_on is not None and until > self.due_on)

    def is_in_time(self) -> bool:
        """Whether it was answered by its due date, and never missed one before."""
        is_kept = self.due_on is not None and self.closed_on is not None and self.closed_on <= self.due_on
        return is_kept and not self.missed_as


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some cases; every share with its n; ``timed``: the cases the median of working days is of."""

    received: int = 0
    closed: int = 0
    in_time: int = 0
    late: int = 0
    open: int = 0
    reopened: int = 0
    ratings: int = 0
    mean_rating: float | None = None
    median_days: float | None = None
    timed: int = 0

    @property
    def dated(self) -> int:
        """Cases whose share in time is known: answered in time, or late."""
        return self.in_time + self.late

    @property
    def in_time_share(self) -> Fraction | None:
        """Answered in time among ``dated``; None: there are none."""
        return Fraction(self.in_time, self.dated) if self.dated else None


def figures(facts: Sequence[Fact], today: date, *, least: int) -> Figures:
    """The figures of some cases. A mean of fewer than ``least`` ratings is not told: it would name a sender."""
    scores = [score for fact in facts for score in fact.scores]
    days = [fact.working_days for fact in facts if fact.working_days is not None]
    return Figures(
        received=len(facts),
        closed=sum(fact.closed_on is not None for fact in facts),
        in_time=sum(fact.is_in_time() for fact in facts),
        late=sum(fact.is_late(today) for fact in facts),
        open=sum(fact.closed_on is None for fact in facts),
        reopened=sum(fact.is_reopened for fact in facts),
        ratings=len(scores),
        mean_rating=fmean(scores) if len(scores) >= least else None,
        median_days=float(median(days)) if days else None,
        timed=len(days),
    )


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Two of the three shares of the group "Mức độ hài lòng" of QĐ 766/QĐ-TTg, with what they are made of.

    A: answered in time / within competence, so without what was answered as the matter of somebody else.
    B: (all - judged unsatisfactory or late) / all. Silence counts as satisfaction there, so these never stand in one
    column with the index of answers (SIPAS). C is about dossiers.
    """

    all_cases: int
    competent: int
    in_time: int
    spoilt: int

    @property
    def a(self) -> Fraction | None:
        """Handled in time; None: nothing within competence was received."""
        return Fraction(self.in_time, self.competent) if self.competent else None

    @property
    def b(self) -> Fraction | None:
        """Not judged unsatisfactory and not late; None: nothing was received."""
        return Fraction(self.all_cases - self.spoilt, self.all_cases) if self.all_cases else None


def satisfaction(facts: Iterable[Fact], today: date) -> Satisfaction:
    """Over PAKN whose term has run out or that were answered: what is still within its term is in neither share.

    What missed a term as PAKN stays among them when it is treated as another kind afterwards.
    """
    petitions = (fact for fact in facts if fact.kind is Kind.PETITION or Kind.PETITION in fact.missed_as)
    judged = [fact for fact in petitions if fact.closed_on is not None or fact.is_late(today)]
    own = [fact for fact in judged if fact.is_competent]
    return Satisfaction(
        all_cases=len(judged),
        competent=len(own),
        in_time=sum(not fact.is_late(today) for fact in own),
        spoilt=sum(fact.is_late(today) or fact.is_dissatisfied for fact in judged),
    )


def dossier_satisfaction(all_dossiers: int, spoilt: int) -> Fraction | None:
    """Share C of the same group: (all dossiers - unsatisfactory, complained about or late) / all dossiers."""
    return Fraction(all_dossiers - min(spoilt, all_dossiers), all_dossiers) if all_dossiers else None
