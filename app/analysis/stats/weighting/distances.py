"""Distance functions of calibration: the factor g they give for u = x'λ, its slope and its integral.

All of them have F(0) = 1 and F'(0) = 1. The integral makes calibration the search for the lowest point of a convex
function, so that Newton steps can be shortened whenever they overshoot.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError

Floats = npt.NDArray[np.float64]


class Distance(StrEnum):
    """Named distances between starting and final weights (Deville, Särndal 1992, table 1)."""

    LINEAR = "linear"
    EXPONENTIAL = "exponential"
    LOGIT = "logit"


class Factor(Protocol):
    """What calibration needs to know about a distance, elementwise."""

    def value(self, u: Floats) -> Floats:
        """F(u): final over starting weight."""

    def slope(self, u: Floats) -> Floats:
        """F'(u)."""

    def integral(self, u: Floats) -> Floats:
        """Integral of F from a fixed point to u; infinite where it overflows."""


@dataclass(frozen=True, slots=True)
class Linear:
    """F = 1 + u, the regression estimator; cut off outside the bounds."""

    low: float = -np.inf
    high: float = np.inf

    def value(self, u: Floats) -> Floats:
        """Return F(u)."""
        return np.clip(1.0 + u, self.low, self.high)

    def slope(self, u: Floats) -> Floats:
        """Return F'(u)."""
        return ((1.0 + u > self.low) & (1.0 + u < self.high)).astype(np.float64)

    def integral(self, u: Floats) -> Floats:
        """Return the integral of F."""
        inside = np.clip(u, self.low - 1.0, self.high - 1.0)
        return np.asarray(inside + inside * inside / 2.0 + (1.0 + inside) * (u - inside))


@dataclass(frozen=True, slots=True)
class Exponential:
    """F = exp u, the distance that raking minimises; cut off outside the bounds."""

    low: float = 0.0
    high: float = np.inf

    def _inside(self, u: Floats) -> Floats:
        least = np.log(self.low) if self.low > 0 else -np.inf
        return np.clip(u, least, np.log(self.high))

    def value(self, u: Floats) -> Floats:
        """Return F(u)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self._inside(u)))

    def slope(self, u: Floats) -> Floats:
        """Return F'(u)."""
        return np.where(self._inside(u) == u, self.value(u), 0.0)

    def integral(self, u: Floats) -> Floats:
        """Return the integral of F."""
        factor = self.value(u)
        beyond = u - self._inside(u)
        return factor + np.where(beyond == 0.0, 0.0, np.where(np.isfinite(factor), factor, 0.0) * beyond)


@dataclass(frozen=True, slots=True)
class Logit:
    """F between L and U in the shape of a logistic curve: (L(U-1) + U(1-L)e^Au) / (U-1 + (1-L)e^Au)."""

    low: float
    high: float

    @property
    def _rate(self) -> float:
        return (self.high - self.low) / ((1.0 - self.low) * (self.high - 1.0))

    def _share(self, u: Floats) -> Floats:
        from scipy.special import expit

        return np.asarray(expit(np.log((1.0 - self.low) / (self.high - 1.0)) + self._rate * u))

    def value(self, u: Floats) -> Floats:
        """Return F(u)."""
        return np.asarray(self.low + (self.high - self.low) * self._share(u))

    def slope(self, u: Floats) -> Floats:
        """Return F'(u)."""
        share = self._share(u)
        return np.asarray((self.high - self.low) * self._rate * share * (1.0 - share))

    def integral(self, u: Floats) -> Floats:
        """Return the integral of F."""
        curve = np.logaddexp(np.log(self.high - 1.0), np.log(1.0 - self.low) + self._rate * u)
        return np.asarray(self.low * u + (self.high - self.low) / self._rate * curve)


def factor_of(distance: Distance, bounds: tuple[float, float] | None) -> Factor:
    """Factor of a named distance.

    Raises
    ------
    BadInputError
        Bounds that do not hold 1 between them, or a lower bound below 0 for distances that keep weights above 0.
    MethodDoesNotFitError
        The logit distance without two finite bounds.
    """
    if bounds is None:
        if distance is Distance.LOGIT:
            message = "the logit distance needs bounds, for example (0.5, 2)"
            raise MethodDoesNotFitError(message)
        return Linear() if distance is Distance.LINEAR else Exponential()
    low, high = (float(bound) for bound in bounds)
    if not low < 1.0 < high or (low < 0 and distance is not Distance.LINEAR):
        message = f"bounds {low:g} and {high:g} of the factors: 1 has to lie between them, and both at 0 or above"
        raise BadInputError(message)
    if distance is Distance.LINEAR:
        return Linear(low, high)
    if distance is Distance.EXPONENTIAL:
        return Exponential(low, high)
    if not np.isfinite(high):
        message = "the logit distance needs a finite upper bound"
        raise MethodDoesNotFitError(message)
    return Logit(low, high)
