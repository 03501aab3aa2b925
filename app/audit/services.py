"""The one way to record an act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from app import clock
from app.audit import chain
from app.audit.errors import ReasonMissing
from app.audit.models import AuditEvent
from app.audit.tags import REASON_REQUIRED, Action
from app.audit.values import checked, without_contacts
from app.web import acting

WAITING = "langnghe-audit"
READING_AGAIN = timedelta(hours=1)
"""Reading the same thing again within this time is one reading."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is stored when its transaction commits; ``savepoint`` is the innermost one it was made in."""

    said: chain.Said
    savepoint: SessionTransaction | None


def record(
    session: Session,
    actor_id: int | None,
    tag: Action,
    subject: str,
    detail: Mapping[str, object] | None = None,
    unit_id: int | None = None,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
    reason: str | None = None,
    role: str | None = None,
) -> None:
    """Add an event to the caller's transaction: the act and its record are stored together or not at all.

    The row is written when the transaction commits, so that others wait for the end of the chain only that long.

    Parameters
    ----------
    session
        The transaction of the act itself.
    actor_id
        The officer who acts; None for a command, a job or somebody not signed in.
    tag
        What was done.
    subject
        What it was done to, as ``kind:id`` (``officer:12``), at most 40 characters.
    detail, old, new
        Facts of the act; what was there before and after it. Numbers, dates and codes; words only as ``PublicText``.
    unit_id
        The unit concerned, where there is one.
    reason
        Why, in the officer's words; must be given for the actions in ``REASON_REQUIRED``.
    role
        The role acted under, where the caller knows better than the guard of the page.

    Raises
    ------
    ReasonMissing
        When the action needs a reason and has none.
    NotForTheRecordError
        When a value may be a secret or personal (``values.py``).
    """
    words = without_contacts(reason) if reason else None
    if tag in REASON_REQUIRED and not words:
        raise ReasonMissing("Việc này cần ghi lý do. Xin nhập lý do.")
    said = chain.Said(
        occurred_at=clock.now(),
        action=tag.value,
        actor_id=actor_id,
        role=role or acting.role(),
        unit_id=unit_id,
        subject=_subject(subject),
        old_value=None if old is None else checked(old),
        new_value=None if new is None else checked(new),
        detail=checked(detail or {}),
        reason=words,
    )
    _waiting(session).append(Waiting(said, session.get_nested_transaction()))


def record_reading(
    session: Session, actor_id: int, tag: Action, subject: str, unit_id: int | None = None, **detail: object
) -> None:
    """Record that somebody looked at something; leafing on and coming back within an hour is the same reading."""
    if not was_read_lately(session, actor_id, tag, subject):
        record(session, actor_id, tag, subject, detail, unit_id)


def was_read_lately(session: Session, actor_id: int, tag: Action, subject: str) -> bool:
    """Whether a reading by the same officer is on record; asked first, it spares readers the writer's lock."""
    since = clock.now() - READING_AGAIN
    again = select(AuditEvent.id).where(
        AuditEvent.actor_id == actor_id,
        AuditEvent.occurred_at > since,
        AuditEvent.action == tag.value,
        AuditEvent.subject == subject,
    )
    return session.scalar(again.limit(1)) is not None


def write(session: Session) -> None:
    """Store what waits now. Called by the commit; tests that look inside an open transaction call it too."""
    waiting = session.info.get(WAITING, [])
    if waiting:
        chain.append(session, [one.said for one in waiting])
        waiting.clear()


def _subject(subject: str) -> str:
    if len(subject) > 40 or set(checked({"of": subject})) != {"of"}:
        raise ValueError(f"{subject!r} is no kind:id of at most 40 characters.")
    return subject


def _waiting(session: Session) -> list[Waiting]:
    found: list[Waiting] | None = session.info.get(WAITING)
    if found is None:
        found = session.info[WAITING] = []
        event.listen(session, "before_commit", write)
        event.listen(session, "after_soft_rollback", _forget)
    return found


def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """Acts that were taken back leave no event: all of them, or those since a savepoint."""
    waiting: list[Waiting] = session.info[WAITING]
    waiting[:] = [one for one in waiting if rolled_back.nested and one.savepoint is not rolled_back]
