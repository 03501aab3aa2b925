"""An empty table to fill in: the titles of the columns, and beside them what may stand in each."""

from collections.abc import Mapping
from io import BytesIO

from app.units.imports import COLUMNS, ImportKind
from app.units.types import UNIT_TYPES

# What may stand in a cell, for the page and the file to fill in; columns not named here take any text.
_DATE_WORDS = "Ngày/tháng/năm, ví dụ 01/07/2025"
_CODE_WORDS = "Chữ không dấu, chữ số và các dấu . - _ /"
ALLOWED: Mapping[str, str] = {
    "code": _CODE_WORDS,
    "unit": "Mã một đơn vị đã có trong hệ thống",
    "number": _CODE_WORDS,
    "type": "; ".join(kind.name for kind in UNIT_TYPES),
    "parent": "Mã đơn vị đã có hoặc có trong bảng này; để trống với cấp cao nhất",
    "start": _DATE_WORDS,
    "end": f"{_DATE_WORDS}; để trống nếu còn hoạt động",
    "successor": "Mã các đơn vị kế thừa, cách nhau bằng dấu chấm phẩy",
    "kind": "Hợp nhất; Chia tách; Giải thể",
    "fields": "Tên các lĩnh vực, cách nhau bằng dấu chấm phẩy",
    "hours": "Ví dụ: 07:30-11:30; 13:30-17:00",
    "level": "Trung ương; Tỉnh; Huyện; Xã",
}
HEADINGS = ("Cột", "Bắt buộc", "Giá trị được nhận")


def allowed(kind: ImportKind) -> list[tuple[str, bool, str]]:
    """Title, whether mandatory, and allowed values of each column of a kind of table."""
    return [
        (column.title, column.is_required, ALLOWED.get(column.key, "Chữ, nhiều nhất 300 ký tự"))
        for column in COLUMNS[kind]
    ]


def template(kind: ImportKind) -> bytes:
    """The table as an Excel file: a first sheet with titles only, a second one that explains them."""
    import xlsxwriter  # inside: web workers load it with the first file only

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        table = book.add_worksheet(kind.label[:31])
        rows = allowed(kind)
        # Cells are text: codes keep their leading zeros and dates stay as typed.
        table.set_column(0, len(rows) - 1, 22, text)
        table.write_row(0, 0, [title for title, _, _ in rows], bold)
        table.freeze_panes(1, 0)
        words = book.add_worksheet("Hướng dẫn")
        words.set_column(0, 1, 22)
        words.set_column(2, 2, 90)
        words.write_row(0, 0, HEADINGS, bold)
        for number, (title, is_required, values) in enumerate(rows, start=1):
            words.write_row(number, 0, [title, "Có" if is_required else "", values])
    return file.getvalue()
