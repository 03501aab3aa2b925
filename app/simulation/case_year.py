"""A year of cases: opened and handled day by day through the services, with the clock driven forward.

Nothing is written with a date of its own: the record of acts is a chain whose time only goes forward, so whoever wants
cases of the past begins there, before anything newer is written.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.calendar.working_time import WorkingCalendar
from app.db.session import Database
from app.errors import DomainError
from app.feedback.cases import upkeep
from app.feedback.cases.kinds import Channel
from app.feedback.cases.reporters import Contact
from app.feedback.intake.services import Report, open_case
from app.rules.kinds import Kind
from app.simulation import case_subjects
from app.simulation.case_acts import Acts
from app.simulation.case_diary import Act, Diary, Stage
from app.simulation.case_office import FAMILY, GIVEN, MIDDLE, Office

KINDS = (*(Kind.PETITION,) * 11, *(Kind.SUGGESTION,) * 6, *(Kind.COMPLAINT,) * 3)
ASSISTED = (Channel.PHONE, Channel.WALK_IN, Channel.LETTER)
SLOW = 0.07  # share of cases nobody hurries with
PRESSING = 6  # days before the due date from which others hurry
AGAIN = 0.25  # share of what is sent that says the same as something sent lately at the same unit
MORNING = time(8)
PATIENCE = 45  # days after which nobody touches a closed case any more


@dataclass
class Year:
    """Drives cases through some days. ``happened`` counts acts by name, ``refused`` those that the product refused.

    ``lifelike``: most due dates are kept, and only what fits a matter happens; ``weights`` says how much is sent where
    it is not as much as elsewhere, ``copying`` which unit gives everybody the same answer.
    """

    database: Database
    office: Office
    random: Random
    procedures: Mapping[str, int] = field(default_factory=dict)
    lifelike: bool = False
    weights: Mapping[int, int] = field(default_factory=dict)
    copying: int | None = None
    diaries: dict[str, Diary] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _calendar: WorkingCalendar | None = None
    _moment: datetime = field(default_factory=clock.now)
    _due: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))
    _planned: dict[date, list[Callable[[Session], None]]] = field(default_factory=lambda: defaultdict(list))

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._moment

    def run(self, first_day: date, last_day: date, count: int, *, every_day: bool = True) -> None:
        """Open ``count`` cases, spread over all days but the last, and let things happen to them.

        ``every_day`` False skips the days on which nothing is to be done.
        """
        days = (last_day - first_day).days
        per_day = Counter(self.random.randrange(max(1, days)) for _ in range(count))
        with clock.use(self.now):
            for number in range(days + 1):
                day = first_day + timedelta(number)
                if every_day or per_day[number] or day in self._due or day in self._planned:
                    self._live(day, per_day[number])

    def plan(self, day: date, act: Callable[[Session], None]) -> None:
        """Let something else happen on a day, after the cases of the day."""
        self._planned[day].append(act)

    @contextmanager
    def minute(self) -> Iterator[None]:
        """A moment of its own for something that was planned."""
        with self._minutes():
            yield

    def take_over(self, diary: Diary) -> None:
        """Let things happen to a case that somebody else opened."""
        self.diaries[diary.case_id] = diary
        diary.is_slow = self._is_slow()
        self._later(diary.case_id, diary.received_on, self.random.randint(1, 6))

    def _live(self, day: date, count: int) -> None:
        self._moment = datetime.combine(day, MORNING, tzinfo=clock.VIETNAM)
        upkeep.run(self.database, day)
        self._note_what_ran_out(day)
        with self.database.transaction() as session:
            self._calendar = self._calendar or calendar(session)
            is_working_day = self._calendar.is_working_day(day)
            for _ in range(count):
                self._open(session, day)
            acts = Acts(session, self.office, self.diaries, self.random, lifelike=self.lifelike, copying=self.copying)
            for case_id in self._due.pop(day, []):
                self._move_on(session, acts, self.diaries[case_id], day, is_working_day=is_working_day)
            for planned in self._planned.pop(day, []):
                self._keep(session, planned)

    def _keep(self, session: Session, planned: Callable[[Session], None]) -> None:
        """Do what was planned; where it turns out to be impossible the year goes on without it."""
        try:
            with session.begin_nested():
                planned(session)
        except DomainError as error:
            self.refused[f"{getattr(planned, '__qualname__', '')}: {type(error).__name__}"] += 1

    def _open(self, session: Session, day: date) -> None:
        places = list(self.office.places.values())
        place = self.random.choices(places, [self.weights.get(one.unit_id, 1) for one in places])[0]
        kind = self.random.choice(KINDS)
        counter = self.random.choice((None, *place.counters))
        is_idea = kind is Kind.SUGGESTION
        subject = self.random.choice(case_subjects.fitting(place.counter_names.get(counter or 0, ""), is_idea=is_idea))
        subject = case_subjects.complaint(self.random) if kind is Kind.COMPLAINT else subject
        known = [one for one in list(self.diaries.values())[-40:] if one.stage in {Stage.NEW, Stage.WORKING}]
        if known and self.random.random() < AGAIN:
            same = self.random.choice(known)
            kind, subject, counter = same.kind, same.subject, None
            place = self.office.at(same.unit_id)
        counter = None if kind is Kind.COMPLAINT and self.lifelike else counter
        channel = self._channel(counter)
        is_named = kind is Kind.COMPLAINT or self.random.random() < 0.4
        text = case_subjects.written(subject, self.random)
        with self._minutes():
            opened = open_case(
                session,
                Report(
                    kind,
                    kind,
                    text,
                    place.unit_id,
                    counter_id=counter,
                    procedure_id=self.procedures.get(subject.procedure),
                    channel=channel,
                    contact=self._sender() if is_named else None,
                    registered_by=self.random.choice(place.people).officer_id if channel in ASSISTED else None,
                ),
            )
        self.diaries[opened.case_id] = Diary(
            opened.case_id, opened.public_number, opened.code, kind, place.unit_id, day, text, subject
        )
        self.diaries[opened.case_id].is_slow = self._is_slow()
        self._later(opened.case_id, day, self.random.randint(0, 6))

    def _channel(self, counter: int | None) -> Channel:
        """How it comes; at a counter with a code, in an office also by telephone or on paper."""
        if self.lifelike and self.random.random() < 0.15:
            return self.random.choice(ASSISTED)
        return Channel.WEBSITE if counter is None else Channel.COUNTER_CODE

    def _sender(self) -> Contact:
        name = " ".join(self.random.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
        number = self.random.randrange(1000)
        email = f"nguoigui{number}@example.vn" if number % 3 == 0 else ""
        return Contact(f"{name} (mô phỏng)", f"0900000{number:03}", email, notice="Thông tin mô phỏng.")

    def _is_slow(self) -> bool:
        return self.lifelike and self.random.random() < SLOW

    def _move_on(self, session: Session, acts: Acts, diary: Diary, day: date, *, is_working_day: bool) -> None:
        is_theirs = diary.stage in {Stage.ASKED, Stage.CLOSED}
        if self.lifelike:
            acts.look(diary)
        if not is_working_day and not is_theirs:
            self._later(diary.case_id, day, 1)
            return
        act = self._pressing(acts, diary, day) if self.lifelike else acts.next_of(diary)
        if act is not None:
            name = getattr(act, "__name__", "")
            try:
                with session.begin_nested(), self._minutes():
                    self.happened[name] += act(diary)
            except DomainError as error:
                self.refused[f"{name}: {type(error).__name__}"] += 1
        if diary.closed_on is None:
            days = self.random.randint(1, 9)
            left = acts.days_left(diary, day) if self.lifelike and not diary.is_slow else None
            self._later(diary.case_id, day, days if left is None else max(1, min(days, left - PRESSING + 1)))
        elif (day - diary.closed_on).days < PATIENCE:
            self._later(diary.case_id, day, self.random.randint(6, 15))

    def _pressing(self, acts: Acts, diary: Diary, day: date) -> Act | None:
        """With the due date near most officers answer, and a few do not; what senders ask for is decided soon."""
        if diary.stage is Stage.CLOSED and acts.is_asked(diary):
            return acts.decide
        act, left = acts.next_of(diary), acts.days_left(diary, day)
        if left is None:
            return act
        if diary.is_slow:
            return acts.nothing if act == acts.close and left >= 0 else act
        if left > PRESSING:
            return act
        return acts.take_up if diary.stage is Stage.NEW else acts.close

    def _note_what_ran_out(self, day: date) -> None:
        for diary in self.diaries.values():
            if diary.asked_until is not None and diary.asked_until < day:
                diary.go_on(diary.asked_until + timedelta(1))
                diary.stage, diary.asked_until = Stage.WORKING, None
                self.happened["question_ran_out"] += 1

    def _later(self, case_id: str, day: date, days: int) -> None:
        self._due[day + timedelta(max(1, days))].append(case_id)

    @contextmanager
    def _minutes(self) -> Iterator[None]:
        """Every act takes a few seconds, so that no two happen at once."""
        self._moment += timedelta(seconds=3)
        yield
