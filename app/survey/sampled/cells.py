"""Read whole columns at once: each different text is read a single time, however many rows have it (pure)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.errors import Invalid
from app.survey.sampled.faults import Faults
from app.survey.sampled.targets import LONGEST_LABEL
from app.units.import_cells import BadCell

LARGEST_COUNT = 2_000_000_000
LARGEST_WEIGHT = 10**9

T = TypeVar("T")
Ints = npt.NDArray[np.int64]

_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,20})?|\.\d{1,20}", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d(?:\.\d{1,20})?)[eE]([+-]?\d{1,2})", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[. ]\d{3})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Factor:
    """A column as its different values, in the order they appear, and each row's place among them."""

    labels: tuple[str, ...]
    places: Ints


def factor(values: Sequence[str]) -> Factor:
    """The different values of a column."""
    known: dict[str, int] = {}
    places = np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.int64, count=len(values))
    return Factor(tuple(known), places)


def read_each(column: str, found: Factor, faults: Faults, reader: Callable[[str], T]) -> list[T | None]:
    """The reading of each different value; rows with one that cannot be read become faults, their reading is None."""
    readings: list[T | None] = []
    messages: dict[int, str] = {}
    for place, text in enumerate(found.labels):
        try:
            readings.append(reader(text))
        except Invalid as error:
            readings.append(None)
            messages[place] = error.message
    if messages:
        wrong = np.flatnonzero(np.isin(found.places, list(messages)))
        faults.add(wrong, column, lambda place: messages[int(found.places[place])], found.places)
    return readings


def read_label(text: str) -> str:
    """The label of a stratum or cluster."""
    if not text:
        raise BadCell("Ô đang để trống. Ông/Bà hãy điền cho mọi dòng.")
    if len(text) > LONGEST_LABEL:
        raise BadCell(f"Tên dài hơn {LONGEST_LABEL} ký tự. Ông/Bà hãy dùng mã ngắn hơn.")
    return text


def read_count(text: str, *, is_grouped: bool = True) -> int:
    """A number of people or clusters, such as "76", "76.0" or, where points may group thousands, "1.250"."""
    if not text:
        raise BadCell("Ô đang để trống. Ông/Bà hãy ghi số của tổng thể cho mọi dòng, hoặc bỏ chọn cột này.")
    plain = re.sub("[. ]", "", text) if is_grouped and _GROUPED.fullmatch(text) else re.sub(r"[.,]0+$", "", text)
    if not (plain.isascii() and plain.isdecimal()) or not 1 <= int(plain[:20]) <= LARGEST_COUNT:
        raise BadCell(f"“{text[:30]}” không phải số nguyên từ 1 trở lên.")
    return int(plain)


def weight_reader(texts: Sequence[str]) -> Callable[[str], Fraction]:
    """A reader of weights for a column: where any value has a decimal comma, points group the thousands."""
    has_comma = any("," in text for text in texts)

    def read(text: str) -> Fraction:
        if not text:
            raise BadCell("Thiếu trọng số. Ông/Bà hãy ghi trọng số cho mọi dòng.")
        plain = text.replace(".", "").replace(",", ".") if has_comma else text
        scientific = _SCIENTIFIC.fullmatch(plain)
        if scientific is None and not _PLAIN.fullmatch(plain.removeprefix("-")):
            raise BadCell(f"Trọng số “{text[:30]}” không phải là số.")
        weight = Fraction(plain)
        if weight <= 0:
            raise BadCell(f"Trọng số {text[:30]} không lớn hơn 0. Người không thuộc mẫu thì bỏ dòng đó khỏi tệp.")
        if weight > LARGEST_WEIGHT:
            raise BadCell(f"Trọng số {text[:30]} lớn quá mức có nghĩa. Ông/Bà hãy kiểm tra dấu thập phân.")
        return weight

    return read


def missing_as_zero(readings: Sequence[int | None]) -> Ints:
    """Readings as an array; what could not be read is 0."""
    return np.array([0 if one is None else one for one in readings], dtype=np.int64)
