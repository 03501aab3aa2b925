"""Citizens' sessions: one purpose, one life, and nothing readable in the table."""

from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from app.feedback.cases.models import CitizenSession
from app.feedback.intake import sessions
from app.feedback.intake.sessions import LASTS, Purpose
from tests.support.clock import SettableClock


def test_b6_a_token_serves_its_purpose_only(session: Session, clock: SettableClock) -> None:
    token = sessions.begin(session, Purpose.INTAKE, {"text": "x"})
    assert sessions.load(session, token, Purpose.INTAKE).state == {"text": "x"}
    assert sessions.load(session, token, Purpose.SENT, Purpose.FOLLOW) is None
    for other in ("", "x", token[:-1], token + "x", "a" * 1000, token.upper()):
        assert sessions.load(session, other, Purpose.INTAKE) is None


def test_b6_the_table_holds_neither_token_nor_text(session: Session, clock: SettableClock) -> None:
    token = sessions.begin(session, Purpose.INTAKE, {"text": "Chuyện riêng của tôi"})
    session.flush()
    row = session.execute(select(CitizenSession.token_hash, type_coerce(CitizenSession.state, LargeBinary))).one()
    assert token.encode() not in bytes(row[0]) + bytes(row[1])
    assert "Chuyện riêng".encode() not in bytes(row[1])


@pytest.mark.parametrize("purpose", Purpose)
def test_it_ends_in_time_and_tells_no_minute(session: Session, clock: SettableClock, purpose: Purpose) -> None:
    clock.advance(minutes=7, seconds=13)
    token = sessions.begin(session, purpose, {})
    found = sessions.load(session, token, purpose)
    assert found.expires_at <= clock() + LASTS[purpose]
    assert found.expires_at > clock() + LASTS[purpose] - timedelta(minutes=10)
    assert (found.expires_at.minute % 10, found.expires_at.second, found.expires_at.microsecond) == (0, 0, 0)
    clock.advance(seconds=LASTS[purpose].total_seconds())
    assert sessions.load(session, token, purpose) is None
    assert len(sessions.expired(session, 10)) == 1


def test_turning_it_to_another_purpose_ends_the_first(session: Session, clock: SettableClock) -> None:
    token = sessions.begin(session, Purpose.INTAKE, {"text": "x"})
    kept = sessions.load(session, token, Purpose.INTAKE, lock=True)
    sessions.save(session, kept, {"code": "y"}, purpose=Purpose.SENT)
    session.flush()
    session.expire_all()
    assert sessions.load(session, token, Purpose.INTAKE) is None
    assert sessions.load(session, token, Purpose.SENT).state == {"code": "y"}
    sessions.end(session, kept.token_hash)
    assert sessions.load(session, token, Purpose.SENT) is None
