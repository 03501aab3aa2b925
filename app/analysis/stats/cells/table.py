"""The index of every unit of a sampled survey from its cell sums: the sibling of `index.index_table`.

Same figures, same result type, so that pages show both alike; here standard errors and design effects come from the
sampling units of the whole design, and intervals are smoothed Wilson (statistics.md section 3.2).
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.analysis.stats.cells.drawing import Drawing, Stages, stages_of
from app.analysis.stats.cells.figures import index
from app.analysis.stats.cells.plan import Drawn
from app.analysis.stats.cells.spread import Figures
from app.analysis.stats.cells.view import View
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.index import FITTING_METHOD, Formula, IndexTable, IntervalMethod, columns_of, same_figure_once
from app.analysis.stats.index_limits import BoundedScale
from app.analysis.stats.intervals.cautions import dissatisfied_worth, few_dissatisfied, shared_worth, unlike_others
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.layout import Scoring
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed import (
    NO_VARIANCE,
    PooledEffects,
    SmoothedDesign,
    fpc_factors,
    kappa_of,
    smooth,
    smoothed_limits,
)
from app.analysis.stats.spread import Aggregation

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def sampled_index_table(
    view: View,
    *,
    formula: Formula,
    aggregation: Aggregation,
    confidence_level: float,
    sample_kind: SampleKind,
    method: IntervalMethod,
    drawing: Drawing,
    planned_icc: float | None,
    pooled: PooledEffects | None = None,
) -> IndexTable:
    """Index of every unit of a view, with design-based standard errors and smoothed Wilson intervals.

    Parameters
    ----------
    view : View
        ``View.of(sums, by=("unit",))``; rows of the table are ``view.units``. Design effects are pooled over these
        units.
    formula, aggregation
        The named version of the index, stored with the round.
    confidence_level : float
    sample_kind, method
        A probability sample has smoothed Wilson limits, a census none. Open samples are no sampling design: use
        `index.index_table`.
    drawing : Drawing
        Rule for strata with a single sampled unit; populations for the finite population correction, which enters
        the standard error and, as a factor per unit, the interval.
    planned_icc : float or None
        Likeness of people of one sampling unit, 0..1 (0.05 to 0.1 is usual): used only where the whole survey has no
        degrees of freedom, with the design effect 1 + (m - 1) icc, m people per sampling unit, and a note.
    pooled : PooledEffects, optional
        ``pooled`` of the table of all units, for a view of one of them (`View.one`): its limits are then those of that
        table.

    Returns
    -------
    IndexTable
        Columns are the criteria in order, then factors, components, overall. `se` is NaN where the survey has one
        sampling unit.

    Raises
    ------
    MethodDoesNotFitError, NotFromSumsError, LonelyPsuError, BadInputError

    References
    ----------
    statistics.md sections 2.2, 3.2 and 9.3; Franco, Little, Louis, Slud (2019), J. Surv. Stat. Methodol. 7:334.
    """
    layout, level = view.sums.plan.layout, check_level(confidence_level)
    _check(view, formula, sample_kind, method, planned_icc)
    scoring = Scoring.TOP2 if formula is Formula.TOP2 else Scoring.LEVEL
    scale = BoundedScale(0.0, 1.0, 1.0) if formula is Formula.TOP2 else BoundedScale(1.0, float(layout.levels), 5.0)
    squares = method is not IntervalMethod.CENSUS and (
        view.sums.plan.drawn is Drawn.PEOPLE or drawing.people is not None
    )
    figures = index(view, scoring, aggregation, squares=squares)
    notes: tuple[Reason, ...] = ()
    warned: dict[str, Bools] = {}
    if method is IntervalMethod.CENSUS:
        limits = _census(figures, scale)
    else:
        # A single TOP2 criterion is a plain share of people; everything else is a mean of scores.
        shares = len(layout.criteria) if formula is Formula.TOP2 else 0
        sample = _Sample.of(figures, scale, drawing, planned_icc, pooled)
        limits, pooled, notes = _smoothed(sample, shares, level)
        warned = _warned(sample, shares, limits.pop("deff_unit"), limits["deff_star"], pooled)
    return IndexTable(
        columns=columns_of(layout),
        formula=formula,
        aggregation=aggregation,
        sample_kind=sample_kind,
        method=method,
        confidence_level=level,
        n=_counts(figures.n),
        answers=_counts(figures.answers),
        unanswered=_unanswered(view, figures),
        notes=notes,
        pooled=pooled,
        **same_figure_once(layout, {"value": _printed(figures, scale), **limits, **warned}),
    )


@dataclass(frozen=True, eq=False)
class _Sample:
    """Figures on 0..1 with their variances; arrays of shape (units, columns)."""

    figures: Figures
    scale: BoundedScale
    stages: Stages
    p: Floats
    n: Floats
    plain: Floats
    corrected: Floats
    s2: Floats
    planned_icc: float | None
    pooled: PooledEffects | None

    @classmethod
    def of(
        cls,
        figures: Figures,
        scale: BoundedScale,
        drawing: Drawing,
        planned_icc: float | None,
        pooled: PooledEffects | None,
    ) -> "_Sample":
        stages = stages_of(figures.view.sums, drawing)
        span = (scale.highest - scale.lowest) ** 2
        if stages.units < 2:
            plain = np.full_like(figures.value, np.nan)
        else:
            plain = np.where(np.isnan(figures.value), np.nan, figures.variance(stages.unlimited) / span)
        corrected = plain
        if stages.units >= 2 and drawing.populations is not None:
            corrected = np.where(np.isnan(figures.value), np.nan, figures.variance(stages) / span)
        n = np.where(figures.n > 0, figures.n, np.nan)
        p, s2 = scale.to_unit(figures.value.T), figures.s2.T / span
        return cls(figures, scale, stages, p, n.T, plain.T, corrected.T, s2, planned_icc, pooled)

    def srs(self, columns: slice, *, share: bool) -> Floats:
        """Variance of as many people drawn one by one, NaN for fewer than two."""
        p, n = self.p[:, columns], self.n[:, columns]
        return (p * (1.0 - p) if share else self.s2[:, columns]) / np.where(n >= 2, n - 1.0, np.nan)

    def effects(self, columns: slice, *, share: bool) -> SmoothedDesign:
        """Design effects pooled over the columns and all units."""
        deff_all = None
        if self.pooled is not None:
            kappa, deff_all = (float(x[columns.start]) for x in (self.pooled.kappa, self.pooled.deff_all))
        elif share:
            kappa = 1.0
        else:
            people = np.where(np.isnan(self.n[:, columns]), 0.0, self.n[:, columns])
            kappa = kappa_of(self.p[:, columns], self.s2[:, columns], people)
        if self.stages.degrees_of_freedom <= 0:
            return self._planned(kappa)
        srs = self.srs(columns, share=share)
        return smooth(
            variance=self.plain[:, columns],
            srs=srs,
            fpc_factor=fpc_factors(self.plain[:, columns], self.corrected[:, columns], srs),
            df_unit=self.figures.df,
            df_design=float(self.stages.degrees_of_freedom),
            kappa=kappa,
            deff_all=deff_all,
        )

    def _planned(self, kappa: float) -> SmoothedDesign:
        if self.planned_icc is None:
            message = "the design has no degrees of freedom; name the planned_icc its design effect was planned with"
            raise BadInputError(message)
        view = self.figures.view
        clusters = np.bincount(view.unit, minlength=len(view.units)).astype(np.float64)
        per_cluster = np.ones(len(clusters)) if view.sums.plan.drawn is Drawn.PEOPLE else view.people / clusters
        deff = 1.0 + (per_cluster - 1.0) * self.planned_icc
        same = np.ones_like(deff)
        return SmoothedDesign(float(deff.mean()), deff, deff, same, np.full_like(deff, np.inf), kappa)


def _smoothed(
    sample: _Sample, shares: int, confidence_level: float
) -> tuple[dict[str, Floats], PooledEffects, tuple[Reason, ...]]:
    """Shares pool their design effect over all criteria and units, every other figure over the units."""
    shape = sample.p.shape
    out = {name: np.full(shape, np.nan) for name in ("low", "high", "n_eff", "df", "deff", "deff_star", "deff_unit")}
    pooled = PooledEffects(np.full(shape[1], np.nan), np.full(shape[1], np.nan))
    batches = [slice(0, shares), *(slice(j, j + 1) for j in range(shares, shape[1]))]
    for batch in (b for b in batches if b.stop > b.start):
        share = batch.start < shares
        effects = sample.effects(batch, share=share)
        low, high, n_eff = smoothed_limits(
            sample.p[:, batch], sample.n[:, batch], effects, confidence_level=confidence_level
        )
        srs = sample.srs(batch, share=share)
        deff = sample.plain[:, batch] / np.where(srs > NO_VARIANCE, srs, np.nan)
        df, star = effects.df_star[:, None], effects.deff_star[:, None]
        for name, found in (("low", low), ("high", high), ("n_eff", n_eff), ("deff", deff)):
            out[name][:, batch] = found
        out["df"][:, batch] = np.where(np.isfinite(df), df, np.nan)
        out["deff_star"][:, batch], out["deff_unit"][:, batch] = star, effects.deff_unit[:, None]
        pooled.deff_all[batch], pooled.kappa[batch] = effects.deff_all, effects.kappa
    pooled = replace(pooled, dissatisfied=_dissatisfied(sample, shares, out["n_eff"]))
    value, scale = _printed(sample.figures, sample.scale), sample.scale
    # Rounding may not push a limit past the value it belongs to.
    out["low"] = np.minimum(scale.printed(out["low"]), value)
    out["high"] = np.maximum(scale.printed(out["high"]), value)
    out["se"] = np.sqrt(sample.corrected) * (scale.highest - scale.lowest) / scale.divisor
    planned = sample.stages.degrees_of_freedom <= 0
    return out, pooled, (Reason.PLANNED_DESIGN_EFFECT,) if planned else ()


def _dissatisfied(sample: _Sample, shares: int, n_eff: Floats) -> Floats:
    """Effective number of dissatisfied people of the whole survey behind each figure's design effect."""
    if sample.pooled is not None:
        kept = sample.pooled.dissatisfied
        return np.full(n_eff.shape[1], np.nan) if kept is None else kept
    worth = dissatisfied_worth(sample.p, n_eff)
    worth[:shares] = shared_worth(worth[:shares], sample.p[:, :shares], sample.n[:, :shares])
    return worth


