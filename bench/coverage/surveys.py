"""Whole surveys of 22 items: cells, the index, and differences of units (statistics.md section 9.3)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.comparisons.mover import correlations, mover_limits
from app.analysis.stats.comparisons.results import all_pairs
from app.analysis.stats.designs.linearised import means, stacked
from app.analysis.stats.intervals.basis import ShareBasis
from app.analysis.stats.intervals.cautions import dissatisfied_worth, few_dissatisfied, shared_worth, unlike_others
from app.analysis.stats.intervals.limits import Limits, wald_limits
from app.analysis.stats.intervals.shares import ShareMethod, share_limits
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed_units import SmoothedTable, smoothed_scores, smoothed_shares
from bench.coverage.drawing import Domains, Nested, Survey
from bench.coverage.methods import LEVEL
from bench.coverage.tally import Counts, Held, added

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Cells of fewer answers are kept back by the product, and no figure is made of them here.
FEWEST = 3
# Items whose differences between all pairs of units are looked at; every survey draws its own shares.
COMPARED = 2
BANDS = ((0.0, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1.0))


class Figure(StrEnum):
    """Methods as the tables print them."""

    LOGIT = "logit t, df of the unit"
    KORN_GRAUBARD_DOMAIN = "Korn–Graubard cut, df of the unit"
    KORN_GRAUBARD_FULL = "Korn–Graubard as in R, df of the design"
    WILSON_FULL = "Wilson own, df of the design"
    SMOOTHED = "smoothed Wilson"
    MEAN_T = "mean ± t·se"
    SMOOTHED_INDEX = "smoothed Wilson for indices"
    WARNED = "share of cells with a warning"
    DIFFERENCE_T = "d ± t·se"
    MOVER = "MOVER of the smoothed limits"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of survey: its name in the tables, how it is drawn, and how many surveys are."""

    name: str
    drawing: Nested | Domains
    surveys: int


def measure(kind: Kind, *, surveys: int, seed: tuple[int, ...]) -> Counts:
    """Draw surveys of a kind and count what holds the truth, group by group.

    Groups are ``all``, ``not warned``, the bands of the true share, ``few df`` (units of at most 3 degrees of
    freedom), ``first unit``, ``index`` and ``differences``.
    """
    rng = np.random.default_rng(seed)
    return added([_survey(kind.drawing.draw(rng)) for _ in range(surveys)])


def _survey(survey: Survey) -> Counts:
    table = smoothed_shares(
        survey.design, survey.answers, survey.unit, confidence_level=LEVEL, sample_kind=SampleKind.PROBABILITY
    )
    truth = survey.truth[: len(table.n)]
    shown = np.asarray(table.n >= FEWEST)
    whole = np.asarray(shown.all(axis=1))
    counts = _cells(table, truth, shown, warnings(survey, table, shares=True))
    counts["index"] = _index(survey, truth, whole)
    if len(table.n) > 1:
        counts["differences"] = _differences(survey, table, truth, whole)
    return counts


def _cells(table: SmoothedTable, truth: Floats, shown: Bools, units_warned: Bools) -> Counts:
    limits = _single_limits(table)
    few = np.broadcast_to(table.df_unit[:, None] <= 3, truth.shape)
    first = np.broadcast_to(np.arange(len(truth))[:, None] == 0, truth.shape)
    warned = np.broadcast_to(units_warned[:, None], truth.shape)
    groups = {"all": shown, "few df": shown & few, "first unit": shown & first, "not warned": shown & ~warned}
    groups |= {f"p {low:g}–{high:g}": shown & (low <= truth) & (truth < high) for low, high in BANDS}
    return {
        group: {
            **{name: Held.of(pair, truth, where) for name, pair in limits.items()},
            Figure.WARNED: Held.share(warned, where),
        }
        for group, where in groups.items()
        if where.any()
    }


def warnings(survey: Survey, table: SmoothedTable, *, shares: bool) -> Bools:
    """Units beside whose figures the product warns, shape (units,): from the drawn data alone."""
    design, n = table.design, table.n
    worth = dissatisfied_worth(table.value, table.n_eff)
    few = few_dissatisfied(
        shared_worth(worth, table.value, n) if shares else worth[0],
        design.deff_all,
        shared=shares,
        df_design=table.df_design,
        people_per_place=survey.design.rows / len(survey.design.psu_stratum),
    )
    return few | unlike_others(design.deff_unit, design.deff_star, design.deff_all, table.df_unit)


