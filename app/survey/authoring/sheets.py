"""The texts of a question set as a workbook to translate in, and what comes back in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from app.files.sheets import clean_text
from app.files.tables import Column, Record, match_columns, read_sheet
from app.survey.definitions import QuestionSet
from app.survey.set_files.checks import PLACEHOLDER_IN_BOTH, is_same_placeholder, text_problems
from app.survey.set_files.tables import LONGEST_TEXT
from app.survey.set_files.texts import SetText, texts_of

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column("set", "Bộ và phiên bản", is_required=True),
    Column("key", "Mã câu chữ", is_required=True),
    Column("where", "Vị trí"),
    Column("vi", "Tiếng Việt (không sửa)", is_required=True),
    Column("en", "Tiếng Anh", is_required=True),
)
WIDTHS = (18, 26, 26, 70, 70)
GUIDE = (
    "Chỉ điền cột “Tiếng Anh”. Không sửa, xóa, thêm dòng hay cột khác; thứ tự dòng không quan trọng.",
    "Chỗ “[đơn vị]” phải có ở cả hai thứ tiếng: hệ thống thay bằng tên đơn vị.",
    "Ô để trống là câu chưa dịch; có thể tải lên khi chưa dịch hết rồi dịch tiếp trên trang.",
    "Xong thì tải tệp này lên ở trang “Bộ câu hỏi”, mục “Tải lên”. Hệ thống nêu mọi lỗi theo dòng trước khi lưu.",
)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back: of which version it says it is, and its rows."""

    key: str
    records: tuple[Record, ...]


def workbook(question_set: QuestionSet) -> bytes:
    """One row a text: its key, where it stands, the Vietnamese and the English."""
    import xlsxwriter  # inside: web workers load it with the first file only

    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": question_set.key, "author": "Lắng Nghe"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        fixed = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "font_color": "#45454D"})
        wanted = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Dịch")
        for place, (column, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.title, bold)
        sheet.freeze_panes(1, 0)
        for row, one in enumerate(texts_of(question_set), start=1):
            for place, words in enumerate((question_set.key, one.key, one.where, one.text.vi)):
                sheet.write_string(row, place, _plain(words), fixed)
            _write_translation(sheet, row, one.text.en, wanted)
        guide = book.add_worksheet("Hướng dẫn")
        guide.set_column(0, 0, 110)
        for row, words in enumerate(GUIDE):
            guide.write_string(row, 0, words, wanted)
    return file.getvalue()


def read_workbook(data: bytes, filename: str) -> Returned:
    """The rows of a workbook that came back; raises BadTable for anything that is no such table."""
    records = match_columns(read_sheet(data, filename, kinds=".xlsx và .toml"), COLUMNS).records
    return Returned(next((one.values["set"] for one in records if one.values["set"]), ""), records)


def translations(
    records: Sequence[Record], question_set: QuestionSet
) -> tuple[dict[str, str], tuple[tuple[int, str], ...]]:
    """The English of each text that has some, and what is wrong by row."""
    known = {one.key: one for one in texts_of(question_set)}
    english: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    rows: dict[str, int] = {}
    for record in records:
        key, words = record.values["key"], record.values["en"]
        if key in rows:
            faults.append((record.row, f"mã câu chữ “{key[:60]}” trùng với dòng {rows[key]}"))
            continue
        rows[key] = record.row
        found = _row_faults(record, known.get(key), question_set)
        faults += [(record.row, message) for message in found]
        if not found and words and words != clean_text(known[key].text.en):  # the cell has lost only its blanks
            english[key] = words
    missing = [one for key, one in known.items() if key not in rows]
    if missing:
        named = ", ".join(one.where for one in missing[:5])
        faults.append((records[-1].row, f"thiếu {len(missing)} dòng của bộ câu hỏi ({named}…); xin tải lại tệp gốc"))
    return english, tuple(faults)


def _row_faults(record: Record, one: SetText | None, question_set: QuestionSet) -> list[str]:
    words = record.values["en"]
    if record.values["set"] != question_set.key:
        return [f"dòng này của bộ “{record.values['set'][:60]}”, không phải của “{question_set.key}”"]
    if one is None:
        return [f"mã câu chữ “{record.values['key'][:60]}” không có trong bộ này"]
    if record.values["vi"] != clean_text(one.text.vi):
        return ["câu tiếng Việt khác với bộ câu hỏi; ở đây chỉ sửa được bản dịch"]
    if len(words) > LONGEST_TEXT:
        return [f"bản dịch dài quá {LONGEST_TEXT} ký tự"]
    found = list(text_problems(words))
    if words and not is_same_placeholder(one.text.vi, words):
        found.append(PLACEHOLDER_IN_BOTH)
    return found


def _write_translation(sheet: Any, row: int, words: str, wanted: Any) -> None:
    if words:
        sheet.write_string(row, len(COLUMNS) - 1, _plain(words), wanted)
    else:
        sheet.write_blank(row, len(COLUMNS) - 1, None, wanted)


def _plain(words: str) -> str:
    """XlsxWriter takes ``<r>`` at the beginning for its own mark-up; the sign before it is dropped when read."""
    return f"\u200b{words}" if words.startswith("<r>") else words
