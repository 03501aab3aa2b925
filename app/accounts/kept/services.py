"""Keeping a form whose session had ended, giving it back to its officer, throwing it away."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.kept.models import KeptPost
from app.accounts.models import OfficerSession
from app.crypto.types import in_row
from app.errors import Missing

LIFE = timedelta(hours=12)
MOST_KEPT = 5
MOST_CHARACTERS = 256 * 1024
OLDEST_SESSION = timedelta(days=2)
Fields = Mapping[str, Sequence[str]]


class UnknownPost(Missing):
    """No such form waits for this officer."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A form that waits: where it was sent to, its fields in their order, and whether files came along."""

    id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    expires_at: datetime

    @property
    def kept_at(self) -> datetime:
        """When its officer wanted to send it."""
        return self.expires_at - LIFE


def owner(session: Session, secret_hash: bytes) -> OfficerSession | None:
    """The session of a cookie, whether it has ended or not."""
    return session.get(OfficerSession, secret_hash)


def is_of_former_session(session: Session, officer_id: int, is_valid: Callable[[bytes], bool], now: datetime) -> bool:
    """Whether a form was made in a session that this officer had a short while ago."""
    hashes = select(OfficerSession.secret_hash).where(
        OfficerSession.officer_id == officer_id, OfficerSession.created_at > now - OLDEST_SESSION
    )
    return any(is_valid(one) for one in session.scalars(hashes))


def keep(session: Session, officer_id: int, path: str, fields: Fields, now: datetime, *, had_files: bool) -> str | None:
    """Keep a form and give its id; None when it is larger than any text a person types. The oldest make room."""
    content = json.dumps({"path": path, "fields": dict(fields), "had_files": had_files}, ensure_ascii=False)
    if len(content) > MOST_CHARACTERS:
        return None
    session.execute(delete(KeptPost).where(KeptPost.expires_at <= now))
    newest_first = select(KeptPost.id).where(KeptPost.officer_id == officer_id).order_by(KeptPost.expires_at.desc())
    too_many = list(session.scalars(newest_first.offset(MOST_KEPT - 1)))
    session.execute(delete(KeptPost).where(KeptPost.id.in_(too_many)))
    key = secrets.token_hex(16)
    session.add(KeptPost(id=key, officer_id=officer_id, expires_at=now + LIFE, content=in_row(content, key)))
    return key


def find(session: Session, officer_id: int, key: str, now: datetime) -> Unfinished:
    """A form that waits for this officer.

    Raises
    ------
    UnknownPost
        When there is none, it was thrown away or its time is over, or it is another officer's.
    """
    row = session.get(KeptPost, key)
    if row is None or row.officer_id != officer_id or row.expires_at <= now:
        raise UnknownPost("Không còn gì được giữ lại ở đây: đã bỏ, đã quá 12 giờ, hoặc không phải của Ông/Bà.")
    return _unfinished(row)


def waiting(session: Session, officer_id: int, now: datetime) -> list[Unfinished]:
    """All forms that wait for an officer, the newest first."""
    mine = select(KeptPost).where(KeptPost.officer_id == officer_id, KeptPost.expires_at > now)
    return [_unfinished(row) for row in session.scalars(mine.order_by(KeptPost.expires_at.desc(), KeptPost.id))]


def count(session: Session, officer_id: int, now: datetime) -> int:
    """How many there are."""
    mine = select(func.count()).select_from(KeptPost)
    return session.scalar(mine.where(KeptPost.officer_id == officer_id, KeptPost.expires_at > now)) or 0


def drop(session: Session, officer_id: int, key: str) -> None:
    """Throw a form away; nothing happens when there is none."""
    session.execute(delete(KeptPost).where(KeptPost.id == key, KeptPost.officer_id == officer_id))


def _unfinished(row: KeptPost) -> Unfinished:
    kept = json.loads(row.content)
    fields = tuple((name, value) for name, values in kept["fields"].items() for value in values)
    return Unfinished(row.id, kept["path"], fields, kept["had_files"], row.expires_at)
