"""In through the gate and out again. A file refused at once leaves nothing; a file taken waits and cannot be opened."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import IO

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import clock
from app.crypto.types import in_row
from app.files.gate.ending import erase_if_undone, erase_when_done
from app.files.gate.headers import BadHeader, picture
from app.files.gate.kinds import HEAD_BYTES, IMAGES, Kind, agrees, shown_name, sniff
from app.files.gate.limits import Allowed
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.refusals import Refusal
from app.files.gate.words import refused
from app.files.store import FileStore, StoredFile

PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that lies in quarantine and is not yet named by any row."""

    declared_name: str
    kind: Kind
    stored: StoredFile


def check_count(count: int, allowed: Allowed) -> None:
    """Refuse more files than allowed, those sent earlier counted; raises ``FileRefused``."""
    if count > allowed.most_files:
        raise refused(Refusal.TOO_MANY, allowed)


def receive(
    session: Session,
    store: FileStore,
    declared_name: str,
    content: IO[bytes],
    *,
    allowed: Allowed,
    declared_type: str = "",
) -> CheckedFile:
    """``take`` and ``enter`` at once; see there."""
    return enter(session, store, take(store, declared_name, content, allowed=allowed, declared_type=declared_type))


def take(
    store: FileStore, declared_name: str, content: IO[bytes], *, allowed: Allowed, declared_type: str = ""
) -> Taken:
    """Look at a file and put it, encrypted, into quarantine: before the transaction, which it would make long.

    Parameters
    ----------
    declared_name, declared_type
        What the sender's browser says; both may be empty.
    content
        Readable and seekable; read in pieces, left open.

    Raises
    ------
    FileRefused
        When it can be told at once that the file will not do; nothing is kept then.
    """
    kind = _kind(content, allowed)
    if not agrees(kind, declared_name, declared_type):
        raise refused(Refusal.NAME_DIFFERS, allowed)
    if kind in IMAGES:
        _check_picture(content, kind, allowed.of(kind))
    content.seek(0)
    stored = store.save(_limited(content, allowed))
    return Taken(shown_name(declared_name), kind, stored)


def enter(session: Session, store: FileStore, taken: Taken) -> CheckedFile:
    """Name a taken file in a row, in the caller's transaction; if that is rolled back, the file goes."""
    erase_if_undone(session, store, taken.stored.name)
    file_id = secrets.token_hex(16)
    row = CheckedFile(
        id=file_id,
        state=FileState.WAITING,
        declared_name=in_row(taken.declared_name, file_id),
        stored_name=taken.stored.name,
        media_type=MediaType.PDF if taken.kind is Kind.PDF else MediaType.JPEG,
        size=taken.stored.size,
        checksum=taken.stored.checksum,
        refusal=None,
        received_on=clock.local_date(),
        is_scanned=False,
        tries=0,
    )
    session.add(row)
    session.flush()  # rows of the caller refer to it
    return row


def give_up(store: FileStore, taken: Taken) -> None:
    """Erase a taken file that no transaction will name."""
    store.erase(taken.stored.name)


def discard(session: Session, store: FileStore, ids: Iterable[str]) -> int:
    """Remove files for good, whatever their state; how many there were. The caller's rows let go of them first."""
    gone = session.execute(
        delete(CheckedFile).where(CheckedFile.id.in_(list(ids))).returning(CheckedFile.stored_name)
    ).all()
    for (name,) in gone:
        if name is not None:
            erase_when_done(session, store, name)
    return len(gone)


@cache
def reads_heic() -> bool:
    """Whether the extra that reads HEIC is installed here; it is loaded by the confined child alone."""
    return find_spec("pillow_heif") is not None


def _kind(content: IO[bytes], allowed: Allowed) -> Kind:
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if not head:
        raise refused(Refusal.EMPTY, allowed)
    kind = sniff(head)
    if kind is Kind.HEIC and not reads_heic():
        raise refused(Refusal.NO_HEIC, allowed)
    if kind is None or kind not in allowed.kinds:
        raise refused(Refusal.UNKNOWN_TYPE, allowed)
    return kind


def _check_picture(content: IO[bytes], kind: Kind, allowed: Allowed) -> None:
    try:
        found = picture(content, kind)
    except BadHeader:
        raise refused(Refusal.UNREADABLE, allowed) from None
    if found.width * found.height > allowed.most_pixels:
        raise refused(Refusal.TOO_MANY_PIXELS, allowed)
    if found.is_animated:
        raise refused(Refusal.ANIMATED, allowed)


def _limited(content: IO[bytes], allowed: Allowed) -> Iterator[bytes]:
    size = 0
    while piece := content.read(PIECE_BYTES):
        size += len(piece)
        if size > allowed.most_bytes:
            raise refused(Refusal.TOO_LARGE, allowed)
        yield piece
