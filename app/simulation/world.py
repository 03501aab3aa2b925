"""What is true in the simulated province (pure): how content people are with each unit, each criterion, each month.

The numbers are invented. They copy habits that real surveys show: most answers are 4 or 5, questions are left blank
more often towards the end, the questions on feedback do not apply to many, one unit is too good to be true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# P(level ≥ 2), …, P(level = 5) are the logistic of contentment minus these.
THRESHOLDS = np.array([-4.7, -3.6, -2.0, 0.7])
PERSON_SPREAD = 1.2  # standard deviation of contentment between people at one counter
UNIT_SPREAD = 0.45
STRAIGHT_LINE_LEVELS = np.array([0.0, 0.0, 0.02, 0.13, 0.85])
USUAL_STRAIGHT_LINE = 0.03
SELF_SATISFIED_STRAIGHT_LINE = 0.55
QUIT = 0.06  # share of people who stop somewhere among the criteria
GO_ON = 0.22  # logistic of the share that answers more than the tap, for a person of usual contentment
GO_ON_BY_CONTENTMENT = -0.2  # the discontented write more
STRAIGHT_LINE_GO_ON = 0.9
TAP_EASE = 0.25
TREND = 0.35  # rise of contentment from the first day to the last
FALLING_TREND = -0.6

# Harder below 0. By factor of the counter set: access, procedure, officials, result, feedback.
FACTOR_EASE = {"access": 0.15, "procedure": 0.0, "officials": 0.25, "result": -0.1, "feedback": -0.35}
NOT_APPLICABLE = {"access": 0.01, "procedure": 0.03, "officials": 0.01, "result": 0.08, "feedback": 0.35}


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A place of service before anything is known of it: its code and name, how many people come, its counters."""

    code: str
    name: str
    size: float
    counters: tuple[str, ...]
    kiosk: bool = False
    counter_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.size <= 0 or not self.counters:
            message = f"unit {self.code} needs a size and counters"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """A criterion of the set that is asked: its code and its factor."""

    code: str
    factor: str


@dataclass(frozen=True)
class World:
    """The truth of all units. Arrays over units, criteria and days are in the order of the three lists."""

    units: tuple[UnitSpec, ...]
    criteria: tuple[CriterionSpec, ...]
    days: tuple[date, ...]
    contentment: Floats
    trend: Floats
    straight_line: Floats
    ease: Floats
    not_applicable: Floats
    blank: Floats
    self_satisfied: int
    weak: int

    @cached_property
    def unit_shares(self) -> Floats:
        """Expected share of all people that comes to each unit."""
        sizes: Floats = np.array([unit.size for unit in self.units])
        return sizes / float(sizes.sum())

    @cached_property
    def day_shares(self) -> Floats:
        """Expected share of all people that comes on each day."""
        weights: Floats = np.array([_weight_of_day(day) for day in self.days])
        return weights / float(weights.sum())

    @cached_property
    def progress(self) -> Floats:
        """Place of each day between the first (-0.5) and the last (0.5)."""
        return np.linspace(-0.5, 0.5, len(self.days)) if len(self.days) > 1 else np.zeros(1)

    @cached_property
    def reached(self) -> Floats:
        """Share of people who get as far as each criterion before they quit, if they quit."""
        steps = max(1, len(self.criteria) - 1)
        return 1.0 - QUIT * np.arange(len(self.criteria)) / steps

    @staticmethod
    def draw(
        seed: int, units: Sequence[UnitSpec], criteria: Sequence[CriterionSpec], first: date, last: date
    ) -> "World":
        """Invent the truth of these units for the days from first to last; the same seed, the same truth.

        Raises
        ------
        ValueError
            Fewer than three units, no criterion, or days in the wrong order.
        """
        if len(units) < 3 or not criteria or last < first:
            message = f"{len(units)} units, {len(criteria)} criteria, {first} to {last}"
            raise ValueError(message)
        random = np.random.default_rng([seed, 1])
        contentment = random.normal(0.0, UNIT_SPREAD, len(units))
        # Places with enough people to be seen: the larger half.
        larger = np.argsort([-unit.size for unit in units], kind="stable")[: max(3, len(units) // 2)]
        special = random.permutation(larger)
        self_satisfied, weak, falling = (int(place) for place in special[:3])
        straight_line = np.full(len(units), USUAL_STRAIGHT_LINE)
        contentment[self_satisfied], straight_line[self_satisfied] = 1.3, SELF_SATISFIED_STRAIGHT_LINE
        contentment[weak] = -1.6
        trend = TREND + random.normal(0.0, 0.15, len(units))
        trend[falling] = FALLING_TREND
        factors = [criterion.factor for criterion in criteria]
        steps = np.arange(len(criteria)) / max(1, len(criteria) - 1)
        return World(
            units=tuple(units),
            criteria=tuple(criteria),
            days=tuple(first + timedelta(days=number) for number in range((last - first).days + 1)),
            contentment=contentment,
            trend=trend,
            straight_line=straight_line,
            ease=np.array([FACTOR_EASE.get(name, 0.0) for name in factors]) + random.normal(0.0, 0.15, len(criteria)),
            not_applicable=np.array([NOT_APPLICABLE.get(name, 0.02) for name in factors]),
            blank=0.02 + 0.04 * steps,
            self_satisfied=self_satisfied,
            weak=weak,
        )


def level_shares(contentment: Floats) -> Floats:
    """Shares of the levels 1 to 5 among people of this contentment; one more axis than given."""
    above = 1.0 / (1.0 + np.exp(THRESHOLDS - contentment[..., np.newaxis]))
    edge = np.ones((*contentment.shape, 1))
    shares: Floats = np.concatenate([edge, above], axis=-1) - np.concatenate([above, 0.0 * edge], axis=-1)
    return shares


def share_going_on(person: Floats) -> Floats:
    """Share of people with this personal contentment who answer more than the tap."""
    share: Floats = 1.0 / (1.0 + np.exp(-(GO_ON + GO_ON_BY_CONTENTMENT * person)))
    return share


def _weight_of_day(day: date) -> float:
    if (day.month, day.day) in {(1, 1), (4, 30), (5, 1), (9, 2)}:
        return 0.01
    return (1.25, 1.05, 1.0, 0.95, 0.9, 0.12, 0.02)[day.weekday()]
