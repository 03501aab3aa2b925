"""Exactly once, however many processes send the same form."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.db.session import Database
from app.feedback.errors import AlreadySent
from app.feedback.models import Feedback
from app.feedback.numbers import new_public_number
from app.feedback.services import open_feedback
from app.qr.tokens import ALPHABET, is_well_formed, normalise
from tests.factories.places import make_counter, make_unit

FORM = b"0123456789abcdef"


@pytest.fixture
def place(database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        unit = make_unit(session, "2201")
        return unit.id, make_counter(session, unit).id


def test_eight_at_once_give_one_row_and_one_number(database: Database, place: tuple[int, int]) -> None:
    together = Barrier(8)

    def send(_number: int) -> str:
        together.wait()
        with database.transaction() as session:
            return open_feedback(session, FORM, *place, "Chờ lâu")

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(send, range(8)))
    assert len(numbers) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 1


def test_another_text_under_the_same_form_is_refused(database: Database, place: tuple[int, int]) -> None:
    with database.transaction() as session:
        open_feedback(session, FORM, *place, "Chờ lâu")
        with pytest.raises(AlreadySent):
            open_feedback(session, FORM, *place, "Khác")


def test_numbers_are_readable_random_and_no_tokens_of_codes() -> None:
    made = [new_public_number() for _ in range(500)]
    assert len(set(made)) == 500
    assert made != sorted(made)
    assert all(number.startswith("PA-") and set(number[3:]) <= {*ALPHABET, "-"} for number in made)
    assert not any(is_well_formed(normalise(number)) for number in made)
