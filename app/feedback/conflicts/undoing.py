"""Taking back what a line of the roster did that was entered by mistake: exclusions that rest on that line alone.

Only cases that were there before the line are touched, because whoever was excluded could see them until then. A case
that came while the line stood keeps its exclusions: withdrawing a line never opens a case that somebody never had.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.clock import VIETNAM
from app.feedback.cases import history
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent, CaseExclusion
from app.feedback.cases.readings import subject
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.conflicts.concerned import concerned
from app.feedback.conflicts.kinds import Reason
from app.feedback.conflicts.models import CounterDuty
from app.feedback.routing.rules import Why
from app.rules.content import ConflictRule

MISTAKE = Why.MISTAKE.value
AT_ONCE = timedelta(minutes=5)
"""Within this time of the line its exclusions were written: a table of many counters takes a while."""


def touched(session: Session, line: CounterDuty) -> list[Case]:
    """The open cases of the counter in which somebody was excluded when the line was entered, locked."""
    ids = select(CaseExclusion.case_id).where(
        CaseExclusion.since.between(line.entered_at, line.entered_at + AT_ONCE), CaseExclusion.lifted_at.is_(None)
    )
    statement = (
        select(Case)
        .where(
            Case.counter_id == line.counter_id,
            Case.received_on <= line.entered_at.astimezone(VIETNAM).date(),
            Case.state.in_(UNFINISHED),
            Case.id.in_(ids),
        )
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def lift(session: Session, case: Case, rule: ConflictRule, line: CounterDuty, by: int, today: date) -> bool:
    """Lift in one case what came with the line and rests on nothing that still stands; whether there was any."""
    still = concerned(session, case, rule, today, is_standing=True)
    rows = session.scalars(
        select(CaseExclusion).where(
            CaseExclusion.case_id == case.id,
            CaseExclusion.since.between(line.entered_at, line.entered_at + AT_ONCE),
            CaseExclusion.lifted_at.is_(None),
            CaseExclusion.rule.in_([one.value for one in Reason]),
        )
    )
    gone = [row for row in rows if row.officer_id not in still]
    for row in gone:
        row.lifted_at = clock.now()
        detail = {"officer": row.officer_id, "rule": row.rule, "why": MISTAKE}
        history.append(session, case, Event.EXCLUSION_LIFTED, shown=False, detail=detail)
        record(session, by, Action.CASE_LIFT_EXCLUSION, subject(case.id), detail, case.unit_id)
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
