"""JSON for programs: the same columns and rows, percent as fractions in full precision, days as ISO."""

import json
from datetime import date

from app.exports.definitions import Cell, Table

MIME_TYPE = "application/json"


def write(table: Table) -> bytes:
    """The whole table; for results, which are small."""
    codes = [column.code for column in table.columns]
    content = {
        "title": table.title,
        "notes": [{"heading": heading, "text": text} for heading, text in table.notes],
        "columns": [{"code": column.code, "title": column.title, "kind": column.kind} for column in table.columns],
        "rows": [dict(zip(codes, map(_value, row), strict=True)) for row in table.rows],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _value(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell
