"""Issue: from a low score a complaint is one tap away, and no join between the two records can exist.

People answer, those who are unsatisfied complain at once, in the same browser. Whoever then holds every table, every
file of the database and the log, and even knows of half the people which answer and which complaint are theirs, finds
the others' pairs no more often than by chance: not by equal values, not by order, not by time, not by size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import LargeBinary, MetaData, inspect, select, text, type_coerce

from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.base import Base
from app.db.session import Database
from app.feedback.cases.models import Case, CaseEvent, CaseFingerprint, CitizenSession
from app.survey.models import Response, TodaysResponse, WrittenAnswer
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.functional.test_anonymity_after_closing import everything
from tests.support.citizen import CRITERIA, Citizen
from tests.support.clock import SettableClock
from tests.support.door import Visitor, action, fields_of, number_of
from tests.support.limits import end_minute

PEOPLE = 40
KNOWN = 20  # pairs the attacker knows already
MOST_ERRORS = 5.0  # standard errors of a rank correlation of random orders


@dataclass(frozen=True)
class Told:
    """By person, in the order of arrival: the packed criteria, the written answer, the case."""

    packed: list[bytes]
    written: list[str]
    numbers: list[str]
    case_ids: list[str]
    form_ids: list[bytes]
    tokens: list[str]


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    load_law(database)
    return make_survey(database)


@pytest.fixture
def told(app: Flask, database: Database, survey: Surveyed, clock: SettableClock) -> Told:
    """Everybody gives a low score, writes a few words, and goes on to complain from the thank-you page."""
    choose = Random(11)
    made = Told([], [], [], [], [], [])
    for number in range(PEOPLE):
        client = app.test_client()
        citizen = Citizen(client, survey.token)
        levels = [str(choose.randint(1, 2)) for _ in CRITERIA]
        written = f"Chờ {'rất ' * choose.randrange(30)}lâu {number:02}"
        citizen.details(citizen.tap(1), **dict(zip(CRITERIA, levels, strict=True)), q_comment=written)
        thanks = client.get(f"/q/{survey.token}/thanks").text
        assert f'href="/q/{survey.token}/feedback"' in thanks  # the link carries the token of the counter and no more
        visitor = Visitor(client, survey.token)
        page = visitor.whole_way(text=f"{written} – {'đề nghị ' * choose.randrange(30)}xem lại")
        made.tokens.append(client.get_cookie("door", path="/feedback").value)
        visitor.post(page)
        with database.reading() as session:
            new = session.scalars(select(TodaysResponse).where(TodaysResponse.form_id.not_in(made.form_ids))).one()
            case = session.scalars(select(Case).where(Case.public_number == number_of(page))).one()
        made.packed.append(bytes(map(int, levels)))
        made.written.append(written)
        made.numbers.append(case.public_number)
        made.case_ids.append(case.id)
        made.form_ids.append(new.form_id)
        clock.advance(minutes=3)
        end_minute(app)
    return made


def close(database: Database, keys: DayKeys, clock: SettableClock) -> None:
    assert close_due_days(database, keys, today=clock.next_day(), least=10) == PEOPLE


def agrees(left: Sequence[float], right: Sequence[float]) -> bool:
    """Whether two orders of the same people have something to do with each other."""
    ranks = [np.argsort(np.argsort(np.array(values, dtype=float), kind="stable")) for values in (left, right)]
    correlation = abs(float(np.corrcoef(*ranks)[0, 1]))
    return correlation * np.sqrt(len(left) - 1) >= MOST_ERRORS


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every table as it lies there, nothing decrypted, in the order in which the database gives it."""
    found = MetaData()
    found.reflect(database.engine)
    with database.reading() as session:
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in found.sorted_tables}


def values_with(rows: dict[str, list[tuple[object, ...]]], tables: set[str]) -> set[object]:
    return {
        value
        for name in tables
        for row in rows[name]
        for value in row
        if isinstance(value, (bytes, str)) and len(value) >= 8
    }


CASES = {"feedback_case", "case_event", "case_fingerprint", "case_words", "case_file", "reporter", "citizen_session"}
ANSWERS = {"response", "written_answer", "spent_form", "todays_response"}


