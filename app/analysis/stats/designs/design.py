"""A sampling design and the variance of totals under it (Särndal, Swensson, Wretman 1992, ch. 4; statistics.md 2.2).

The design is always whole: a domain is rows whose numbers are 0 elsewhere, never rows cut away, so that sampled
units with nobody of the domain still count.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.designs.stages import Stage, build_stages, codes
from app.analysis.stats.errors import BadInputError, LonelyPsuError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Residualise = Callable[[Floats], Floats]


class LonelyPsu(StrEnum):
    """What a stratum with a single sampled unit adds (statistics.md 2.3); a stratum taken whole is never lonely.

    REMOVE and CERTAINTY add nothing. ADJUST centres at the mean of all units. AVERAGE gives it the mean variance of
    the other strata. FAIL refuses.
    """

    FAIL = "fail"
    REMOVE = "remove"
    CERTAINTY = "certainty"
    ADJUST = "adjust"
    AVERAGE = "average"


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """The whole design; build it with `SurveyDesign.of`.

    Attributes
    ----------
    weights : float array, shape (rows,)
    stratum : int array, shape (rows,)
        Stratum codes 0..H-1.
    stages : tuple of Stage
        First stage first.
    lonely : LonelyPsu
    lonely_domains : bool
        Whether ADJUST and AVERAGE also treat strata in which the domain leaves one of several units.
    residualise : callable or None
        Set by calibration: takes influence values (rows, k) and returns their residuals.
    """

    weights: Floats
    stratum: Ints
    stages: tuple[Stage, ...]
    lonely: LonelyPsu
    lonely_domains: bool = False
    residualise: Residualise | None = None

    @classmethod
    def of(
        cls,
        rows: int,
        *,
        lonely: LonelyPsu,
        weights: npt.ArrayLike | None = None,
        strata: npt.ArrayLike | None = None,
        clusters: Sequence[npt.ArrayLike] = (),
        populations: Sequence[npt.ArrayLike] | None = None,
        nested: bool = False,
        lonely_domains: bool = False,
    ) -> "SurveyDesign":
        """Check and build a design.

        Parameters
        ----------
        rows : int
            Respondents, at least 1.
        weights : array_like, shape (rows,), optional
            Above 0. Without weights they follow from the populations: product of N/n over the stages.
        strata : array_like, shape (rows,), optional
        clusters : sequence of array_like, shape (rows,)
            Labels of the sampled units, first stage first; empty: every row was drawn by itself.
        populations : sequence of array_like, shape (rows,), optional
            Population counts, one array per stage. The variance stops at the first stage without one.
        nested : bool
            Whether numbers of primary units repeat between strata.

        Raises
        ------
        BadInputError
            No rows, weights that are missing, not finite or not above 0, and everything `build_stages` refuses.
        """
        if rows < 1:
            message = "a design needs at least one row"
            raise BadInputError(message)
        stratum = np.zeros(rows, dtype=np.intp) if strata is None else codes(strata, "strata", rows)
        units = [codes(labels, f"clusters of stage {number}", rows) for number, labels in enumerate(clusters, 1)]
        stages = build_stages(stratum, units, populations or (), nested=nested)
        final = _weights_of_populations(stages, rows) if weights is None else _checked_weights(weights, rows)
        return cls(final, stratum, stages, lonely, lonely_domains)

    @property
    def rows(self) -> int:
        """Respondents."""
        return len(self.weights)

    @property
    def psu(self) -> Ints:
        """Primary sampling unit of each row, 0..P-1, shape (rows,)."""
        return self.stages[0].unit

    @property
    def psu_stratum(self) -> Ints:
        """Stratum of each primary unit, shape (P,)."""
        return self.stages[0].group

    @property
    def degrees_of_freedom(self) -> int:
        """Primary units less strata of the whole design."""
        return len(self.psu_stratum) - len(self.stages[0].sampled)

    def domain_degrees_of_freedom(self, domain: Bools) -> int:
        """Primary units less strata among the rows of a domain (R: ``degf(subset(design, ...))``)."""
        psus = np.unique(self.psu[domain])
        return len(psus) - len(np.unique(self.psu_stratum[psus]))

    def reweighted(self, weights: Floats, residualise: Residualise | None = None) -> "SurveyDesign":
        """The same design with final weights, and what calibration does to influence values."""
        final = numbers(weights, "weights")
        if final.shape != (self.rows,) or not np.isfinite(final).all():
            message = f"{final.shape} weights for {self.rows} rows, all of them finite numbers"
            raise BadInputError(message)
        return replace(self, weights=final, residualise=residualise)

    def covariance(self, u: Floats, *, within: Bools | None = None) -> Floats:
        """Design covariance of the totals of u, shape (k, k).

        Parameters
        ----------
        u : float array, shape (rows, k)
            Influence values, weights included, 0 outside the domain.
        within : bool array, shape (rows,), optional
            Rows of the domain: strata without any of them are left alone by the rules for lonely units.

        Raises
        ------
        LonelyPsuError
            A stratum with a single sampled unit under ``LonelyPsu.FAIL``.
        """
        return np.asarray(sum(d.T @ d for d in self._deviations(u, within)))

    def variances(self, u: Floats, *, within: Bools | None = None) -> Floats:
        """Diagonal of `covariance`, shape (k,)."""
        return np.asarray(sum(np.einsum("ij,ij->j", d, d) for d in self._deviations(u, within)))

    def _deviations(self, u: Floats, within: Bools | None) -> Iterator[Floats]:
        """Scaled deviations of unit totals, stage by stage: the covariance is the sum of their cross-products."""
        if self.residualise is not None:
            # Calibration leaves residuals outside the domain too: the domain is the whole sample then.
            u, within = self.residualise(u), None
        inside = np.ones(self.rows, dtype=bool) if within is None else within
        yield self._first_stage(unit_totals(u, self.stages[0]), inside)
        carried = self.stages[0].fraction[self.stages[0].group]
        for before, stage in zip(self.stages, self.stages[1:], strict=False):
            if before.population is None or stage.population is None:
                return
            totals = unit_totals(u, stage)
            n = stage.sampled
            # A unit in which one person was drawn says nothing about the spread inside it.
            scale = np.where(n > 1, carried * (1.0 - stage.fraction) * n / np.maximum(n - 1.0, 1.0), 0.0)
            yield np.sqrt(scale[stage.group])[:, None] * (totals - group_means(totals, stage)[stage.group])
            carried = (carried * stage.fraction)[stage.group]

    def _first_stage(self, totals: Floats, inside: Bools) -> Floats:
        stage = self.stages[0]
        n, left = stage.sampled, 1.0 - stage.fraction
        present = np.bincount(stage.group[np.unique(self.psu[inside])], minlength=len(n))
        lonely = (n == 1) & (left > 0) & (present > 0)
        if lonely.any() and self.lonely is LonelyPsu.FAIL:
            message = f"stratum {int(np.argmax(lonely))} has a single sampled unit; merge it or name a rule"
            raise LonelyPsuError(message)
        left_alone = lonely | ((present == 1) & (n > 1)) if self.lonely_domains else lonely
        scale = left * np.where(n > 1, n / np.maximum(n - 1.0, 1.0), 0.0)
        centre = group_means(totals, stage)
        if self.lonely is LonelyPsu.ADJUST:
            scale = np.where(lonely, left, scale)
            # The mean of all units drawn in the strata of the domain, those with nobody of it as 0 (R survey 4.5).
            centre = np.where(left_alone[:, None], totals.sum(axis=0) / max(n[present > 0].sum(), 1.0), centre)
        elif self.lonely is LonelyPsu.AVERAGE:
            strata, others = int((present > 0).sum()), int(((present > 0) & ~left_alone).sum())
            # Without a stratum that has a variance there is none to lend.
            scale = np.where(left_alone, 0.0, scale * strata / others) if others else np.full_like(scale, np.nan)
        return np.asarray(np.sqrt(scale[stage.group])[:, None] * (totals - centre[stage.group]))


def unit_totals(u: Floats, stage: Stage) -> Floats:
    """Totals of u over the units of a stage, shape (units, k)."""
    units = len(stage.group)
    if units == len(u) and np.array_equal(stage.unit, np.arange(units)):
        return u
    return np.stack([np.bincount(stage.unit, weights=column, minlength=units) for column in u.T], axis=1)


def group_means(totals: Floats, stage: Stage) -> Floats:
    """Means of unit totals over the units drawn in each group, shape (groups, k)."""
    groups = len(stage.sampled)
    sums = np.stack([np.bincount(stage.group, weights=column, minlength=groups) for column in totals.T], axis=1)
    return np.asarray(sums / stage.sampled[:, None])


def _weights_of_populations(stages: tuple[Stage, ...], rows: int) -> Floats:
    if stages[-1].population is None:
        message = "a design without weights needs the population of every stage"
        raise BadInputError(message)
    weights = np.ones(rows)
    for stage in stages:
        weights /= stage.fraction[stage.group[stage.unit]]
    return weights


def _checked_weights(given: npt.ArrayLike, rows: int) -> Floats:
    weights = numbers(given, "weights")
    if weights.shape != (rows,):
        message = f"{weights.shape} weights for {rows} rows"
        raise BadInputError(message)
    wrong = ~(np.isfinite(weights) & (weights > 0))
    if wrong.any():
        message = f"row {int(np.argmax(wrong))}: weight {weights[wrong][0]} is not a number above 0"
        raise BadInputError(message)
    return weights
