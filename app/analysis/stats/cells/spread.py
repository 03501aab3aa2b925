"""Figures as linearised totals of sampling units, and their design variance and covariance, many at once.

The same numbers as `designs.linearised`, made of sums instead of rows (statistics.md sections 2.1, 2.2 and 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.cells.drawing import Stages
from app.analysis.stats.cells.plan import Drawn
from app.analysis.stats.cells.view import View
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.errors import BadInputError, LonelyPsuError, NotFromSumsError

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Figures:
    """k figures of every unit of a view.

    Attributes
    ----------
    view : View
    value : float array, shape (k, units)
        NaN where nobody answered.
    influence : float array, shape (k, pairs)
        Totals of the linearised variable, weights included, 0 where nobody answered.
    squares : float array, shape (k, pairs), or None
        Sums over people of the squared linearised variable; None where no second stage was asked for.
    n, answers : float arrays, shape (k, units)
        People behind the figure, and their answers.
    s2 : float array, shape (k, units)
        Weighted spread between people of the figure written as a mean over people (statistics.md 3.2).
    """

    view: View
    value: Floats
    influence: Floats
    squares: Floats | None
    n: Floats
    answers: Floats
    s2: Floats

    def variance(self, stages: Stages) -> Floats:
        """Design variance of every figure, shape (k, units).

        Raises
        ------
        LonelyPsuError
            A stratum with a single sampled unit under ``LonelyPsu.FAIL``.
        NotFromSumsError
            People inside sampling units count, but the squares of people were not asked for.
        """
        spread = _Spread(self.view, stages)
        if self.view.sums.plan.drawn is Drawn.PEOPLE:
            return spread.of_people(self.influence, self._squares())
        variance = spread.of_units(self.influence)
        return variance + spread.of_second_stage(self.influence, self._squares()) if stages.second else variance

    def covariance(self, stages: Stages, chosen: Sequence[tuple[int, int]]) -> Floats:
        """Design covariance of chosen figures, given as (figure, unit); shape (m, m).

        Their totals are laid over the sampling units of the whole survey: units that share villages are correlated.
        Where people inside sampling units (or strata) add to the variance, figures of different units are correlated
        only through the totals there, since a person belongs to one unit.

        Raises
        ------
        BadInputError
            A figure or unit that the view does not have.
        LonelyPsuError
            A stratum with a single sampled unit under ``LonelyPsu.FAIL``.
        NotFromSumsError
            Different figures of one unit where people add to the variance: their products inside a person, with
            squared weights, are not kept for every pair of figures. Give the rows.
        """
        view = self.view
        for figure, unit in chosen:
            if not (0 <= figure < len(self.value) and 0 <= unit < len(view.units)):
                message = (
                    f"figure {figure} of unit {unit}: there are {len(self.value)} figures, {len(view.units)} units"
                )
                raise BadInputError(message)
        one_by_one = view.sums.plan.drawn is Drawn.PEOPLE
        dense = np.zeros((len(chosen), len(view.sums.keys.psus)))
        bounds = np.append(view.unit_starts, len(view.unit))
        for row, (figure, unit) in zip(dense, chosen, strict=True):
            pairs = slice(bounds[unit], bounds[unit + 1])
            row[view.psu[pairs]] = self.influence[figure, pairs]
        if not one_by_one:
            present = np.zeros(len(stages.sampled), dtype=bool)
            present[view.run_stratum[np.isin(view.run_unit, [unit for _, unit in chosen])]] = True
            deviations = _deviations(dense, view.sums.keys.psu_stratum, stages, present)
            found = deviations @ deviations.T
            if not stages.second:
                return np.asarray(found)
        figures, units = np.array(chosen, dtype=np.intp).reshape(-1, 2).T
        same_unit = units[:, None] == units
        if np.any(same_unit & (figures[:, None] != figures)):
            message = "different figures of one unit share people whose products are not among the sums; give the rows"
            raise NotFromSumsError(message)
        inside = -_between_units(dense, view, stages)
        found = inside if one_by_one else found + inside
        return np.asarray(np.where(same_unit, self.variance(stages)[figures, units], found))

    def contrast(
        self, stages: Stages, chosen: Sequence[tuple[int, int]], coefficients: npt.ArrayLike
    ) -> tuple[Floats, Floats]:
        """Linear combinations of chosen figures and their design covariance: differences of units, criteria, periods.

        Parameters
        ----------
        chosen : sequence of (figure, unit)
            A period is a unit of its own where it is one of the keys.
        coefficients : array_like, shape (c, m) or (m,)

        Returns
        -------
        value : float array, shape (c,)
        covariance : float array, shape (c, c)

        Raises
        ------
        BadInputError
            Another number of coefficients than of figures, and as `covariance`.
        NotFromSumsError
            As `covariance`.
        """
        matrix = np.atleast_2d(numbers(coefficients, "coefficients"))
        if matrix.shape[1] != len(chosen):
            message = f"coefficients of shape {matrix.shape} for {len(chosen)} figures"
            raise BadInputError(message)
        covariance = self.covariance(stages, chosen)
        values = np.array([self.value[figure, unit] for figure, unit in chosen])
        return matrix @ values, matrix @ covariance @ matrix.T

    @cached_property
    def df(self) -> Floats:
        """Degrees of freedom of each unit: its sampling units (people, where people were drawn) less its strata."""
        view = self.view
        per_unit = np.bincount(view.unit, minlength=len(view.units)).astype(np.float64)
        if view.sums.plan.drawn is Drawn.PEOPLE:
            per_unit = view.people
        return per_unit - np.bincount(view.run_unit, minlength=len(view.units))

    def _squares(self) -> Floats:
        if self.squares is None:
            message = "these figures were made without the squares of people that the second stage needs"
            raise NotFromSumsError(message)
        return self.squares


@dataclass(frozen=True, eq=False)
class _Spread:
    """Sums of squared deviations inside the strata of each unit."""

    view: View
    stages: Stages

    def of_units(self, u: Floats) -> Floats:
        """First stage: sampling units without anybody of the unit count with a total of 0."""
        view, stages = self.view, self.stages
        n, lonely = self._sampled()
        present = np.diff(view.run_starts, append=len(view.unit))
        mean = np.add.reduceat(u, view.run_starts, axis=1) / n
        absent = n - present
        if stages.lonely is LonelyPsu.ADJUST and lonely.any():
            grand = view.totals(u) / stages.units
            mean = np.where(lonely, grand[:, view.run_unit], mean)
        deviation = u - mean[:, view.run]
        np.square(deviation, out=deviation)
        inside = np.add.reduceat(deviation, view.run_starts, axis=1) + absent * mean**2
        return self._per_unit(inside * self._scale(n, lonely), lonely)

    def of_people(self, u: Floats, squares: Floats) -> Floats:
        """People drawn one by one: each pair is a stratum, whose other people count with 0."""
        n, lonely = self._sampled()
        inside = np.maximum(squares - u**2 / n, 0.0)
        if self.stages.lonely is LonelyPsu.ADJUST and lonely.any():
            grand = (self.view.totals(u) / self.stages.units)[:, self.view.run_unit]
            inside = np.where(lonely, squares - 2.0 * grand * u + grand**2, inside)
        return self._per_unit(inside * self._scale(n, lonely), lonely)

    def of_second_stage(self, u: Floats, squares: Floats) -> Floats:
        """Inside sampled units; one person drawn says nothing about the spread there."""
        stages, psu = self.stages, self.view.psu
        m, fraction = stages.people[psu], stages.people_fraction[psu]
        carried = stages.fraction[self.view.sums.keys.psu_stratum[psu]]
        scale = np.where(m > 1, carried * (1.0 - fraction) * m / np.maximum(m - 1.0, 1.0), 0.0)
        return self.view.totals(scale * np.maximum(squares - u**2 / m, 0.0))

    def _sampled(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        n = self.stages.sampled[self.view.run_stratum]
        lonely = (n == 1) & (self.stages.fraction[self.view.run_stratum] < 1.0)
        if lonely.any() and self.stages.lonely is LonelyPsu.FAIL:
            name = self.view.sums.keys.strata[self.view.run_stratum[np.argmax(lonely)]]
            message = f"stratum {name!r} has a single sampled unit; merge it or name a rule"
            raise LonelyPsuError(message)
        return n, lonely

    def _scale(self, n: Floats, lonely: npt.NDArray[np.bool_]) -> Floats:
        left = 1.0 - self.stages.fraction[self.view.run_stratum]
        scale = np.where(n > 1, left * n / np.maximum(n - 1.0, 1.0), 0.0)
        return np.where(lonely, left, scale) if self.stages.lonely is LonelyPsu.ADJUST else scale

    def _per_unit(self, runs: Floats, lonely: npt.NDArray[np.bool_]) -> Floats:
        starts = np.searchsorted(self.view.run_unit, np.arange(len(self.view.units)))
        variance = np.add.reduceat(runs, starts, axis=1)
        if self.stages.lonely is LonelyPsu.AVERAGE and lonely.any():
            units = len(self.view.units)
            strata = np.bincount(self.view.run_unit, minlength=units)
            others = strata - np.bincount(self.view.run_unit, weights=lonely, minlength=units)
            variance = variance * np.where(others > 0, strata / np.where(others > 0, others, 1.0), np.nan)
        return variance


def _between_units(dense: Floats, view: View, stages: Stages) -> Floats:
    """What the means of people in sampling units (strata, for people one by one) take off products of totals."""
    m = stages.people
    if view.sums.plan.drawn is Drawn.PEOPLE:
        scale = 1.0 - stages.fraction[view.sums.keys.psu_stratum]
    else:
        scale = stages.fraction[view.sums.keys.psu_stratum] * (1.0 - stages.people_fraction)
    return np.asarray((dense * np.where(m > 1, scale / np.maximum(m - 1.0, 1.0), 0.0)) @ dense.T)


def _deviations(dense: Floats, stratum: Places, stages: Stages, present: npt.NDArray[np.bool_]) -> Floats:
    """Scaled deviations of totals over all sampling units, shape (m, psus): covariances are their products."""
    n, left = stages.sampled, 1.0 - stages.fraction
    order = np.argsort(stratum, kind="stable")
    starts = np.searchsorted(stratum[order], np.arange(len(n)))
    centre = np.add.reduceat(dense[:, order], starts, axis=1) / n
    scale = left * np.where(n > 1, n / np.maximum(n - 1.0, 1.0), 0.0)
    lonely = (n == 1) & (left > 0) & present
    if lonely.any() and stages.lonely is LonelyPsu.FAIL:
        message = f"stratum number {int(np.argmax(lonely))} has a single sampled unit; merge it or name a rule"
        raise LonelyPsuError(message)
    if stages.lonely is LonelyPsu.ADJUST:
        scale = np.where(lonely, left, scale)
        centre = np.where(lonely, dense.sum(axis=1, keepdims=True) / stages.units, centre)
    elif stages.lonely is LonelyPsu.AVERAGE:
        strata, others = int(present.sum()), int((present & ~lonely).sum())
        scale = scale * (strata / others if others else np.nan)
    return np.asarray(np.sqrt(scale)[stratum] * (dense - centre[:, stratum]))
