"""Columns that look like personal data are dropped when a file is uploaded, before anything is stored (pure)."""

from app.files.answers import FileColumn, FileTable
from app.i18n.folding import fold_words
from app.web.privacy_hints import find_hints

LOOKED_AT = 300
ENOUGH = 0.2
LONGEST_HEADING = 6
"""Words; a longer one is the text of a question, which may well speak of addresses or telephones."""

_WORDS = (
    "ho ten", "ho va ten", "ho dem", "ten nguoi", "full name", "fullname", "first name", "last name", "dien thoai",
    "so dt", "sdt", "phone", "mobile", "tel", "zalo", "facebook", "email", "e mail", "thu dien tu", "mail", "dia chi",
    "address", "so nha", "cccd", "cmnd", "can cuoc", "so giay to", "ho chieu", "passport", "ngay sinh", "birthday",
    "date of birth", "ma ho so", "so ho so", "so bien nhan", "ip", "chu ky", "signature", "toa do", "gps", "latitude",
    "longitude", "user agent", "thiet bi", "so tai khoan", "ma so thue",
)  # fmt: skip
_WHOLE = frozenset({"ten", "name", "ho", "nguoi tra loi", "nguoi dan", "khach hang"})


def without_personal_data(table: FileTable) -> tuple[FileTable, tuple[str, ...]]:
    """The table without the columns whose heading or values look like personal data, and the names of those."""
    dropped = tuple(column.name for column in table.columns if looks_personal(column))
    kept = tuple(column for column in table.columns if column.name not in dropped)
    return FileTable(table.source, table.rows, kept), dropped


def looks_personal(column: FileColumn) -> bool:
    """Whether a heading names personal data, or a fifth of the values look like it."""
    for heading in (column.name, column.label):
        folded = fold_words(heading)
        is_short = len(folded.split()) <= LONGEST_HEADING
        if folded in _WHOLE or (is_short and any(f" {words} " in f" {folded} " for words in _WORDS)):
            return True
    values = [value for value in column.values if len(value) >= 8][:LOOKED_AT]
    hits = sum(bool(find_hints(value)) for value in values)
    return hits > 0 and hits >= ENOUGH * min(LOOKED_AT, sum(map(bool, column.values)))
