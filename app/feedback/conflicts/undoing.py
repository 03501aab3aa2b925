"""Taking back what a line of the roster did that was entered by mistake: exclusions that rest on that line alone.

Only cases that were there before the line are touched, because whoever was excluded could see them until then: which
ones, and whom, is kept when the line is entered. A case that came while the line stood, be it a minute later, keeps its
exclusions, and nothing is lifted for whoever could not lift it by hand.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.clock import VIETNAM
from app.feedback.cases import access, history
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent, CaseExclusion
from app.feedback.cases.readings import subject
from app.feedback.cases.workflow import BY_NAME, UNFINISHED
from app.feedback.conflicts.concerned import concerned
from app.feedback.conflicts.kinds import Reason
from app.feedback.conflicts.lifting import may_lift
from app.feedback.conflicts.models import CounterDuty, DutyExclusion
from app.feedback.routing.rules import Why
from app.rules.content import ConflictRule

MISTAKE = Why.MISTAKE.value


def remember(session: Session, case: Case, lines: Sequence[CounterDuty], officer_ids: Sequence[int]) -> None:
    """Keep that these lines are why these officers were excluded from a case that was there before the lines."""
    for line in lines:
        for officer_id in officer_ids:
            session.add(DutyExclusion(line_id=line.id, case_id=case.id, officer_id=officer_id))


def touched(session: Session, line: CounterDuty) -> list[Case]:
    """The open cases in which somebody was excluded because the line was entered, locked."""
    statement = (
        select(Case)
        .where(
            Case.state.in_(UNFINISHED),
            Case.id.in_(select(DutyExclusion.case_id).where(DutyExclusion.line_id == line.id)),
        )
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def lift(session: Session, viewer: Viewer, case: Case, rule: ConflictRule, line: CounterDuty, today: date) -> bool:
    """Lift in one case what came with the line and rests on nothing that still stands; whether there was any.

    Only by whoever could lift it by hand: else the head of somebody concerned would open cases to them by a line that
    is entered and withdrawn.
    """
    if not access.may(session, viewer, case.id, today, BY_NAME["lift_exclusion"].permission):
        return False
    still = concerned(session, case, rule, today, is_standing=True)
    rows = session.scalars(
        select(CaseExclusion).where(
            CaseExclusion.case_id == case.id,
            CaseExclusion.officer_id.in_(
                select(DutyExclusion.officer_id).where(
                    DutyExclusion.line_id == line.id, DutyExclusion.case_id == case.id
                )
            ),
            CaseExclusion.lifted_at.is_(None),
            CaseExclusion.rule.in_([one.value for one in Reason]),
        )
    )
    gone = [
        row for row in rows if row.officer_id not in still and may_lift(session, viewer, case, row.officer_id, today)
    ]
    for row in gone:
        row.lifted_at = clock.now()
        detail = {"officer": row.officer_id, "rule": row.rule, "why": MISTAKE}
        history.append(session, case, Event.EXCLUSION_LIFTED, shown=False, detail=detail)
        record(session, viewer.officer_id, Action.CASE_LIFT_EXCLUSION, subject(case.id), detail, case.unit_id)
    if gone:
        case.version += 1
    return bool(gone)


def sent_from(session: Session, case: Case, line: CounterDuty) -> int | None:
    """The unit from which a line sent a case up to where it still lies; None: something else moved it, or nothing."""
    moved = _last(session, case, line, Event.MOVED)
    if moved is None or moved.detail.get("why") != Why.CONFLICT or moved.detail.get("to") != case.unit_id:
        return None
    from_id = moved.detail.get("from")
    return from_id if isinstance(from_id, int) else None


def had_it(session: Session, case: Case, line: CounterDuty) -> int | None:
    """Who lost a case to a line, if nobody has been given it since."""
    last = _last(session, case, line, Event.ASSIGNED, Event.UNASSIGNED, Event.TAKEN_UP)
    if last is None or last.event is not Event.UNASSIGNED or last.officer_id is not None:
        return None
    officer_id = last.detail.get("officer")
    return officer_id if isinstance(officer_id, int) else None


def _last(session: Session, case: Case, line: CounterDuty, *events: Event) -> CaseEvent | None:
    """The last such line of the history, from the day on which the line of the roster was entered."""
    return session.scalar(
        select(CaseEvent)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.event.in_(events),
            CaseEvent.happened_on >= line.entered_at.astimezone(VIETNAM).date(),
        )
        .order_by(CaseEvent.sequence.desc())
        .limit(1)
    )


def lifted_by_mistake(session: Session, case_id: str) -> dict[int, CaseExclusion]:
    """The exclusions that a withdrawn line took with it, by officer: a right line may bring them back."""
    rows = session.scalars(
        select(CaseExclusion).where(CaseExclusion.case_id == case_id, CaseExclusion.lifted_at.is_not(None))
    ).all()
    if not rows:
        return {}
    events = session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, CaseEvent.event == Event.EXCLUSION_LIFTED)
        .order_by(CaseEvent.sequence)
    )
    why = {event.detail.get("officer"): event.detail.get("why") for event in events}
    return {row.officer_id: row for row in rows if why.get(row.officer_id) == MISTAKE}
