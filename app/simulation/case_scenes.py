"""Some cases of the last weeks at the centre of the sample province, so that every state of a case can be looked at.

Days are working days before the last one. Each step is taken by whoever would take it, through the services.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.working_time import WorkingCalendar
from app.feedback.answering import approvals, drafts, notes
from app.feedback.answering.composing import WHOLE, Answer, Draft
from app.feedback.cases import deadlines
from app.feedback.cases.kinds import Channel, Decision, Outcome, State
from app.feedback.cases.models import Case, CaseQuestion, CaseRequest
from app.feedback.cases.reporters import Contact
from app.feedback.following import services as following
from app.feedback.handling import closing
from app.feedback.handling import services as handling
from app.feedback.intake.services import Report, open_case
from app.feedback.merging import services as merging
from app.feedback.routing import services as routing
from app.feedback.routing.rules import Why
from app.rules.kinds import Kind
from app.simulation import case_subjects, case_words
from app.simulation.case_office import FAMILY, GIVEN, MIDDLE, Person, Place
from app.simulation.case_year import Year
from app.simulation.known_officers import CLERK, LEADER
from app.simulation.matters.model import Subject

Step = str
NOTES = (
    "Đã gọi người gửi, họ đồng ý chờ đến thứ sáu. (mô phỏng)",
    "Bộ phận chuyên môn báo đã có kết quả, chờ ký. (mô phỏng)",
    "Xin ý kiến lãnh đạo về câu xin lỗi trong phần trả lời. (mô phỏng)",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One case: what it is about, where and when it comes, and what happens on which day.

    ``counter`` is a place in the list of counters, none for the website; ``like`` another scene it says the same as;
    ``is_communal``: not at the province's centre but at that of a commune.
    """

    subject: str
    came: int
    steps: tuple[tuple[int, Step], ...] = ()
    kind: Kind = Kind.PETITION
    counter: int | None = None
    channel: Channel = Channel.WEBSITE
    is_named: bool = True
    like: int | None = None
    is_communal: bool = False


SCENES: tuple[Scene, ...] = (
    Scene("land_late", 17, ((15, "assign"), (12, "note"), (1, "draft")), counter=1),
    Scene("enterprise", 14, ((13, "take_up"), (6, "note"), (1, "draft")), counter=0),
    Scene("work_permit", 12, ((11, "assign"), (8, "ask"), (6, "reply"), (2, "draft")), counter=3),
    Scene("rude", 6, counter=2, is_named=False),
    Scene("machine", 5, ((4, "assign"),), is_named=False),
    Scene("machine", 4, ((3, "merge"),), like=4),
    Scene("toilet", 3, is_named=False),
    Scene("big_letters", 2, kind=Kind.SUGGESTION, counter=0, is_named=False),
    Scene("nationality", 10, ((9, "assign"), (5, "pause"))),
    Scene("refused_file", 24, ((20, "take_up"), (2, "draft"), (1, "submit")), kind=Kind.COMPLAINT),
    Scene("refused_file", 26, ((22, "take_up"), (12, "extend"), (9, "suspend")), kind=Kind.COMPLAINT),
    Scene("waiting", 9, ((8, "assign"), (3, "ask")), channel=Channel.LETTER),
    Scene("jumped", 1, channel=Channel.PHONE),
    Scene("chairs", 14, ((12, "assign"), (6, "close"), (5, "rate"), (2, "reopen"))),
    Scene("enterprise", 25, ((24, "assign"), (16, "close"), (13, "reopen"), (11, "refuse"), (3, "second")), counter=0),
    Scene("work_permit", 13, ((12, "assign"), (3, "note")), counter=3),
    Scene("saturday", 12, ((11, "assign"), (5, "close"), (4, "rate")), kind=Kind.SUGGESTION),
    Scene("land_split", 8, ((7, "assign"), (5, "note"), (4, "pass_on")), counter=1, is_communal=True),
    Scene("certify_wait", 20, ((19, "assign"), (11, "close"), (9, "rate")), is_communal=True),
    Scene("certify_wait", 19, ((18, "merge"), (10, "close")), like=18, is_named=False, is_communal=True),
)
"""What is to be seen, one after another."""


