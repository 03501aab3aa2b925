"""Stages of a design: which units were drawn inside which group, how many of how many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import labels as as_labels
from app.analysis.stats.arrays import missing, numbers
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage: units drawn inside groups (strata at the first stage, units of the stage before later on).

    Attributes
    ----------
    unit : int array, shape (rows,)
        Unit of each row, 0..units-1; every unit lies in one group.
    group : int array, shape (units,)
        Group of each unit.
    sampled : float array, shape (groups,)
        Units drawn in each group.
    population : float array, shape (groups,), or None
        Units there are in each group; None: not known, no finite population correction.
    """

    unit: Ints
    group: Ints
    sampled: Floats
    population: Floats | None

    @property
    def fraction(self) -> Floats:
        """Sampling fraction n/N of each group; 0 where N is not known."""
        return np.zeros_like(self.sampled) if self.population is None else self.sampled / self.population


def codes(labels: npt.ArrayLike, name: str, rows: int) -> Ints:
    """Labels as codes 0..k-1 in sorted order; BadInputError for missing labels or another length."""
    array = as_labels(labels, name)
    if array.shape != (rows,):
        message = f"{name}: {array.shape} labels for {rows} rows"
        raise BadInputError(message)
    unlabelled = missing(array)
    if unlabelled.any():
        message = f"{name}: no label in row {int(np.argmax(unlabelled))}"
        raise BadInputError(message)
    return np.unique(array.astype(str) if array.dtype == object else array, return_inverse=True)[1].astype(np.intp)


def build_stages(
    stratum: Ints, clusters: Sequence[Ints], populations: Sequence[npt.ArrayLike], *, nested: bool
) -> tuple[Stage, ...]:
    """Stages from labels; no clusters means that every row was drawn by itself.

    Raises
    ------
    BadInputError
        A primary unit in two strata while its numbers do not repeat between strata, more population columns than
        stages, a population that varies inside its group or is below the number drawn.
    """
    rows = len(stratum)
    units = list(clusters) or [np.arange(rows)]
    if len(populations) > len(units):
        message = f"{len(populations)} population counts for {len(units)} stages"
        raise BadInputError(message)
    group, stages = stratum, []
    for number, own in enumerate(units):
        separate = number > 0 or nested
        unit = np.unique(group * (int(own.max(initial=0)) + 1) + own if separate else own, return_inverse=True)[1]
        place = np.zeros(int(unit.max(initial=-1)) + 1, dtype=np.intp)
        place[unit] = group
        if not separate and np.any(place[unit] != group):
            row = int(np.argmax(place[unit] != group))
            message = f"row {row}: its primary sampling unit lies in two strata; say nested if numbers repeat"
            raise BadInputError(message)
        sampled = np.bincount(place, minlength=int(group.max(initial=-1)) + 1).astype(np.float64)
        size = _population(populations[number], group, sampled, number + 1) if number < len(populations) else None
        stages.append(Stage(unit.astype(np.intp), place, sampled, size))
        group = unit.astype(np.intp)
    return tuple(stages)


def _population(given: npt.ArrayLike, group: Ints, sampled: Floats, number: int) -> Floats:
    """Population of each group, checked."""
    size = numbers(given, f"populations of stage {number}")
    if size.shape != group.shape or not np.all((size > 0) & np.isfinite(size)):
        message = f"stage {number}: population counts must be above 0, one for each of the {len(group)} rows"
        raise BadInputError(message)
    of_group = np.zeros_like(sampled)
    of_group[group] = size
    if np.any(of_group[group] != size):
        message = (
            f"stage {number}: the population differs inside a group, first in row {_first(of_group[group] != size)}"
        )
        raise BadInputError(message)
    if np.any(of_group < sampled):
        at = _first(of_group < sampled)
        message = f"stage {number}: {sampled[at]:.0f} units drawn out of {of_group[at]:g} (group {at})"
        raise BadInputError(message)
    return of_group


def _first(found: npt.NDArray[np.bool_]) -> int:
    return int(np.argmax(found))
