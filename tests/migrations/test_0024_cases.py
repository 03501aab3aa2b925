"""Feedback becomes cases and can go back; what an older release cannot hold keeps it from going back."""

import secrets

import pytest
from sqlalchemy import inspect, select, text

import app.files.gate.models
import app.rules.models
from app.db import migrate
from app.db.session import Database
from app.feedback.cases import fingerprints, history
from app.feedback.cases.kinds import Channel, Event, State
from app.feedback.cases.models import Case
from app.rules.kinds import Kind
from tests.factories.cases import make_case
from tests.factories.places import make_counter, make_unit

assert app  # the imports fill the metadata with the tables that cases point to
BEFORE = "0023"
ROWS = 1203
INSERT = text(
    "INSERT INTO feedback (public_number, form_id, unit_id, counter_id, received_on, text) "
    "VALUES (:number, :form, :unit, :counter, '2026-11-01', :text)"
)


@pytest.fixture
def older(unmigrated: Database) -> Database:
    """A database of the release before, with more texts than are moved at once."""
    migrate.upgrade(unmigrated)
    with unmigrated.transaction() as session:
        unit = make_unit(session, "2201")
        values = {"unit": unit.id, "counter": make_counter(session, unit).id}
    migrate.downgrade(unmigrated, BEFORE)
    with unmigrated.writing_connection() as connection:
        for index in range(ROWS):
            number = f"PA-{index:05}"
            sealed = migrate._seal("feedback.text", number, f"Chờ lâu {index}")
            row = {"number": number, "form": secrets.token_bytes(16), "text": sealed}
            connection.execute(INSERT, {**values, **row})
    return unmigrated


def test_every_text_becomes_a_case_that_opens(older: Database) -> None:
    migrate.upgrade(older)
    assert "feedback" not in inspect(older.engine).get_table_names()
    with older.reading() as session:
        cases = session.scalars(select(Case)).all()
        assert sorted(case.text for case in cases) == sorted(f"Chờ lâu {index}" for index in range(ROWS))
        assert all(int(case.public_number[3:]) == int(case.text.rpartition(" ")[2]) for case in cases)
        one = cases[0]
        assert (one.kind, one.channel, one.state) == (Kind.SUGGESTION, Channel.COUNTER_CODE, State.RECEIVED)
        assert (one.code_index, one.due_on, one.rule_version_id, one.is_anonymous) == (None, None, None, True)
        assert one.unit_id == one.concerned_unit_id
        (line,) = history.lines(session, one.id, shown_only=True)
        assert (line.event, line.happened_on.isoformat()) == (Event.RECEIVED, "2026-11-01")
        assert len({case.id for case in cases}) == ROWS
        assert fingerprints.check(session) == []


def test_they_go_back_as_they_were(older: Database) -> None:
    with older.reading() as session:
        before = session.execute(
            text("SELECT public_number, unit_id, counter_id, received_on, text FROM feedback ORDER BY public_number")
        ).all()
    migrate.upgrade(older)
    migrate.downgrade(older, BEFORE)
    with older.reading() as session:
        after = session.execute(
            text("SELECT public_number, unit_id, counter_id, received_on, text FROM feedback ORDER BY public_number")
        ).all()
        assert [tuple(map(_plain, row)) for row in after] == [tuple(map(_plain, row)) for row in before]
        assert session.execute(text("SELECT count(DISTINCT form_id) FROM feedback")).scalar_one() == ROWS
    assert not {name for name in inspect(older.engine).get_table_names() if name.startswith(("case_", "feedback_c"))}
    migrate.upgrade(older)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_going_back_is_refused_where_a_case_would_be_lost(older: Database) -> None:
    migrate.upgrade(older)
    with older.transaction() as session:
        unit_id = session.scalars(select(Case.unit_id)).first()
        assert unit_id is not None
        made = make_case(session, unit_id=unit_id).id
    with pytest.raises(RuntimeError, match="Restore a backup"):
        migrate.downgrade(older, BEFORE)
    with older.reading() as session:
        assert session.get(Case, made) is not None
