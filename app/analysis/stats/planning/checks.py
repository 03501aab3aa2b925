"""Checks of what a planner types in, with errors that name the argument."""

import math
from numbers import Real

from app.analysis.stats.errors import BadInputError

# Sizes are rounded up once, at the end; a size that is whole but for rounding noise is not raised by one.
NOISE = 1e-9


def check_share(share: float, *, name: str, ends: bool) -> float:
    """Return a share in 0..1; with `ends` False 0 and 1 are refused too.

    Raises
    ------
    BadInputError
        For anything else, NaN included.
    """
    inside = isinstance(share, Real) and (0.0 <= share <= 1.0 if ends else 0.0 < share < 1.0)
    if not inside:
        allowed = "from 0 to 1" if ends else "between 0 and 1"
        message = f"{name} {share!r} must lie {allowed}; shares are fractions, not percent"
        raise BadInputError(message)
    return float(share)


def check_above(value: float, *, name: str, least: float, or_equal: bool) -> float:
    """Return a finite number above `least` (or equal to it).

    Raises
    ------
    BadInputError
        For anything else, NaN included.
    """
    holds = isinstance(value, Real) and (value >= least if or_equal else value > least)
    if not holds or not math.isfinite(value):
        words = "at least" if or_equal else "above"
        message = f"{name} {value!r} must be a number {words} {least:g}"
        raise BadInputError(message)
    return float(value)


def check_rate(rate: float) -> float:
    """Return a response rate, above 0 and at most 1.

    Raises
    ------
    BadInputError
        For anything else, NaN included.
    """
    check_above(rate, name="response rate", least=0.0, or_equal=False)
    return check_share(rate, name="response rate", ends=True)


def check_count(value: float, *, name: str, least: int) -> int:
    """Return a whole number of at least `least`.

    Raises
    ------
    BadInputError
        For anything else, NaN and infinity included.
    """
    if not isinstance(value, Real) or not math.isfinite(value) or value != int(value) or value < least:
        message = f"{name} {value!r} must be a whole number of at least {least}"
        raise BadInputError(message)
    return int(value)


def check_population(population: int | None) -> int | None:
    """Return the number of people there are; None when it is unknown or too large to matter."""
    return None if population is None else check_count(population, name="population", least=1)


def check_margin(margin: float) -> float:
    """Return the half width wanted, a fraction above 0 and below one half: wider says nothing about a share."""
    if not isinstance(margin, Real) or not 0.0 < margin < 0.5:
        message = f"margin {margin!r} must lie between 0 and 0.5; 5 points are 0.05"
        raise BadInputError(message)
    return float(margin)


def rounded_up(size: float) -> int:
    """Whole people of a size, rounded up."""
    return math.ceil(size - NOISE)
