"""Smoothed Wilson: the interval of one cell with a design effect learnt from all items and units of the survey.

Takes variances from whatever design made them, so that element samples (here) and cluster samples (the later rooms)
share one arithmetic. Formula, coverage and limits: statistics.md sections 3.2 and 9.3.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.quantiles import t_quantile

Floats = npt.NDArray[np.float64]

# Weight of the survey-wide design effect, in degrees of freedom; between 5 and 20 it hardly matters.
POOL_DF = 10.0
# Variances below this are zeros with rounding noise.
NO_VARIANCE = 1e-24


@dataclass(frozen=True, slots=True)
class SmoothedDesign:
    """Design effects of a survey: per unit its own, smoothed, the finite population factor, degrees of freedom.

    `kappa` is 1 for shares; for bounded scores the ratio of their variance to p(1-p).
    """

    deff_all: float
    deff_unit: Floats
    deff_star: Floats
    fpc_factor: Floats
    df_star: Floats
    kappa: float


@dataclass(frozen=True, eq=False, slots=True)
class PooledEffects:
    """What the intervals of a survey share: stored with what is published, so that one unit can be shown alone.

    `deff_all` and `kappa` have shape (columns,), one entry per figure of the index; so has `dissatisfied`, the
    effective number of dissatisfied people behind them (`intervals.cautions`).
    """

    deff_all: Floats
    kappa: Floats
    dissatisfied: Floats | None = None


def smooth(
    *,
    variance: Floats,
    srs: Floats,
    fpc_factor: Floats,
    df_unit: Floats,
    df_design: float,
    kappa: float,
    deff_all: float | None = None,
    pool_df: float = POOL_DF,
) -> SmoothedDesign:
    """Pool design effects over the items of a unit and over the survey.

    Parameters
    ----------
    variance, srs : ndarray, shape (units, items)
        Linearised variance without fpc, and the variance of a simple random sample of the same size; NaN where
        the cell has fewer than two people.
    fpc_factor, df_unit : ndarray, shape (units,)
        Variance with over without fpc (1 without), and degrees of freedom of the unit.
    df_design : float
        Degrees of freedom of the whole design, above 0.
    kappa : float
        See `SmoothedDesign`.
    deff_all : float, optional
        Survey-wide design effect of an earlier computing over all units; without it that of the cells given.
    pool_df : float
        Weight of the survey-wide design effect in degrees of freedom; the method of the product has 10.
    """
    if not pool_df > 0 or not np.isfinite(pool_df):
        message = f"the survey-wide design effect has a weight above 0 degrees of freedom, not {pool_df}"
        raise BadInputError(message)
    if df_design <= 0:
        message = "the design has no degrees of freedom; use a planned design effect"
        raise BadInputError(message)
    usable = np.isfinite(variance) & np.isfinite(srs)
    v, s = np.where(usable, variance, 0.0), np.where(usable, srs, 0.0)
    if deff_all is None:
        deff_all = float(v.sum() / s.sum()) if s.sum() > NO_VARIANCE else 1.0
    own, plain = v.sum(axis=1), s.sum(axis=1)
    has = plain > NO_VARIANCE
    deff_unit = np.where(has, own / np.where(has, plain, 1.0), deff_all)
    deff_star = np.maximum(1.0, (df_unit * deff_unit + pool_df * deff_all) / (df_unit + pool_df))
    df_star = np.minimum(df_unit + pool_df, df_design)
    return SmoothedDesign(deff_all, deff_unit, deff_star, fpc_factor, df_star, kappa)


def fpc_factors(variance: Floats, corrected: Floats, srs: Floats) -> Floats:
    """Variance with over without finite population correction, summed over the items of each unit; shape (units,).

    Cells that `smooth` leaves out are left out here; 1 where a unit has no variance at all.
    """
    usable = np.isfinite(variance) & np.isfinite(srs)
    before = np.where(usable, variance, 0.0).sum(axis=1)
    after = np.where(usable, corrected, 0.0).sum(axis=1)
    has = before > NO_VARIANCE
    return np.where(has, after / np.where(has, before, 1.0), 1.0)


def kappa_of(p: Floats, s2: Floats, n: Floats) -> float:
    """Ratio of the variance of bounded scores to that of a share, over units with at least two people."""
    usable = np.isfinite(p) & (n >= 2)
    share = np.where(usable, n * p * (1.0 - p), 0.0).sum()
    return float(np.where(usable, n * s2, 0.0).sum() / share) if share > 0 else 1.0


def smoothed_limits(
    p: Floats, n: Floats, design: SmoothedDesign, *, confidence_level: float
) -> tuple[Floats, Floats, Floats]:
    """Limits and n_eff of cells of shape (units, items); a unit with fpc factor 0 is a census: [p, p].

    Where scores hardly differ between people `kappa` may be 0; the plain number of people is used then, so that a
    sample never claims [p, p].
    """
    shrink = design.kappa if design.kappa > 0 else 1.0
    census = (design.fpc_factor <= 0)[:, None]
    factor = (shrink * design.deff_star * np.where(design.fpc_factor > 0, design.fpc_factor, 1.0))[:, None]
    n_eff = n / factor
    low, high = wilson_limits(
        p, np.where(n_eff > 0, n_eff, np.nan), t_quantile(confidence_level, design.df_star)[:, None]
    )
    return np.where(census, p, low), np.where(census, p, high), n_eff
