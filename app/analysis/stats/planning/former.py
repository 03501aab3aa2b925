"""The former rule of sampling (QĐ 1383/QĐ-BNV, 2012; method-and-law.md 3.5): size formula and drawing in stages.

Verified are the formula n = N / (1 + N e²) with N the transactions of the service in the period and e = 5 %, and the
first stage: provinces grouped into regions, sorted a-b-c, 20 to 30 % of each region drawn at random. How the later
stages (districts; communes and persons) draw was not seen, nor how parts of a province are rounded: those are
arguments here, never constants.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.allocation import Allocation, proportional
from app.analysis.stats.planning.checks import NOISE, check_above, check_count, check_share
from app.analysis.stats.planning.notes import PlanNote
from app.analysis.stats.planning.sizes import SampleSize, SizeMethod, finished_size, size_notes

FORMER_MARGIN = 0.05
FORMER_REGION_FRACTIONS = (0.20, 0.30)

Path = tuple[str, ...]


def yamane_size(population: int, *, margin: float, response_rate: float) -> SampleSize:
    """Size of the former guidance: n = N / (1 + N e²) (Yamane, also called Slovin).

    It is the normal formula with p = 0.5, z = 2 and simple random sampling: too few by the design effect for samples
    in villages, and too coarse to tell shares near 1 apart (statistics.md section 8). Show it beside
    `size_for_margin`.

    Parameters
    ----------
    population : int
        Transactions of the service in the period, at least 1.
    margin : float
        e, a fraction; `FORMER_MARGIN` in the guidance.
    response_rate : float
        Expected share of invited people who answer; the guidance knows none, 1 reproduces it.

    Returns
    -------
    SampleSize
        `effective` and `infinite` are 1/e², the limit for an endless population.

    Raises
    ------
    BadInputError
        For a value outside its range.

    References
    ----------
    Yamane (1967), Statistics, 2nd ed., p. 886.
    """
    check_count(population, name="population", least=1)
    check_above(margin, name="margin", least=0.0, or_equal=False)
    check_share(margin, name="margin", ends=True)
    exact = population / (1.0 + population * margin * margin)
    # Finite populations are in the formula already: only whole people and invitations are left to do.
    whole = finished_size(
        exact,
        method=SizeMethod.YAMANE,
        confidence_level=None,
        population=None,
        deff=1.0,
        response_rate=response_rate,
    )
    limit = 1.0 / (margin * margin)
    notes = (PlanNote.SIMPLE_RANDOM_ONLY, *size_notes(population, whole.answers, whole.invitations))
    return replace(whole, effective=limit, infinite=limit, notes=notes)


class Rounding(StrEnum):
    """How a fraction of the units of a group becomes a whole number."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class Draw(StrEnum):
    """How units are drawn from the sorted list of their group."""

    SIMPLE = "simple"
    SYSTEMATIC = "systematic"


@dataclass(frozen=True, slots=True)
class StageRule:
    """Drawing of one stage: the fraction of units of every group, how it is rounded, the least number, how to draw."""

    fraction: float
    rounding: Rounding
    least: int
    draw: Draw

    def __post_init__(self) -> None:
        check_above(self.fraction, name="fraction of a stage", least=0.0, or_equal=False)
        check_share(self.fraction, name="fraction of a stage", ends=True)
        check_count(self.least, name="least number of a stage", least=0)

    def count(self, units: int) -> int:
        """Units to draw out of so many."""
        part = self.fraction * units
        whole = {
            Rounding.UP: np.ceil(part - NOISE),
            Rounding.NEAREST: np.floor(part + 0.5 + NOISE),
            Rounding.DOWN: np.floor(part + NOISE),
        }[self.rounding]
        return min(max(int(whole), self.least), units)


