"""Draws a sample by lot, so that it can be drawn once more (pure), and says what its findings mean for all cases.

Every stratum (unit and outcome) gives its part in proportion to its size, at least one case where the sample is large
enough. Inside a stratum the lot is SHA-256 of seed and case id: the smallest win. No generator of any program decides.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.planning.allocation import proportional
from app.analysis.stats.results import Interval

K = TypeVar("K")
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum: all cases, those looked at, those found good."""

    population: int
    checked: int
    good: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The share of good cases among ``population``, from ``n`` looked at. ``left_out``: cases of strata without any."""

    value: float
    interval: Interval
    n: int
    population: int
    left_out: int


def lot(seed: str, case_id: str) -> bytes:
    """The lot of a case."""
    return hashlib.sha256(f"{seed}:{case_id}".encode()).digest()


def draw(strata: Mapping[K, Sequence[str]], total: int, seed: str) -> dict[K, list[str]]:
    """The cases drawn from each stratum; all of them where there are no more than wanted."""
    keys = list(strata)
    sizes = [len(strata[key]) for key in keys]
    wanted = min(total, sum(sizes))
    minimum = 1 if wanted >= sum(size > 0 for size in sizes) else 0
    shares = proportional(sizes, wanted, minimum=minimum).whole if wanted else [0] * len(keys)
    return {
        key: sorted(strata[key], key=lambda one: lot(seed, one))[: int(share)]
        for key, share in zip(keys, shares, strict=True)
    }


def judged(parts: Sequence[Part], *, confidence_level: float = CONFIDENCE) -> Judged | None:
    """The share of good cases over some strata; None: nothing was looked at.

    Where every stratum was looked at in the same proportion this is a plain sample of a whole of known size and the
    limits are exact (hypergeometric); else each stratum weighs by its size, and the limits are Wilson's with the
    effective number of cases after weighting.
    """
    seen = [part for part in parts if part.checked]
    if not seen:
        return None
    n, whole = sum(part.checked for part in seen), sum(part.population for part in seen)
    good, left_out = sum(part.good for part in seen), sum(part.population for part in parts) - whole
    if all(part.checked * whole == n * part.population for part in seen):
        low, high = hypergeometric_limits(good, n, whole, confidence_level=confidence_level)
        value = good / n
        # Limits are whole cases, so nearly all of them looked at, the share may lie a part of one case outside.
        return Judged(value, Interval(min(float(low), value), max(float(high), value)), n, whole, left_out)
    weights = [part.population / part.checked for part in seen]
    value = sum(weight * part.good for weight, part in zip(weights, seen, strict=True)) / whole
    n_eff = whole**2 / sum(weight**2 * part.checked for weight, part in zip(weights, seen, strict=True))
    low, high = binomial_limits(
        min(value, 1.0) * n_eff, n_eff, method=BinomialMethod.WILSON, confidence_level=confidence_level, cut=True
    )
    return Judged(value, Interval(float(low), float(high)), n, whole, left_out)
