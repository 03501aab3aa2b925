"""Share a total of answers out over strata: proportional, Neyman, power (Bankier); exact and in whole numbers."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.checks import NOISE, check_above, check_count

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class AllocationMethod(StrEnum):
    """Rule by which strata get their part."""

    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"
    POWER = "power"


@dataclass(frozen=True, eq=False)
class Allocation:
    """Answers per stratum.

    Attributes
    ----------
    formula : float array, shape (strata,)
        The formula by itself, which may ask for less than the minimum or more people than a stratum has.
    exact : float array, shape (strata,)
        Within minimum and population: strata at a bound stay there, the others keep the proportions of the formula.
    whole : int array, shape (strata,)
        `exact` in whole numbers by largest remainder (ties to the stratum that stands first); adds up to the total.
    method : AllocationMethod
    """

    formula: Floats
    exact: Floats
    whole: Ints
    method: AllocationMethod


def proportional(sizes: npt.ArrayLike, total: int, *, minimum: int) -> Allocation:
    """Share out by population: n_h = n N_h / N.

    Parameters
    ----------
    sizes : array_like, shape (strata,)
        People in each stratum, whole numbers of at least 0.
    total : int
        Answers to share out.
    minimum : int
        Answers every stratum gets at least; a stratum with fewer people is asked whole.

    Raises
    ------
    BadInputError
        Sizes that are no counts, a total below the sum of the minima or above the population.

    References
    ----------
    Cochran (1977), Sampling Techniques, 5.
    """
    people = _counts(sizes)
    return _shared(people, people, total, minimum, AllocationMethod.PROPORTIONAL)


def neyman(sizes: npt.ArrayLike, spreads: npt.ArrayLike, total: int, *, minimum: int) -> Allocation:
    """Share out for the smallest variance of the whole: n_h = n N_h S_h / Σ N S.

    Parameters
    ----------
    sizes, total, minimum
        As in `proportional`.
    spreads : array_like, shape (strata,)
        Standard deviation S_h expected in each stratum, √(p (1 - p)) for a share; at least 0, not all 0.

    Raises
    ------
    BadInputError
        As `proportional`, and for spreads that are none.

    References
    ----------
    Neyman (1934), JRSS 97:558; Cochran (1977), 5.5.
    """
    people = _counts(sizes)
    return _shared(people, people * _measure(spreads, people, "spreads"), total, minimum, AllocationMethod.NEYMAN)


def power_allocation(
    sizes: npt.ArrayLike,
    variations: npt.ArrayLike,
    total: int,
    *,
    power: float,
    minimum: int,
    measure: npt.ArrayLike | None = None,
) -> Allocation:
    """Compromise between the whole and every stratum: n_h = n X_h^q CV_h / Σ X^q CV.

    Parameters
    ----------
    sizes, total, minimum
        As in `proportional`.
    variations : array_like, shape (strata,)
        Coefficient of variation expected in each stratum (S_h / mean), at least 0, not all 0.
    power : float
        q in 0..1: 1 serves the whole (Neyman, when `measure` is the total of the variable), 0 every stratum alike.
    measure : array_like, shape (strata,), optional
        Importance X_h of each stratum; the number of people when left out.

    Raises
    ------
    BadInputError
        As `neyman`, and for a power outside 0..1.

    References
    ----------
    Bankier (1988), Power allocations: determining sample sizes for subnational areas, Am. Stat. 42:174.
    """
    people = _counts(sizes)
    if not 0.0 <= power <= 1.0:
        message = f"power {power!r} must lie from 0 to 1"
        raise BadInputError(message)
    importance = people if measure is None else _measure(measure, people, "measure")
    score = np.where(importance > 0.0, importance**power, 0.0) * _measure(variations, people, "variations")
    # Nobody can be asked in a stratum without people, however important it is.
    return _shared(people, np.where(people > 0.0, score, 0.0), total, minimum, AllocationMethod.POWER)


def largest_remainder(exact: npt.ArrayLike, total: int) -> Ints:
    """Whole numbers that add up to `total`, each one of the two whole numbers beside its exact one.

    Raises
    ------
    BadInputError
        When the exact numbers are negative or do not add up to `total` themselves.

    References
    ----------
    Hare and Niemeyer; Balinski, Young (2001), Fair Representation.
    """
    parts = numbers(exact, "exact")
    check_count(total, name="total", least=0)
    if parts.ndim != 1 or not np.all(parts >= 0.0) or abs(parts.sum() - total) > max(1.0, total) * 1e-6:
        message = f"exact numbers must be at least 0 and add up to {total}"
        raise BadInputError(message)
    whole = np.floor(parts + NOISE).astype(np.int64)
    first = np.argsort(-(parts - whole), kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def _shared(people: Floats, score: Floats, total: int, minimum: int, method: AllocationMethod) -> Allocation:
    check_count(total, name="total", least=0)
    check_count(minimum, name="minimum", least=0)
    least = np.minimum(people, minimum)
    if not least.sum() <= total <= people.sum():
        message = (
            f"{total} answers cannot be shared out: the minima add up to {least.sum():.0f}, "
            f"the people to {people.sum():.0f}"
        )
        raise BadInputError(message)
    if not score.sum() > 0.0:
        message = "no stratum has a claim: all are empty or without spread"
        raise BadInputError(message)
    score = score / score.max()
    # A claim this small is rounding noise of a spread that is none.
    exact = _within(np.where(score > 1e-12, score, 0.0), least, people, float(total))
    return Allocation(total * score / score.sum(), exact, largest_remainder(exact, total), method)


def _within(score: Floats, least: Floats, most: Floats, total: float) -> Floats:
    """Numbers clip(c · score, least, most) that add up to the total.

    Their sum is piecewise linear in c and bends only where a stratum reaches a bound: find the two bends around the
    total and interpolate between them. Strata without a claim take what the others cannot, by their size.
    """
    claiming = score > 0.0
    possible = most[claiming].sum() + least[~claiming].sum()
    if total >= possible:
        exact = np.where(claiming, most, least)
        room = np.where(claiming, 0.0, most - least)
        return exact + (room * ((total - possible) / room.sum()) if room.sum() > 0.0 else 0.0)
    own, low, high = score[claiming], least[claiming], most[claiming]
    bends = np.unique(np.concatenate([[0.0], low / own, high / own]))

    def reached(at: int) -> float:
        return float(np.clip(bends[at] * own, low, high).sum())

    left, right, wanted = 0, len(bends) - 1, total - float(least[~claiming].sum())
    while right - left > 1:
        middle = (left + right) // 2
        left, right = (middle, right) if reached(middle) <= wanted else (left, middle)
    below, above = reached(left), reached(right)
    part = (wanted - below) / (above - below) if above > below else 0.0
    exact = least.copy()
    exact[claiming] = np.clip((bends[left] + part * (bends[right] - bends[left])) * own, low, high)
    return exact


def _counts(sizes: npt.ArrayLike) -> Floats:
    people = numbers(sizes, "sizes")
    whole = people.ndim == 1 and people.size > 0 and np.isfinite(people).all()
    if not whole or not np.all((people >= 0.0) & (people == np.floor(people))):
        message = "sizes of strata must be a list of whole numbers of at least 0"
        raise BadInputError(message)
    return people


def _measure(values: npt.ArrayLike, people: Floats, name: str) -> Floats:
    measure = numbers(values, "values")
    if measure.shape != people.shape or not np.all((measure >= 0.0) & np.isfinite(measure)):
        message = f"{name} must be {len(people)} numbers of at least 0, one for each stratum"
        raise BadInputError(message)
    check_above(float(measure.sum()), name=f"sum of {name}", least=0.0, or_equal=False)
    return measure
