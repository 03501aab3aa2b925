"""How likely two reports speak of the same matter (pure): the words they share, where and when."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.i18n.folding import fold_words

LIKELY = 0.3
LEAST_WORDS_SHARED = 0.12
SAME_COUNTER, SAME_DAY, NEAR = 0.15, 0.1, 0.05
NEAR_DAYS = 7
COMMON = frozenset(
    fold_words(
        "tôi ông bà anh chị em và là có không cho đến đi này đó đã đang được bị thì mà ở tại với của các những một rất "
        "nhiều làm nói về ra vào khi để từ trong ngày giờ phải xin"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Print:
    """What of a report is compared: its words and pairs of words without marks, its counter, its days."""

    features: frozenset[str]
    counter_id: int | None
    happened_on: date | None
    received_on: date


def print_of(text: str, counter_id: int | None, happened_on: date | None, received_on: date) -> Print:
    """Make a report ready to be compared with many."""
    words = [word for word in fold_words(text).split() if word not in COMMON]
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return Print(frozenset([*words, *pairs]), counter_id, happened_on, received_on)


def likeness(one: Print, other: Print) -> float:
    """From 0 (nothing in common) up; ``LIKELY`` is where a person should look. Symmetric.

    A short report that stands wholly in a long one is as telling as two equal ones, so both shares count half.
    """
    shared = len(one.features & other.features)
    if not shared:
        return 0.0
    whole, least = len(one.features | other.features), min(len(one.features), len(other.features))
    words = (shared / whole + shared / least) / 2
    if words < LEAST_WORDS_SHARED:
        return words
    counter = SAME_COUNTER if one.counter_id is not None and one.counter_id == other.counter_id else 0.0
    day = SAME_DAY if one.happened_on is not None and one.happened_on == other.happened_on else 0.0
    near = NEAR if abs((one.received_on - other.received_on).days) <= NEAR_DAYS else 0.0
    return words + counter + day + near
