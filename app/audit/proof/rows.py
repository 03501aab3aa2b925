# ruff: noqa: D102 - the columns of AuditEvent, described there
"""The bytes of a row and its hash (pure). Format 1 is frozen: a migration holds a copy of it.

A row's hash covers everything it says, its place in its day, and the hash of the row before; the first row of a day
follows the last one of the day before it.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Protocol

FORMAT = 1
BEGINNING = bytes(32)
"""What the very first row follows."""


class Said(Protocol):
    """What a row says: an ``AuditEvent``, or a row of a query with its columns."""

    @property
    def occurred_at(self) -> datetime: ...
    @property
    def action(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def old_value(self) -> dict[str, object] | None: ...
    @property
    def new_value(self) -> dict[str, object] | None: ...
    @property
    def detail(self) -> dict[str, object]: ...
    @property
    def reason(self) -> str | None: ...


def row_hash(said: Said, day: date, sequence: int, previous: bytes) -> bytes:
    """SHA-256 over the canonical bytes of a row at its place."""
    return hashlib.sha256(canonical(said, day, sequence, previous)).digest()


def canonical(said: Said, day: date, sequence: int, previous: bytes) -> bytes:
    """One JSON list, UTF-8, keys sorted, no blanks: the same bytes on every database and machine."""
    parts = [
        FORMAT,
        day.isoformat(),
        sequence,
        previous.hex(),
        said.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        said.action,
        said.actor_id,
        said.role,
        said.unit_id,
        said.subject,
        said.old_value,
        said.new_value,
        said.detail,
        said.reason,
    ]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
