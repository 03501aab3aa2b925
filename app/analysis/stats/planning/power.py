"""Two shares to tell apart: power of given sizes, sizes for a power, smallest difference that can be seen.

Normal approximation with the pooled share under "no difference" (Fleiss, Levin, Paik 2003, ch. 4; R:
``power.prop.test``), variances times the design effect, significance level divided by the number of comparisons.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.checks import check_above, check_count, check_rate, check_share, rounded_up
from app.analysis.stats.quantiles import check_level


class Sides(StrEnum):
    """Whether a difference in both directions counts, or only in the expected one."""

    TWO = "two_sided"
    ONE = "one_sided"


@dataclass(frozen=True, slots=True)
class ComparisonPlan:
    """How a difference will be judged; both groups under the same design effect.

    Parameters
    ----------
    significance_level : float
        Chance of a false difference over all comparisons together, for example 0.05.
    comparisons : int
        Number of comparisons planned: each is judged at `significance_level` / `comparisons` (Bonferroni).
    deff : float
        Design effect, above 0.
    sides : Sides
    wrong_direction : bool
        Whether a significant difference the wrong way round counts as found (R: ``strict = TRUE``).
    """

    significance_level: float
    comparisons: int
    deff: float
    sides: Sides
    wrong_direction: bool = False

    def __post_init__(self) -> None:
        check_level(1.0 - self.significance_level)
        check_count(self.comparisons, name="comparisons", least=1)
        check_above(self.deff, name="design effect", least=0.0, or_equal=False)
        if self.wrong_direction and self.sides is Sides.ONE:
            message = "a one-sided comparison finds nothing the wrong way round"
            raise BadInputError(message)

    @property
    def level_each(self) -> float:
        """Significance level of one comparison."""
        return self.significance_level / self.comparisons

    @property
    def quantile(self) -> float:
        """Normal quantile a single comparison has to pass."""
        from scipy.special import ndtri

        return -float(ndtri(self.level_each / (2.0 if self.sides is Sides.TWO else 1.0)))


@dataclass(frozen=True, slots=True)
class DifferenceSize:
    """Answers per group: exact, in whole numbers, and people to invite."""

    exact_first: float
    exact_second: float
    first: int
    second: int
    invitations_first: int
    invitations_second: int


def power_of_difference(first: float, second: float, *, n_first: float, n_second: float, plan: ComparisonPlan) -> float:
    """Chance that the difference of two true shares comes out significant.

    Parameters
    ----------
    first, second : float
        True shares, 0..1.
    n_first, n_second : float
        Answers in the groups, at least 1; need not be whole.
    plan : ComparisonPlan

    Returns
    -------
    float
        NaN where neither group has any spread (0 against 0, 1 against 1).

    Raises
    ------
    BadInputError
        For a value outside its range.
    """
    from scipy.special import ndtr

    _check_shares(first, second)
    check_above(n_first, name="answers of the first group", least=1.0, or_equal=True)
    check_above(n_second, name="answers of the second group", least=1.0, or_equal=True)
    none, true = _standard_errors(first, second, n_first / plan.deff, n_second / plan.deff)
    gap = abs(first - second)
    if true == 0.0:
        return math.nan if gap == 0.0 else 1.0 if gap > plan.quantile * none else 0.0
    found = float(ndtr((gap - plan.quantile * none) / true))
    return found + float(ndtr((-gap - plan.quantile * none) / true)) if plan.wrong_direction else found


def size_for_difference(
    first: float, second: float, *, power: float, ratio: float, response_rate: float, plan: ComparisonPlan
) -> DifferenceSize:
    """Answers per group for which the difference comes out significant with the given power.

    √n = (z_α √(p̄ (1 - p̄)(1 + 1/r)) + z_β √(p1 q1 + p2 q2 / r)) / |p1 - p2|, times the design effect.

    Parameters
    ----------
    first, second : float
        True shares, 0..1, not equal.
    power : float
        Above the significance level of one comparison, below 1.
    ratio : float
        Answers in the second group for each one in the first, r; 1 for groups of equal size.
    response_rate : float
        Share of invited people who answer, above 0 and at most 1.
    plan : ComparisonPlan

    Raises
    ------
    BadInputError
        For a value outside its range.
    """
    from scipy.special import ndtri

    _check_shares(first, second)
    check_above(ratio, name="ratio of the groups", least=0.0, or_equal=False)
    check_rate(response_rate)
    if first == second:
        message = f"two equal shares {first!r} can never be told apart"
        raise BadInputError(message)
    if not plan.level_each < power < 1.0:
        message = f"power {power!r} must lie between {plan.level_each:g} (chance alone) and 1"
        raise BadInputError(message)
    none, true = _standard_errors(first, second, 1.0, ratio)
    each = ((plan.quantile * none + float(ndtri(power)) * true) / abs(first - second)) ** 2
    if plan.wrong_direction:
        each = _with_other_tail(each, first, second, power=power, ratio=ratio, plan=replace(plan, deff=1.0))
    exact = each * plan.deff
    sizes = max(rounded_up(exact), 1), max(rounded_up(exact * ratio), 1)
    invited = tuple(rounded_up(size / response_rate) for size in sizes)
    return DifferenceSize(exact, exact * ratio, *sizes, invited[0], invited[1])


def detectable_difference(
    first: float, *, n_first: float, n_second: float, power: float, above: bool, plan: ComparisonPlan
) -> float:
    """Smallest difference from the first share that comes out significant with the given power.

    Parameters
    ----------
    first : float
        Share of the first group, 0..1.
    n_first, n_second : float
        Answers in the groups, at least 1.
    power : float
        From 0.5 to below 1.
    above : bool
        Whether the second share lies above the first or below it.
    plan : ComparisonPlan

    Returns
    -------
    float
        Difference second - first, negative when `above` is False; NaN when not even the end of the scale is far
        enough away.

    Raises
    ------
    BadInputError
        For a value outside its range.
    """
    from scipy.optimize import brentq

    check_share(first, name="first share", ends=True)
    if not 0.5 <= power < 1.0:
        message = f"power {power!r} must be at least 0.5 and below 1"
        raise BadInputError(message)
    end = 1.0 if above else 0.0

    def missing(second: float) -> float:
        return power_of_difference(first, second, n_first=n_first, n_second=n_second, plan=plan) - power

    if first == end or missing(end) < 0.0:
        return math.nan
    near = first + math.copysign(min(1e-9, abs(end - first)), end - first)
    if missing(near) >= 0.0:
        return near - first
    return float(brentq(missing, near, end, xtol=1e-13)) - first


def _with_other_tail(
    most: float, first: float, second: float, *, power: float, ratio: float, plan: ComparisonPlan
) -> float:
    """Size when both tails count: never above the one-tail size `most`."""
    from scipy.optimize import brentq

    def missing(n: float) -> float:
        return power_of_difference(first, second, n_first=n, n_second=n * ratio, plan=plan) - power

    least = max(1.0, 1.0 / ratio)
    if most <= least or missing(least) >= 0.0:
        return min(most, least)
    return float(brentq(missing, least, most))


def _standard_errors(first: float, second: float, n_first: float, n_second: float) -> tuple[float, float]:
    """Standard error of the difference if there is none (pooled share), and as the shares really are."""
    pooled = (n_first * first + n_second * second) / (n_first + n_second)
    none = math.sqrt(max(pooled * (1.0 - pooled), 0.0) * (1.0 / n_first + 1.0 / n_second))
    true = math.sqrt(first * (1.0 - first) / n_first + second * (1.0 - second) / n_second)
    return none, true


def _check_shares(first: float, second: float) -> None:
    check_share(first, name="first share", ends=True)
    check_share(second, name="second share", ends=True)
