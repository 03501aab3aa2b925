"""A year of cases: opened and handled day by day through the services, with the clock driven forward.

Nothing is written with a date of its own: the record of acts is a chain whose time only goes forward, so whoever wants
cases of the past begins there, before anything newer is written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from app import clock
from app.calendar.queries import calendar
from app.db.session import Database
from app.errors import DomainError
from app.feedback.cases import upkeep
from app.feedback.cases.kinds import Channel
from app.feedback.cases.reporters import Contact
from app.feedback.intake.services import Report, open_case
from app.rules.kinds import Kind
from app.simulation import case_subjects
from app.simulation.case_acts import Acts
from app.simulation.case_diary import Diary, Stage
from app.simulation.case_office import Office

KINDS = (*(Kind.PETITION,) * 11, *(Kind.SUGGESTION,) * 6, *(Kind.COMPLAINT,) * 3)
SENDERS = ("Nguyễn Thị Mẫu", "Trần Văn Thử", "Lê Thị Ví Dụ", "Phạm Văn Mẫu", "Hoàng Thị Thử", "Vũ Văn Ví Dụ")
AGAIN = 0.25  # share of what is sent that says the same as something sent lately at the same unit
MORNING = time(8)
PATIENCE = 45  # days after which nobody touches a closed case any more


@dataclass
class Year:
    """Drives cases through some days. ``happened`` counts acts by name, ``refused`` those that the product refused."""

    database: Database
    office: Office
    random: Random
    procedures: Mapping[str, int] = field(default_factory=dict)
    diaries: dict[str, Diary] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _moment: datetime = field(default_factory=clock.now)
    _due: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))

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
                if every_day or per_day[number] or day in self._due:
                    self._live(day, per_day[number])

    def take_over(self, diary: Diary) -> None:
        """Let things happen to a case that somebody else opened."""
        self.diaries[diary.case_id] = diary
        self._later(diary.case_id, diary.received_on, self.random.randint(1, 6))

    def _live(self, day: date, count: int) -> None:
        self._moment = datetime.combine(day, MORNING, tzinfo=clock.VIETNAM)
        upkeep.run(self.database, day)
        self._note_what_ran_out(day)
        with self.database.transaction() as session:
            is_working_day = calendar(session).is_working_day(day)
            for _ in range(count):
                self._open(session, day)
            acts = Acts(session, self.office, self.diaries, self.random)
            for case_id in self._due.pop(day, []):
                self._move_on(session, acts, self.diaries[case_id], day, is_working_day=is_working_day)

    def _open(self, session: Session, day: date) -> None:
        place = self.random.choice(list(self.office.places.values()))
        kind = self.random.choice(KINDS)
        counter = self.random.choice((None, *place.counters))
        is_idea = kind is Kind.SUGGESTION
        subject = self.random.choice(case_subjects.fitting(place.counter_names.get(counter or 0, ""), is_idea=is_idea))
        subject = case_subjects.COMPLAINT if kind is Kind.COMPLAINT else subject
        known = [one for one in list(self.diaries.values())[-40:] if one.stage in {Stage.NEW, Stage.WORKING}]
        if known and self.random.random() < AGAIN:
            same = self.random.choice(known)
            kind, subject, counter = same.kind, same.subject, None
            place = self.office.at(same.unit_id)
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
                    channel=Channel.WEBSITE if counter is None else Channel.COUNTER_CODE,
                    contact=self._sender() if is_named else None,
                ),
            )
        self.diaries[opened.case_id] = Diary(
            opened.case_id, opened.public_number, opened.code, kind, place.unit_id, day, text, subject
        )
        self._later(opened.case_id, day, self.random.randint(0, 6))

    def _sender(self) -> Contact:
        name, phone = self.random.choice(SENDERS), f"0900000{self.random.randrange(1000):03}"
        return Contact(name=f"{name} (mô phỏng)", phone=phone, notice="Thông tin mô phỏng.")

    def _move_on(self, session: Session, acts: Acts, diary: Diary, day: date, *, is_working_day: bool) -> None:
        is_theirs = diary.stage in {Stage.ASKED, Stage.CLOSED}
        if not is_working_day and not is_theirs:
            self._later(diary.case_id, day, 1)
            return
        act = acts.next_of(diary)
        if act is not None:
            name = getattr(act, "__name__", "")
            try:
                with session.begin_nested(), self._minutes():
                    self.happened[name] += act(diary)
            except DomainError as error:
                self.refused[f"{name}: {type(error).__name__}"] += 1
        if diary.closed_on is None:
            self._later(diary.case_id, day, self.random.randint(1, 9))
        elif (day - diary.closed_on).days < PATIENCE:
            self._later(diary.case_id, day, self.random.randint(6, 15))

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
