"""Makes files: whole first, sent afterwards.

A file is written to disk before its first byte is sent. So an error gives a page and never a file cut short, no
transaction waits for a slow reader, and the record of the export knows its rows and checksum.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import SEEK_END
from typing import IO

from app.errors import Invalid
from app.exports.definitions import FileFormat, Row, Table
from app.exports.writers import csv, json_text, xlsx

MIME_TYPES = {FileFormat.CSV: csv.MIME_TYPE, FileFormat.XLSX: xlsx.MIME_TYPE, FileFormat.JSON: json_text.MIME_TYPE}
MOST_XLSX_ROWS = 300_000
BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A finished file, open at its beginning; it has no name on disk and is gone when closed."""

    file: IO[bytes]
    file_format: FileFormat
    rows: int
    size: int
    sha256: str


def check_size(rows: int, file_format: FileFormat) -> None:
    """Refuse what would keep a web worker busy for minutes.

    Raises
    ------
    Invalid
        For an XLSX file of too many rows.
    """
    if file_format is FileFormat.XLSX and rows > MOST_XLSX_ROWS:
        raise Invalid("Tệp Excel này quá lớn để tạo ngay. Xin Ông/Bà tải tệp CSV, hoặc tải từng đợt nhỏ hơn.")


def make_file(table: Table, file_format: FileFormat, *, simulated: bool) -> MadeFile:
    """Write a table; the caller closes ``MadeFile.file``."""
    counted = _Counting(table.rows)
    marked = replace(table, rows=counted)
    if simulated:
        marked = marked.marked_simulated()
    with _closed_on_error() as file:
        if file_format is FileFormat.CSV:
            file.writelines(csv.write(marked))
        elif file_format is FileFormat.JSON:
            file.write(json_text.write(marked))
        else:
            xlsx.write(marked, file)
        size = file.seek(0, SEEK_END)
        return MadeFile(file, file_format, counted.number, size, _checksum(file))


class _Counting:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.number += 1
            yield row


@contextmanager
def _closed_on_error() -> Iterator[IO[bytes]]:
    file = tempfile.TemporaryFile(prefix="langnghe-export-")  # noqa: SIM115 - lives until it has been sent
    try:
        yield file
    except BaseException:
        file.close()
        raise


def _checksum(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