@dataclass
class Scenes:
    """Opens the cases of ``SCENES`` and lets their steps happen."""

    year: Year
    centre_id: int
    people: Mapping[str, Person]
    _ids: dict[int, str] = field(default_factory=dict)

    def place_of(self, scene: Scene) -> Place:
        """Where it happens."""
        places = self.year.office.places
        others = [place for unit_id, place in places.items() if unit_id != self.centre_id and place.counters]
        return others[0] if scene.is_communal and others else places[self.centre_id]

    def handlers(self, scene: Scene) -> tuple[Person, Person]:
        """Who works on it, and who decides."""
        place = self.place_of(scene)
        if place.unit_id == self.centre_id:
            return self.people[CLERK], self.people[LEADER]
        return place.people[-1], place.people[0]

    def plan(self, session: Session, last_day: date) -> None:
        """Put them into the calendar of the year; those due soon keep their days whatever weekday it is."""
        working = calendar(session)
        for number, scene in enumerate(SCENES):
            self.year.plan(_back(working, last_day, scene.came), self._opening(number, scene))
            for days, step in scene.steps:
                self.year.plan(_back(working, last_day, days), self._doing(number, scene, step))

    def _opening(self, number: int, scene: Scene) -> Callable[[Session], None]:
        def happen(session: Session) -> None:
            random, place = self.year.random, self.place_of(scene)
            subject = case_subjects.named(scene.subject)
            counters = place.counters
            counter = None if scene.counter is None or not counters else counters[scene.counter % len(counters)]
            assisted = scene.channel in {Channel.PHONE, Channel.LETTER}
            report = Report(
                scene.kind,
                scene.kind,
                case_subjects.written(subject, random),
                place.unit_id,
                counter_id=counter,
                procedure_id=self.year.procedures.get(subject.procedure),
                channel=Channel.COUNTER_CODE if counter is not None else scene.channel,
                contact=_contact(random) if scene.is_named else None,
                registered_by=self.handlers(scene)[0].officer_id if assisted else None,
            )
            with self.year.minute():
                self._ids[number] = open_case(session, report).case_id

        return happen

    def _doing(self, number: int, scene: Scene, step: Step) -> Callable[[Session], None]:
        def happen(session: Session) -> None:
            if number not in self._ids:
                return
            case = session.get_one(Case, self._ids[number])
            clerk, leader = self.handlers(scene)
            top_id = self.year.office.top.unit_id
            acting = _Acting(session, clerk, leader, self.year.random, case_subjects.named(scene.subject), top_id)
            with self.year.minute():
                if step == "merge":
                    leading = self._ids[scene.like or 0]
                    merging.merge(session, self.handlers(scene)[1], case.id, case.version, leading)
                else:
                    getattr(acting, step)(case)

        happen.__qualname__ = f"Scenes {scene.subject} {step}"
        return happen


