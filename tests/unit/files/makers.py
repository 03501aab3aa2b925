"""Makes good and hostile files for the tests of the table reader."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from app.files.legacy_encodings import _TCVN3

TCVN3_OF = {letter: chr(byte) for byte, letter in _TCVN3.items()}
ROWS: list[list[Any]] = [["Mã đơn vị", "Tên đơn vị"], ["01", "Phường Hạ Long"], ["02", "Đặc khu Vân Đồn"]]


def workbook(rows: Sequence[Sequence[Any]] = ROWS, title: str = "Đơn vị") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows: Iterable[Sequence[str]] = ROWS, separator: str = ",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def repack(data: bytes, changes: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same archive with parts replaced, added or (None) left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", compression) as new:
        names = [entry.filename for entry in old.infolist()]
        for name in [*names, *(name for name in changes if name not in names)]:
            content = changes.get(name, b"") if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def tcvn3(text: str) -> str:
    """Text as it looks when TCVN3 bytes are read as Latin-1."""
    return "".join(TCVN3_OF.get(letter, letter) for letter in text)


def vni(text: str) -> str:
    """The few words of the tests as VNI text read as Latin-1."""
    table = {
        "Mã đơn vị": "Maõ ñôn vò",
        "Tên đơn vị": "Teân ñôn vò",
        "Phường Hạ Long": "Phöôøng Haï Long",
        "Đặc khu Vân Đồn": "Ñaëc khu Vaân Ñoàn",
    }
    return table.get(text, text)