def _warned(
    sample: _Sample, shares: int, deff_unit: Floats, deff_star: Floats, pooled: PooledEffects
) -> dict[str, Bools]:
    """Figures that no interval can be relied on for (`intervals.cautions`)."""
    dissatisfied = np.nan if pooled.dissatisfied is None else pooled.dissatisfied
    stages = sample.stages
    few = few_dissatisfied(
        dissatisfied,
        pooled.deff_all,
        shared=np.arange(deff_unit.shape[1]) < shares,
        df_design=stages.degrees_of_freedom,
        people_per_place=float(stages.people.sum()) / max(stages.units, 1.0),
    )
    return {
        "few_dissatisfied": np.array(np.broadcast_to(few, deff_unit.shape)),
        "unlike_others": unlike_others(deff_unit, deff_star, pooled.deff_all, sample.figures.df[:, None]),
    }


def _census(figures: Figures, scale: BoundedScale) -> dict[str, Floats]:
    """Everybody was asked: [p, p], standard error 0."""
    value = _printed(figures, scale)
    nothing = np.full_like(value, np.nan)
    se = np.where(np.isnan(value), np.nan, 0.0)
    return {"se": se, "low": value, "high": value.copy(), "n_eff": nothing, "df": nothing.copy()}


def _printed(figures: Figures, scale: BoundedScale) -> Floats:
    """Values as printed; rounding may not push one off the scale."""
    return np.clip(figures.value.T, scale.lowest, scale.highest) / scale.divisor


