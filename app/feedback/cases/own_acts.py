"""Whether an officer did an act already whose form comes once more: pressed twice, or sent again from an old page."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent

EVENTS: Mapping[str, frozenset[Event]] = {
    "take_up": frozenset({Event.TAKEN_UP}),
    "requalify": frozenset({Event.REQUALIFIED}),
    "ask": frozenset({Event.ASKED}),
    "withdraw_question": frozenset({Event.QUESTION_WITHDRAWN}),
    "pause": frozenset({Event.PAUSED}),
    "suspend": frozenset({Event.PAUSED}),
    "resume": frozenset({Event.RESUMED}),
    "extend": frozenset({Event.EXTENDED}),
    "decide": frozenset(
        {Event.REOPENED, Event.REOPENING_REFUSED, Event.REVIEW_TAKEN_UP, Event.REVIEW_REFUSED},
    ),
    "set_points": frozenset({Event.POINTS_SET}),
    "return_answer": frozenset({Event.ANSWER_RETURNED}),
    "take_back_answer": frozenset({Event.ANSWER_TAKEN_BACK}),
    "assign": frozenset({Event.ASSIGNED}),
    "unassign": frozenset({Event.UNASSIGNED}),
    "take": frozenset({Event.ASSIGNED}),
    "transfer": frozenset({Event.MOVED}),
    "send_back": frozenset({Event.MOVED}),
    "set_private": frozenset({Event.MADE_PRIVATE}),
    "unset_private": frozenset({Event.MADE_OPEN}),
    "exclude": frozenset({Event.EXCLUDED}),
    "lift_exclusion": frozenset({Event.EXCLUSION_LIFTED}),
    "close": frozenset({Event.CLOSED}),
    "submit_answer": frozenset({Event.SENT_FOR_APPROVAL}),
    "approve_answer": frozenset({Event.CLOSED}),
    "publish": frozenset({Event.PUBLISHED}),
    "correct_public": frozenset({Event.PUBLIC_CORRECTED}),
    "unpublish": frozenset({Event.UNPUBLISHED}),
    "redact": frozenset({Event.REDACTED}),
    "merge": frozenset(),
    "unmerge": frozenset(),
    "letter": frozenset({Event.LETTER_MADE}),
}
"""What each move writes into the history; nothing where it writes no line there."""


def is_done(session: Session, viewer: Viewer, case: Case, version: int, name: str) -> bool:
    """Whether this very officer made this move on this very version, and nothing has changed the case since."""
    if case.version != version + 1:
        return False
    newest = session.scalar(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.officer_id.is_not(None), CaseEvent.event != Event.NOTE_ADDED)
        .order_by(CaseEvent.sequence.desc())
        .limit(1)
    )
    return newest is not None and newest.officer_id == viewer.officer_id and newest.event in EVENTS.get(name, ())
