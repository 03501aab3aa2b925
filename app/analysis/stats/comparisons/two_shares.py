"""Difference of two plain shares from separate samples: limits and p values by name, elementwise."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import together
from app.analysis.stats.comparisons.mover import mover_limits
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.quantiles import log_choose, normal_quantile

Floats = npt.NDArray[np.float64]

# Tables whose probability equals that of the observed one up to rounding are as unlikely as it.
TIE = 1e-7


@dataclass(frozen=True, eq=False)
class TwoShares:
    """First share less second; every array has the shape of the inputs.

    Attributes
    ----------
    difference : ndarray
    newcombe_low, newcombe_high : ndarray
        The limits to use: MOVER of the two Wilson intervals (Newcombe 1998, method 10).
    wald_low, wald_high : ndarray
        Inside [-1, 1]; for comparison only.
    p_pooled : ndarray
        Two-sided p value of the z test with pooled variance; NaN when both shares are 0 or both 1.
    p_fisher : ndarray
        Exact two-sided p value: tables no more likely than the observed one.
    """

    difference: Floats
    newcombe_low: Floats
    newcombe_high: Floats
    wald_low: Floats
    wald_high: Floats
    p_pooled: Floats
    p_fisher: Floats


def two_shares(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, confidence_level: float
) -> TwoShares:
    """Compare x1 of n1 with x2 of n2, two plain random samples.

    Raises
    ------
    BadInputError
        When not 0 <= x <= n, or nobody was asked on one side.

    References
    ----------
    Newcombe (1998), Stat. Med. 17:873. R: ``prop.test(correct = FALSE)``, ``fisher.test``.
    """
    first, second, people, others = np.broadcast_arrays(*together(x1=x1, x2=x2, n1=n1, n2=n2))
    counts = np.stack([first, second, people, others])
    if not np.all(np.isfinite(counts) & (counts == np.rint(counts))):
        message = "a difference of plain shares needs whole numbers"
        raise BadInputError(message)
    if (people <= 0).any() or (others <= 0).any():
        message = "a difference needs answers on both sides"
        raise BadInputError(message)
    limits = partial(binomial_limits, method=BinomialMethod.WILSON, confidence_level=confidence_level, cut=True)
    p, other = first / people, second / others
    low, high = mover_limits((p, *limits(first, people)), (other, *limits(second, others)), correlation=0.0)
    half = normal_quantile(confidence_level) * np.sqrt(p * (1.0 - p) / people + other * (1.0 - other) / others)
    return TwoShares(
        difference=p - other,
        newcombe_low=low,
        newcombe_high=high,
        wald_low=np.maximum(p - other - half, -1.0),
        wald_high=np.minimum(p - other + half, 1.0),
        p_pooled=_pooled(first, people, second, others),
        p_fisher=np.vectorize(_fisher, otypes=[np.float64])(first, people, second, others),
    )


def _pooled(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Floats:
    from scipy.special import erfc

    joint = (x1 + x2) / (n1 + n2)
    variance = joint * (1.0 - joint) * (1.0 / n1 + 1.0 / n2)
    z = np.abs(x1 / n1 - x2 / n2) / np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.asarray(erfc(z / np.sqrt(2.0)))


def _fisher(x1: float, n1: float, x2: float, n2: float) -> float:
    satisfied = x1 + x2
    counts = np.arange(max(0.0, satisfied - n2), min(n1, satisfied) + 1.0)
    chance = np.exp(log_choose(n1, counts) + log_choose(n2, satisfied - counts) - log_choose(n1 + n2, satisfied))
    observed = chance[int(x1 - counts[0])]
    return float(min(1.0, chance[chance <= observed * (1.0 + TIE)].sum()))
