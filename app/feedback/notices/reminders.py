"""Reminders before the due date and word to those above after it: each step once, on working days, in working hours.

A row for each step reached stands on the page of the case, whether somebody could be sent a message or not. Nobody gets
more than some messages at once: what is beyond them stands in the digest.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import queries as contacts
from app.accounts.contacts import services
from app.calendar.queries import calendar, latest_version
from app.calendar.working_time import WorkingCalendar
from app.db.session import Database
from app.feedback.cases import lateness
from app.feedback.cases.kinds import CLASS_OF, State, StateClass, Step
from app.feedback.cases.models import Case, CaseQuestion, Reporter
from app.feedback.cases.reminders import CaseReminder
from app.feedback.notices import sending, steps
from app.feedback.notices.people import People
from app.feedback.notices.senders import way_to
from app.feedback.notices.steps import LATE, Plan
from app.i18n.formats import format_date
from app.messages.catalogue import unit_field
from app.messages.services import enqueue
from app.settings import settings
from app.settings.known import ESCALATE_ABOVE, ESCALATE_LEADER, REMIND_BEFORE
from app.units import queries as units

AT_ONCE = 50
MOST_AT_ONCE = 10
OPEN = tuple(state for state, kind in CLASS_OF.items() if kind is StateClass.OPEN)
QUESTION_ENDS = timedelta(days=1)


def plan_of(session: Session) -> Plan:
    """How many working days before and after, as set."""
    return Plan(
        settings.value(session, REMIND_BEFORE),
        settings.value(session, ESCALATE_LEADER),
        settings.value(session, ESCALATE_ABOVE),
    )


def remind(database: Database) -> str:
    """Do what today's steps ask: some cases in a transaction, so that nobody waits.

    Officers are left alone outside working hours; senders are not, for questions end on days of rest too.
    """
    with database.transaction() as session:
        questions = remind_of_questions(session)
    with database.reading() as session:
        working = calendar(session) if latest_version(session) else None
    if working is None or not working.is_working_time(clock.now()):
        return f"outside working hours, questions {questions}"
    sent: Counter[int] = Counter()
    steps_noted, after = 0, ""
    while True:
        with database.transaction() as session:
            cases = _candidates(session, working, after)
            steps_noted += remind_some(session, cases, working, sent)
        if len(cases) < AT_ONCE:
            break
        after = cases[-1].id
    return f"steps {steps_noted}, messages {sum(sent.values())}, questions {questions}"


def remind_some(session: Session, cases: Sequence[Case], working: WorkingCalendar, sent: Counter[int]) -> int:
    """Note the steps that some cases have reached and tell of them; how many steps. ``sent``: messages by officer."""
    if not cases:
        return 0
    run = _Run(session, working, sent)
    noted = defaultdict(set)
    for row in session.scalars(select(CaseReminder).where(CaseReminder.case_id.in_([case.id for case in cases]))):
        noted[row.case_id, row.due_on].add(row.step)
    count = 0
    for case in cases:
        if case.due_on is None:
            continue
        done = noted[case.id, case.due_on]
        reached = [step for step in steps.reached(run.plan, case.due_on, run.today, working) if step not in done]
        told = steps.to_tell(reached, done, is_late=case.due_on < run.today)
        for step in reached:
            people = run.tell(case, case.due_on, step) if step in told else 0
            session.add(CaseReminder(case_id=case.id, due_on=case.due_on, step=step, noted_on=run.today, told=people))
            count += 1
    return count


def remind_of_questions(session: Session) -> int:
    """Tell senders whose last day to answer a question is tomorrow or today; how many messages."""
    today = clock.local_date()
    rows = session.execute(
        select(Case, CaseQuestion.number, CaseQuestion.answer_until)
        .join(CaseQuestion, CaseQuestion.case_id == Case.id)
        .join(Reporter, Reporter.case_id == Case.id)
        .where(
            CaseQuestion.ended_as.is_(None),
            CaseQuestion.answer_until.between(today, today + QUESTION_ENDS),
            Reporter.wants_notices,
        )
        .order_by(Case.id)
    ).all()
    count = 0
    for case, number, until in rows:
        way = way_to(session.get_one(Reporter, case.id))
        if way is not None:
            made = enqueue(
                session,
                way[0],
                "case-question",
                way[1],
                {"number": case.public_number, "until": format_date(until)},
                about=sending.about_sender(case),
                once=f"ending:{case.id}:{number}",
                language=case.language,
                not_before=steps.in_daytime(clock.now()),
                valid_for=QUESTION_ENDS,
            )
            count += made is not None
    return count


class _Run:
    """One transaction of a run."""

    def __init__(self, session: Session, working: WorkingCalendar, sent: Counter[int]) -> None:
        self._session, self._working, self._sent = session, working, sent
        self.today, self.plan = clock.local_date(), plan_of(session)
        self._people = People(session, self.today)
        self._reach = contacts.reachable(session, single=True)

    def tell(self, case: Case, due_on: date, step: Step) -> int:
        """Send a message to each whom a step concerns and who can be reached; how many people."""
        values = {"number": case.public_number}
        if step is Step.BEFORE:
            left = self._working.working_days_between(self.today, due_on)
            template, values = "officer-due", values | {"due": format_date(due_on), "days": str(left)}
        elif step is Step.TODAY:
            template = "officer-due-today"
        else:
            name = units.name_on(self._session, case.unit_id, self.today)
            template, values = "officer-late", values | {"due": format_date(due_on), "unit": unit_field(name)}
        told = 0
        for officer_id in self._concerned(case, step):
            reaches = self._reach.get(officer_id, [])
            if not reaches or self._sent[officer_id] >= MOST_AT_ONCE:
                continue
            key = f"{step.value}:{case.id}:{due_on:%Y%m%d}"
            about = sending.about_officer(case, officer_id)
            made = services.tell(self._session, reaches, template, values, about=about, once=key)
            self._sent[officer_id] += made
            told += made > 0
        return told

    def _concerned(self, case: Case, step: Step) -> list[int]:
        """Whoever has the case before it is late, and where nobody has it, whoever hands it out; then those above."""
        own = [] if case.assignee_id is None else [case.assignee_id]
        own = [one for one in own if self._people.may_read(self._session, one, case)]
        if step not in LATE and case.state is State.AWAITING_APPROVAL:  # it lies with whoever approves
            return sorted({*own, *self._people.leaders(self._session, case)})
        if step not in LATE:
            return own or self._people.assigners(self._session, case)
        if step is Step.LEADER:
            return sorted({*own, *self._people.leaders(self._session, case)})
        return self._people.above(self._session, case)


def _candidates(session: Session, working: WorkingCalendar, after: str) -> Sequence[Case]:
    """Cases that run and whose due date is near, and late ones, but for those that have had the last step."""
    last_one = and_(
        CaseReminder.case_id == Case.id, CaseReminder.due_on == Case.due_on, CaseReminder.step == Step.ABOVE
    )
    return session.scalars(
        select(Case)
        .outerjoin(CaseReminder, last_one)
        .where(
            or_(Case.state.in_(OPEN), lateness.late(clock.local_date())),
            Case.due_on <= steps.horizon(plan_of(session), clock.local_date(), working),
            CaseReminder.case_id.is_(None),
            Case.id > after,
        )
        .order_by(Case.id)
        .limit(AT_ONCE)
        .with_for_update(of=Case)
    ).all()
