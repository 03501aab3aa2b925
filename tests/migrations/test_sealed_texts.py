"""The revision that encrypts what citizens had written: all of it, resumably, and nothing plain is left behind."""

import secrets
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from app.crypto import keeper
from app.crypto.errors import KeysMissingError
from app.db import migrate
from app.db.session import Database
from app.feedback.cases.models import Case
from app.survey.models import WrittenAnswer
from tests.factories.surveys import make_survey

SEALED = next((Path(migrate.MIGRATIONS) / "versions").glob("*_sealed_texts.py")).name[:4]
BEFORE = f"{int(SEALED) - 2:04}"
ROWS = 1200
FEEDBACK = text(
    "INSERT INTO feedback (public_number, form_id, unit_id, counter_id, received_on, text, folded) "
    "VALUES (:number, :form, :unit, :counter, '2026-11-01', :text, :folded)"
)
WRITTEN = text(
    "INSERT INTO written_answer (key, round_id, counter_id, month, question_id, text) "
    "VALUES (:key, :round, :counter, 24311, 'comment', :text)"
)


@pytest.fixture
def older(unmigrated: Database) -> Database:
    """A database of the release before, with texts."""
    migrate.upgrade(unmigrated)
    make_survey(unmigrated)
    migrate.downgrade(unmigrated, BEFORE)
    with unmigrated.writing_connection() as connection:
        unit, counter = connection.execute(text("SELECT unit_id, id FROM counter LIMIT 1")).one()
        survey_round = connection.execute(text("SELECT id FROM survey_round")).scalar_one()
        for number in range(ROWS):
            words = {"text": f"Phản ánh marker-phan-anh {number}", "folded": f"phan anh marker-folded {number}"}
            of = {"number": f"PA-{number:05}", "form": secrets.token_bytes(16), "unit": unit, "counter": counter}
            connection.execute(FEEDBACK, {**of, **words})
            key = {"key": secrets.randbits(63), "round": survey_round, "counter": counter}
            connection.execute(WRITTEN, {**key, "text": f"Ý kiến marker-y-kien {number}"})
    return unmigrated


def everything(database: Database) -> bytes:
    """The bytes of the tables: the file and its log, or the pages of the heap."""
    if database.is_sqlite:
        file = Path(str(database.url.database))
        return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
    with database.reading() as session:
        session.execute(text("CHECKPOINT"))
        has_feedback = session.execute(text("SELECT to_regclass('feedback')")).scalar_one() is not None
        folder = Path(session.execute(text("SHOW data_directory")).scalar_one())
        paths = [
            session.execute(text("SELECT pg_relation_filepath(:table)"), {"table": name}).scalar_one()
            for name in ("feedback" if has_feedback else "feedback_case", "written_answer")
        ]
    return b"".join((folder / path).read_bytes() for path in paths)


def assert_all_is_there(database: Database) -> None:
    with database.reading() as session:
        assert sorted(session.scalars(select(Case.text))) == sorted(
            f"Phản ánh marker-phan-anh {number}" for number in range(ROWS)
        )
        assert sorted(session.scalars(select(WrittenAnswer.text))) == sorted(
            f"Ý kiến marker-y-kien {number}" for number in range(ROWS)
        )
        numbers = session.execute(select(Case.public_number, Case.text)).all()
        assert all(int(number[3:]) == int(words.rpartition(" ")[2]) for number, words in numbers)
    columns = {column["name"] for column in inspect(database.engine).get_columns("feedback_case")}
    assert not columns & {"folded", "sealed"}


def test_every_text_is_encrypted_and_no_page_keeps_it_plain(older: Database) -> None:
    assert b"marker-phan-anh" in everything(older)  # the test does look at the right bytes
    migrate.upgrade(older)
    assert_all_is_there(older)
    image = everything(older)
    assert not any(marker in image for marker in (b"marker-phan-anh", b"marker-folded", b"marker-y-kien"))


def test_interrupted_anywhere_it_goes_on_where_it_was(older: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing = migrate._seal
    stops = 0
    for limit in (300, 700, 900, 1100, 5000):
        left = iter(range(limit))

        def seal(place: str, row: object, plain: str, left=left) -> bytes:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return sealing(place, row, plain)

        monkeypatch.setattr(migrate, "_seal", seal)
        try:
            migrate.upgrade(older)
            break
        except KeyboardInterrupt:
            stops += 1
            assert not migrate.is_current(older)
    assert stops == 4
    assert migrate.is_current(older)
    assert_all_is_there(older)


def test_without_keys_nothing_is_changed(older: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_keeper", [])
    with pytest.raises(KeysMissingError):
        migrate.upgrade(older)
    with older.reading() as session:
        assert session.execute(text("SELECT count(*) FROM feedback WHERE text IS NOT NULL")).scalar_one() == ROWS


def test_going_back_is_refused_while_there_are_texts(older: Database) -> None:
    migrate.upgrade(older)
    with pytest.raises(RuntimeError, match="Restore a backup"):
        migrate.downgrade(older, BEFORE)
    assert_all_is_there(older)
