"""Fold Vietnamese text to plain lower-case letters, so that search and headings ignore tone marks."""

import re
import unicodedata
from functools import lru_cache

_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
# No longer than Python reads at once.
MOST_ORDERED = 300
_NUMBER = re.compile(r"([0-9]{1,18})")
# đ has no decomposition in Unicode; ð and Đ's look-alike Ð (Icelandic eth) come from old keyboards.
_D_WITH_STROKE = ("đ", "Đ", "ð", "Ð")
# Grave, acute, circumflex, tilde, breve, hook above, horn, dot below.
_VIETNAMESE_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
# More than Vietnamese needs; asking about every letter is slow.
_USUAL_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")


def fold(text: str) -> str:
    """Return ``text`` in lower case without marks ("Đơn vị" becomes "don vi"); other characters stay.

    Idempotent, and equal for composed and decomposed Unicode.
    """
    decomposed = unicodedata.normalize("NFKD", _without_strokes(text).casefold())
    ascii_only = decomposed.encode("ascii", "ignore")
    if len(decomposed) - len(ascii_only) == sum(map(decomposed.count, _VIETNAMESE_MARKS)):
        return ascii_only.decode().lower()  # nearly every text: a search folds thousands of them
    plain = _USUAL_MARKS.sub("", decomposed)
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _without_strokes(plain).casefold()


def _without_strokes(text: str) -> str:
    for letter in _D_WITH_STROKE:
        text = text.replace(letter, "d")
    return text


def fold_words(text: str) -> str:
    """Return the folded words of ``text`` separated by one space, without punctuation: the form used to compare."""
    return _NOT_ALPHANUMERIC.sub(" ", fold(text)).strip()


def ordered(text: str) -> str:
    """A text that databases sort as ``natural_key`` does: folded, numbers written with eight digits."""
    return _NUMBER.sub(lambda found: found[0].zfill(8), fold(text))[:MOST_ORDERED]


@lru_cache(maxsize=8192)
def natural_key(text: str) -> tuple[str | int, ...]:
    """Sort names as people do: without marks, and "Phường 2" before "Phường 10"."""
    parts = _NUMBER.split(fold(text))
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts))
