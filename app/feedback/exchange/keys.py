"""Keys by which other systems send cases. Callers own the transaction."""

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Missing
from app.feedback.exchange.models import ExchangeKey

PREFIX = "lno_"
MOST_NAME = 300


def make(session: Session, officer_id: int, name: str, unit_id: int) -> tuple[ExchangeKey, str]:
    """A new key for a part of the tree, and its text, which is shown once and not kept."""
    text = PREFIX + secrets.token_urlsafe(32)
    made = ExchangeKey(
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
    record(session, officer_id, Action.EXCHANGE_KEY_MAKE, f"exchange-key:{made.id}", unit_id=unit_id)
    return made, text


def revoke(session: Session, officer_id: int, key_id: int) -> None:
    """End a key; one that has ended stays as it is. Cases that came in by it stay where they are.

    Raises
    ------
    Missing
        When there is none of that number.
    """
    found = session.get(ExchangeKey, key_id)
    if found is None:
        raise Missing("Không tìm thấy khóa kết nối này.")
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        record(session, officer_id, Action.EXCHANGE_KEY_REVOKE, f"exchange-key:{key_id}", unit_id=found.unit_id)


def opened_by(session: Session, text: str) -> ExchangeKey | None:
    """The key in force that a text is; None for anything else."""
    if not text:
        return None
    found = session.scalar(select(ExchangeKey).where(ExchangeKey.key_hash == hashed(text)))
    return found if found is not None and found.revoked_at is None else None


def hashed(text: str) -> bytes:
    """What a key is found by."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).digest()
