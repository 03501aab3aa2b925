"""How long there is left to answer, and why: the same words wherever officers read of a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.days import DayUnit
from app.calendar.reckoning import Reckoning, days_left
from app.calendar.words import day_words, explanation, remaining_words
from app.calendar.working_time import WorkingCalendar
from app.feedback.cases import deadlines, lateness
from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.models import Case
from app.i18n.messages import Message

DUE = "Hạn"


@dataclass(frozen=True, slots=True)
class DueLine:
    """What ``components/due.html`` draws: the date and what is left, whether it is too late, why this date."""

    words: str
    is_late: bool
    why: Sequence[Message]


def due_lines(
    session: Session, standing: Mapping[str, tuple[State, date | None]], today: date
) -> Mapping[str, DueLine]:
    """The due date of each case, told from its state and date; words are empty where nothing is to be done."""
    if not standing:
        return {}
    working, reasons = deadlines.calendar_of(session), whys(session, standing.keys())
    stopped = [key for key, (state, _) in standing.items() if state in lateness.STANDING]
    since = lateness.standing_since(session, stopped)
    return {
        key: DueLine(
            remaining(state, due_on, today, working, since.get(key)),
            is_overdue(state, due_on, today, since.get(key)),
            reasons.get(key, ()),
        )
        for key, (state, due_on) in standing.items()
    }


def due_line(session: Session, case: Case, today: date) -> DueLine:
    """The due date of one case."""
    return due_lines(session, {case.id: (case.state, case.due_on)}, today)[case.id]


def remaining(
    state: State,
    due_on: date | None,
    today: date,
    working: WorkingCalendar,
    since: date | None = None,
    label: str = DUE,
) -> str:
    """The due date and how many working days are left; empty where there is none or nothing is to be done.

    ``since``: from which day the clock stands; ``label``: what is due.
    """
    if due_on is None or CLASS_OF[state] is StateClass.DONE:
        return ""
    if CLASS_OF[state] is StateClass.PAUSED:
        if is_overdue(state, due_on, today, since):
            return f"{label} {day_words(due_on)} – đã quá hạn trước khi tạm dừng"
        return "Thời hạn đang tạm dừng"
    left = remaining_words(days_left(due_on, today, DayUnit.WORKING, working), DayUnit.WORKING)
    return f"{label} {day_words(due_on)} – {left}"


def is_overdue(state: State, due_on: date | None, today: date, since: date | None = None) -> bool:
    """Whether the date has passed while the clock ran; ``since``: from which day it stands."""
    return lateness.is_late(state, due_on, today, since)


def whys(session: Session, case_ids: Collection[str]) -> Mapping[str, Sequence[Message]]:
    """The sentences that explain each due date; cases without one are absent."""
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids), Case.due_on.is_not(None))).all()
    return {key: sentences(found) for key, found in deadlines.reckonings(session, cases, clock.now()).items()}


def sentences(reckoning: Reckoning | None) -> Sequence[Message]:
    """Why this date, step by step."""
    return () if reckoning is None else explanation(reckoning)
