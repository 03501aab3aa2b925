"""How every act of an officer on a case begins and ends: the one policy, the lock, the version, the table of moves.

What a sender is told of an act is a line of the history; the record of acts gets codes and numbers, never words.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.feedback.cases import access, deadlines, history, misses, own_acts, work
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import DoneAlready, NotInThisState, StaleCase
from app.feedback.cases.kinds import Event, Outcome
from app.feedback.cases.models import Case, CaseErasure, Erased
from app.feedback.cases.readings import subject
from app.feedback.cases.workflow import BY_NAME, BY_RULE, RESUMING

WRONG_STATE = "Đơn đang ở trạng thái không làm được việc này. Xin xem phần “Việc có thể làm” ở trang của đơn."

ERASED = "Nội dung đơn này đã xóa vì hết thời hạn lưu, nên không làm thêm được gì với đơn."


def begin(session: Session, viewer: Viewer, case_id: str, version: int, name: str) -> Case:
    """The case, locked, if the viewer may make this move on this version of it."""
    move = BY_NAME[name]
    case = access.find(session, viewer, case_id, clock.local_date(), move.permission, locked=True)
    if case.version != version:
        raise DoneAlready if own_acts.is_done(session, viewer, case, version, name) else StaleCase
    if case.state not in move.from_states:
        raise NotInThisState(WRONG_STATE)
    require_words(session, case_id)
    misses.note(session, case, clock.local_date())  # the act may give the case another term
    return case


def require_words(session: Session, case_id: str) -> None:
    """Refuse what would add words to a case whose words were erased: they are erased once, so these would stay.

    Raises
    ------
    NotInThisState
        When they were.
    """
    if session.get(CaseErasure, (case_id, Erased.WORDS)) is not None:
        raise NotInThisState(ERASED)


def turn(session: Session, case: Case, name: str) -> None:
    """Put a case into the state of the table, for a move of an officer or one that the rules make by themselves.

    Nothing else writes the state of a case, nor how it ended (tests/test_architecture.py).
    """
    move = BY_NAME.get(name) or BY_RULE[name]
    if move.to_state is not None and case.state in move.from_states:
        case.state = work.resumed(session, case) if name in RESUMING else move.to_state


def close(case: Case, outcome: Outcome) -> None:
    """Say how a case ended, and when."""
    case.outcome, case.closed_on = outcome, clock.local_date()


def reopen(case: Case) -> None:
    """Let it be without an end again; its answers stay."""
    case.outcome = case.closed_on = None


def end(
    session: Session,
    viewer: Viewer,
    case: Case,
    name: str | None,
    event: Event,
    action: Action,
    words: str | None = None,
    detail: Mapping[str, object] | None = None,
    *,
    role: str = "",
    shown: bool = True,
) -> Case:
    """Write the move down everywhere: state, version, history, due date, record of acts."""
    if name is not None:
        turn(session, case, name)
    case.version += 1
    history.append(session, case, event, shown=shown, by=viewer, role=role, words=words, detail=detail)
    deadlines.refresh(session, case)
    record(session, viewer.officer_id, action, subject(case.id), detail, case.unit_id, role=role or None)
    return case
