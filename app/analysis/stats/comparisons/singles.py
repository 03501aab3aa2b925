"""Limits of single units at any level: what limits of differences and of ranks are built from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.smoothed import SmoothedDesign

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class SingleLimits(Protocol):
    """Estimates of K units with two-sided limits of each at every level."""

    @property
    def estimate(self) -> Floats:
        """Estimates, shape (K,)."""

    def limits(self, units: Ints, alpha: Floats) -> tuple[Floats, Floats]:
        """Lower and upper limits at level 1 - alpha of the units at these positions; arrays of one shape."""


@dataclass(frozen=True, eq=False, slots=True)
class WilsonUnits:
    """Wilson score limits with an effective size and t quantiles, as the smoothed interval has them.

    Parameters
    ----------
    estimate : ndarray, shape (K,)
        Shares or bounded scores in 0..1; NaN for a unit without answers.
    n_eff : ndarray, shape (K,)
        Effective sizes above 0; infinite for a census, whose limits are the estimate itself.
    df : ndarray, shape (K,)
        Degrees of freedom of the quantile, above 0; infinite for the normal one.

    Raises
    ------
    BadInputError
        Naming the first unit that cannot be.
    """

    estimate: Floats
    n_eff: Floats
    df: Floats

    @classmethod
    def of(cls, estimate: npt.ArrayLike, n_eff: npt.ArrayLike, df: npt.ArrayLike) -> "WilsonUnits":
        """Check and build; `df` may be one number for all units."""
        p, n = numbers(estimate, "estimate").copy(), numbers(n_eff, "n_eff").copy()
        # Sums of weights leave 1 - 1e-16 where everybody was satisfied.
        p = np.where(np.abs(p - 1.0) <= 1e-12, 1.0, np.where(np.abs(p) <= 1e-12, 0.0, p))
        degrees = numbers(df, "df")
        if p.ndim != 1 or n.shape != p.shape or degrees.shape not in {(), p.shape}:
            message = f"estimates and effective sizes must be lists of one length, got {p.shape} and {n.shape}"
            raise BadInputError(message)
        degrees = np.array(np.broadcast_to(degrees, p.shape))
        known = np.isfinite(p)
        wrong = np.flatnonzero(known & ((p < 0.0) | (p > 1.0) | ~(n > 0.0) | ~(degrees > 0.0)))
        if wrong.size:
            unit = wrong[0]
            message = f"unit {unit}: share {p[unit]}, effective size {n[unit]}, {degrees[unit]} degrees of freedom"
            raise BadInputError(message)
        return cls(p, n, degrees)

    @classmethod
    def smoothed(cls, estimate: npt.ArrayLike, n_eff: npt.ArrayLike, design: SmoothedDesign) -> "WilsonUnits":
        """One item of the smoothed table, shape (K,); a unit taken whole is a census whatever its effective size."""
        size = numbers(n_eff, "n_eff")
        return cls.of(estimate, np.where(design.fpc_factor <= 0, np.inf, size), design.df_star)

    def limits(self, units: Ints, alpha: Floats) -> tuple[Floats, Floats]:
        """Limits at level 1 - alpha."""
        from scipy.special import stdtrit

        return self.limits_at(units, -np.asarray(stdtrit(self.df[units], alpha / 2.0)))

    def limits_at(self, units: Ints, quantile: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Limits with a given quantile in place of that of t, for simultaneous statements."""
        p, n = self.estimate[units], self.n_eff[units]
        counted = np.isinf(n)
        low, high = wilson_limits(p, np.where(counted, 1.0, n), quantile)
        return np.where(counted, p, low), np.where(counted, p, high)


@dataclass(frozen=True, eq=False, slots=True)
class CallableUnits:
    """Any interval method as single limits.

    Parameters
    ----------
    estimate : ndarray, shape (K,)
        Estimates on any scale.
    interval : callable
        Takes positions of units and alphas of the same shape and gives lower and upper limits; limits must widen as
        alpha falls.
    """

    estimate: Floats
    interval: Callable[[Ints, Floats], tuple[Floats, Floats]]

    def limits(self, units: Ints, alpha: Floats) -> tuple[Floats, Floats]:
        """Limits at level 1 - alpha."""
        low, high = self.interval(units, alpha)
        return numbers(low, "low"), numbers(high, "high")
