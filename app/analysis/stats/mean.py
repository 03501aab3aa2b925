"""Mean of a bounded score from its moments, with the interval on the 0..1 scale of statistics.md section 3.2."""

import math

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.quantiles import check_level, normal_quantile, t_quantile
from app.analysis.stats.results import Estimate, Interval, NoData, SampleKind

# Below this share of the raw second moment a variance is rounding noise of a true zero (integers up to 1e7 people).
ZERO_SHARE = 1e-12


def bounded_mean(
    n: int,
    total: float,
    total_of_squares: float,
    *,
    lowest: float,
    highest: float,
    confidence_level: float,
    sample_kind: SampleKind,
) -> Estimate | NoData:
    """Mean of scores between `lowest` and `highest`, on that same scale, with Wilson limits and own variance.

    The scores are brought to 0..1, n_eff = p(1-p)/v with v the variance of the mean, quantile t on n-1.
    Where there is no usable variance (one person, or everybody alike) n_eff is n and the quantile normal, so that
    a sample never claims [p, p]. A census does.

    Parameters
    ----------
    n, total, total_of_squares
        Number of people, sum of their scores, sum of the squares.

    Raises
    ------
    BadInputError
        When the moments cannot belong to scores in the stated range.
    """
    check_level(confidence_level)
    if n == 0:
        return NoData(Reason.NO_ANSWERS)
    span = highest - lowest
    mean = total / n
    spread = total_of_squares - total * mean
    if not (lowest <= mean <= highest) or spread < -ZERO_SHARE * max(total_of_squares, 1.0):
        message = f"sum {total} and sum of squares {total_of_squares} do not belong to {n} scores {lowest}..{highest}"
        raise BadInputError(message)
    if spread <= ZERO_SHARE * total_of_squares:
        spread = 0.0
    p = (mean - lowest) / span
    se = math.sqrt(spread / (n * (n - 1))) if n > 1 else None
    if sample_kind is SampleKind.CENSUS:
        return Estimate(mean, Interval(mean, mean), n, "census", confidence_level, 0.0, sample_kind)
    if se:
        n_eff, df = p * (1.0 - p) * span**2 / se**2, float(n - 1)
        quantile = float(t_quantile(confidence_level, df))
    else:
        n_eff, df = float(n), None
        quantile = normal_quantile(confidence_level)
    notes = () if se else (Reason.NO_VARIANCE,)
    low, high = wilson_limits(p, n_eff, quantile)
    interval = Interval(min(lowest + span * float(low), mean), max(lowest + span * float(high), mean))
    return Estimate(mean, interval, n, "wilson_own_variance", confidence_level, se, sample_kind, notes, n_eff, df)
