"""Limits of the index by kind of sample, on a score brought to 0..1 and mapped back (statistics.md section 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.quantiles import normal_quantile, t_quantile
from app.analysis.stats.smoothed import kappa_of, smooth, smoothed_limits
from app.analysis.stats.spread import Spread

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundedScale:
    """Lowest and highest raw score, and what a raw score is divided by to be printed."""

    lowest: float
    highest: float
    divisor: float

    def to_unit(self, raw: Floats) -> Floats:
        """Raw score to 0..1."""
        return np.clip((raw - self.lowest) / (self.highest - self.lowest), 0.0, 1.0)

    def printed(self, unit: Floats) -> Floats:
        """Score on 0..1 to the printed scale."""
        return (self.lowest + unit * (self.highest - self.lowest)) / self.divisor


@dataclass(frozen=True, slots=True)
class Limits:
    """Standard error and limits on the printed scale, n_eff and df as used; shape (cells, columns)."""

    se: Floats
    low: Floats
    high: Floats
    n_eff: Floats
    df: Floats


def census_limits(spread: Spread, scale: BoundedScale) -> Limits:
    """Everybody was asked: [p, p], standard error 0."""
    value = spread.value / scale.divisor
    nothing = np.full_like(value, np.nan)
    return Limits(np.where(np.isnan(value), np.nan, 0.0), value, value.copy(), nothing, nothing.copy())


def own_variance_limits(spread: Spread, scale: BoundedScale, *, shares: int, confidence_level: float) -> Limits:
    """Open samples: Wilson with n_eff = p(1-p)/v, v the variance of the value between people, t on n-1.

    The first `shares` columns are plain shares of people: there n_eff is n and the quantile normal. The same holds
    wherever v says nothing: one person, everybody alike, 0 % or 100 %; a sample never claims [p, p].
    """
    p = scale.to_unit(spread.value)
    n = np.where(spread.n > 0, spread.n, np.nan).astype(np.float64)
    variance = np.where(n > 1, spread.spread * n / np.where(n > 1, n - 1.0, 1.0), np.nan)
    v_unit = variance / (scale.highest - scale.lowest) ** 2
    own = (v_unit > 0) & (p > 0) & (p < 1)
    own[:, :shares] = False
    n_eff = np.where(own, p * (1.0 - p) / np.where(own, v_unit, 1.0), n)
    df = np.where(own, n - 1.0, np.nan)
    quantile = np.full_like(p, normal_quantile(confidence_level))
    quantile[own] = t_quantile(confidence_level, df[own])
    return _mapped(spread, scale, variance, wilson_limits(p, n_eff, quantile), n_eff, df)


def smoothed_index(
    spread: Spread,
    scale: BoundedScale,
    *,
    shares: int,
    people: npt.NDArray[np.int64],
    population: Sequence[int] | None,
    confidence_level: float,
) -> Limits:
    """Random samples of people inside each unit: smoothed Wilson with every unit a stratum.

    Plain shares pool their design effect over all criteria and units, every other figure over the units. With a
    population of known size the variance carries 1 - n/N; a unit of which everybody answered is a census.
    """
    sampled = people.astype(np.float64)
    factor = _fpc(sampled, population)
    n = np.where(spread.n > 0, spread.n, np.nan).astype(np.float64)
    p = scale.to_unit(spread.value)
    unit_spread = spread.spread / (scale.highest - scale.lowest) ** 2
    drawn = np.where(sampled > 1, sampled / np.where(sampled > 1, sampled - 1.0, 1.0), np.nan)[:, None]
    variance = np.where(n >= 2, unit_spread * drawn, np.nan)
    s2 = unit_spread * n
    srs = s2 / np.where(n >= 2, n - 1.0, np.nan)
    low, high, n_eff, df = (np.full_like(p, np.nan) for _ in range(4))
    df_unit = np.maximum(sampled - 1.0, 0.0)
    batches = [list(range(shares)), *([j] for j in range(shares, p.shape[1]))]
    for batch in (b for b in batches if b):
        design = smooth(
            variance=variance[:, batch],
            srs=srs[:, batch],
            fpc_factor=factor,
            df_unit=df_unit,
            df_design=float(df_unit.sum()),
            kappa=1.0 if batch[0] < shares else kappa_of(p[:, batch], s2[:, batch], n[:, batch]),
        )
        low[:, batch], high[:, batch], n_eff[:, batch] = smoothed_limits(
            p[:, batch], n[:, batch], design, confidence_level=confidence_level
        )
        df[:, batch] = design.df_star[:, None]
    shown = spread.spread * drawn * factor[:, None]
    return _mapped(spread, scale, shown, (low, high), n_eff, df)


def _fpc(sampled: Floats, population: Sequence[int] | None) -> Floats:
    if population is None:
        return np.ones_like(sampled)
    size = np.asarray(population, dtype=np.float64)
    if size.shape != sampled.shape or (size < sampled).any():
        message = f"population {list(population)} does not hold samples of {sampled.astype(int).tolist()}"
        raise BadInputError(message)
    return 1.0 - sampled / np.where(size > 0, size, 1.0)


def _mapped(
    spread: Spread, scale: BoundedScale, variance: Floats, limits: tuple[Floats, Floats], n_eff: Floats, df: Floats
) -> Limits:
    """Back to the printed scale; rounding may not push a limit past the value it belongs to."""
    value = spread.value / scale.divisor
    low, high = np.minimum(scale.printed(limits[0]), value), np.maximum(scale.printed(limits[1]), value)
    return Limits(np.sqrt(variance) / scale.divisor, low, high, n_eff, df)