def _single_limits(table: SmoothedTable) -> dict[str, Limits]:
    shape = table.value.shape
    own = _basis(table, np.broadcast_to(table.df_unit[:, None], shape))
    full = _basis(table, np.full(shape, table.df_design))
    named = {
        Figure.LOGIT: (own, ShareMethod.XLOGIT),
        Figure.KORN_GRAUBARD_DOMAIN: (own, ShareMethod.BETA_TRUNC),
        Figure.KORN_GRAUBARD_FULL: (full, ShareMethod.BETA),
        Figure.WILSON_FULL: (full, ShareMethod.WILSON),
    }
    at_n = share_limits(full, method=ShareMethod.BETA_TRUNC, confidence_level=LEVEL, cut=True)
    limits: dict[str, Limits] = {}
    for name, (basis, method) in named.items():
        found = share_limits(basis, method=method, confidence_level=LEVEL, cut=True)
        # Without a variance of its own a cell is given n people; without degrees of freedom [0, 1] is all there is.
        low, high = (
            np.where(np.isnan(x), np.where(basis.at_the_ends, spare, end), x).reshape(shape)
            for x, spare, end in ((found.low, at_n.low, 0.0), (found.high, at_n.high, 1.0))
        )
        limits[name] = (low, high)
    limits[Figure.SMOOTHED] = (table.low, table.high)
    return limits


def _basis(table: SmoothedTable, df: npt.NDArray[np.number]) -> ShareBasis:
    """Cells of a table side by side; only the difference of sampling units and strata counts."""
    rounded = np.where(table.value > 1.0 - 1e-12, 1.0, np.where(table.value < 1e-12, 0.0, table.value))
    degrees = df.ravel().astype(np.intp)
    return ShareBasis(rounded.ravel(), table.se.ravel(), table.n.ravel(), degrees, np.zeros_like(degrees))


def _index(survey: Survey, truth: Floats, shown: Bools) -> dict[str, Held]:
    """Index of the respondent: share of satisfied among the items he answered, at least half of them."""
    answered = ~np.isnan(survey.answers)
    half = 2 * answered.sum(axis=1) >= answered.shape[1]
    score = np.where(half, np.nansum(survey.answers, axis=1) / np.maximum(answered.sum(axis=1), 1), np.nan)
    table = smoothed_scores(
        survey.design, score, survey.unit, confidence_level=LEVEL, sample_kind=SampleKind.PROBABILITY
    )
    with_df = (shown & (table.df_unit >= 1))[:, None]
    plain = wald_limits(table.value, table.se, t_quantile(LEVEL, table.df_unit)[:, None], cut=True)
    true = truth.mean(axis=1)[:, None]
    return {
        Figure.MEAN_T: Held.of(plain, true, with_df),
        Figure.SMOOTHED_INDEX: Held.of((table.low, table.high), true, shown[:, None]),
        Figure.WARNED: Held.share(warnings(survey, table, shares=False), shown),
    }


def _differences(survey: Survey, table: SmoothedTable, truth: Floats, shown: Bools) -> dict[str, Held]:
    """Differences of all pairs of units that are shown, with the correlation of the design."""
    units = np.flatnonzero(shown)
    counts: Counts = {}
    if len(units) < 2:
        return {}
    first, second = all_pairs(len(units))
    for item in range(COMPARED):
        y = survey.answers[:, [item]]
        found = stacked([means(survey.design, y, domain=survey.unit == unit) for unit in units])
        covariance = found.covariance
        p, low, high = (x[units, item] for x in (table.value, table.low, table.high))
        pairs = [(p[side], low[side], high[side]) for side in (first, second)]
        mover = mover_limits(*pairs, correlation=correlations(covariance)[first, second])
        spread = np.diagonal(covariance)
        variance = spread[first] + spread[second] - 2.0 * covariance[first, second]
        plain = wald_limits(
            p[first] - p[second],
            np.sqrt(np.maximum(variance, 0.0)),
            t_quantile(LEVEL, survey.design.degrees_of_freedom),
            cut=False,
        )
        true = truth[units, item]
        difference = true[first] - true[second]
        held = {Figure.DIFFERENCE_T: Held.of(plain, difference), Figure.MOVER: Held.of(mover, difference)}
        counts = added([counts, {"differences": {str(name): one for name, one in held.items()}}])
    return counts["differences"]
