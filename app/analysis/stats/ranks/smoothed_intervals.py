"""Rank intervals near 0 % and 100 %: pairs are separated by limits of differences built from single limits."""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.comparisons.mover import check_correlation, mover_limits
from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.ranks.intervals import RankMethod, pair_quantile
from app.analysis.stats.ranks.results import RankIntervals, check_rankable, from_separated, gaps
from app.analysis.stats.results import SampleKind


def mover_rank_intervals(
    units: WilsonUnits,
    *,
    correlation: npt.ArrayLike | None,
    method: RankMethod,
    confidence_level: float,
    sample_kind: SampleKind,
) -> RankIntervals:
    """Rank intervals of shares or bounded scores from their Wilson limits; the default of the product.

    Every pair is held against MOVER limits in which both single intervals use one quantile, that of TUKEY (all units
    at once) or MARGINAL (one unit alone), with the smallest df of the units.

    Parameters
    ----------
    units : WilsonUnits
        Estimates, effective sizes and df of the smoothed interval.
    correlation : array_like, shape (K, K), or None
        Correlation of the estimates; None says that the units were sampled independently.
    method : RankMethod
        TUKEY or MARGINAL.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    MethodDoesNotFitError
        For an open sample.
    BadInputError
        For fewer than two units, a unit without estimate, another method, or correlations outside -1..1.

    References
    ----------
    statistics.md sections 4.1 and 4.3; Al Mohamad, Goeman, van Zwet (2022), Biometrics 78:238.
    """
    estimate = check_rankable(units.estimate, sample_kind)
    check_level(confidence_level)
    count = estimate.size
    r = check_correlation(correlation, count)
    critical = pair_quantile(method, count, float(units.df.min()), confidence_level)
    low, high = units.limits_at(np.arange(count), critical)
    rows = (estimate[:, None], low[:, None], high[:, None])
    columns = (estimate[None, :], low[None, :], high[None, :])
    lower, _ = mover_limits(rows, columns, correlation=r)
    gap = gaps(estimate)
    return from_separated(
        gap,
        (lower > 0.0) & (gap > 0.0),
        critical=critical,
        method=f"mover_{method.value}",
        simultaneous=method is RankMethod.TUKEY,
        confidence_level=confidence_level,
        sample_kind=sample_kind,
    )
