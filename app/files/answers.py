"""Read the file of a survey made elsewhere (CSV, XLSX, SPSS) into named columns of text, whatever it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.files.sheets import BadTable, Limits, Sheet, SheetRow, column_letter
from app.files.spss import read_sav
from app.files.tables import HEADER_SEARCH_ROWS, read_sheet
from app.i18n.folding import fold_words

ANSWERS = Limits(file_bytes=11 * 1024 * 1024, rows=120_000, columns=250, cells=6_000_000)
_SAV_STARTS = (b"$FL2", b"$FL3")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column: its name, the words that describe it, words for its values (SPSS), all values as clean text.

    ``missing``: values that the file itself declares to be no answer.
    """

    name: str
    values: tuple[str, ...]
    label: str = ""
    value_labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileTable:
    """The columns of a file and the number that each row has in it. ``source``: "csv", "xlsx" or "sav"."""

    source: str
    rows: tuple[int, ...]
    columns: tuple[FileColumn, ...]

    def column(self, name: str) -> FileColumn | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def read_answers(data: bytes, filename: str) -> FileTable:
    """Read an uploaded file; raises BadTable with a Vietnamese sentence for anything that is not a harmless table."""
    is_sav = filename.strip().lower().endswith((".sav", ".zsav"))
    if is_sav or data.startswith(_SAV_STARTS):
        if len(data) > ANSWERS.file_bytes:
            raise BadTable(f"Tệp lớn hơn {ANSWERS.file_bytes // (1024 * 1024)} MB. Ông/Bà hãy chia thành nhiều tệp.")
        if not data.startswith(_SAV_STARTS):
            raise BadTable("Tệp có đuôi .sav nhưng nội dung không phải tệp SPSS. Ông/Bà hãy lưu lại từ SPSS.")
        columns = tuple(
            FileColumn(one.name, one.values, one.label, one.value_labels, one.missing)
            for one in read_sav(data, ANSWERS)
        )
        return FileTable("sav", tuple(range(1, len(columns[0].values) + 1)), columns)
    sheet = read_sheet(data, filename, ANSWERS, kinds=".csv, .xlsx và .sav (SPSS)")
    return _by_columns(sheet, "xlsx" if data.startswith(b"PK") else "csv")


def _by_columns(sheet: Sheet, source: str) -> FileTable:
    header = _header(sheet)
    below = [row for row in sheet.rows if row.number > header.number]
    if not below:
        raise BadTable("Dưới dòng tiêu đề không có dòng dữ liệu nào.")
    width = max(len(header.cells), *(len(row.cells) for row in below))
    columns = []
    for index in range(width):
        name = header.cells[index] if index < len(header.cells) else ""
        values = tuple(row.cells[index] if index < len(row.cells) else "" for row in below)
        if name or any(values):
            columns.append(FileColumn(name or f"Cột {column_letter(index)}", values))
    _refuse_doubles(columns)
    return FileTable(source, tuple(row.number for row in below), tuple(columns))


def _header(sheet: Sheet) -> SheetRow:
    """The first row that is nearly as wide as the widest near the top: titles above a table fill fewer cells."""
    first = sheet.rows[:HEADER_SEARCH_ROWS]
    widest = max(sum(map(bool, row.cells)) for row in first)
    return next(row for row in first if 2 * sum(map(bool, row.cells)) >= widest)


def _refuse_doubles(columns: list[FileColumn]) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        key = fold_words(column.name) or column.name
        if key in seen:
            raise BadTable(f"Tiêu đề “{column.name}” có hai lần. Ông/Bà hãy đặt tên khác nhau cho các cột.")
        seen[key] = column.name
