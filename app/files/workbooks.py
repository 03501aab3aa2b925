"""Read an XLSX workbook that a stranger made: the archive is checked before and while anything is unpacked."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from app.files.sheets import LISTS, BadTable, Limits, Sheet, cell_name, collect_rows

MAX_ENTRIES = 400
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_RATIO = 250
RATIO_MATTERS_FROM_BYTES = 1024 * 1024
MAX_XML_TAGS = 2_500_000  # opening and closing; bounds the time of the XML parser
LAST_ROW = 100_000  # of the sheet, empty ones included
_CHUNK = 64 * 1024

# ValueError: a place before the beginning of the file, names in no known encoding.
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
# What openpyxl is known to let through when the parts of a workbook contradict each other; SyntaxError: both of the XML
# parsers it may use raise kinds of it.
_BROKEN_WORKBOOK = (
    SyntaxError, KeyError, TypeError, IndexError, AttributeError, OverflowError, *_BROKEN_ARCHIVE,
)  # fmt: skip
_MARKUP = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(rb"""^[^>]{0,200}?encoding\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_BOMB = "Tệp nén bất thường (giải nén ra quá lớn) nên bị từ chối. Ông/Bà hãy lưu lại bảng thành tệp .xlsx mới."
_BROKEN = "Tệp .xlsx bị hỏng hoặc không đầy đủ. Ông/Bà hãy mở bằng Excel, lưu lại rồi tải lên lại."


def read_workbook(data: bytes, limits: Limits = LISTS) -> Sheet:
    """Return the first visible sheet that holds anything, values instead of formulas. Raises BadTable."""
    has_formulas = check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about parts it skips; none of them holds values
            sheet = _read(data, limits, values=True)
            if has_formulas:
                _refuse_formulas_without_value(sheet, _read(data, limits, values=False))
    except _BROKEN_WORKBOOK as error:
        raise BadTable(_BROKEN) from error
    return sheet


def check_archive(data: bytes) -> bool:
    """Refuse bombs, encryption, macros and XML entities; return whether a sheet holds formulas. Raises BadTable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive.infolist())
            return _check_contents(archive)
    except _BROKEN_ARCHIVE as error:
        raise BadTable(_BROKEN) from error


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or len(names) != len(entries):
        raise BadTable(_BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadTable("Tệp được đặt mật khẩu. Ông/Bà hãy bỏ mật khẩu rồi tải lên lại.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise BadTable(_BOMB)
    for entry in entries:
        if entry.file_size > RATIO_MATTERS_FROM_BYTES and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise BadTable(_BOMB)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BadTable(_BROKEN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadTable("Tệp có chứa macro. Ông/Bà hãy lưu lại thành tệp .xlsx không có macro.")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise BadTable(
            "Tệp không phải bảng tính Excel .xlsx (có thể là tệp Word, ODS hoặc tệp nén). "
            "Ông/Bà hãy lưu lại thành .xlsx hoặc CSV UTF-8."
        )


def _check_contents(archive: zipfile.ZipFile) -> bool:
    unpacked = tags = 0
    has_formulas = False
    for entry in archive.infolist():
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail = b""
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                tags += chunk.count(b"<")
                if unpacked > MAX_UNPACKED_BYTES:
                    raise BadTable(_BOMB)
                if is_xml:
                    _check_xml(tail + chunk, is_start=not tail)
                    has_formulas = has_formulas or _FORMULA.search(tail + chunk) is not None
                tail = chunk[-16:]
    if tags > MAX_XML_TAGS:
        raise BadTable("Bảng tính có quá nhiều ô. Ông/Bà hãy xoá các ô trống có định dạng hoặc chia thành nhiều tệp.")
    return has_formulas


def _check_xml(data: bytes, *, is_start: bool) -> None:
    """Refuse declarations of entities, and encodings in which this search would not see them."""
    declared = _DECLARED_ENCODING.search(data) if is_start else None
    strange = declared is not None and declared.group(1).lower() not in {b"utf-8", b"us-ascii", b"ascii"}
    if strange or b"\x00" in data or _MARKUP.search(data):
        raise BadTable("Tệp .xlsx có khai báo XML không an toàn nên bị từ chối. Ông/Bà hãy lưu lại bằng Excel.")


def _read(data: bytes, limits: Limits, *, values: bool) -> Sheet:
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    try:
        for worksheet in workbook.worksheets:
            if worksheet.sheet_state != "visible":
                continue
            worksheet.reset_dimensions()  # the size a file claims is not to be believed
            rows = collect_rows(_texts(worksheet, limits.columns), limits)
            if rows:
                return Sheet(str(worksheet.title), rows)
    finally:
        workbook.close()
    return Sheet("", ())


def _texts(worksheet: Any, columns: int) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(worksheet.iter_rows(max_col=columns + 1), start=1):
        if number > LAST_ROW:
            raise BadTable("Bảng có ô ở dưới dòng 100.000. Ông/Bà hãy xoá các dòng thừa ở cuối bảng.")
        is_empty = all(cell.value is None for cell in row)  # openpyxl fills gaps with any number of empty rows
        yield number, [] if is_empty else [_text(cell, number, index) for index, cell in enumerate(row)]


def _text(cell: Any, row: int, index: int) -> str:
    """The text a person sees in the cell, as far as it matters here: dates as dd/mm/yyyy, whole numbers whole."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise BadTable(f"Ô {cell_name(row, index)} chứa lỗi công thức {value}. Ông/Bà hãy sửa ô này.")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return _moment(value) if isinstance(value, date | time | timedelta) else str(value)


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, date):  # datetime included: the hour is an artefact of the file format
        return value.strftime("%d/%m/%Y")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.15g}"
    digits = str(int(value))
    # A code such as 00217 is often a number shown with leading zeros.
    return digits.zfill(len(number_format)) if set(number_format) == {"0"} else digits


def _refuse_formulas_without_value(values: Sheet, formulas: Sheet) -> None:
    known = {row.number: row.cells for row in values.rows}
    for row in formulas.rows:
        cells = known.get(row.number, ())
        for index, text in enumerate(row.cells):
            if text.startswith("=") and (index >= len(cells) or not cells[index]):
                raise BadTable(
                    f"Ô {cell_name(row.number, index)} là công thức chưa có giá trị được lưu. "
                    "Ông/Bà hãy mở bằng Excel, lưu lại, hoặc dán giá trị thay cho công thức."
                )
