"""Exactly once against the real thing: eight processes send one form at one moment to several workers."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import clock
from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.survey.models import Response, TodaysResponse, WrittenAnswer
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import CRITERIA, FORM_ID
from tests.support.senders import Got, ask, send_together
from tests.support.servers import Server

SENDERS = 8
ROUNDS = 3


@pytest.fixture
def survey(database: Database) -> Surveyed:
    return make_survey(database)


def form_id_of(page: Got) -> str:
    found = FORM_ID.search(page.body)
    assert found, page.body[:300]
    return found[1]


def staged(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TodaysResponse))


def close_tomorrow(database: Database, data_dir: Path) -> list[Response]:
    keys = DayKeys(data_dir / "day-keys")
    close_due_days(database, keys, today=clock.local_date() + timedelta(days=1), least=10)
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def test_eight_processes_with_one_form_leave_one_answer(server: Server, survey: Surveyed, database: Database) -> None:
    address = f"/q/{survey.token}"
    for number in range(1, ROUNDS + 1):
        form = form_id_of(ask(server.url, address))
        # Different levels: whichever came first stands, and everybody is told the same.
        bodies = [{"form_id": form, "q_overall": str(sender % 5 + 1)} for sender in range(SENDERS)]
        answers = send_together(server.url, address, bodies)
        assert {answer.status for answer in answers} == {303}
        assert staged(database) == number
        # Each address opens the details of the same response: one sender completes it, and it stays one.
        for location in {answer.location for answer in answers}:
            page = ask(server.url, location)
            thanks = ask(server.url, location, {"form_id": form_id_of(page), CRITERIA[0]: "3"})
            assert (thanks.status, thanks.location) == (303, f"{address}/thanks")
        assert staged(database) == number


def test_eight_processes_with_one_set_of_details_add_them_once(
    server: Server, survey: Surveyed, database: Database, tmp_path: Path
) -> None:
    address = f"/q/{survey.token}"
    tapped = ask(server.url, address, {"form_id": form_id_of(ask(server.url, address)), "q_overall": "4"})
    form = form_id_of(ask(server.url, tapped.location))
    bodies = [
        {"form_id": form, **dict.fromkeys(CRITERIA, str(sender % 5 + 1)), "q_comment": f"Lần {sender % 5 + 1}"}
        for sender in range(SENDERS)
    ]
    answers = send_together(server.url, tapped.location, bodies)
    assert {(answer.status, answer.location) for answer in answers} == {(303, f"{address}/thanks")}
    assert staged(database) == 1
    (response,) = close_tomorrow(database, tmp_path / "var")
    codes = list(response.answers)
    level = max(range(1, 6), key=codes.count)
    assert codes.count(level) >= len(CRITERIA)  # the details of one sender, never a mixture
    with database.reading() as session:
        assert session.scalars(select(WrittenAnswer.text)).all() == [f"Lần {level}"]


def test_eight_people_at_one_moment_are_all_heard(
    server: Server, survey: Surveyed, database: Database, tmp_path: Path
) -> None:
    address = f"/q/{survey.token}"
    bodies = [{"form_id": form_id_of(ask(server.url, address)), "q_overall": "5"} for _ in range(SENDERS)]
    answers = send_together(server.url, address, bodies)
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == SENDERS
    assert len(close_tomorrow(database, tmp_path / "var")) == SENDERS
