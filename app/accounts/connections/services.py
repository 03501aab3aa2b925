"""Making, ending and finding keys of other systems. Callers own the transaction."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.connections.models import DossierKey, ExchangeKey, SystemKey
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Missing

K = TypeVar("K", bound=SystemKey)
MOST_NAME = 300


class UnknownKey(Missing):
    """There is no such key, or it is not the officer's to see."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy khóa kết nối này.")


@dataclass(frozen=True, slots=True)
class Connection(Generic[K]):
    """A kind of keys: its table, how its texts begin, how the record names it and what is done with it."""

    table: type[K]
    prefix: str
    subject: str
    on_make: Action
    on_revoke: Action


CASES = Connection(ExchangeKey, "lno_", "exchange-key", Action.EXCHANGE_KEY_MAKE, Action.EXCHANGE_KEY_REVOKE)
DOSSIERS = Connection(DossierKey, "lnh_", "dossier-key", Action.DOSSIER_KEY_MAKE, Action.DOSSIER_KEY_REVOKE)


def make(session: Session, kind: Connection[K], officer_id: int, name: str, unit_id: int) -> tuple[K, str]:
    """A new key for a part of the tree, and its text, which is shown once and not kept."""
    text = kind.prefix + secrets.token_urlsafe(32)
    made = kind.table(
        name=" ".join(name.split())[:MOST_NAME],
        key_hash=hashed(text),
        unit_id=unit_id,
        created_at=clock.now(),
        created_by=officer_id,
        last_used_on=None,
        revoked_at=None,
    )
    session.add(made)
    session.flush()  # the record needs the number
    record(session, officer_id, kind.on_make, f"{kind.subject}:{made.id}", unit_id=unit_id)
    return made, text


def revoke(session: Session, kind: Connection[K], officer_id: int, key_id: int) -> None:
    """End a key; one that has ended stays as it is, and so does all that came in by it.

    Raises
    ------
    UnknownKey
        When there is none of that number.
    """
    found = session.get(kind.table, key_id)
    if found is None:
        raise UnknownKey
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        record(session, officer_id, kind.on_revoke, f"{kind.subject}:{key_id}", unit_id=found.unit_id)


def opened_by(session: Session, kind: Connection[K], text: str) -> K | None:
    """The key in force that a text is; None for anything else."""
    if not text.strip():
        return None
    found = session.scalar(select(kind.table).where(kind.table.key_hash == hashed(text)))
    return found if found is not None and found.revoked_at is None else None


def hashed(text: str) -> bytes:
    """What a key is found by."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).digest()
