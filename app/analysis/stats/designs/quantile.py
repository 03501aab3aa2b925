"""Quantiles of a population and their limits after Woodruff (1952, JASA 47:635)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, truths
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, means
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import beta_quantile, t_quantile

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class QuantileRule(StrEnum):
    """What the quantile is where the distribution function jumps over p (Hyndman, Fan 1996, Am. Stat. 50:361).

    MATH is the smallest value with a share of at least p at or below it; SCHOOL takes the middle when the share is p
    exactly. HF1 and HF2 are other names of these two; HF4 to HF9 draw a line through the distribution function, each
    with its own plotting positions, brought from counts to weights.
    """

    MATH = "math"
    SCHOOL = "school"
    HF1 = "hf1"
    HF2 = "hf2"
    HF4 = "hf4"
    HF5 = "hf5"
    HF6 = "hf6"
    HF7 = "hf7"
    HF8 = "hf8"
    HF9 = "hf9"


class ShareLimits(StrEnum):
    """Limits of the share at or below the quantile, from which the limits of the quantile are read back."""

    MEAN = "mean"
    XLOGIT = "xlogit"
    BETA = "beta"
    ASIN = "asin"


@dataclass(frozen=True, eq=False)
class DesignQuantiles:
    """Quantiles of one variable.

    Attributes
    ----------
    probability, value, low, high, se : float arrays, shape (m,)
        In units of the variable. A limit is NaN where the share's limit leaves [0, 1] or is not defined; `se` is the
        length of the interval over twice the t quantile.
    n : int
        Answers behind them.
    df : int
        Degrees of freedom of the domain, used for the limits.
    rule : QuantileRule
    limits : ShareLimits
    confidence_level : float
    """

    probability: Floats
    value: Floats
    low: Floats
    high: Floats
    se: Floats
    n: int
    df: int
    rule: QuantileRule
    limits: ShareLimits
    confidence_level: float


def quantiles(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    probabilities: Sequence[float],
    rule: QuantileRule,
    limits: ShareLimits,
    confidence_level: float,
    domain: Bools | None = None,
) -> DesignQuantiles:
    """Weighted quantiles with limits: those of the share at or below each quantile, read back as quantiles.

    With MATH the limits enclose the quantile. Rules that average or interpolate may read the limits of a handful of
    answers beside it, as R does.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,)
        NaN is outside the domain.
    probabilities : sequence of float
        Each between 0 and 1.
    rule : QuantileRule
    limits : ShareLimits
    confidence_level : float
    domain : bool array, shape (rows,), optional

    Raises
    ------
    BadInputError
        A probability outside 0..1, an infinite answer, or nobody in the domain answered.

    References
    ----------
    Woodruff (1952), JASA 47:635; R: ``svyquantile``.
    """
    values = numbers(y, "y")
    wanted = numbers(probabilities, "probabilities")
    if (
        values.shape != (design.rows,)
        or wanted.ndim != 1
        or not wanted.size
        or not np.all((wanted >= 0.0) & (wanted <= 1.0))
    ):
        message = f"quantiles {wanted.tolist()} of values of shape {values.shape}, {design.rows} rows"
        raise BadInputError(message)
    answered = ~np.isnan(values)
    if domain is not None:
        answered &= truths(domain, design.rows, "domain")
    if np.isinf(values[answered]).any():
        message = f"an infinite value in row {int(np.argmax(answered & np.isinf(values)))}"
        raise BadInputError(message)
    if not answered.any():
        message = "nobody of the domain answered: no quantile"
        raise BadInputError(message)
    read = _Reader.of(values[answered], design.weights[answered], rule)
    found = read(wanted)
    below = np.where(answered[:, None], values[:, None] <= found, np.nan)
    shares = means(design, below, domain=answered)
    low, high = _share_limits(shares, limits, confidence_level)
    lower, upper = read(np.where(low >= 0.0, low, np.nan)), read(np.where(high <= 1.0, high, np.nan))
    se = (upper - lower) / (2.0 * t_quantile(confidence_level, shares.df))
    n = int(answered.sum())
    return DesignQuantiles(wanted, found, lower, upper, se, n, shares.df, rule, limits, confidence_level)


@dataclass(frozen=True, eq=False)
class _Reader:
    """Sorted answers and the cumulated weights at which they lie."""

    values: Floats
    cumulated: Floats
    total: float
    rule: QuantileRule

    @classmethod
    def of(cls, values: Floats, weights: Floats, rule: QuantileRule) -> "_Reader":
        counted = weights > 0
        values, weights = values[counted], weights[counted]
        order = np.argsort(values, kind="stable")
        # Whether a share is p exactly decides between two answers: sums in the longest floats there are.
        cumulated = np.cumsum(weights[order], dtype=np.longdouble).astype(np.float64)
        return cls(values[order], cumulated, float(cumulated[-1]), rule)

    def __call__(self, probability: Floats) -> Floats:
        known = ~np.isnan(probability)
        p = np.where(known, probability, 0.5)
        jump = _JUMPS.get(self.rule)
        found = jump(self, p) if jump else np.interp(p, self._positions(), self.values)
        return np.where(known, found, np.nan)

    def _positions(self) -> Floats:
        """Shares at which the answers lie on the line of the rule."""
        before = np.concatenate([[0.0], self.cumulated[:-1]])
        last = self.total - before[-1]
        if self.rule is QuantileRule.HF7:
            return np.asarray(before / (before[-1] if before[-1] > 0 else 1.0))
        own, extra = _LINES[self.rule]
        return np.asarray(((1.0 - own) * before + own * self.cumulated) / (self.total + extra * last))

    def last_reached(self, p: Floats) -> tuple[npt.NDArray[np.intp], Bools]:
        """Last answer with a share of at most p (-1 for none), and whether its share is p exactly."""
        last = np.searchsorted(self.cumulated, p * self.total, side="right") - 1
        return last, (last >= 0) & (self.cumulated[np.maximum(last, 0)] / self.total >= p)

    def at(self, position: npt.NDArray[np.intp]) -> Floats:
        """Sorted answers at these positions; the largest one beyond the end."""
        return np.asarray(self.values[np.minimum(position, len(self.values) - 1)])


def _smallest(reader: _Reader, p: Floats) -> Floats:
    last, exact = reader.last_reached(p)
    return reader.at(np.where(exact, last, last + 1))


def _middle(reader: _Reader, p: Floats) -> Floats:
    last, exact = reader.last_reached(p)
    return np.where(exact, (reader.at(last) + reader.at(last + 1)) / 2.0, reader.at(last + 1))


_JUMPS: dict[QuantileRule, Callable[[_Reader, Floats], Floats]] = {
    QuantileRule.MATH: _smallest,
    QuantileRule.HF1: _smallest,
    QuantileRule.SCHOOL: _middle,
    QuantileRule.HF2: _middle,
}
# Part of its own weight that counts below an answer, and how much of the last weight the whole is longer.
_LINES: dict[QuantileRule, tuple[float, float]] = {
    QuantileRule.HF4: (1.0, 0.0),
    QuantileRule.HF5: (0.5, 0.0),
    QuantileRule.HF6: (1.0, 1.0),
    QuantileRule.HF8: (2.0 / 3.0, 1.0 / 3.0),
    QuantileRule.HF9: (5.0 / 8.0, 1.0 / 4.0),
}


def _share_limits(shares: Linearised, limits: ShareLimits, confidence_level: float) -> tuple[Floats, Floats]:
    """Limits of shares; NaN where the method is not defined (a share of 0 or 1, no variance)."""
    p, se = shares.value, shares.se
    half = t_quantile(confidence_level, shares.df)
    if limits is ShareLimits.MEAN:
        return p - half * se, p + half * se
    inside = (p > 0.0) & (p < 1.0) & (se > 0.0)
    at, spread = np.where(inside, p, 0.5), np.where(inside, se, np.nan)
    if limits is ShareLimits.XLOGIT:
        centre, width = np.log(at / (1.0 - at)), half * spread / (at * (1.0 - at))
        return 1.0 / (1.0 + np.exp(width - centre)), 1.0 / (1.0 + np.exp(-width - centre))
    if limits is ShareLimits.ASIN:
        angle, width = np.arcsin(np.sqrt(at)), half * spread / (2.0 * np.sqrt(at * (1.0 - at)))
        return np.sin(angle - width) ** 2, np.sin(angle + width) ** 2
    people = float(shares.n.max())
    size = at * (1.0 - at) / spread**2 * (t_quantile(confidence_level, people - 1.0) / half) ** 2
    tail = (1.0 - confidence_level) / 2.0
    low = beta_quantile(size * at, size * (1.0 - at) + 1.0, tail)
    return low, beta_quantile(size * at + 1.0, size * (1.0 - at), 1.0 - tail)
