"""Filter and page events."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.tags import Action

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; None means all."""

    action: Action | None = None
    actor_id: int | None = None
    unit_id: int | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, newest first; ``total`` counts all that match, ``number`` begins at 1."""

    events: tuple[AuditEvent, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def events(session: Session, wanted: EventFilter | None = None, number: int = 1) -> EventPage:
    """One page of events, newest first."""
    conditions = _conditions(wanted or EventFilter())
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions)) or 0
    rows = session.scalars(
        select(AuditEvent)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .limit(PAGE_SIZE)
        .offset((max(1, number) - 1) * PAGE_SIZE)
    )
    return EventPage(tuple(rows), max(1, number), total)


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (AuditEvent.action, wanted.action),
        (AuditEvent.actor_id, wanted.actor_id),
        (AuditEvent.unit_id, wanted.unit_id),
        (AuditEvent.subject, wanted.subject),
    )
    return [column == value for column, value in pairs if value is not None]
