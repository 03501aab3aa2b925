"""Weights as whole numbers of one power of ten, so that their sums are exact (pure)."""

from collections.abc import Sequence
from fractions import Fraction

from app.errors import Invalid

MOST_DIGITS = 18
LARGEST = 2**62
EXACT_AS_FLOAT = 2**53
_PRECISE = 5 * 10**9
"""Whole numbers from here on are rounded by at most one part in 10¹⁰ (half a unit)."""


class WeightsTooWide(Invalid):
    """The largest and the smallest weight differ so much that no power of ten fits both."""


def digits_for(weights: Sequence[Fraction]) -> int:
    """The number of decimals that keeps all weights exactly, or else to one part in 10¹⁰.

    Raises
    ------
    WeightsTooWide
        When there is none.
    """
    largest, smallest = max(weights), min(weights)
    for digits in range(MOST_DIGITS + 1):
        if largest * 10**digits >= EXACT_AS_FLOAT:
            break
        if all((weight * 10**digits).denominator == 1 for weight in weights):
            return digits
    for digits in range(MOST_DIGITS + 1):
        if smallest * 10**digits >= _PRECISE and largest * 10**digits < LARGEST:
            return digits
    raise WeightsTooWide(
        "Trọng số lớn nhất và nhỏ nhất chênh nhau quá xa nên không lưu chính xác được. Xin kiểm tra cột trọng số."
    )


def in_units(weight: Fraction, digits: int) -> int:
    """A weight as a whole number of 10 to the minus ``digits``, at least 1."""
    units: int = round(weight * 10**digits)
    return max(1, units)
