"""Uploaded tables that wait for their officer's yes: one at a time, for a day, for nobody else.

Callers own the transaction.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.crypto.types import in_row
from app.errors import Missing
from app.files.tables import Record
from app.units.models import ImportDraft

LIFE = timedelta(hours=24)


class UnknownDraft(Missing):
    """No such upload waits for this officer."""

    def __init__(self) -> None:
        super().__init__("Bản xem trước không còn nữa. Ông/Bà hãy tải tệp lên lại.")


def keep(session: Session, officer_id: int, kind: str, records: Sequence[Record], now: datetime) -> str:
    """Keep an upload until its officer says yes; the one before and forgotten ones go. Its id."""
    owner = _owner(officer_id)
    session.execute(delete(ImportDraft).where((ImportDraft.owner == owner) | (ImportDraft.created_at < now - LIFE)))
    rows = json.dumps([[one.row, one.values] for one in records], ensure_ascii=False)
    number = secrets.token_hex(16)
    session.add(ImportDraft(id=number, owner=owner, kind=kind, created_at=now, rows=in_row(rows, number)))
    return number


def found(session: Session, officer_id: int, draft_id: str, now: datetime) -> tuple[str, tuple[Record, ...]]:
    """The kind and the rows of the upload that waits under an id for this officer; raises UnknownDraft for others."""
    draft = session.get(ImportDraft, draft_id)
    if draft is None or draft.owner != _owner(officer_id) or draft.created_at < now - LIFE:
        raise UnknownDraft
    return draft.kind, tuple(Record(number, values) for number, values in json.loads(draft.rows))


def of_kind(session: Session, officer_id: int, kind: str, draft_id: str, now: datetime) -> tuple[Record, ...]:
    """The same for an upload of one kind of tables: under the address of another there is none."""
    own, records = found(session, officer_id, draft_id, now)
    if own != kind:
        raise UnknownDraft
    return records


def drop(session: Session, draft_id: str) -> None:
    """Forget an upload."""
    session.execute(delete(ImportDraft).where(ImportDraft.id == draft_id))


def _owner(officer_id: int) -> str:
    return f"officer:{officer_id}"
