"""Exact whole numbers in arrays: weights as integers, and sums that may outgrow 64 bits (two limbs).

Sums of whole numbers do not depend on the order, so that merged sums have the bits of sums made at once. Adding goes
through float64 (the only type numpy counts with fast), in pieces small enough to stay below 2**53.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
AnyInts = npt.NDArray[np.integer]

# The low limb of a two-limb number; the high limb then holds sums up to 2**110.
LIMB = 48
LIMB_MASK = np.int64((1 << LIMB) - 1)
# Single weights stay below this, so that their squares have 88 bits.
WEIGHT_BITS = 44
HALF = 22
# Largest relative change of a weight when it becomes a whole number.
ROUNDING = 1e-10
MOST_DIGITS = 12
MOST_BITS = 62 + LIMB
# Rows counted at once, and the bits float64 adds exactly.
CHUNK = 1 << 15
EXACT_BITS = 53


@dataclass(frozen=True, eq=False)
class Whole:
    """Whole numbers not below 0: ``low``, or ``low + high * 2**48`` where one of them needs more than 62 bits.

    The form is canonical: equal numbers have equal bits, in the narrowest type that holds the largest.
    """

    low: AnyInts
    high: Numbers | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array of numbers."""
        return self.low.shape

    def floats(self) -> Floats:
        """The nearest doubles."""
        low = self.low.astype(np.float64)
        return low if self.high is None else low + np.ldexp(self.high.astype(np.float64), LIMB)

    def part(self, where: Any) -> "Whole":
        """The numbers at an index, not made canonical (a view where numpy gives one)."""
        return Whole(self.low[where], None if self.high is None else self.high[where])

    def largest(self) -> int:
        """The largest number, exactly; 0 for none."""
        if not self.low.size:
            return 0
        if self.high is None:
            return int(self.low.max())
        high = int(self.high.max())
        return (high << LIMB) + int(self.low[self.high == high].max())


class Tally:
    """Sums being made, of a shape and up to a bound known beforehand.

    Raises
    ------
    BadInputError
        A bound of more than 110 bits.
    """

    def __init__(self, shape: tuple[int, ...], bound: int) -> None:
        if bound >= 1 << MOST_BITS:
            message = f"sums up to {bound:.1e} outgrow {MOST_BITS} bits; keep fewer digits of the weights"
            raise BadInputError(message)
        narrow = bound < 1 << 62
        self.low = np.zeros(shape, dtype=_type_for(bound) if narrow else np.int64)
        self.high = None if narrow else np.zeros(shape, dtype=np.int64)

    def add(self, where: Any, pieces: Sequence[npt.NDArray[np.generic]], bits: int) -> None:
        """Add sums given in pieces of `bits` bits, least first; `where` names every place at most once."""
        if self.high is None:
            if len(pieces) == 1:
                self.low[where] += pieces[0].astype(self.low.dtype)
                return
            total = pieces[0].astype(np.int64)
            for number, piece in enumerate(pieces[1:], start=1):
                total += piece.astype(np.int64) << np.int64(bits * number)
            self.low[where] += total.astype(self.low.dtype)
            return
        for number, piece in enumerate(pieces):
            self._add_limbs(where, piece.astype(np.int64), bits * number)

    def add_whole(self, where: Any, numbers: Whole) -> None:
        """Add exact numbers; `where` names every place at most once."""
        if numbers.high is None:
            self.add(where, [numbers.low], 0)
        else:
            self.add(where, [numbers.low, numbers.high], LIMB)

    def whole(self) -> Whole:
        """The sums in canonical form."""
        largest = Whole(self.low, self.high).largest()
        if largest >= 1 << 62:
            return Whole(self.low, self.high)
        low = self.low if self.high is None else self.low + (self.high << np.int64(LIMB))
        return Whole(low.astype(_type_for(largest), copy=False))

    def _add_limbs(self, where: Any, piece: Numbers, shift: int) -> None:
        assert self.high is not None
        if shift >= LIMB:
            self.high[where] += piece << np.int64(shift - LIMB)
            return
        kept = np.int64(LIMB - shift)
        low = self.low[where] + ((piece & ((np.int64(1) << kept) - np.int64(1))) << np.int64(shift))
        self.low[where] = low & LIMB_MASK
        self.high[where] += (piece >> kept) + (low >> np.int64(LIMB))


