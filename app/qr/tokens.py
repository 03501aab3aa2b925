"""Tokens of QR codes: opaque, random, and typed by hand without tears.

The alphabet has 21 signs. Every member of a look-alike pair but one is left out (0/O/Q, 1/I/L, 2/Z, 5/S, 6/G, 8/B,
U/V), so a slip between two of them can be undone. Vowels, W and D are left out as well: Vietnamese keyboards (Telex,
VNI) turn only those into other letters, so a token can be typed with the input method switched on, and no token spells
a word. Upper case lets the code use the compact alphanumeric mode.

A token is 15 random signs (15 · log2 21 = 65.9 bits) and one check sign: the weighted sum of the first 15, weights 1
to 15, modulo 23. As 23 is prime and greater than both the weights and the alphabet, every single wrong sign and every
exchange of two of the 15 signs is caught. Two of the 23 values have no sign: such a draw is thrown away, which costs
0.13 bit, so 65.7 bits remain.
"""

import math
import secrets
import unicodedata
from collections.abc import Callable, Sequence

ALPHABET = "23456789CFHJKMNPQRTVX"
LENGTH = 16
GROUP = 4
MODULUS = 23
ENTROPY_BITS = (LENGTH - 1) * math.log2(len(ALPHABET)) + math.log2(len(ALPHABET) / MODULUS)

_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
# Each letter on the left looks like exactly one sign of the alphabet. 1, I and L have no counterpart: left alone, they
# make the token malformed instead of guessing.
_LOOK_ALIKES = str.maketrans("SZBGUO0", "5286VQQ")
_SEPARATORS = frozenset(" \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014_.")
# Longer input can be no token; it is refused before any work is spent on it.
_LONGEST_TYPED = 4 * LENGTH


def new_token(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A fresh token in upper case without hyphens, `LENGTH` signs long.

    `choose` picks one element of a sequence; the default draws from the operating system's random source.
    """
    while True:
        body = "".join(choose(ALPHABET) for _ in range(LENGTH - 1))
        if sign := check_sign(body):
            return body + sign


def normalise(typed: str) -> str:
    """What was typed, as a token would be stored: upper case, no separators, look-alikes put right.

    The result is a token only if `is_well_formed` says so. Input far longer than a token comes back as an empty text.
    """
    if len(typed) > _LONGEST_TYPED:
        return ""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in folded if sign not in _SEPARATORS).translate(_LOOK_ALIKES)


def is_well_formed(token: str) -> bool:
    """Whether a normalised token has the right length, only signs of the alphabet and the right check sign."""
    if len(token) != LENGTH or any(sign not in _VALUES for sign in token):
        return False
    return check_sign(token[:-1]) == token[-1]


def printed(token: str) -> str:
    """The token as it is printed for typing: groups of four with hyphens."""
    return "-".join(token[start : start + GROUP] for start in range(0, len(token), GROUP))


def check_sign(body: str) -> str | None:
    """The sign that follows up to 22 signs of the alphabet; None for the two sums of 23 that have no sign."""
    value = sum(weight * _VALUES[sign] for weight, sign in enumerate(body, start=1)) % MODULUS
    return ALPHABET[value] if value < len(ALPHABET) else None
