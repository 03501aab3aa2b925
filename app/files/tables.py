"""Read an uploaded table (XLSX or CSV) into rows of text under known headings.

Two steps: ``read_sheet`` turns bytes into rows and refuses what is not a harmless table; ``match_columns`` finds the
row of headings, whatever their case, marks and order. Every refusal is a ``BadTable`` with a Vietnamese sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.files.delimited import legacy_message, read_delimited
from app.files.legacy_encodings import legacy_encoding
from app.files.sheets import LISTS, BadTable, Limits, Sheet, SheetRow, cell_name, column_letter
from app.files.workbooks import read_workbook
from app.i18n.folding import fold_words

HEADER_SEARCH_ROWS = 25
_TEXT_ENDINGS = (".csv", ".txt", ".tsv")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_KNOWN_STARTS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"Rar!", "nén RAR"),
    (b"7z\xbc\xaf", "nén 7z"),
    (b"\x1f\x8b", "nén GZIP"),
    (b"{\\rtf", "RTF"),
    (b"<?xml", "XML"),
    (b"<!doctype", "trang web HTML"),
    (b"<html", "trang web HTML"),
    (b"<table", "trang web HTML"),
)
_WHAT_TO_DO = "Ông/Bà hãy lưu lại thành .xlsx hoặc CSV UTF-8."


@dataclass(frozen=True, slots=True)
class Column:
    """A heading to look for: the key it is known by, its title, other titles accepted, whether it must be there."""

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row below the headings: its number in the sheet and its text by column key ("" where empty or absent)."""

    row: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The records, where each column stood (letters), and the headings nobody asked for."""

    records: tuple[Record, ...]
    letters: dict[str, str]
    ignored: tuple[str, ...]


def read_sheet(data: bytes, filename: str, limits: Limits = LISTS, *, kinds: str = ".xlsx và .csv") -> Sheet:
    """Return the rows of an uploaded file as clean NFC text; raises BadTable for anything else.

    ``kinds`` names to people what the page that asks for the file takes.
    """
    if not data.strip():
        raise BadTable("Tệp rỗng. Ông/Bà hãy chọn tệp có dữ liệu.")
    if len(data) > limits.file_bytes:
        raise BadTable(f"Tệp lớn hơn {limits.file_bytes // (1024 * 1024)} MB. Ông/Bà hãy chia thành nhiều tệp nhỏ hơn.")
    sheet = read_workbook(data, limits) if _is_workbook(data, filename, kinds) else read_delimited(data, limits)
    if not sheet.rows:
        raise BadTable("Tệp không có dòng dữ liệu nào.")
    _refuse_legacy_text(sheet)
    return sheet


def match_columns(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Find the headings among the first rows and return the rows below; raises BadTable naming what is missing."""
    titles = {fold_words(title): column.key for column in columns for title in (column.title, *column.aliases)}
    header = max(
        sheet.rows[:HEADER_SEARCH_ROWS], key=lambda row: len({_key(cell, titles) for cell in row.cells} - {None})
    )
    places = _places(header, titles)
    missing = [column.title for column in columns if column.is_required and column.key not in places]
    if missing:
        named = ", ".join(f"“{title}”" for title in missing)
        raise BadTable(f"Thiếu cột {named}. Dòng tiêu đề phải có đủ các cột bắt buộc.")
    ignored = tuple(cell for cell in header.cells if cell and _key(cell, titles) is None)
    records = tuple(
        Record(row.number, {column.key: _cell(row, places.get(column.key)) for column in columns})
        for row in sheet.rows
        if row.number > header.number
    )
    if not records:
        raise BadTable("Dưới dòng tiêu đề không có dòng dữ liệu nào.")
    return Table(records, {key: column_letter(index) for key, index in places.items()}, ignored)


def _is_workbook(data: bytes, filename: str, kinds: str) -> bool:
    """Decide by content and ending together; a file whose ending lies is refused."""
    name = filename.strip().lower()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadTable(_old_office(data))
    is_archive = data.startswith(b"PK")
    if is_archive and name.endswith(".xlsx"):
        return True
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    for magic, kind in _KNOWN_STARTS:
        if start.startswith(magic.lower()):
            raise BadTable(f"Tệp có nội dung là {kind}, không phải bảng tính. {_WHAT_TO_DO}")
    if name.endswith(".xlsx"):
        raise BadTable(f"Tệp có đuôi .xlsx nhưng nội dung không phải bảng tính Excel. {_WHAT_TO_DO}")
    if is_archive or not name.endswith(_TEXT_ENDINGS):
        raise BadTable(f"Chỉ nhận tệp {kinds}. {_WHAT_TO_DO}")
    return False


def _old_office(data: bytes) -> str:
    if _ENCRYPTED in data:
        return "Tệp được đặt mật khẩu. Ông/Bà hãy bỏ mật khẩu rồi tải lên lại."
    return f"Tệp thuộc định dạng Excel cũ (.xls, Excel 97–2003) không được nhận. {_WHAT_TO_DO}"


def _refuse_legacy_text(sheet: Sheet) -> None:
    """Refuse old code tables, in the whole sheet or in one row of it that somebody pasted in."""
    legacy = legacy_encoding(cell for row in sheet.rows for cell in row.cells)
    if legacy is not None:
        raise BadTable(legacy_message(legacy))
    for row in sheet.rows:
        for index, cell in enumerate(row.cells):
            found = None if cell.isascii() else legacy_encoding((cell,))
            if found is not None:
                raise BadTable(legacy_message(found, f"Ô {cell_name(row.number, index)} (“{cell[:40]}”)"))


def _key(heading: str, titles: dict[str, str]) -> str | None:
    """The column a heading names; a hint in brackets such as "(dd/mm/yyyy)" does not count."""
    return titles.get(fold_words(heading)) or titles.get(fold_words(heading.partition("(")[0]))


def _places(header: SheetRow, titles: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        key = _key(cell, titles)
        if key is None:
            continue
        if key in places:
            raise BadTable(
                f"Cột “{cell}” có hai lần (cột {column_letter(places[key])} và cột {column_letter(index)}). "
                "Ông/Bà hãy xoá bớt một cột."
            )
        places[key] = index
    return places


def _cell(row: SheetRow, index: int | None) -> str:
    return row.cells[index] if index is not None and index < len(row.cells) else ""
