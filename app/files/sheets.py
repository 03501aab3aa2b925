"""What every reader of uploaded tables shares: the shape of a sheet, its limits, the refusal, the cleaning of cells."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.errors import Invalid

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELLS = 400_000
MAX_CELL_CHARACTERS = 5_000

_SPACES = re.compile(r"\s+")
_ALLOWED_CONTROLS = frozenset("\t\n\r")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an uploaded table may be. Lists of units are small; the answers of a survey are not."""

    file_bytes: int = MAX_FILE_BYTES
    rows: int = MAX_ROWS
    columns: int = MAX_COLUMNS
    cells: int = MAX_CELLS


LISTS = Limits()


class BadTable(Invalid):
    """The uploaded file cannot be read as a table."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty: its number in the sheet (from 1) and its cells as clean text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as rows of text; ``name`` is empty for a text file."""

    name: str
    rows: tuple[SheetRow, ...]


def column_letter(index: int) -> str:
    """The letter a spreadsheet shows for the column with this index (0 is "A", 26 is "AA")."""
    letters = ""
    position = index + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, index: int) -> str:
    """The name a spreadsheet shows for a cell, such as "B3"."""
    return f"{column_letter(index)}{row}"


def clean_text(text: str) -> str:
    """Compose to NFC, drop invisible format characters, turn every run of white space into one blank, strip."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def collect_rows(rows: Iterable[tuple[int, Iterable[str]]], limits: Limits = LISTS) -> tuple[SheetRow, ...]:
    """Clean numbered rows of raw text, leave out the empty ones and enforce the limits; raises BadTable."""
    return tuple(_within_limits(rows, limits))


def _within_limits(rows: Iterable[tuple[int, Iterable[str]]], limits: Limits) -> Iterator[SheetRow]:
    count = cells = 0
    for number, raw in rows:
        row = _clean_row(number, raw, limits.columns)
        if not row.cells:
            continue
        count += 1
        cells += len(row.cells)
        if count > limits.rows:
            raise BadTable(f"Bảng có hơn {_number(limits.rows)} dòng. Ông/Bà hãy chia thành nhiều tệp nhỏ hơn.")
        if cells > limits.cells:
            raise BadTable(f"Bảng có hơn {_number(limits.cells)} ô. Ông/Bà hãy chia thành nhiều tệp nhỏ hơn.")
        yield row


def _clean_row(number: int, raw: Iterable[str], columns: int) -> SheetRow:
    cells: list[str] = []
    for index, text in enumerate(raw):
        cell = _clean_cell(number, index, text) if text else ""
        if cell and index >= columns:
            raise BadTable(f"Dòng {number} có hơn {columns} cột. Ông/Bà hãy xoá các cột không dùng đến.")
        cells.append(cell)
    while cells and not cells[-1]:
        cells.pop()
    return SheetRow(number, tuple(cells))


def _clean_cell(number: int, index: int, text: str) -> str:
    if len(text) < 60 and text.isascii() and text.isalnum():  # most cells of a survey are one digit
        return text
    if len(text) > MAX_CELL_CHARACTERS:
        raise BadTable(f"Ô {cell_name(number, index)} dài hơn {_number(MAX_CELL_CHARACTERS)} ký tự.")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _ALLOWED_CONTROLS for letter in text):
        raise BadTable(
            f"Ô {cell_name(number, index)} có ký tự điều khiển không hiển thị được. Ông/Bà hãy gõ lại nội dung ô này."
        )
    return clean_text(text)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
