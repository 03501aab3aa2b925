"""Quantiles behind one door, so that scipy is loaded on first use and scipy.stats never.

scipy.stats costs about 60 MB in every web worker; scipy.special holds all that is needed here.
"""

from numbers import Real
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]


def check_level(confidence_level: float) -> float:
    """Return the level, or raise BadInputError when it does not lie strictly between 0 and 1."""
    if not isinstance(confidence_level, Real) or not 0.0 < confidence_level < 1.0:
        message = f"confidence level {confidence_level!r} must lie between 0 and 1"
        raise BadInputError(message)
    return float(confidence_level)


def normal_quantile(confidence_level: float) -> float:
    """Two-sided standard normal quantile: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + check_level(confidence_level) / 2.0)


def t_quantile(confidence_level: float, df: npt.ArrayLike) -> Floats:
    """Two-sided Student quantile, elementwise over `df`.

    Infinite or NaN df gives the normal quantile; without degrees of freedom there is no quantile, and the answer is
    NaN.
    """
    from scipy.special import stdtrit

    z = normal_quantile(confidence_level)
    df = np.asarray(df, dtype=np.float64)
    usable = np.isfinite(df) & (df > 0)
    t = stdtrit(np.where(usable, df, 1.0), 0.5 + confidence_level / 2.0)
    return np.where(usable, t, np.where(df <= 0, np.nan, z))


def beta_quantile(a: npt.ArrayLike, b: npt.ArrayLike, probability: npt.ArrayLike) -> Floats:
    """Quantile of the beta distribution, elementwise."""
    from scipy.special import betaincinv

    return np.asarray(betaincinv(np.asarray(a, float), np.asarray(b, float), np.asarray(probability, float)))


def log_choose(n: npt.ArrayLike, k: npt.ArrayLike) -> Floats:
    """Natural logarithm of n over k, elementwise."""
    from scipy.special import gammaln

    n, k = np.asarray(n, float), np.asarray(k, float)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
