"""Studentized range: its distribution and quantile by quadrature, without scipy.stats.

    P(Q <= q) = ∫ f(s) P∞(q s) ds,   P∞(w) = k ∫ φ(z) [Φ(z) - Φ(z - w)]^(k-1) dz

with s the root of a chi-square on df divided by df. Both integrals run over panels of Gauss-Legendre nodes, so that
the error is that of double precision (compared with scipy.stats.studentized_range in the tests only).
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import check_level

Floats = npt.NDArray[np.float64]

# Beyond these many standard deviations the normal density is below 1e-21.
NORMAL_REACH = 9.5
# Probability of the chi distribution left out on either side.
CHI_TAIL = 1e-17
# Above this many degrees of freedom the normal limit differs by less than the quadrature.
MANY_DF = 1e12


def studentized_range_cdf(q: float, *, units: int, df: float) -> float:
    """Probability that the range of `units` equal means, in standard errors of one mean, is at most q.

    Parameters
    ----------
    q : float
        Range over the standard error, from 0.
    units : int
        Number of means, at least 2.
    df : float
        Degrees of freedom of the standard error; inf for a known one.

    References
    ----------
    Tukey (1953); Copenhaver, Holland (1988), J. Stat. Comput. Simul. 30:1. R: ptukey.
    """
    _check(units, df)
    if not q > 0.0:
        return 0.0
    if np.isinf(q):
        return 1.0
    if df > MANY_DF:
        return float(_range_of_normals(np.array([q]), units)[0])
    scale, mass = _chi_nodes(float(df))
    return min(1.0, float(mass @ _range_of_normals(q * scale, units)))


@lru_cache(maxsize=512)
def studentized_range_quantile(*, confidence_level: float, units: int, df: float) -> float:
    """Quantile of the studentized range: 4.2863 for 0.95, 8 units and infinite df.

    Parameters
    ----------
    confidence_level : float
        Probability below the quantile.
    units : int
        Number of means, at least 2.
    df : float
        Degrees of freedom; inf for a known standard error.

    Raises
    ------
    BadInputError
        For fewer than two units or df not above 0.

    References
    ----------
    Tukey (1953). R: qtukey, whose secant search stops at about 1e-8 of the value.
    """
    from scipy.optimize import brentq

    level = check_level(confidence_level)
    _check(units, df)
    # Two units are Student's t; Bonferroni over all pairs lies above.
    lowest = np.sqrt(2.0) * _t_of_tail((1.0 - level) / 2.0, df)
    if units == 2:
        return float(lowest)
    highest = np.sqrt(2.0) * _t_of_tail((1.0 - level) / (units * (units - 1)), df)
    return float(
        brentq(
            lambda q: studentized_range_cdf(q, units=units, df=df) - level,
            lowest * (1.0 - 1e-9),
            highest * (1.0 + 1e-9),
            xtol=1e-12,
            rtol=1e-14,
        )
    )


def _check(units: int, df: float) -> None:
    if units < 2 or not df > 0:
        message = f"a studentized range needs at least two units and df above 0, got {units} and {df}"
        raise BadInputError(message)


def _t_of_tail(tail: float, df: float) -> float:
    """Student quantile with this probability above it."""
    from scipy.special import ndtri, stdtrit

    return float(-ndtri(tail) if np.isinf(df) else -stdtrit(df, tail))


def _range_of_normals(w: Floats, units: int) -> Floats:
    """Distribution of the range of standard normals at the widths w, shape (m,)."""
    from scipy.special import ndtr

    z, weight = _panels(-NORMAL_REACH, NORMAL_REACH, 12)
    density = weight * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    between = ndtr(z) - ndtr(z - w[:, None])
    return np.asarray(units * (between ** (units - 1) @ density))


@lru_cache(maxsize=64)
def _chi_nodes(df: float) -> tuple[Floats, Floats]:
    """Nodes of s and their probability; on the log scale, where a single degree of freedom is smooth too."""
    from scipy.special import gammainccinv, gammaincinv, gammaln

    half = df / 2.0
    low = 0.5 * np.log(max(gammaincinv(half, CHI_TAIL) / half, 1e-60))
    high = 0.5 * np.log(gammainccinv(half, CHI_TAIL) / half)
    x, weight = _panels(float(low), float(high), 4 + int(high - low))
    # log of 2 (ν/2)^(ν/2) / Γ(ν/2) · s^ν · exp(-ν s²/2); 1 taken out of both sides keeps large df exact.
    constant = np.log(2.0) + half * np.log(half) - gammaln(half) - half
    density = np.exp(constant + df * x - half * np.expm1(2.0 * x))
    mass = weight * density
    return np.exp(x), mass / mass.sum()


def _panels(low: float, high: float, panels: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on equal panels."""
    node, weight = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(low, high, panels + 1)
    half = (edges[1:] - edges[:-1]) / 2.0
    middle = (edges[1:] + edges[:-1]) / 2.0
    return (middle[:, None] + half[:, None] * node).ravel(), (half[:, None] * weight).ravel()
