"""Files of an intake that is not sent yet: in through the gate, bound to the session that made them, gone with it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.session import Database
from app.feedback.cases.models import PendingFile
from app.feedback.intake import sessions
from app.files.gate.limits import ORDINARY, Allowed
from app.files.gate.models import CheckedFile
from app.files.gate.refusals import Refusal
from app.files.gate.services import Taken, discard, enter, reads_heic
from app.files.gate.words import words
from app.files.store import FileStore
from app.i18n.formats import format_decimal
from app.i18n.messages import Message, message

ALLOWED: Allowed = ORDINARY
MEGABYTE = 1024 * 1024
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "application/pdf")
HEIC = ("image/heic", ".heic")
BATCH = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as its sender sees it."""

    id: str
    name: str
    words: Message


def accepted() -> str:
    """What browsers offer to choose from. Phones that make HEIC send JPEG where it is not on this list."""
    return ",".join((*ACCEPTED, *(HEIC if reads_heic() else ())))


def listed(session: Session, token_hash: bytes) -> list[Listed]:
    """The files of a session in the order in which they were added, and of no other session."""
    statement = (
        select(CheckedFile)
        .join(PendingFile, PendingFile.file_id == CheckedFile.id)
        .where(PendingFile.token_hash == token_hash)
        .order_by(PendingFile.number)
    )
    return [
        Listed(
            file.id,
            file.declared_name,
            message("%(size)s MB, sẽ được kiểm tra", size=format_decimal(max(file.size / MEGABYTE, 0.1), places=1)),
        )
        for file in session.scalars(statement)
    ]


def add(session: Session, store: FileStore, token_hash: bytes, taken: Taken) -> Message | None:
    """Bind a file that lies in quarantine to a session; why not, when there are enough."""
    if len(sessions.pending(session, token_hash)) >= ALLOWED.most_files:
        return words(Refusal.TOO_MANY, ALLOWED)
    sessions.add_pending(session, token_hash, enter(session, store, taken).id)
    return None


def drop(session: Session, store: FileStore, token_hash: bytes, file_id: str) -> None:
    """Remove one file of a session for good; one of another session is none."""
    discard(session, store, sessions.drop_pending(session, token_hash, [file_id]))


def end_session(session: Session, store: FileStore, token_hash: bytes) -> None:
    """End a session with all its files."""
    discard(session, store, sessions.end(session, token_hash))


def end_expired(database: Database, store: FileStore) -> int:
    """End every session whose time is over, with its files; how many there were. Safe to run twice at once."""
    ended = 0
    while True:
        with database.transaction() as session:
            over = sessions.expired(session, BATCH)
            for token_hash in over:
                end_session(session, store, token_hash)
        ended += len(over)
        if len(over) < BATCH:
            return ended
