"""Cases of other systems get their own channel, others keep theirs; going back loses nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import app.files.gate.models
import app.rules.models
from app.accounts.connections.services import CASES, make
from app.db import migrate
from app.db.session import Database
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import ExchangeCase
from tests.factories.cases import make_case
from tests.factories.officers import make_officer
from tests.factories.places import make_unit

assert app  # the imports fill the metadata with the tables that cases point to


def _channels(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {
            row.text_id: row.channel
            for row in session.execute(text("SELECT id AS text_id, channel FROM feedback_case"))
        }


def test_what_another_system_sent_is_known_by_its_channel(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated)
    with unmigrated.transaction() as session:
        unit = make_unit(session, "2201")
        officer = make_officer(session, "khoa")
        session.flush()
        key, _text = make(session, CASES, officer.id, "Cổng 1022", unit.id)
        sent = make_case(session, unit_id=unit.id, channel=Channel.OTHER_SYSTEM)
        typed = make_case(session, unit_id=unit.id, channel=Channel.WEBSITE)
        session.flush()
        session.add(ExchangeCase(case_id=sent.id, key_id=key.id))
        ids = sent.id, typed.id
    migrate.downgrade(unmigrated, "0040")
    assert _channels(unmigrated) == dict.fromkeys(ids, "website")
    migrate.upgrade(unmigrated)
    assert _channels(unmigrated) == {ids[0]: "api", ids[1]: "website"}
    with pytest.raises(DBAPIError), unmigrated.transaction() as session:  # locked again
        session.execute(text("UPDATE feedback_case SET channel = 'letter'"))
    with pytest.raises(DBAPIError), unmigrated.transaction() as session:
        session.execute(text("UPDATE feedback_case SET channel = 'pigeon'"))