@dataclass(frozen=True, eq=False)
class FormerPlan:
    """Where to ask how many people.

    Attributes
    ----------
    size : SampleSize
        From all transactions of the scope.
    drawn : tuple of tuple of path
        Units drawn at each stage, first stage first, in sorted order.
    places : tuple of path
        Units of the last stage, where people are asked.
    answers : Allocation
        Answers in each of the `places`, by their transactions.
    """

    size: SampleSize
    drawn: tuple[tuple[Path, ...], ...]
    places: tuple[Path, ...]
    answers: Allocation


def draw_stage(
    units: Sequence[Path], rule: StageRule, *, order: Callable[[str], Any], generator: np.random.Generator
) -> tuple[Path, ...]:
    """Draw units of one stage: grouped by everything but their last name, sorted by it, a fraction of each group.

    Parameters
    ----------
    units : sequence of tuple of str
        Paths such as (region, province); each once.
    rule : StageRule
    order : callable
        Sorting key of a name: the alphabet of the language, a-b-c.
    generator : numpy.random.Generator
        Its seed belongs into the record of the draw, so that anybody can repeat it.

    Returns
    -------
    tuple of path
        In sorted order.

    Raises
    ------
    BadInputError
        No units, a unit named twice, a path without a group.
    """
    if not units or len(set(units)) != len(units) or any(len(path) < 2 for path in units):
        message = "units to draw from must be named once each, with the group they lie in"
        raise BadInputError(message)
    groups: dict[Path, list[Path]] = defaultdict(list)
    for path in sorted(units, key=lambda path: ([order(name) for name in path], path)):
        groups[path[:-1]].append(path)
    drawn: list[Path] = []
    for members in groups.values():
        count = rule.count(len(members))
        if rule.draw is Draw.SIMPLE:
            places = np.sort(generator.choice(len(members), size=count, replace=False))
        else:
            step = len(members) / max(count, 1)
            places = np.floor((generator.random() + np.arange(count)) * step).astype(int)
        drawn += [members[place] for place in places]
    return tuple(drawn)


def former_plan(
    transactions: Mapping[Path, int],
    *,
    margin: float,
    response_rate: float,
    rules: Sequence[StageRule],
    order: Callable[[str], Any],
    generator: np.random.Generator,
    minimum: int,
) -> FormerPlan:
    """The whole former rule: size from all transactions, units drawn stage by stage, answers by transactions.

    National scope: paths (region, province, district, commune) and three rules; a province: (province, district,
    commune) and two. The first name is the group of the first stage, nothing is drawn among first names.

    Parameters
    ----------
    transactions : mapping of path to int
        Transactions of the service in the period at every unit of the last stage.
    margin, response_rate : float
        As in `yamane_size`.
    rules : sequence of StageRule
        One for each stage: as many as names in a path, less one.
    order, generator
        As in `draw_stage`.
    minimum : int
        Answers asked for at every place drawn at least.

    Raises
    ------
    BadInputError
        Paths of another length than the rules need, no transactions, nothing drawn, or too few transactions at the
        places drawn for the answers wanted.
    """
    if not transactions or not rules or {len(path) for path in transactions} != {len(rules) + 1}:
        message = f"paths must have {len(rules) + 1} names for {len(rules)} stages"
        raise BadInputError(message)
    for path, count in transactions.items():
        check_count(count, name=f"transactions of {'/'.join(path)}", least=0)
    size = yamane_size(sum(transactions.values()), margin=margin, response_rate=response_rate)
    drawn: list[tuple[Path, ...]] = []
    for stage, rule in enumerate(rules):
        parents = {path[: stage + 1] for path in transactions} if not drawn else set(drawn[-1])
        units = sorted({path[: stage + 2] for path in transactions if path[: stage + 1] in parents})
        if not units:
            message = f"nothing was drawn at stage {stage}: raise its fraction or its least number"
            raise BadInputError(message)
        drawn.append(draw_stage(units, rule, order=order, generator=generator))
    places = drawn[-1]
    if not places:
        message = f"nothing was drawn at stage {len(rules)}: raise its fraction or its least number"
        raise BadInputError(message)
    answers = proportional([transactions[path] for path in places], size.answers, minimum=minimum)
    return FormerPlan(size, tuple(drawn), places, answers)
