"""Where to black out (pure): ranges of a grid over a page, and brackets in a text. Both can be typed on a keyboard."""

import re
import string
from collections.abc import Sequence

COLUMNS = string.ascii_uppercase
ROWS = 40
PARTS = 1000
MOST_BOXES = 200
OPEN, CLOSE = "[[", "]]"
BLACK = "█████"
"""What stands in the place of words: it does not tell how long they were."""

Box = tuple[int, int, int, int, int]
"""Page, left, top, right, bottom; the last four as parts per thousand."""

_RANGE = re.compile(r"([A-Z])([1-9]\d?)(?::([A-Z])([1-9]\d?))?")
_BRACKETED = re.compile(re.escape(OPEN) + r"(.+?)" + re.escape(CLOSE), re.DOTALL)
BAD_RANGE = "“%s” không phải là ô. Xin ghi như B3 hoặc B3:F5 (cột A đến Z, hàng 1 đến 40), cách nhau bằng dấu phẩy."
TOO_MANY = f"Nhiều nhất {MOST_BOXES} ô cho một tệp. Xin gộp các ô gần nhau thành một khoảng."
CHANGED_TEXT = (
    "Chỉ được thêm cặp dấu [[ và ]] quanh chỗ cần che; chữ của người gửi không được sửa. Xin xem lại bản dưới đây."
)
NOTHING = "Xin đặt ít nhất một chỗ cần che."


def boxes_of(typed: str, page: int) -> tuple[Box, ...]:
    """The boxes of a page, such as ``B3, C4:F6``; raises ``ValueError`` with words for the officer."""
    given = [one for one in re.split(r"[\s,;]+", typed.upper()) if one]
    if len(given) > MOST_BOXES:
        raise ValueError(TOO_MANY)
    return tuple(_box(one, page) for one in given)


def _box(given: str, page: int) -> Box:
    found = _RANGE.fullmatch(given)
    if found is None:
        raise ValueError(BAD_RANGE % given[:20])
    first, last = COLUMNS.index(found[1]), COLUMNS.index(found[3] or found[1])
    top, bottom = int(found[2]), int(found[4] or found[2])
    if max(top, bottom) > ROWS:
        raise ValueError(BAD_RANGE % given[:20])
    (left, right), (upper, lower) = sorted((first, last)), sorted((top, bottom))
    width, height = len(COLUMNS), ROWS
    return (
        page,
        left * PARTS // width,
        (upper - 1) * PARTS // height,
        -(-(right + 1) * PARTS // width),
        -(-lower * PARTS // height),
    )


def spans_of(marked: str, original: str) -> tuple[tuple[int, int], ...]:
    """Which pieces of the original stand in brackets; raises ``ValueError`` when anything else was changed."""
    if _BRACKETED.sub(r"\1", marked) != original:
        raise ValueError(CHANGED_TEXT)
    found, taken = [], 0
    for one in _BRACKETED.finditer(marked):
        start = one.start() - taken
        found.append((start, start + len(one[1])))
        taken += len(OPEN) + len(CLOSE)
    if not found:
        raise ValueError(NOTHING)
    return tuple(found)


def bracketed(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with brackets around some pieces: what the form begins with."""
    made, place = [], 0
    for start, end in spans:
        made += [text[place:start], OPEN, text[start:end], CLOSE]
        place = end
    return "".join((*made, text[place:]))


def blackened(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without these pieces."""
    made, place = [], 0
    for start, end in spans:
        made += [text[place:start], BLACK]
        place = end
    return "".join((*made, text[place:]))
