"""A second pair of eyes for an answer: somebody who wrote no word of it reads it before it goes. The clock runs on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.feedback.answering.drafts import Saved, whole
from app.feedback.answering.models import ApprovalEnd, CaseApproval
from app.feedback.answering.points import Split
from app.feedback.cases import deadlines, hands
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import WRONG_STATE, begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import NotInThisState
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case

MOST_RETURN = 2_000
NEEDED = (
    "Theo quy định áp dụng cho loại đơn này, câu trả lời phải được người thứ hai xem trước khi gửi. Xin trình duyệt ở "
    "trang Soạn trả lời."
)
OWN = "Người đã viết, sửa hoặc trình câu trả lời không tự duyệt. Xin người khác có quyền duyệt xem giúp."


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits: which draft, whose, since when."""

    number: int
    draft_number: int
    asked_by: int
    asked_at: datetime


def is_needed(session: Session, case: Case) -> bool:
    """Whether the rule a case stands under wants its answer approved; what is information only needs nobody's sign."""
    rule = deadlines.rule_of(session, case)
    return rule is not None and rule.answer_approved and case.meets_form


def waiting(session: Session, case: Case) -> Waiting | None:
    """What waits for approval just now."""
    if case.state is not State.AWAITING_APPROVAL:
        return None
    row = session.scalar(_undecided(case.id))
    return None if row is None else Waiting(row.number, row.draft_number, row.asked_by, row.asked_at)


def submit(session: Session, viewer: Viewer, case_id: str, version: int, draft: int, *, role: str = "") -> Case:
    """Hand the finished draft to a second pair of eyes."""
    case = begin(session, viewer, case_id, version, "submit_answer")
    whole(session, case.id, draft)
    for row in session.scalars(_undecided(case.id)):  # the case went elsewhere while it waited
        _end(row, ApprovalEnd.TAKEN_BACK, viewer)
    last = session.scalar(select(func.max(CaseApproval.number)).where(CaseApproval.case_id == case.id)) or 0
    session.add(
        CaseApproval(
            case_id=case.id,
            number=last + 1,
            draft_number=draft,
            asked_by=viewer.officer_id,
            asked_at=clock.now(),
            ended_as=None,
            ended_by=None,
            ended_at=None,
        )
    )
    action = Action.CASE_SUBMIT_ANSWER
    return end(session, viewer, case, "submit_answer", Event.SENT_FOR_APPROVAL, action, None, {}, role=role)


def approve(session: Session, viewer: Viewer, case: Case, draft: int) -> tuple[Saved, Split]:
    """Let the answer that waits pass; what is to be sent. The case is locked and closed by whoever calls.

    Raises
    ------
    NotInThisState
        When nothing waits, or the approver wrote on it at any time or handed it on.
    StaleDraft
        When another draft waits than the one that was read.
    """
    row = session.scalar(_undecided(case.id))
    if row is None:
        raise NotInThisState(WRONG_STATE)
    saved, split = whole(session, case.id, draft)
    if is_own(session, case.id, viewer.officer_id, row.asked_by):
        raise NotInThisState(OWN)
    _end(row, ApprovalEnd.APPROVED, viewer)
    return saved, split


def is_own(session: Session, case_id: str, officer_id: int, asked_by: int) -> bool:
    """Whether somebody would let pass what they wrote themselves, were it a full stop, or handed on."""
    return officer_id == asked_by or officer_id in hands.authors(session, case_id)


def return_answer(session: Session, viewer: Viewer, case_id: str, version: int, words: str, *, role: str = "") -> Case:
    """Send it back to be changed, with words that its sender does not read."""
    case = begin(session, viewer, case_id, version, "return_answer")
    said = words_of("words", words, MOST_RETURN)
    _end_waiting(session, case, ApprovalEnd.RETURNED, viewer)
    event, action = Event.ANSWER_RETURNED, Action.CASE_RETURN_ANSWER
    return end(session, viewer, case, "return_answer", event, action, said, {}, role=role, shown=False)


def take_back_answer(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Take it back before anybody approved it, to go on writing."""
    case = begin(session, viewer, case_id, version, "take_back_answer")
    _end_waiting(session, case, ApprovalEnd.TAKEN_BACK, viewer)
    event, action = Event.ANSWER_TAKEN_BACK, Action.CASE_TAKE_BACK_ANSWER
    return end(session, viewer, case, "take_back_answer", event, action, None, {}, role=role, shown=False)


def _end_waiting(session: Session, case: Case, ended_as: ApprovalEnd, viewer: Viewer) -> None:
    for row in session.scalars(_undecided(case.id)):
        _end(row, ended_as, viewer)


def _undecided(case_id: str) -> Select[CaseApproval]:
    return (
        select(CaseApproval)
        .where(CaseApproval.case_id == case_id, CaseApproval.ended_as.is_(None))
        .order_by(CaseApproval.number.desc())
        .with_for_update()
    )


def _end(row: CaseApproval, ended_as: ApprovalEnd, viewer: Viewer) -> None:
    row.ended_as, row.ended_by, row.ended_at = ended_as, viewer.officer_id, clock.now()