def digits_for(weights: npt.ArrayLike) -> int:
    """Fewest decimal digits with which every weight keeps its value to a relative 1e-10.

    Raises
    ------
    BadInputError
        A weight that is not a finite number above 0, or weights so unequal that no power of ten does.
    """
    given = _weights(weights)
    for digits in range(MOST_DIGITS + 1):
        scaled = given * 10.0**digits
        if np.all(np.abs(np.rint(scaled) - scaled) <= ROUNDING * scaled):
            return digits
    message = f"no power of ten up to {MOST_DIGITS} digits keeps all weights to a relative {ROUNDING}"
    raise BadInputError(message)


def whole_weights(weights: npt.ArrayLike, *, digits: int) -> Numbers:
    """Weights as whole numbers: w * 10**digits, rounded.

    Parameters
    ----------
    weights : array_like, shape (rows,)
        Above 0.
    digits : int
        Decimal digits kept, the same for all answers of a survey (`digits_for`).

    Raises
    ------
    BadInputError
        A weight that is not a finite number above 0, that rounding changes by more than a relative 1e-10, or that
        has more than 44 bits as a whole number.
    """
    if not isinstance(digits, Integral) or not 0 <= digits <= MOST_DIGITS:
        message = f"{digits!r} digits: a whole number from 0 to {MOST_DIGITS}"
        raise BadInputError(message)
    given = _weights(weights)
    scaled = given * 10.0**digits
    whole = np.rint(scaled)
    wrong = (np.abs(whole - scaled) > ROUNDING * scaled) | (whole >= 2.0**WEIGHT_BITS)
    if wrong.any():
        row = int(np.argmax(wrong))
        message = f"row {row}: weight {given[row]} cannot be kept with {digits} digits"
        raise BadInputError(message)
    return whole.astype(np.int64)


def piece_bits(largest_factor: int) -> int:
    """Bits of a piece such that a chunk of pieces, each times a factor up to this, adds up exactly in float64."""
    return EXACT_BITS - CHUNK.bit_length() - max(largest_factor, 1).bit_length()


def pieces_of(weights: Numbers, largest: int, bits: int) -> list[Floats]:
    """Weights cut into pieces of `bits` bits, least first, as floats."""
    count = max(1, -(-largest.bit_length() // bits))
    mask = np.int64((1 << bits) - 1)
    if count == 1:
        return [weights.astype(np.float64)]
    return [((weights >> np.int64(bits * i)) & mask).astype(np.float64) for i in range(count)]


def pieces_of_squares(weights: Numbers, largest: int, bits: int) -> list[Floats]:
    """Squares of weights, exact up to 88 bits, cut into pieces as in `pieces_of`."""
    bits_needed = (largest * largest).bit_length()
    if bits_needed <= bits:
        return [(weights * weights).astype(np.float64)]
    first, second = weights & np.int64((1 << HALF) - 1), weights >> np.int64(HALF)
    mixed = 2 * first * second
    low = first * first + ((mixed & np.int64((1 << HALF) - 1)) << np.int64(HALF))
    high = second * second + (mixed >> np.int64(HALF)) + (low >> np.int64(WEIGHT_BITS))
    low = low & np.int64((1 << WEIGHT_BITS) - 1)
    mask = np.int64((1 << bits) - 1)
    pieces = []
    for start in range(0, bits_needed, bits):
        if start < WEIGHT_BITS:
            # Bits pushed out at the top lie above the mask.
            cut = (low >> np.int64(start)) | (high << np.int64(WEIGHT_BITS - start))
        else:
            cut = high >> np.int64(start - WEIGHT_BITS)
        pieces.append((cut & mask).astype(np.float64))
    return pieces


def _weights(weights: npt.ArrayLike) -> Floats:
    given = numbers(weights, "weights")
    wrong = ~(np.isfinite(given) & (given > 0))
    if given.ndim != 1 or wrong.any():
        where = f"row {int(np.argmax(wrong))}: weight {given[wrong][0]}" if given.ndim == 1 else f"shape {given.shape}"
        message = f"{where}; weights are one finite number above 0 per row"
        raise BadInputError(message)
    return given


def _type_for(bound: int) -> npt.DTypeLike:
    """Narrowest unsigned type, int64 at the end, that holds the bound."""
    for kind in (np.uint8, np.uint16, np.uint32):
        if bound <= np.iinfo(kind).max:
            return kind
    return np.int64