@dataclass(frozen=True, slots=True)
class _Acting:
    """The steps, by the name that a scene calls them."""

    session: Session
    clerk: Person
    leader: Person
    random: Random
    subject: Subject
    top_id: int

    def take_up(self, case: Case) -> None:
        if case.assignee_id not in {None, self.clerk.officer_id}:
            routing.assign(self.session, self.leader, case.id, case.version, self.clerk.officer_id)
        handling.take_up(self.session, self.clerk, case.id, case.version)

    def assign(self, case: Case) -> None:
        if case.assignee_id != self.clerk.officer_id:
            routing.assign(self.session, self.leader, case.id, case.version, self.clerk.officer_id)
        handling.take_up(self.session, self.clerk, case.id, case.version)

    def pass_on(self, case: Case) -> None:
        words = case_words.PASSED_ON[0]
        routing.transfer(self.session, self.leader, case.id, case.version, self.top_id, Why.COMPETENCE, words)

    def note(self, case: Case) -> None:
        notes.add(self.session, self.clerk, case.id, self.random.choice(NOTES))

    def draft(self, case: Case) -> None:
        saved = drafts.newest(self.session, case.id)
        words = case_subjects.answered(self.subject, Outcome.SOLVED, clock.local_date(), self.random)
        draft = Draft(Outcome.SOLVED, "", {WHOLE: Answer(words)}, {})
        drafts.save(self.session, self.clerk, case.id, saved.number if saved else 0, draft)

    def submit(self, case: Case) -> None:
        saved = drafts.newest(self.session, case.id)
        if saved is not None:
            approvals.submit(self.session, self.clerk, case.id, case.version, saved.number)

    def close(self, case: Case) -> None:
        if case.state is State.RECEIVED:
            handling.take_up(self.session, self.clerk, case.id, case.version)
        self.draft(case)
        saved = drafts.newest(self.session, case.id)
        if saved is not None:
            closing.send_draft(self.session, self.clerk, case.id, case.version, saved.number)

    def ask(self, case: Case) -> None:
        today = clock.local_date()
        until = min(today + timedelta(days=10), deadlines.question_until(self.session, case, today))
        handling.ask(self.session, self.clerk, case.id, case.version, self.random.choice(case_words.QUESTIONS), until)

    def reply(self, case: Case) -> None:
        number = self.session.scalars(select(CaseQuestion.number).where(CaseQuestion.case_id == case.id)).one()
        following.answer_question(self.session, case.id, number, self.random.choice(case_words.REPLIES))

    def pause(self, case: Case) -> None:
        words = f"{case_subjects.went_to(self.subject)} trả lời kết quả xác minh"
        handling.pause(self.session, self.clerk, case.id, case.version, words)

    def suspend(self, case: Case) -> None:
        handling.suspend(self.session, self.leader, case.id, case.version, self._paper("tạm đình chỉ giải quyết"))

    def extend(self, case: Case) -> None:
        limit = deadlines.extensions_left(self.session, case)
        if limit is None:
            return
        signer, paper = "Giám đốc Trung tâm (mô phỏng)", self._paper("gia hạn")
        handling.extend(self.session, self.leader, case.id, case.version, limit, signer, paper)

    def rate(self, case: Case) -> None:
        following.rate(self.session, case.id, 1, 3, self.random.choice(case_words.RATED[3]))

    def reopen(self, case: Case) -> None:
        following.ask_reopening(self.session, case.id, case_words.NOT_YET[1])

    def refuse(self, case: Case) -> None:
        asked = select(CaseRequest.number).where(CaseRequest.case_id == case.id, CaseRequest.decision.is_(None))
        number, words = self.session.scalars(asked).one(), case_words.DECIDED[False][0]
        handling.decide(self.session, self.leader, case.id, case.version, number, Decision.REFUSED, words)

    def second(self, case: Case) -> None:
        following.ask_second_stage(self.session, case.id, case_words.NOT_YET[0])

    def _paper(self, about: str) -> str:
        number = self.random.randint(12, 480)
        return f"Văn bản số {number} ngày {clock.local_date():%d/%m/%Y} về việc {about} (mô phỏng)"


def _contact(random: Random) -> Contact:
    number, name = random.randrange(1000), " ".join(random.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
    email = f"nguoigui{number}@example.vn"
    return Contact(f"{name} (mô phỏng)", f"0900000{number:03}", email, notice="Thông tin mô phỏng.", wants_notices=True)


def _back(working: WorkingCalendar, last_day: date, count: int) -> date:
    """The working day so many before the last one that is not after ``last_day``."""
    day = last_day
    while not working.is_working_day(day):
        day -= timedelta(days=1)
    while count:
        day -= timedelta(days=1)
        count -= working.is_working_day(day)
    return day
