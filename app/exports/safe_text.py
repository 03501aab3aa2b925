"""Makes text harmless for spreadsheets (pure): nothing a citizen wrote is ever taken for a formula.

CSV injection: a cell that begins with ``= + - @`` is a formula, in full-width or small form too, and after blanks
where the program trims them. A program that expects another separator than ours begins cells of its own in the middle
of our text, so every place after a separator or a line break counts as a beginning.
"""

import re
from collections.abc import Callable

MOST_REMEMBERED = 1000
LONGEST_REMEMBERED = 100
# All characters whose compatibility form (NFKC) is = + - @, and the true minus sign.
SIGNS = "=+\\-@\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
# White space, and what is invisible: zero-width characters, the byte-order mark, soft hyphen, quotes that get stripped.
BLANKS = r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\"']*"
BEGINNING = re.compile(rf"\A(?={BLANKS}[{SIGNS}]|[\t\r\n])")
INSIDE = re.compile(rf"([;,|\t\r\n]{BLANKS})(?=[{SIGNS}])")
# Not allowed in XML 1.0, or broken halves of characters; tab and line breaks stay.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def cell_text(text: str) -> str:
    """The text for a typed cell: no forbidden characters, an apostrophe before what looks like a formula."""
    clean = FORBIDDEN.sub("", text)
    return f"'{clean}" if BEGINNING.match(clean) else clean


def csv_text(text: str) -> str:
    """The text for a CSV cell: as ``cell_text``, and also where another program would see a cell begin."""
    return INSIDE.sub(r"\1'", cell_text(text))


class _Remembered(dict[str, str]):
    """Safe texts by text; what is missing is made safe, and kept when it is short and there is room."""

    def __init__(self, safe: Callable[[str], str]) -> None:
        super().__init__()
        self._safe = safe

    def __missing__(self, text: str) -> str:
        found = self._safe(text)
        if len(text) <= LONGEST_REMEMBERED and len(self) < MOST_REMEMBERED:
            self[text] = found
        return found


def remembering(safe: Callable[[str], str]) -> Callable[[str], str]:
    """The same function for a whole file: names and words for codes come again in every row, so it keeps them."""
    return _Remembered(safe).__getitem__
