"""Many cases at once, written row by row without the services: what pages, files and jobs are measured on.

The year of cases takes half an hour for ten thousand of them; this takes seconds. States, dates, history, answers,
ratings and senders are mixed as that year leaves them. The record of acts stays empty.
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.calendar.queries import calendar, latest_version
from app.calendar.working_time import WorkingCalendar
from app.clock import VIETNAM
from app.crypto.types import in_row
from app.db.base import Base
from app.db.session import Database
from app.feedback.cases import fingerprints, likeness, reporters
from app.feedback.cases.codes import new_code
from app.feedback.cases.keys import code_index
from app.feedback.cases.kinds import Channel, Event, Outcome, State
from app.feedback.cases.numbers import new_public_number
from app.rules.kinds import Kind
from app.rules.queries import counting_on, kind_rule_on
from app.simulation import case_subjects
from app.simulation.case_office import Office, Place
from app.simulation.case_year import KINDS

AT_ONCE = 500
TERMS = {Kind.PETITION: 10, Kind.SUGGESTION: 15, Kind.COMPLAINT: 30}
QUESTION_LASTS = 10
OPEN_FOR = 45  # days after which all but a few are closed
SENDERS = ("Nguyễn Thị Mẫu", "Trần Văn Thử", "Lê Thị Ví Dụ", "Phạm Văn Mẫu")
NOTICE = b"\x00" * 32
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Filler:
    """Makes the rows of cases and writes them in blocks. ``lately``: closed and told of before the jobs run."""

    database: Database
    office: Office
    random: Random
    first_day: date
    today: date
    procedures: list[int] = field(default_factory=list)
    _rows: Rows = field(default_factory=lambda: defaultdict(list))

    def fill(self, count: int) -> None:
        """Write so many cases, received from the first day to today."""
        for start in range(0, count, AT_ONCE):
            with self.database.transaction() as session:
                self._law(session)
                for _ in range(min(AT_ONCE, count - start)):
                    self._case()
                self._write(session)

    def _law(self, session: Session) -> None:
        self._rules = {kind: kind_rule_on(session, kind, self.today).id for kind in TERMS}
        self._counting = counting_on(session, self.today).id
        self._working: WorkingCalendar = calendar(session)
        self._calendar = latest_version(session)

    def _write(self, session: Session) -> None:
        for table in Base.metadata.sorted_tables:  # parents before children
            if rows := self._rows.pop(table.name, None):
                session.execute(insert(table), rows)

    def _case(self) -> None:
        random, place = self.random, self.random.choice(list(self.office.places.values()))
        received = self.first_day + timedelta(random.randrange((self.today - self.first_day).days + 1))
        kind, counter = random.choice(KINDS), random.choice((None, *place.counters))
        subject = random.choice(case_subjects.fitting(place.counter_names.get(counter or 0, "")))
        text = case_subjects.written(subject, random)
        is_named = kind is Kind.COMPLAINT or random.random() < 0.4
        age = (self.today - received).days
        is_closed = random.random() < (0.97 if age > OPEN_FOR else age / OPEN_FOR)
        closed = min(received + timedelta(random.randint(1, 25)), self.today) if is_closed else None
        states = (State.RECEIVED, State.IN_PROGRESS, State.IN_PROGRESS, State.WAITING_FOR_SENDER)
        state = State.CLOSED if is_closed else random.choice(states[: 4 if age < QUESTION_LASTS else 3])
        outcome = random.choice((*(Outcome.SOLVED,) * 6, Outcome.PARTLY_SOLVED, Outcome.NOT_ACCEPTED))
        key, number = secrets.token_hex(12), new_public_number()
        is_given = state is not State.RECEIVED or random.random() < 0.5
        assignee = random.choice(place.people).officer_id if is_given else None
        case = {
            "id": key,
            "public_number": number,
            "code_index": code_index(new_code()),
            "kind": kind,
            "kind_asked": kind,
            "rule_version_id": self._rules[kind],
            "counting_version_id": self._counting,
            "meets_form": True,
            "unit_id": place.unit_id,
            "concerned_unit_id": place.unit_id,
            "counter_id": counter,
            "procedure_id": random.choice(self.procedures) if self.procedures and random.random() < 0.5 else None,
            "channel": Channel.WEBSITE if counter is None else Channel.COUNTER_CODE,
            "language": "vi",
            "is_anonymous": not is_named,
            "is_private": random.random() < 0.03,
            "is_remote": False,
            "received_on": received,
            "happened_on": None,
            "text": in_row(text, number),
            "state": state,
            "outcome": outcome if is_closed else None,
            "due_on": self._working.add_working_days(received, TERMS[kind]),
            "calendar_version": self._calendar,
            "closed_on": closed,
            "assignee_id": assignee,
            "registered_by": None,
            "version": 3,
        }
        self._rows["feedback_case"].append(case)
        salt = fingerprints.new_salt()
        digest = fingerprints.digest(salt, number, received, kind, text)
        self._rows["case_fingerprint"].append({"case_id": key, "salt": salt, "digest": digest})
        if is_named:
            self._sender(key, received)
        answer = case_subjects.answered(subject, outcome, closed or self.today, random)
        self._story(case, place, answer if is_closed else "")

    def _sender(self, key: str, received: date) -> None:
        phone = f"0900000{self.random.randrange(1000):03}"
        self._rows["reporter"].append(
            {
                "case_id": key,
                "name": in_row(f"{self.random.choice(SENDERS)} (mô phỏng)", key),
                "phone": in_row(phone, key),
                "phone_index": reporters.phone_index(phone),
                "email": None,
                "address": None,
                "notice_hash": NOTICE,
                "wants_notices": self.random.random() < 0.5,
                "erase_on": received + timedelta(730),
                "erased_on": None,
                "batch": None,
            }
        )

    def _story(self, case: dict[str, Any], place: Place, answer: str) -> None:
        """The lines of the history, and what hangs on them."""
        key, day, who = case["id"], case["received_on"], self.random.choice(place.people).officer_id
        head = place.people[0].officer_id
        story = _Story(self._rows, key)
        story.line(Event.RECEIVED, day)
        if case["assignee_id"] is not None:
            story.line(Event.ASSIGNED, day, head, {"to": case["assignee_id"]})
        if case["state"] is not State.RECEIVED:
            story.line(Event.TAKEN_UP, day, who)
        if case["state"] is State.WAITING_FOR_SENDER or self.random.random() < 0.15:
            self._question(story, case, who)
        if answer:
            self._closing(story, case, who, answer)
        for officer_id in {who, head}:
            moment = _at(day)
            self._rows["case_reading"].append(
                {"case_id": key, "officer_id": officer_id, "role": "case_officer", "first_at": moment,
                 "last_at": moment}
            )  # fmt: skip
        if self.random.random() < 0.05:
            self._rows["case_exclusion"].append(
                {"case_id": key, "officer_id": self.random.choice(place.people).officer_id, "rule": "by_hand",
                 "since": _at(day), "lifted_at": None}
            )  # fmt: skip

    def _question(self, story: "_Story", case: dict[str, Any], who: int) -> None:
        key, day = case["id"], case["received_on"]
        waits = case["state"] is State.WAITING_FOR_SENDER
        if case["state"] is State.RECEIVED:
            return
        story.line(Event.ASKED, day, who, {"number": 1})
        if not waits:
            story.line(Event.ANSWERED_BY_SENDER, day, detail={"number": 1})
        self._rows["case_question"].append(
            {
                "case_id": key,
                "number": 1,
                "text": in_row("Ông/Bà cho biết ngày nộp hồ sơ và số phiếu hẹn?", key),
                "asked_by": who,
                "asked_at": _at(day),
                "answer_until": max(day + timedelta(30), self.today + timedelta(1)) if waits else day + timedelta(30),
                "answer": None if waits else in_row("Tôi nộp hồ sơ đầu tháng, phiếu hẹn số 12.", key),
                "ended_as": None if waits else "answered",
                "ended_on": None if waits else day,
            }
        )
        self._rows["case_pause"].append(
            {
                "case_id": key,
                "number": 1,
                "started_at": _at(day),
                "ended_at": None if waits else _at(day, 10),
                "document": in_row("Chờ người gửi trả lời.", key),
            }
        )

    def _closing(self, story: "_Story", case: dict[str, Any], who: int, answer: str) -> None:
        key, day = case["id"], case["closed_on"]
        if case["due_on"] < day:
            story.line(Event.DUE_MISSED, case["due_on"], detail={"due_on": case["due_on"].isoformat()})
        story.line(Event.CLOSED, day, who, {"number": 1, "outcome": case["outcome"].value})
        self._rows["case_reply"].append(
            {
                "case_id": key,
                "number": 1,
                "outcome": case["outcome"],
                "text": in_row(answer, key),
                "likeness": likeness.mark_of(answer),
                "written_by": who,
                "answered_at": _at(day),
            }
        )
        if self.random.random() < 0.3:
            story.line(Event.RATED, day, detail={"number": 1})
            self._rows["case_rating"].append(
                {"case_id": key, "reply_number": 1, "score": self.random.randint(1, 5), "text": None, "rated_on": day}
            )


@dataclass
class _Story:
    """The history of one case."""

    rows: Rows
    key: str
    number: int = 0

    def line(self, event: Event, day: date, who: int | None = None, detail: dict[str, object] | None = None) -> None:
        self.number += 1
        self.rows["case_event"].append(
            {
                "case_id": self.key,
                "sequence": self.number,
                "event": event,
                "happened_on": day,
                "at": None if who is None else _at(day),
                "officer_id": who,
                "role": None if who is None else "case_officer",
                "is_shown": True,
                "detail": detail or {},
            }
        )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=VIETNAM)
