"""What the clock does to cases without anybody: questions expire, missed dates are noted, a new calendar is followed.

Answers stored before there were marks of likeness get theirs here, because a migration has no keys.

Each step works off some cases in a transaction of its own and may be done again: what is done is not found twice.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.queries import latest_version
from app.db.session import Database
from app.feedback.cases import deadlines, history, likeness, misses, pauses
from app.feedback.cases.acting import turn
from app.feedback.cases.kinds import CLASS_OF, Event, QuestionEnd, State, StateClass
from app.feedback.cases.models import Case, CaseEvent, CaseQuestion

AT_ONCE = 50  # a third of a second: senders wait for the writer of an embedded database
OPEN = tuple(state for state, kind in CLASS_OF.items() if kind is StateClass.OPEN)


def run(database: Database, today: date) -> str:
    """Work all of it off, in this order: an expired question or a new calendar may move a date that looks missed."""
    expired = _until_done(database, lambda session: expire_questions(session, today))
    reckoned = _until_done(database, follow_calendar)
    missed = 0
    after: str | None = ""
    while after is not None:
        with database.transaction() as session:
            count, after = note_misses(session, today, after)
        missed += count
    marked = _until_done(database, likeness.mark_missing)
    return f"questions expired {expired}, dates reckoned {reckoned}, misses {missed}, answers marked {marked}"


def _until_done(database: Database, step: Callable[[Session], int]) -> int:
    total = 0
    while True:
        with database.transaction() as session:
            count = step(session)
        total += count
        if not count:
            return total


def expire_questions(session: Session, today: date, most: int = AT_ONCE) -> int:
    """End questions whose last day has passed: the clock runs again from the day after; how many there were."""
    over = (
        select(CaseQuestion.case_id)
        .where(CaseQuestion.ended_as.is_(None), CaseQuestion.answer_until < today)
        .order_by(CaseQuestion.case_id)
        .limit(most)
    )
    count = 0
    for case in _locked(session, session.scalars(over).all()):
        question = session.scalars(
            select(CaseQuestion)
            .where(CaseQuestion.case_id == case.id, CaseQuestion.ended_as.is_(None))
            .execution_options(populate_existing=True)
        ).one_or_none()
        if question is None or question.answer_until >= today:  # answered while we waited for the lock
            continue
        question.ended_as, question.ended_on = QuestionEnd.EXPIRED, question.answer_until
        history.append(session, case, Event.QUESTION_EXPIRED, shown=True, detail={"number": question.number})
        pauses.end_after(session, case, question.answer_until)
        turn(session, case, "question_expired")
        case.version += 1
        deadlines.refresh(session, case)
        count += 1
    return count


def note_misses(session: Session, today: date, after: str = "", most: int = AT_ONCE) -> tuple[int, str | None]:
    """Write a line for every open case whose due date has passed, once for each date.

    Gives how many lines were written, and the id to go on after (None: that was all).
    """
    late = (
        select(Case.id).where(Case.due_on < today, Case.state.in_(OPEN), Case.id > after).order_by(Case.id).limit(most)
    )
    ids = session.scalars(late).all()
    noted = {
        (case_id, detail.get("due_on"))
        for case_id, detail in session.execute(
            select(CaseEvent.case_id, CaseEvent.detail).where(
                CaseEvent.case_id.in_(ids), CaseEvent.event == Event.DUE_MISSED
            )
        )
    }
    dues = dict(session.execute(select(Case.id, Case.due_on).where(Case.id.in_(ids))).all())
    new = [case_id for case_id in ids if (due := dues.get(case_id)) and (case_id, due.isoformat()) not in noted]
    count = 0
    for case in _locked(session, new):
        if case.due_on is not None and case.due_on < today and case.state in OPEN:
            misses.note(session, case, today)
            history.append(session, case, Event.DUE_MISSED, shown=True, detail={"due_on": case.due_on.isoformat()})
            count += 1
    return count, ids[-1] if len(ids) == most else None


def follow_calendar(session: Session, most: int = AT_ONCE) -> int:
    """Reckon anew the due dates that rest on an older calendar; how many were looked at."""
    newest = latest_version(session)
    older = (
        select(Case.id)
        .where(Case.state != State.CLOSED, Case.due_on.is_not(None), Case.calendar_version != newest)
        .order_by(Case.id)
        .limit(most)
    )
    cases = _locked(session, session.scalars(older).all())
    for case in cases:
        before = case.due_on
        deadlines.refresh(session, case)
        misses.take_back(session, case, before)
    return len(cases)


def _locked(session: Session, ids: Sequence[str]) -> Sequence[Case]:
    """The cases, which nobody else changes until the transaction ends; always locked in the same order."""
    if not ids:
        return ()
    return session.scalars(
        select(Case)
        .where(Case.id.in_(ids))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
