"""How many questions pages ask of the database: as many for long lists and stories as for short ones, and not more."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event

from app.db.session import Database
from tests.functional.casework.conftest import Office, send_answer

MOST_ON_A_CASE = 75
MOST_ON_A_LIST = 50


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """What is asked meanwhile."""
    asked: list[str] = []

    def note(*facts: object) -> None:
        asked.append(str(facts[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def asked_by(database: Database, client: FlaskClient, address: str) -> int:
    assert client.get(address).status_code == 200  # the first look is noted down
    with counted(database) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_no_more_of_long_lists_and_long_stories(
    database: Database, office: Office, leader: FlaskClient
) -> None:
    first = office.open()
    of_new = asked_by(database, leader, f"/officer/cases/{first.case_id}")
    of_one = asked_by(database, leader, "/officer/cases")
    for _ in range(5):
        office.open()
    assert send_answer(leader, first.case_id).status_code == 303
    of_closed = asked_by(database, leader, f"/officer/cases/{first.case_id}")
    assert max(of_new, of_closed) <= MOST_ON_A_CASE
    assert asked_by(database, leader, "/officer/cases") <= of_one <= MOST_ON_A_LIST
