"""What the law wants done with an unfinished case before its answer: accept it or pass it on, tell how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendar.days import Limit
from app.calendar.reckoning import reckon
from app.calendar.words import day_words, explanation
from app.feedback.cases import deadlines, history
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseEvent
from app.i18n.messages import Message
from app.rules.content import Begins

HAND_ON = "Chuyển đến nơi có thẩm quyền, nếu không thuộc thẩm quyền của đơn vị"
ACCEPT = "Nhận xử lý (thụ lý), hoặc báo không thụ lý, hoặc chuyển đến nơi có thẩm quyền"
TELL = "Báo cho người gửi biết tình hình (mọi việc người gửi thấy được đều tính)"


@dataclass(frozen=True, slots=True)
class DueStep:
    """Something to be done by a day."""

    label: str
    day: date
    is_late: bool
    why: Sequence[Message]

    @property
    def day_words(self) -> Message:
        """The day with its weekday."""
        return day_words(self.day)


def due_steps(session: Session, case: Case, today: date) -> list[DueStep]:
    """The steps that the law of a case knows and that are still to be done, earliest first."""
    rule = deadlines.rule_of(session, case)
    if rule is None or case.state is State.CLOSED or case.counting_version_id is None:
        return []
    found: list[tuple[str, date, Limit]] = []
    accepted_on = history.first_day(session, case.id, Event.TAKEN_UP)
    if accepted_on is None and rule.begins is Begins.ACCEPTED and rule.accept is not None and case.meets_form:
        found.append((ACCEPT, case.received_on, rule.accept))
    if accepted_on is None and rule.pass_on is not None:
        found.append((HAND_ON, case.received_on, rule.pass_on))
    if rule.status_every is not None:
        found.append((TELL, _last_told(session, case), rule.status_every))
    counting = deadlines.counting_of(session, case.counting_version_id)
    calendar = deadlines.calendar_of(session, case.calendar_version)
    days = [(label, reckon(start, limit, calendar=calendar, counting=counting)) for label, start, limit in found]
    steps = (DueStep(label, one.due_on, one.due_on < today, explanation(one)) for label, one in days)
    return sorted(steps, key=lambda step: step.day)


def _last_told(session: Session, case: Case) -> date:
    """The last day on which an officer did something that the sender sees; else the day of receipt."""
    told = session.scalar(
        select(func.max(CaseEvent.happened_on)).where(
            CaseEvent.case_id == case.id, CaseEvent.is_shown, CaseEvent.officer_id.is_not(None)
        )
    )
    return told or case.received_on
