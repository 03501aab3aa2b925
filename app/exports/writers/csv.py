"""CSV: UTF-8 with byte-order mark, commas, decimal point, ISO days, CRLF; never a formula.

Decimal point and ISO days because programs read this file; whoever uses a spreadsheet takes the XLSX file. Percent
stand as on the page: rounded, with the same digits.
"""

import csv
import io
from collections.abc import Callable, Iterator

from app.exports.definitions import Column, Kind, Row, Table
from app.exports.digits import shown_decimal, shown_percent
from app.exports.safe_text import csv_text, remembering

MIME_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ROWS_AT_ONCE = 500
SHOWN = {Kind.PERCENT: shown_percent, Kind.DECIMAL: shown_decimal}
Show = Callable[[float], object]


def write(table: Table) -> Iterator[bytes]:
    """The file piece by piece; memory stays flat however many rows there are."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([csv_text(column.title) for column in table.columns])
    yield BYTE_ORDER_MARK
    shown = {place: _show(column) for place, column in enumerate(table.columns) if column.kind in SHOWN}
    safe = remembering(csv_text)
    for number, row in enumerate(table.rows, start=1):
        writer.writerow(_cells(row, shown, safe))
        if number % ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _cells(row: Row, shown: dict[int, Show], safe: Callable[[str], str]) -> list[object]:
    # Most cells are plain numbers; asking for their class first is the cheapest test.
    cells: list[object] = [cell if cell.__class__ is int or not isinstance(cell, str) else safe(cell) for cell in row]
    for place, show in shown.items():
        cell = row[place]
        if isinstance(cell, (int, float)):
            cells[place] = show(cell)
    return cells


def _show(column: Column) -> Show:
    show, places = SHOWN[column.kind], column.places
    return lambda number: show(number, places)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
