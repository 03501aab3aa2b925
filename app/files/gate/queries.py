"""Accepted files, to be opened. Whether somebody may is decided before, by whoever owns the row that names the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Missing
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.store import FileStore

EXTENSIONS = {MediaType.JPEG: "jpg", MediaType.PDF: "pdf"}
WORDS = {MediaType.JPEG: "anh", MediaType.PDF: "tai-lieu"}


@dataclass(frozen=True, slots=True)
class Content:
    """An accepted file: its fixed type, a name of ours, its size, its content piece by piece."""

    media_type: MediaType
    download_name: str
    size: int
    pieces: Iterator[bytes]


def content(session: Session, store: FileStore, file_id: str) -> Content:
    """The content of an accepted file.

    Raises
    ------
    Missing
        When there is none, or it waits or was refused: nobody can tell which.
    """
    row = session.get(CheckedFile, file_id)
    if row is None or row.state is not FileState.ACCEPTED or row.stored_name is None:
        raise Missing("Không tìm thấy tệp này.")
    pieces = store.read(row.stored_name)
    return Content(row.media_type, download_name(row.id, row.media_type), row.size, pieces)


def download_name(file_id: str, media_type: MediaType) -> str:
    """A name of ours: nothing of it comes from the sender."""
    return f"{WORDS[media_type]}-{file_id[:8]}.{EXTENSIONS[media_type]}"
