"""What a citizen has typed or opened, sealed, for a short while: no account, no address, no browser.

The cookie holds a random token, the table its SHA-256, so a copy of the table opens no session. Each session has one
purpose; a token of one is worth nothing for another. A row is read for change under a lock, which makes sending
exactly-once: whoever comes second finds the row already turned to ``sent``.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.feedback.cases.models import CitizenSession, PendingFile

TOKEN_BYTES = 32
ROUNDED = timedelta(minutes=10)
MOST_TOKEN = 100


class Purpose(StrEnum):
    """What a session is for."""

    INTAKE = "intake"
    SENT = "sent"
    FOLLOW = "follow"


LASTS: Mapping[Purpose, timedelta] = {
    Purpose.INTAKE: timedelta(hours=3),
    Purpose.SENT: timedelta(minutes=30),
    Purpose.FOLLOW: timedelta(minutes=30),
}
SHARED_LASTS: Mapping[Purpose, timedelta] = {purpose: timedelta(minutes=20) for purpose in Purpose}
"""On a tablet that many people use."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that is alive: what it is for and what it holds."""

    token_hash: bytes
    purpose: Purpose
    state: dict[str, Any]
    expires_at: datetime


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def begin(
    session: Session, purpose: Purpose, state: Mapping[str, Any], *, token: str = "", is_shared: bool = False
) -> str:
    """Open a session and give its token; ``token`` where the caller made one that tells a repeated post."""
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        CitizenSession(
            token_hash=digest(token),
            purpose=purpose.value,
            state=_sealed(state),
            expires_at=_end(purpose, is_shared=is_shared),
        )
    )
    session.flush()  # rows of files point at it
    return token


def load(session: Session, token: str, *purposes: Purpose, lock: bool = False) -> Kept | None:
    """The session behind a token, if it is alive and serves one of these purposes; ``lock``: nobody else changes it.

    On SQLite a writing transaction holds the lock already.
    """
    if not token or len(token) > MOST_TOKEN:
        return None
    statement = select(CitizenSession).where(CitizenSession.token_hash == digest(token))
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None or row.expires_at <= clock.now() or row.purpose not in {one.value for one in purposes}:
        return None
    return Kept(row.token_hash, Purpose(row.purpose), json.loads(row.state), row.expires_at)


def save(
    session: Session,
    kept: Kept,
    state: Mapping[str, Any],
    *,
    purpose: Purpose | None = None,
    is_shared: bool = False,
) -> None:
    """Put another state in place; with another ``purpose`` the session serves that one from now on."""
    row = session.get_one(CitizenSession, kept.token_hash)
    row.purpose = (purpose or kept.purpose).value
    row.state = _sealed(state)
    row.expires_at = _end(Purpose(row.purpose), is_shared=is_shared)


def end(session: Session, token_hash: bytes) -> list[str]:
    """Remove a session; the files that were pending in it, which nobody can reach any more and the caller discards."""
    found = pending(session, token_hash)
    session.execute(delete(PendingFile).where(PendingFile.token_hash == token_hash))
    session.execute(delete(CitizenSession).where(CitizenSession.token_hash == token_hash))
    return found


def expired(session: Session, most: int) -> list[bytes]:
    """Some sessions whose time is over."""
    over = CitizenSession.expires_at <= clock.now()
    return list(session.scalars(select(CitizenSession.token_hash).where(over).limit(most)))


def pending(session: Session, token_hash: bytes) -> list[str]:
    """The files of a session, in the order in which they were added."""
    statement = select(PendingFile.file_id).where(PendingFile.token_hash == token_hash).order_by(PendingFile.number)
    return list(session.scalars(statement))


def add_pending(session: Session, token_hash: bytes, file_id: str) -> None:
    """Bind a file to a session."""
    last = session.scalar(select(func.max(PendingFile.number)).where(PendingFile.token_hash == token_hash))
    session.add(PendingFile(file_id=file_id, token_hash=token_hash, number=(last or 0) + 1))
    session.flush()  # the next number is asked of the table


def drop_pending(session: Session, token_hash: bytes, file_ids: Sequence[str]) -> list[str]:
    """Unbind files of this session, and of no other; those that were bound."""
    mine = [one for one in pending(session, token_hash) if one in file_ids]
    session.execute(delete(PendingFile).where(PendingFile.token_hash == token_hash, PendingFile.file_id.in_(mine)))
    return mine


def _sealed(state: Mapping[str, Any]) -> str:
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def _end(purpose: Purpose, *, is_shared: bool) -> datetime:
    """Rounded down to ten minutes: the table must not tell the minute of an act."""
    moment = clock.now() + (SHARED_LASTS if is_shared else LASTS)[purpose]
    past = timedelta(minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past
