"""The answer goes to the sender and the case is closed, by its author or by a second pair of eyes.

There is no other way to an end: whatever the outcome, what is sent is a draft that was looked at.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.crypto.types import in_row
from app.feedback.answering import approvals, drafts
from app.feedback.answering.composing import MOST_COMPOSED, composed
from app.feedback.answering.drafts import Saved
from app.feedback.answering.points import Split
from app.feedback.cases import likeness, outcomes, reporters
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, close, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing, NotInThisState
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseReply


def send_draft(session: Session, viewer: Viewer, case_id: str, version: int, draft: int, *, role: str = "") -> Case:
    """Send the finished draft, which nobody changed since it was looked at."""
    case = begin(session, viewer, case_id, version, "close")
    if approvals.is_needed(session, case):
        raise NotInThisState(approvals.NEEDED)
    return _send(session, viewer, case, "close", *drafts.whole(session, case.id, draft), role)


def approve_answer(session: Session, viewer: Viewer, case_id: str, version: int, draft: int, *, role: str = "") -> Case:
    """Let an answer that somebody else wrote pass, and send it."""
    case = begin(session, viewer, case_id, version, "approve_answer")
    return _send(session, viewer, case, "approve_answer", *approvals.approve(session, viewer, case, draft), role)


def _send(session: Session, viewer: Viewer, case: Case, move: str, saved: Saved, split: Split, role: str) -> Case:
    """Keep the answer, never to be changed, and close the case."""
    draft, outcome = saved.draft, saved.draft.outcome
    if outcome is None:  # ``drafts.whole`` has looked
        raise FieldMissing("outcome", "Xin chọn kết quả.")
    words = words_of("text", composed(split.points, draft), MOST_COMPOSED)
    facts = outcomes.checked(outcome, draft.given)
    number = (session.scalar(select(func.max(CaseReply.number)).where(CaseReply.case_id == case.id)) or 0) + 1
    session.add(
        CaseReply(
            case_id=case.id,
            number=number,
            outcome=outcome,
            text=in_row(words, case.id),
            likeness=likeness.mark_of(words),
            written_by=saved.written_by,
            answered_at=clock.now(),
        )
    )
    outcomes.store(session, case, number, facts)
    close(case, outcome)
    detail = {"number": number, "outcome": outcome.value}
    action = Action.CASE_CLOSE if move == "close" else Action.CASE_APPROVE_ANSWER
    end(session, viewer, case, move, Event.CLOSED, action, None, detail, role=role)
    reporters.set_erase_day(session, case)
    drafts.keep_as_answered(session, case.id, number, saved, split)
    return case
