"""Secret codes of cases (pure): what a sender follows a case with, shown once and stored only as a keyed derivation.

Signs and check sign are those of the codes at counters (``app/qr/tokens.py``), so a code survives being read out or
typed on a Vietnamese keyboard. Nineteen random signs and one check sign make 83.3 bits in five groups of four.
"""

import math
import secrets
from collections.abc import Callable, Sequence

from app.qr import tokens

LENGTH = 20
GROUP = 4
ENTROPY_BITS = (LENGTH - 1) * math.log2(len(tokens.ALPHABET)) + math.log2(len(tokens.ALPHABET) / tokens.MODULUS)


def new_code(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A fresh code without hyphens. ``choose`` draws one sign; the default asks the operating system."""
    while True:
        body = "".join(choose(tokens.ALPHABET) for _ in range(LENGTH - 1))
        if sign := tokens.check_sign(body):
            return body + sign


def normalise(typed: str) -> str:
    """What was typed, as a code is compared: upper case, no separators, look-alikes put right; "" when far too long."""
    return tokens.normalise(typed)


def is_well_formed(code: str) -> bool:
    """Whether a normalised code has the right length, only signs of the alphabet and the right check sign."""
    if len(code) != LENGTH or not set(code) <= set(tokens.ALPHABET):
        return False
    return tokens.check_sign(code[:-1]) == code[-1]


def printed(code: str) -> str:
    """The code in groups of four with hyphens."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
