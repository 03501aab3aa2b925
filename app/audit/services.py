"""The one way to record an act."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app import clock
from app.audit.models import AuditEvent
from app.audit.tags import Action


def record(
    session: Session,
    actor_id: int | None,
    tag: Action,
    subject: str,
    detail: Mapping[str, object] | None = None,
    unit_id: int | None = None,
) -> None:
    """Add an event to the caller's transaction: the act and its record are stored together or not at all.

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
    detail
        Old and new values fit for JSON. No secrets, no personal data.
    unit_id
        The unit concerned, where there is one.
    """
    session.add(
        AuditEvent(
            occurred_at=clock.now(),
            action=tag.value,
            actor_id=actor_id,
            unit_id=unit_id,
            subject=subject,
            detail=dict(detail or {}),
        )
    )
