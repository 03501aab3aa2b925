"""Keys by which the one-stop software delivers dossiers. Callers own the transaction."""

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.dossiers.errors import UnknownKey
from app.dossiers.models import DossierKey

PREFIX = "lnh_"


def make(session: Session, officer_id: int, name: str, unit_id: int) -> tuple[DossierKey, str]:
    """A new key for a part of the tree, and its text, which is shown once and not kept."""
    text = PREFIX + secrets.token_urlsafe(32)
    made = DossierKey(
        name=" ".join(name.split())[:300],
        key_hash=_hash(text),
        unit_id=unit_id,
        created_at=clock.now(),
        created_by=officer_id,
        last_used_on=None,
        revoked_at=None,
    )
    session.add(made)
    session.flush()  # the record needs the number
    record(session, officer_id, Action.DOSSIER_KEY_MAKE, f"dossier-key:{made.id}", unit_id=unit_id)
    return made, text


def revoke(session: Session, officer_id: int, key_id: int) -> None:
    """End a key; one that has ended stays as it is.

    Raises
    ------
    UnknownKey
        When there is none of that number.
    """
    found = session.get(DossierKey, key_id)
    if found is None:
        raise UnknownKey("Không tìm thấy khóa kết nối này.")
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        record(session, officer_id, Action.DOSSIER_KEY_REVOKE, f"dossier-key:{key_id}", unit_id=found.unit_id)


def opened_by(session: Session, text: str) -> DossierKey | None:
    """The key in force that a text is; None for anything else."""
    found = session.scalar(select(DossierKey).where(DossierKey.key_hash == _hash(text)))
    return found if found is not None and found.revoked_at is None else None


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
