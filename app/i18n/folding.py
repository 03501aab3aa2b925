"""Fold Vietnamese text to plain lower-case letters, so that search and headings ignore tone marks."""

import re
import unicodedata

_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
# đ has no decomposition in Unicode; ð and Đ's look-alike Ð (Icelandic eth) come from old keyboards.
_D_WITH_STROKE = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def fold(text: str) -> str:
    """Return ``text`` in lower case without marks ("Đơn vị" becomes "don vi"); other characters stay.

    Idempotent, and equal for composed and decomposed Unicode.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_D_WITH_STROKE).casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.translate(_D_WITH_STROKE).casefold()


def fold_words(text: str) -> str:
    """Return the folded words of ``text`` separated by one space, without punctuation: the form used to compare."""
    return _NOT_ALPHANUMERIC.sub(" ", fold(text)).strip()