def test_nothing_joins_a_complaint_to_its_answer(
    told: Told, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    """Before and after the closing of the day; one crowd for all attacks, for it takes long to gather."""
    share_no_value(told, database)
    close(database, day_keys, clock)
    share_no_value(told, database)
    know_days_only(database)
    answers, cases = orders_of_answers(told, database), orders_of_cases(told, database)
    agree_in_no_order(answers, cases, database)
    help_to_no_other_pair(told, database, answers, cases)


def share_no_value(told: Told, database: Database) -> None:
    """Nothing of eight signs or more stands in a table of answers and in one of cases."""
    rows = rows_of(database)
    # Answers and cases name the same code lists (a channel, a language); what names one row must not be shared.
    shared = values_with(rows, CASES) & values_with(rows, ANSWERS)
    assert shared <= {one.value for one in Case.__table__.c.channel.type.enum_class}, shared
    assert not any(form in str(row).encode() for form in told.form_ids for row in rows["feedback_case"])


def test_no_key_points_from_one_side_to_the_other(database: Database) -> None:
    look = inspect(database.engine)
    for name in CASES | {"denunciation", "denunciation_event", "denunciation_file", "pending_file", "checked_file"}:
        assert not {key["referred_table"] for key in look.get_foreign_keys(name)} & ANSWERS, name
    for name in ANSWERS:
        assert not {key["referred_table"] for key in look.get_foreign_keys(name)} & CASES, name
    assert not {column.name for column in Base.metadata.tables["feedback_case"].columns} & {"form_id", "session_id"}


def orders_of_answers(told: Told, database: Database) -> dict[str, list[float]]:
    """Everything in the tables of answers by which one could put the people in an order."""
    with database.reading() as session:
        place = "" if database.is_sqlite else " ORDER BY ctid"
        lying = [bytes(row[0]) for row in session.execute(text(f"SELECT answers FROM response{place}"))]
        keys = {bytes(row.answers): bytes(str(row.key), "ascii") for row in session.scalars(select(Response))}
        sealed = session.execute(
            select(WrittenAnswer.text, type_coerce(WrittenAnswer.text, LargeBinary).label("sealed"))
        ).all()
    texts = {plain: bytes(raw) for plain, raw in sealed}
    image = everything(database)
    in_order = sorted(keys.values())
    return {
        "row": [next(at for at, row in enumerate(lying) if packed in row) for packed in told.packed],
        "key": [in_order.index(next(key for row, key in keys.items() if one in row)) for one in told.packed],
        "written row": [[one for one, _ in sealed].index(written) for written in told.written],
        "file": [image.rfind(packed) for packed in told.packed],
        "file of the text": [image.rfind(texts[written]) for written in told.written],
        "file of the form": [image.rfind(form) for form in told.form_ids],
    }


def orders_of_cases(told: Told, database: Database) -> dict[str, list[float]]:
    """The same for the tables of cases."""
    with database.reading() as session:
        place = "" if database.is_sqlite else " ORDER BY ctid"
        lying = [row[0] for row in session.execute(text(f"SELECT id FROM feedback_case{place}"))]
        events = [row[0] for row in session.execute(text(f"SELECT case_id FROM case_event{place}"))]
        marks = {row.case_id: row.digest for row in session.scalars(select(CaseFingerprint))}
    image = everything(database)
    by_number, by_id = sorted(told.numbers), sorted(told.case_ids)
    return {
        "row": [lying.index(one) for one in told.case_ids],
        "event": [events.index(one) for one in told.case_ids],
        "number": [by_number.index(one) for one in told.numbers],
        "id": [by_id.index(one) for one in told.case_ids],
        "file": [image.rfind(one.encode()) for one in told.numbers],
        "file of the fingerprint": [image.rfind(marks[one]) for one in told.case_ids],
    }


def agree_in_no_order(answers: dict[str, list[float]], cases: dict[str, list[float]], database: Database) -> None:
    """No order of answers agrees with one of cases, nor with the order of arrival."""
    assert agrees(range(PEOPLE), range(PEOPLE))  # enough people for a true join to be seen
    for name, left in answers.items():
        assert not agrees(left, range(PEOPLE)), name
        for other, right in cases.items():
            assert not agrees(left, right), (name, other)


def help_to_no_other_pair(
    told: Told, database: Database, answers: dict[str, list[float]], cases: dict[str, list[float]]
) -> None:
    """The attacker fits, on the pairs known, a line from each order or size of answers to each of cases, and guesses."""
    with database.reading() as session:
        lengths = dict(session.execute(select(Case.id, type_coerce(Case.text, LargeBinary))).all())
        sealed = select(WrittenAnswer.text, type_coerce(WrittenAnswer.text, LargeBinary).label("sealed"))
        sizes = {row.text: len(bytes(row.sealed)) for row in session.execute(sealed)}
    lefts = answers | {"size": [sizes[one] for one in told.written]}
    rights = cases | {"size": [len(bytes(lengths[one])) for one in told.case_ids]}
    order = Random(5).sample(range(PEOPLE), PEOPLE)
    known, unknown = order[:KNOWN], order[KNOWN:]
    for name, left in lefts.items():
        for other, right in rights.items():
            slope, start = np.polyfit([left[one] for one in known], [right[one] for one in known], 1)
            guesses = [
                min(unknown, key=lambda it, at=slope * left[one] + start: abs(right[it] - at)) for one in unknown
            ]
            hits = sum(guess == one for guess, one in zip(guesses, unknown, strict=True))
            assert hits <= 7, (name, other, hits)  # by chance about one; eight or more once in ten thousand


def know_days_only(database: Database) -> None:
    """Times on both sides are days, and sessions whose code was kept are gone."""
    with database.reading() as session:
        assert len(set(session.scalars(select(Case.received_on)))) == 1
        assert set(session.scalars(select(CaseEvent.at))) == {None}
        assert len(set(session.scalars(select(Response.answered_on)))) == 1
        assert session.scalars(select(CitizenSession)).all() == []


def test_requests_of_the_door_carry_nothing_of_the_answer(app: Flask, survey: Surveyed) -> None:
    """The cookie of the answer is not sent to the pages of the door, and theirs to none of the survey."""
    client = app.test_client()
    citizen = Citizen(client, survey.token)
    citizen.answer(1)
    visitor = Visitor(client, survey.token)
    page = visitor.get(visitor.first)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert set(fields_of(page)) <= {"form_id", "website", "text"}
    assert action(page) == f"/q/{survey.token}/feedback"
    visitor.whole_way()
    assert client.get_cookie("answered", path="/q") is not None
    assert client.get_cookie("door", path="/feedback").path == "/feedback"
    for step in visitor.seen:
        if step.request.path.startswith("/feedback"):
            assert "answered" not in step.request.headers.get("Cookie", ""), step.request.path
