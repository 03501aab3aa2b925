"""Read comma, semicolon or tab separated text, whatever program saved it."""

import codecs
import csv
import io
from collections import Counter

from app.files.legacy_encodings import LEGACY_NAMES, legacy_encoding_of_bytes
from app.files.sheets import LISTS, BadTable, Limits, Sheet, collect_rows

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 30
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_delimited(data: bytes, limits: Limits = LISTS) -> Sheet:
    """Return the rows of a text table; row numbers count records as a spreadsheet would. Raises BadTable."""
    text = decode_text(data)
    separator, text = _separator(text, limits.columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return Sheet("", collect_rows(enumerate(reader, start=1), limits))
    except csv.Error as error:
        raise BadTable(
            f"Không đọc được dòng {reader.line_num} của tệp: dấu ngoặc kép không khớp hoặc ô quá dài. "
            "Ông/Bà hãy mở tệp và kiểm tra dòng này."
        ) from error


def decode_text(data: bytes) -> str:
    """Decode UTF-8, or UTF-16 that says so; name the old Vietnamese code table otherwise. Raises BadTable."""
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadTable("Tệp UTF-16 bị hỏng hoặc bị cắt ngang. Ông/Bà hãy lưu lại dưới dạng CSV UTF-8.") from error
    if b"\x00" in data:
        raise BadTable(
            "Tệp có ký tự NUL: có thể là UTF-16 không có dấu đầu tệp hoặc không phải tệp văn bản. "
            "Ông/Bà hãy lưu lại dưới dạng CSV UTF-8."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(_not_utf8(data)) from error


def _not_utf8(data: bytes) -> str:
    legacy = legacy_encoding_of_bytes(data)
    if legacy is not None:
        return legacy_message(legacy)
    return "Tệp không phải Unicode (UTF-8). Ông/Bà hãy lưu lại dưới dạng CSV UTF-8 rồi tải lên lại."


def legacy_message(legacy: str, where: str = "Tệp") -> str:
    """The sentence that names an old code table and says what to do."""
    return (
        f"{where} dùng bảng mã {LEGACY_NAMES[legacy]}, không phải Unicode. "
        "Ông/Bà hãy chuyển mã và lưu lại dưới dạng Unicode (UTF-8) rồi tải lên lại."
    )


def _separator(text: str, columns: int) -> tuple[str, str]:
    """The separator, and the text without the line "sep=;" that Excel understands."""
    first, _, rest = text.partition("\n")
    hint = first.strip().strip('"')
    if hint.lower().startswith("sep=") and hint[4:] in SEPARATORS:
        return hint[4:], "\n" + rest  # the empty line keeps the row numbers
    return max(SEPARATORS, key=lambda separator: _regularity(text, separator, columns)), text


def _regularity(text: str, separator: str, columns: int) -> tuple[int, int]:
    """How well ``separator`` makes a table: rows that share the commonest width above one, then that width."""
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _, row in zip(range(_SAMPLE_ROWS), reader, strict=False):
            widths[len(row)] += 1
    except csv.Error:
        return (0, 0)
    tables = [(count, width) for width, count in widths.items() if 1 < width <= 10 * columns]
    return max(tables, default=(0, 0))
