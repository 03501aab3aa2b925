"""XLSX: typed cells, frozen heading with filter, Vietnamese number formats, a sheet of notes; never a formula or link.

XlsxWriter keeps one row at a time (``constant_memory``); a table longer than a sheet goes on in the next one.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import IO, Any

from app.exports.definitions import Column, Kind, Notes, Row, Table
from app.exports.digits import full_decimal, full_percent
from app.exports.safe_text import cell_text, remembering

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_PER_SHEET = 1_048_575  # the format's limit, less the heading
LONGEST_TEXT = 32_767
DATA_SHEET, NOTES_SHEET = "Số liệu", "Ghi chú"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
VIETNAMESE = "[$-42A]"  # programs that heed it print the decimal comma under any interface language
WIDTHS = {Kind.TEXT: 24, Kind.DATE: 12}
Put = Callable[[int, int, Any, Any], object]


def write(table: Table, file: IO[bytes], *, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
    """Write the workbook into an open binary file."""
    import xlsxwriter  # inside: web workers load it with the first file only

    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": cell_text(table.title), "author": "Lắng Nghe"})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for one in (table, *table.others):
            _data_sheets(book, one, rows_per_sheet, heading)
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _notes_sheet(book.add_worksheet(NOTES_SHEET), table.notes, heading, wrap)


def _data_sheets(book: Any, table: Table, rows_per_sheet: int, heading: Any) -> None:
    """The rows of one table, in as many sheets as they need."""
    shapes = [_number_format(column) for column in table.columns]
    formats = [None if shape is None else book.add_format(shape) for shape in shapes]
    rows, name = iter(table.rows), table.sheet or DATA_SHEET
    for number, first in enumerate(_first_rows(rows), start=1):
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        part = islice(chain(first, rows), rows_per_sheet)
        _data_sheet(sheet, table.columns, part, heading, formats)


def _first_rows(rows: Iterator[Row]) -> Iterator[tuple[Row, ...]]:
    """The first row of each sheet, as long as there are rows; a table without any has one sheet all the same."""
    first = tuple(islice(rows, 1))
    yield first
    while first := tuple(islice(rows, 1)):
        yield first


def _data_sheet(sheet: Any, columns: tuple[Column, ...], rows: Iterator[Row], heading: Any, formats: list[Any]) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column.kind, 11))
        sheet.write_string(0, place, _text(column.title), heading)
    sheet.freeze_panes(1, 0)
    put_text, safe = sheet.write_string, remembering(_text)
    cells = [
        (place, _put(sheet, column), shape) for place, (column, shape) in enumerate(zip(columns, formats, strict=True))
    ]
    number = 0
    for number, row in enumerate(rows, start=1):
        for (place, put, shape), cell in zip(cells, row, strict=True):
            if isinstance(cell, str):
                put_text(number, place, safe(cell))
            elif cell is not None:
                put(number, place, cell, shape)
    sheet.autofilter(0, 0, number, len(columns) - 1)


def _put(sheet: Any, column: Column) -> Put:
    """How a number or day of a column is written."""
    places = column.places

    def percent(row: int, place: int, cell: float, shape: Any) -> object:
        return sheet.write_number(row, place, full_percent(cell, places), shape)

    def decimal(row: int, place: int, cell: float, shape: Any) -> object:
        return sheet.write_number(row, place, full_decimal(cell, places), shape)

    plain: Put = sheet.write_number
    puts: dict[Kind, Put] = {Kind.PERCENT: percent, Kind.DECIMAL: decimal, Kind.DATE: sheet.write_datetime}
    return puts.get(column.kind, plain)


def _number_format(column: Column) -> dict[str, str] | None:
    if column.kind in (Kind.TEXT, Kind.CODE):
        return None
    if column.kind is Kind.DATE:
        return {"num_format": f"{VIETNAMESE}dd/mm/yyyy"}
    digits = f".{'0' * column.places}" if column.places else ""
    return {"num_format": f"{VIETNAMESE}#,##0{digits}"}


def _notes_sheet(sheet: Any, notes: Notes, heading: Any, wrap: Any) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    for row, (name, text) in enumerate(notes):
        sheet.write_string(row, 0, _text(name), heading)
        sheet.write_string(row, 1, _text(text), wrap)


def _text(text: str) -> str:
    """The safe text of a cell. XlsxWriter takes what stands between ``<r>`` and ``</r>`` for its own mark-up."""
    clean = cell_text(text)
    if clean.startswith("<r>"):
        clean = f"'{clean}"
    return clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 1]}…"
