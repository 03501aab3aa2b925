"""Read an SPSS data file (.sav, .zsav): what its variables, labels and values mean for us."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.files import spss_child
from app.files.delimited import legacy_message
from app.files.legacy_encodings import legacy_encoding
from app.files.sheets import MAX_CELL_CHARACTERS, BadTable, Limits, clean_text

_BROKEN = "Tệp SPSS bị hỏng hoặc không đầy đủ. Ông/Bà hãy mở bằng SPSS, lưu lại rồi tải lên lại."
_MOST_CODES = 100
"""A range of missing values wider than this is not written out as codes."""


@dataclass(frozen=True, slots=True)
class SavVariable:
    """A variable: name, label, words for values, values as text ("" for no value), codes declared missing."""

    name: str
    label: str
    value_labels: Mapping[str, str]
    missing: frozenset[str]
    values: tuple[str, ...]


def read_sav(data: bytes, limits: Limits) -> tuple[SavVariable, ...]:
    """All variables of a file; raises BadTable when it is broken, too large, empty or not Unicode."""
    try:
        found = spss_child.read(data, rows=limits.rows, columns=limits.columns)
    except spss_child.UnreadableFileError as error:
        raise BadTable(_BROKEN) from error
    _check_size(found["columns"], found["rows"], limits)
    if not found["rows"]:
        raise BadTable("Tệp SPSS không có dòng dữ liệu nào.")
    return tuple(_variable(one) for one in found["variables"])


def _check_size(columns: int, rows: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise BadTable(f"Tệp SPSS có hơn {limits.columns} biến. Ông/Bà hãy bỏ bớt các biến không dùng đến.")
    if rows > limits.rows or rows * columns > limits.cells:
        raise BadTable("Tệp SPSS quá lớn. Ông/Bà hãy chia thành nhiều tệp hoặc bỏ bớt các biến không dùng đến.")


def _variable(found: Mapping[str, Any]) -> SavVariable:
    name, label = found["name"], clean_text(found["label"])
    words = {text_of(value): clean_text(word) for value, word in found["words"]}
    legacy = legacy_encoding((label, *words.values()))
    if legacy is not None:
        raise BadTable(legacy_message(legacy, f"Nhãn của biến “{name}”"))
    known: dict[Any, str] = {}
    texts = tuple(
        known[value] if value in known else known.setdefault(value, text_of(value)) for value in found["values"]
    )
    return SavVariable(name, label, words, _missing(found["missing"]), texts)


def text_of(value: Any) -> str:
    """A value as text: whole numbers without a decimal point, other numbers in full, nothing for no value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    text = clean_text(str(value))
    if len(text) > MAX_CELL_CHARACTERS or any(ord(letter) < 32 for letter in text):
        raise BadTable("Tệp SPSS có giá trị chữ quá dài hoặc có ký tự điều khiển.")
    return text


def _missing(ranges: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    for low, high in ranges:
        if isinstance(low, float | int) and isinstance(high, float | int) and 0 < high - low <= _MOST_CODES:
            found.update(text_of(float(code)) for code in range(math.ceil(low), math.floor(high) + 1))
        else:
            found.update((text_of(low), text_of(high)))
    return frozenset(found)