def _counts(numbers: Floats) -> Ints:
    return np.rint(numbers.T).astype(np.int64)


def _unanswered(view: View, figures: Figures) -> Ints:
    layout = view.sums.plan.layout
    empty = (figures.n[: len(layout.criteria)] == 0).astype(np.int64)
    members = [list(group.members) for group in layout.groups]
    return np.stack([*np.zeros_like(empty), *(empty[m].sum(axis=0) for m in members)], axis=1)


def _check(
    view: View, formula: Formula, sample_kind: SampleKind, method: IntervalMethod, planned_icc: float | None
) -> None:
    layout = view.sums.plan.layout
    if not layout.criteria:
        message = "this question set has no criteria that count in an index"
        raise MethodDoesNotFitError(message)
    if formula is Formula.MEAN5 and layout.levels != 5:
        message = f"MEAN5 needs five levels, these criteria have {layout.levels}"
        raise MethodDoesNotFitError(message)
    if sample_kind is SampleKind.OPEN or method is not FITTING_METHOD[sample_kind]:
        message = f"{method.value} from a sampling design does not fit a sample of kind {sample_kind.value}"
        raise MethodDoesNotFitError(message)
    if planned_icc is not None and not 0.0 <= planned_icc <= 1.0:
        message = f"a likeness inside sampling units of {planned_icc} does not lie in 0..1"
        raise BadInputError(message)
    if not view.units:
        message = "no domain of these sums belongs to the view"
        raise BadInputError(message)
