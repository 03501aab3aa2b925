"""Filter, search and page events."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.models import AuditEvent
from app.audit.tags import Action

PAGE_SIZE = 50
READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Word:
    """One word sought: folded, with the actions, officers and units whose names hold it."""

    folded: str
    actions: Collection[str] = ()
    actor_ids: Collection[int] = ()
    unit_ids: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; None means all. ``allowed``: the units whose events may be seen (None: everything).

    ``hidden``: subjects that do not exist for whoever asks.
    """

    action: Action | None = None
    actor_id: int | None = None
    unit_id: int | None = None
    subject: str | None = None
    since: date | None = None
    until: date | None = None
    words: Sequence[Word] = ()
    allowed: frozenset[int] | None = None
    hidden: Collection[str] = ()


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
    rows = session.scalars(
        select(AuditEvent)
        .where(*_conditions(wanted or EventFilter()))
        .order_by(AuditEvent.day.desc(), AuditEvent.sequence.desc())
        .limit(PAGE_SIZE)
        .offset((max(1, number) - 1) * PAGE_SIZE)
    )
    return EventPage(tuple(rows), max(1, number), count(session, wanted))


def count(session: Session, wanted: EventFilter | None = None) -> int:
    """How many events match."""
    statement = select(func.count()).select_from(AuditEvent).where(*_conditions(wanted or EventFilter()))
    return session.scalar(statement) or 0


def all_events(session: Session, wanted: EventFilter) -> Iterator[AuditEvent]:
    """Every event that matches, oldest first, read in pieces."""
    statement = select(AuditEvent).where(*_conditions(wanted)).order_by(AuditEvent.day, AuditEvent.sequence)
    return iter(session.scalars(statement.execution_options(yield_per=READ_AT_ONCE)))


def actors(session: Session, wanted: EventFilter) -> list[int]:
    """The officers who stand in the events that match."""
    statement = select(AuditEvent.actor_id).where(*_conditions(wanted), AuditEvent.actor_id.is_not(None)).distinct()
    return [actor_id for actor_id in session.scalars(statement) if actor_id is not None]


def units(session: Session, wanted: EventFilter) -> list[int]:
    """The units that stand in the events that match."""
    statement = select(AuditEvent.unit_id).where(*_conditions(wanted), AuditEvent.unit_id.is_not(None)).distinct()
    return [unit_id for unit_id in session.scalars(statement) if unit_id is not None]


def begin_of(day: date) -> datetime:
    """The first moment of a local day."""
    return datetime.combine(day, time(), tzinfo=clock.VIETNAM).astimezone(UTC)


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    pairs = (
        (AuditEvent.action, wanted.action),
        (AuditEvent.actor_id, wanted.actor_id),
        (AuditEvent.unit_id, wanted.unit_id),
        (AuditEvent.subject, wanted.subject),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in pairs if value is not None]
    if wanted.since is not None:
        conditions.append(AuditEvent.occurred_at >= begin_of(wanted.since))
    if wanted.until is not None:
        conditions.append(AuditEvent.occurred_at < begin_of(wanted.until + timedelta(days=1)))
    if wanted.allowed is not None:
        conditions.append(AuditEvent.unit_id.in_(sorted(wanted.allowed)) if wanted.allowed else false())
    if wanted.hidden:
        conditions.append(AuditEvent.subject.not_in(sorted(wanted.hidden)))
    return [*conditions, *(_matches(word) for word in wanted.words)]


def _matches(word: Word) -> ColumnElement[bool]:
    return or_(
        AuditEvent.folded.contains(word.folded, autoescape=True),
        *((AuditEvent.action.in_(word.actions),) if word.actions else ()),
        *((AuditEvent.actor_id.in_(word.actor_ids),) if word.actor_ids else ()),
        *((AuditEvent.unit_id.in_(word.unit_ids),) if word.unit_ids else ()),
    )
