"""The end of the hash chain: adding rows to it, one writer at a time.

Whoever adds holds the row ``audit_chain`` until the commit that follows at once; on SQLite the transaction holds the
only write lock anyway. A writer that does not see the last row meets the unique place (day, sequence) and fails: the
chain never forks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app import clock
from app.audit.models import AuditChain, AuditEvent
from app.audit.proof.rows import BEGINNING, row_hash
from app.i18n.folding import fold_words

BEGIN = text(
    "INSERT INTO audit_chain (id, day, sequence, hash) VALUES (1, :day, :sequence, :hash) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Said:
    """An event without its place in the chain (see ``AuditEvent``)."""

    occurred_at: datetime
    action: str
    actor_id: int | None
    role: str | None
    unit_id: int | None
    subject: str
    old_value: dict[str, object] | None
    new_value: dict[str, object] | None
    detail: dict[str, object]
    reason: str | None

    def values(self) -> dict[str, object]:
        """The columns that follow from what is said."""
        return {
            "occurred_at": self.occurred_at,
            "action": self.action,
            "actor_id": self.actor_id,
            "role": self.role,
            "unit_id": self.unit_id,
            "subject": self.subject,
            "old_value": self.old_value,
            "new_value": self.new_value,
            "detail": self.detail,
            "reason": self.reason,
            "folded": folded(self.subject, self.reason, self.old_value, self.new_value, self.detail),
        }


@dataclass(frozen=True, slots=True)
class End:
    """The last place of the chain; ``sequence`` 0: the day has no row yet and ``hash`` is of the day before."""

    day: date
    sequence: int
    hash: bytes


def append(session: Session, said: Sequence[Said]) -> None:
    """Add rows to the chain, in order.

    The day of a row is that of its moment, but never before the day of the row before it: whoever began before
    midnight and ends after it, or whose clock was set back, stands in the newer day.
    """
    session.flush()  # everything else first: only our own rows are written while others wait
    end = lock(session, clock.local_date())
    rows = []
    for one in said:
        day = max(end.day, one.occurred_at.astimezone(clock.VIETNAM).date())
        sequence = end.sequence + 1 if day == end.day else 1
        digest = row_hash(one, day, sequence, end.hash)
        rows.append({**one.values(), "day": day, "sequence": sequence, "previous_hash": end.hash, "hash": digest})
        end = End(day, sequence, digest)
    session.execute(insert(AuditEvent), rows)
    move(session, end)


def lock(session: Session, today: date) -> End:
    """The end of the chain, held until the transaction ends."""
    held = select(AuditChain.day, AuditChain.sequence, AuditChain.hash).where(AuditChain.id == 1).with_for_update()
    row = session.execute(held).one_or_none()
    if row is None:
        last = last_row(session)
        found = last or End(today, 0, BEGINNING)
        session.execute(BEGIN, {"day": found.day.isoformat(), "sequence": found.sequence, "hash": found.hash})
        row = session.execute(held).one()
    return End(row.day, row.sequence, row.hash)


def move(session: Session, end: End) -> None:
    """Set the end of the chain; the caller holds it."""
    session.execute(
        update(AuditChain).where(AuditChain.id == 1).values(day=end.day, sequence=end.sequence, hash=end.hash)
    )


def last_row(session: Session) -> End | None:
    """The last row there is."""
    newest = select(AuditEvent.day, AuditEvent.sequence, AuditEvent.hash)
    row = session.execute(newest.order_by(AuditEvent.day.desc(), AuditEvent.sequence.desc()).limit(1)).first()
    return None if row is None else End(row.day, row.sequence, row.hash)


def folded(
    subject: str,
    reason: str | None,
    old: dict[str, object] | None,
    new: dict[str, object] | None,
    detail: dict[str, object],
) -> str:
    """What the search looks through: values without marks, as words."""
    parts = [subject, reason or "", *(_words(one) for one in (old, new, detail))]
    return fold_words(" ".join(part for part in parts if part))


def _words(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_words(one) for one in value.values())
    if isinstance(value, list):
        return " ".join(_words(one) for one in value)
    return "" if value is None or isinstance(value, bool) else str(value)
