"""How the survey behind cell sums was drawn: sampled units per stratum, populations, rule for lonely units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.cells.plan import Drawn, Within
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.errors import BadInputError, NotFromSumsError

Floats = npt.NDArray[np.float64]
K = TypeVar("K")


@dataclass(frozen=True)
class Drawing:
    """What the sums themselves do not know about the design.

    Attributes
    ----------
    lonely : LonelyPsu
        What a stratum with a single sampled unit adds.
    populations : mapping from stratum to count, or None
        Sampling units (people, where people were drawn) there are in each stratum; None: no correction.
    people : mapping from (stratum, sampling unit) to count, or None
        People there are in each sampled unit: adds the second stage. Needs populations, and sums made per cell.
    """

    lonely: LonelyPsu
    populations: Mapping[str, float] | None = None
    people: Mapping[tuple[str, str], float] | None = None


@dataclass(frozen=True, eq=False)
class Stages:
    """A drawing laid over the sampling units of some sums.

    Attributes
    ----------
    sampled, fraction : float array, shape (strata,)
        Units drawn, and their share of the population (0 where it is not known).
    units : float
        Units drawn in all strata.
    people, people_fraction : float array, shape (psus,)
        People who answered in each sampled unit, and their share of all its people.
    second : bool
        Whether people inside units add to the variance.
    """

    lonely: LonelyPsu
    sampled: Floats
    fraction: Floats
    units: float
    people: Floats
    people_fraction: Floats
    second: bool

    @property
    def unlimited(self) -> "Stages":
        """The same drawing from populations without end, without a second stage."""
        return replace(self, fraction=np.zeros_like(self.fraction), second=False)

    @property
    def degrees_of_freedom(self) -> int:
        """Sampled units less strata."""
        return int(self.units) - len(self.sampled)


def stages_of(sums: CellSums, drawing: Drawing) -> Stages:
    """Lay a drawing over sums.

    Raises
    ------
    BadInputError
        A population that is missing, not above 0 or below the number drawn; a second stage without the first.
    NotFromSumsError
        A second stage, but the products inside a person were kept per domain only.
    """
    keys, plan = sums.keys, sums.plan
    answered = sums.rows_of_psus
    one_by_one = plan.drawn is Drawn.PEOPLE
    per_psu = answered if one_by_one else np.ones(len(keys.psus))
    sampled: Floats = np.bincount(keys.psu_stratum, weights=per_psu, minlength=len(keys.strata)).astype(np.float64)
    fraction = np.zeros(len(keys.strata))
    if drawing.populations is not None:
        fraction = sampled / _counts(drawing.populations, keys.strata, sampled, "stratum")
    people_fraction, second = np.zeros(len(keys.psus)), drawing.people is not None
    if drawing.people is not None:
        if drawing.populations is None or one_by_one:
            message = "a second stage needs sampling units and their numbers in every stratum"
            raise BadInputError(message)
        if plan.within is not Within.CELL:
            message = "these sums keep products inside a person per domain; a second stage needs them per cell"
            raise NotFromSumsError(message)
        names = tuple((keys.strata[stratum], label) for stratum, label in keys.psus)
        people_fraction = answered / _counts(drawing.people, names, answered, "sampling unit")
    return Stages(drawing.lonely, sampled, fraction, float(per_psu.sum()), answered, people_fraction, second)


def _counts(given: Mapping[K, float], names: tuple[K, ...], drawn: Floats, what: str) -> Floats:
    missing = [name for name in names if name not in given]
    if missing:
        message = f"no population for {what} {missing[0]}"
        raise BadInputError(message)
    counts = numbers([given[name] for name in names], f"populations by {what}")
    wrong = ~(np.isfinite(counts) & (counts >= drawn))
    if wrong.any():
        at = int(np.argmax(wrong))
        message = f"{what} {names[at]}: {drawn[at]:.0f} drawn out of {counts[at]:g}"
        raise BadInputError(message)
    return counts
