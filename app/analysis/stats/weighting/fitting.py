"""Iterative proportional fitting (Deming, Stephan 1940) on the occupied cells of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError, EmptyCategoryError, NotConvergedError
from app.analysis.stats.weighting.margins import Ints, category_sums
from app.analysis.stats.weighting.weighting import MAX_ROUNDS, TOLERANCE

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Target:
    """Totals one margin should have: name and categories for errors, codes (cells,), totals (categories,)."""

    name: str
    categories: Sequence[str]
    codes: Ints
    totals: Floats

    def factors(self, cells: Floats) -> Floats:
        """What each category lacks: wanted over present, shape (categories,)."""
        present = category_sums(self.codes, cells, len(self.totals))
        return np.divide(self.totals, present, out=np.ones_like(present), where=present > 0)


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted cells (cells,), the rounds it took and the largest relative gap left."""

    cells: Floats
    rounds: int
    gap: float


@dataclass(frozen=True, eq=False)
class FittedTable:
    """A table fitted to the totals of its axes: same shape as the seed, rounds, largest relative gap."""

    table: Floats
    rounds: int
    gap: float


def fit_cells(seed: Floats, targets: Sequence[Target], *, tolerance: float, max_rounds: int) -> Fit:
    """Multiply cells, shape (cells,), all above 0, until every target holds to `tolerance` (relative).

    Raises
    ------
    BadInputError
        Margins whose totals do not add up to the same population, or a criterion that makes no sense.
    NotConvergedError
        Naming the margin and category with the largest gap.
    """
    if not tolerance > 0 or not isinstance(max_rounds, Integral) or max_rounds < 1:
        message = f"tolerance {tolerance} and {max_rounds} rounds: both must be above 0, rounds whole"
        raise BadInputError(message)
    _refuse_unequal(targets, tolerance)
    cells = seed.copy()
    for done in range(max_rounds + 1):
        worst, where, category = max(_gap(target, cells) for target in targets)
        if worst < tolerance:
            return Fit(cells, done, worst)
        if done < max_rounds:
            for target in targets:
                cells *= target.factors(cells)[target.codes]
    message = (
        f"no convergence in {max_rounds} rounds: margin {where!r}, category {category!r} is still "
        f"{worst:.3g} (relative) from its total"
    )
    raise NotConvergedError(message)


def fit_table(
    seed: npt.ArrayLike,
    totals: Sequence[npt.ArrayLike],
    *,
    names: Sequence[str] = (),
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> FittedTable:
    """Table with the totals of every axis and the odds ratios of the seed.

    Parameters
    ----------
    seed : array_like, any number of axes
        Counts of at least 0; a cell of 0 stays 0.
    totals : sequence of array_like
        One array of totals per axis.
    names : sequence of str, optional
        Names of the axes for errors; otherwise ``axis 0`` and so on.

    Raises
    ------
    BadInputError
        Shapes that do not belong together, negative numbers, axes with different sums.
    EmptyCategoryError
        A total above 0 where the seed has nothing.
    NotConvergedError
        Naming axis and position with the largest gap.

    References
    ----------
    Deming, Stephan (1940), Ann. Math. Stat. 11:427.
    """
    start = numbers(seed, "seed")
    wanted = [numbers(axis, "totals") for axis in totals]
    if start.shape != tuple(axis.size for axis in wanted) or any(axis.ndim != 1 for axis in wanted):
        message = f"a table of shape {start.shape} for totals of lengths {[axis.size for axis in wanted]}"
        raise BadInputError(message)
    if any(not np.isfinite(numbers).all() or (numbers < 0).any() for numbers in (start, *wanted)):
        message = "a table and its totals are finite counts of at least 0"
        raise BadInputError(message)
    places = np.nonzero(start)
    targets = [
        Target(names[axis] if names else f"axis {axis}", [str(i) for i in range(each.size)], places[axis], each)
        for axis, each in enumerate(wanted)
    ]
    for target in targets:
        lacking = np.nonzero((np.bincount(target.codes, minlength=target.totals.size) == 0) & (target.totals > 0))[0]
        if lacking.size:
            message = f"{target.name!r}, position {', '.join(map(str, lacking))}: a total, but nothing in the table"
            raise EmptyCategoryError(message)
    fit = fit_cells(start[places], targets, tolerance=tolerance, max_rounds=max_rounds)
    table = np.zeros_like(start)
    table[places] = fit.cells
    return FittedTable(table, fit.rounds, fit.gap)


def _gap(target: Target, cells: Floats) -> tuple[float, str, str]:
    present = category_sums(target.codes, cells, len(target.totals))
    gaps = np.abs(present - target.totals) / np.where(target.totals > 0, target.totals, 1.0)
    worst = int(np.argmax(gaps))
    return float(gaps[worst]), target.name, str(target.categories[worst])


def _refuse_unequal(targets: Sequence[Target], tolerance: float) -> None:
    sums = {target.name: float(target.totals.sum()) for target in targets}
    if max(sums.values()) - min(sums.values()) > tolerance * max(sums.values()):
        told = ", ".join(f"{name!r} {total:.17g}" for name, total in sums.items())
        message = f"the margins describe populations of different size: {told}"
        raise BadInputError(message)
