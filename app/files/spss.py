"""Read an SPSS data file (.sav, .zsav): the only place that knows the library for it."""

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
    import pyreadstat

    try:
        _, about = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True, output_format="dict")
        _check_size(about.number_columns or 0, about.number_rows or 0, limits)
        # One row more than allowed: the header of a compressed file need not tell the truth.
        found, about = pyreadstat.read_sav(
            io.BytesIO(data),
            output_format="dict",
            user_missing=True,
            disable_datetime_conversion=True,
            row_limit=limits.rows + 1,
        )
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, OverflowError, MemoryError) as error:
        raise BadTable(_BROKEN) from error
    rows = max((len(column) for column in found.values()), default=0)
    _check_size(len(found), rows, limits)
    if not rows:
        raise BadTable("Tệp SPSS không có dòng dữ liệu nào.")
    return tuple(_variable(name, values, about) for name, values in found.items())


def _check_size(columns: int, rows: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise BadTable(f"Tệp SPSS có hơn {limits.columns} biến. Ông/Bà hãy bỏ bớt các biến không dùng đến.")
    if rows > limits.rows or rows * columns > limits.cells:
        raise BadTable("Tệp SPSS quá lớn. Ông/Bà hãy chia thành nhiều tệp hoặc bỏ bớt các biến không dùng đến.")


def _variable(name: str, values: Iterable[Any], about: Any) -> SavVariable:
    label = clean_text(about.column_names_to_labels.get(name) or "")
    words = {text_of(value): clean_text(str(word)) for value, word in about.variable_value_labels.get(name, {}).items()}
    legacy = legacy_encoding((label, *words.values()))
    if legacy is not None:
        raise BadTable(legacy_message(legacy, f"Nhãn của biến “{name}”"))
    known: dict[Any, str] = {}
    texts = tuple(known[value] if value in known else known.setdefault(value, text_of(value)) for value in values)
    return SavVariable(name, label, words, _missing(about.missing_ranges.get(name, ())), texts)


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
    for one in ranges:
        low, high = (one["lo"], one["hi"]) if isinstance(one, dict) else (one, one)
        if isinstance(low, float | int) and isinstance(high, float | int) and 0 < high - low <= _MOST_CODES:
            found.update(text_of(float(code)) for code in range(math.ceil(low), math.floor(high) + 1))
        else:
            found.update((text_of(low), text_of(high)))
    return frozenset(found)
