"""News of cases, from the history to the outbox: each line is told once, to whom it concerns and may know.

The job runs each hour and looks at what has come since. Nothing is told at the minute it happens: of anonymous senders
officers hear only in the digest of the day, and of the others so that no row of the outbox bears the minute of an act
of a citizen. What was said is never in a message.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.contacts import services
from app.accounts.contacts.queries import Reach
from app.calendar.queries import calendar
from app.db.session import Database
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseEvent, CaseQuestion, Reporter
from app.feedback.notices import sending, steps
from app.feedback.notices.models import CaseNoticeMark
from app.feedback.notices.people import People
from app.feedback.notices.senders import way_to
from app.i18n.formats import format_date
from app.messages.services import enqueue

AT_ONCE = 50
FRESH = timedelta(days=3)
"""What is older is marked as told without telling: the job stood still for long, or is new here."""
CLOSED_FOR = timedelta(days=30)
FROM_SENDER = frozenset({Event.ANSWERED_BY_SENDER, Event.FILE_ADDED, Event.REOPENING_ASKED, Event.REVIEW_ASKED})


def tell_news(database: Database) -> str:
    """Tell what is new, some cases in a transaction; says how many messages that made."""
    told, after = 0, ""
    while True:
        with database.transaction() as session:
            ids = _with_news(session, after)
            told += tell_some(session, ids)
        if len(ids) < AT_ONCE:
            return f"news {told}"
        after = ids[-1]


def tell_some(session: Session, case_ids: Sequence[str]) -> int:
    """Tell the news of some cases; how many messages that made. Twice does no harm: the mark is moved with it."""
    if not case_ids:
        return 0
    today = clock.local_date()
    run = _Run(session, today)
    count = 0
    for case in session.scalars(
        select(Case)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        mark = session.get(CaseNoticeMark, case.id)
        lines = _lines(session, case.id, 0 if mark is None else mark.sequence)
        fresh = [line for line in lines if line.happened_on >= today - FRESH]
        count += run.to_sender(case, fresh) + run.to_officers(case, fresh, mark)
        _move(session, case, mark, lines)
    return count


class _Run:
    """One run: who can be reached and who may what, read once."""

    def __init__(self, session: Session, today: date) -> None:
        self._session = session
        self._people = People(session, today)
        self._reach = contacts.reachable(session, single=True)
        self._office_hours = steps.in_working_time(calendar(session), clock.now())
        self._daytime = steps.in_daytime(clock.now())

    def to_sender(self, case: Case, lines: Sequence[CaseEvent]) -> int:
        """One message at most: the question that waits, the answer, the receipt, or that there is something new."""
        said = _for_sender(lines)
        reporter = None if said is None else self._session.get(Reporter, case.id)
        way = None if reporter is None else way_to(reporter)
        if said is None or way is None:
            return 0
        template, values = self._words(case, said)
        number = enqueue(
            self._session,
            way[0],
            template,
            way[1],
            values,
            about=sending.about_sender(case),
            once=f"sender:{case.id}:{said.sequence}",
            language=case.language,
            not_before=self._daytime,
        )
        return int(number is not None)

    def to_officers(self, case: Case, lines: Sequence[CaseEvent], mark: CaseNoticeMark | None) -> int:
        """Who got the case, where it went, and what a sender with a name has added."""
        if case.state is State.CLOSED and not any(line.event in FROM_SENDER for line in lines):
            return 0
        last = max((line.sequence for line in lines), default=0)
        actors = {line.officer_id for line in lines}
        before = None if mark is None else mark.assignee_id
        due = "-" if case.due_on is None else format_date(case.due_on)
        facts = {"number": case.public_number, "due": due}
        count = 0
        # A route hands a case out when it comes: that would tell when somebody without a name sent it.
        is_hidden = case.is_anonymous and actors == {None} and mark is None
        if lines and not is_hidden and case.assignee_id not in {None, before} | actors:
            count += self._tell([case.assignee_id], case, "officer-assigned", facts, last)
        if lines and mark is not None and mark.unit_id != case.unit_id and case.assignee_id is None:
            count += self._tell(self._people.assigners(self._session, case), case, "officer-new", facts, last)
        is_told = not case.is_anonymous and any(line.event in FROM_SENDER for line in lines)
        if is_told and case.assignee_id is not None:
            count += self._tell([case.assignee_id], case, "officer-news", {"number": case.public_number}, last)
        return count

    def _tell(
        self, officer_ids: Sequence[int | None], case: Case, template: str, values: dict[str, str], last: int
    ) -> int:
        count = 0
        for officer_id in officer_ids:
            reaches: Sequence[Reach] = () if officer_id is None else self._reach.get(officer_id, ())
            if officer_id is None or not reaches or not self._people.may_read(self._session, officer_id, case):
                continue
            count += services.tell(
                self._session,
                reaches,
                template,
                values,
                about=sending.about_officer(case, officer_id),
                once=f"{template}:{case.id}:{last}",
                not_before=self._office_hours,
            )
        return count

    def _words(self, case: Case, line: CaseEvent) -> tuple[str, dict[str, str]]:
        number = {"number": case.public_number}
        if line.event is Event.RECEIVED:
            return (
                ("case-noted", number)
                if case.due_on is None
                else ("case-received", number | {"due": format_date(case.due_on)})
            )
        if line.event is Event.ASKED:
            until = open_question_until(self._session, case.id)
            if until is not None:
                return "case-question", number | {"until": format_date(until)}
        return ("case-answered" if line.event is Event.CLOSED else "case-news"), number


def open_question_until(session: Session, case_id: str) -> date | None:
    """The last day on which the sender can answer the question that waits."""
    return session.scalar(
        select(CaseQuestion.answer_until).where(CaseQuestion.case_id == case_id, CaseQuestion.ended_as.is_(None))
    )


def _for_sender(lines: Sequence[CaseEvent]) -> CaseEvent | None:
    """The line worth a message: what waits for the sender before what ended, before all else; the latest of a kind.

    What the sender did, and what the clock did, they need not be told.
    """
    shown = [line for line in lines if line.is_shown and (line.officer_id is not None or line.event is Event.RECEIVED)]
    for event in (Event.ASKED, Event.CLOSED):
        found = [line for line in shown if line.event is event]
        if found:
            return found[-1]
    return shown[-1] if shown else None


def _with_news(session: Session, after: str) -> Sequence[str]:
    """Cases with lines, or another place, that were not told yet; closed ones only for some weeks."""
    last = select(func.max(CaseEvent.sequence)).where(CaseEvent.case_id == Case.id).correlate(Case).scalar_subquery()
    mark = CaseNoticeMark
    is_new = or_(mark.case_id.is_(None), mark.sequence < last)
    is_recent = or_(Case.state != State.CLOSED, Case.closed_on >= clock.local_date() - CLOSED_FOR)
    return session.scalars(
        select(Case.id)
        .outerjoin(mark, mark.case_id == Case.id)
        .where(and_(is_recent, is_new), Case.id > after)
        .order_by(Case.id)
        .limit(AT_ONCE)
    ).all()


def _lines(session: Session, case_id: str, after: int) -> Sequence[CaseEvent]:
    return session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.sequence > after).order_by(CaseEvent.sequence)
    ).all()


def _move(session: Session, case: Case, mark: CaseNoticeMark | None, lines: Sequence[CaseEvent]) -> None:
    last = lines[-1].sequence if lines else 0
    if mark is None:
        session.add(CaseNoticeMark(case_id=case.id, sequence=last, unit_id=case.unit_id, assignee_id=case.assignee_id))
    else:
        mark.sequence, mark.unit_id, mark.assignee_id = max(last, mark.sequence), case.unit_id, case.assignee_id
