"""Black boxes over accepted files: the parent's side. What is drawn is drawn in the confined process."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.files.gate.ending import erase_if_undone
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.remaking import confined
from app.files.store import FileStore, StoredFile

MOST_PAGES = 60
SECONDS = 45.0
ALL, COUNT = 0, -1
KINDS = {MediaType.JPEG: "jpeg", MediaType.PDF: "pdf"}
Box = tuple[int, int, int, int, int]
"""Page, left, top, right, bottom; the last four as parts per thousand of the page."""


def count_pages(content: Iterable[bytes], media_type: MediaType) -> int:
    """How many pages a file has; raises ``FileRefused`` when there are too many."""
    if media_type is MediaType.JPEG:
        return 1
    with _drawn(content, media_type, (), COUNT) as made:
        return int(b"".join(made))


def page_picture(content: Iterable[bytes], media_type: MediaType, boxes: Sequence[Box], page: int) -> bytes:
    """One page as a JPEG with its boxes filled."""
    with _drawn(content, media_type, boxes, page) as made:
        return b"".join(made)


def blackened(store: FileStore, name: str, media_type: MediaType, boxes: Sequence[Box]) -> StoredFile:
    """A new stored file with the boxes filled: nothing of what lies under them is in it."""
    with _drawn(store.read(name), media_type, boxes, ALL) as made:
        return store.save(made)


def enter_made(session: Session, store: FileStore, made: StoredFile, source: CheckedFile) -> CheckedFile:
    """Name a file of ours in a row, in the caller's transaction; if that is rolled back, the file goes."""
    erase_if_undone(session, store, made.name)
    file_id = secrets.token_hex(16)
    row = CheckedFile(
        id=file_id,
        state=FileState.ACCEPTED,
        declared_name=in_row("", file_id),
        stored_name=made.name,
        media_type=source.media_type,
        size=made.size,
        checksum=made.checksum,
        refusal=None,
        received_on=clock.local_date(),
        is_scanned=source.is_scanned,
        tries=0,
    )
    session.add(row)
    session.flush()  # rows of the caller refer to it
    return row


@contextmanager
def _drawn(
    content: Iterable[bytes], media_type: MediaType, boxes: Sequence[Box], page: int
) -> Iterator[Iterator[bytes]]:
    arguments = (KINDS[media_type], json.dumps([list(box) for box in boxes]), str(page), str(MOST_PAGES))
    with confined("blackening", arguments, content, seconds=SECONDS) as made:
        yield made
