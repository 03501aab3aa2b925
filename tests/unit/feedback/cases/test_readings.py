"""Who opened a case: counted by role for its sender, named for Home Affairs, on the record, flagged when it is much."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.services import record_reading
from app.audit.tags import Action
from app.audit.watch.anomalies import Kind, anomalies
from app.audit.watch.thresholds import on
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.feedback.cases import history, readings
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case
from app.feedback.handling import services as handling
from app.jobs.registry import Tools, job_named
from app.jobs.runner import run_job
from tests.factories import case_acts as acts
from tests.factories.cases import Viewer, make_case, viewer
from tests.factories.officers import make_officer
from tests.factories.places import make_unit
from tests.support.clock import SettableClock


@pytest.fixture
def office(database: Database, clock: SettableClock) -> tuple[int, Viewer, Viewer]:
    """A unit and two officers of it."""
    with database.transaction() as session:
        unit_id = make_unit(session, "2201").id
        people = [make_officer(session, name).id for name in ("lan.tran", "hoa.le")]
    return unit_id, *(viewer(one, unit_id, permissions=acts.EVERYTHING) for one in people)


def test_openers_are_counted_by_role_and_named_once(
    database: Database, office: tuple[int, Viewer, Viewer], clock: SettableClock
) -> None:
    unit_id, lan, hoa = office
    with database.transaction() as session:
        case = make_case(session, unit_id=unit_id)
        for who, role in ((lan, "unit_leader"), (hoa, "case_officer"), (lan, "unit_leader")):
            readings.opened(session, case, who, role)
            session.flush()
            clock.advance(minutes=5)
    with database.reading() as session:
        assert readings.openers_by_role(session, case.id) == {"case_officer": 1, "unit_leader": 1}
        found = readings.openers_by_name(session, case.id)
        assert [one.officer_id for one in found] == [lan.officer_id, hoa.officer_id]
        assert (found[0].last_at - found[0].first_at).total_seconds() == 600
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "case:read")).all()
        assert [row.subject for row in rows] == [f"case:{case.id}"] * 3  # one transaction; see the next test
        assert {row.unit_id for row in rows} == {unit_id}


def test_coming_back_within_the_hour_is_the_same_reading(
    database: Database, office: tuple[int, Viewer, Viewer], clock: SettableClock
) -> None:
    unit_id, lan, _hoa = office
    with database.transaction() as session:
        case_id = make_case(session, unit_id=unit_id).id
    for minutes in (10, 10, 50):
        with database.transaction() as session:
            readings.opened(session, session.get_one(Case, case_id), lan, "unit_leader")
        clock.advance(minutes=minutes)
    with database.reading() as session:
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "case:read")).all()) == 1


def test_unusual_reading_of_cases_is_flagged(
    database: Database, office: tuple[int, Viewer, Viewer], clock: SettableClock
) -> None:
    unit_id, lan, hoa = office
    with database.reading() as session:
        threshold = on(session, clock.today)["reads_per_hour"]
    with database.transaction() as session:
        for number in range(threshold):
            record_reading(session, lan.officer_id, Action.CASE_READ, f"case:{number:024x}", unit_id)
        for number in range(threshold - 1):
            record_reading(session, hoa.officer_id, Action.CASE_READ_CONTACT, f"case:{number:024x}", unit_id)
    with database.reading() as session:
        (one,) = anomalies(session, clock.today, clock.today)
    assert (one.kind, one.actor_id, one.count) == (Kind.MASS_READING, lan.officer_id, threshold)


def test_the_job_works_everything_off_and_does_nothing_twice(
    database: Database, config: Config, office: tuple[int, Viewer, Viewer], clock: SettableClock
) -> None:
    unit_id, lan, _hoa = office
    with database.transaction() as session:
        asked, late = (make_case(session, unit_id=unit_id).id for _ in range(2))
        acts.ask(session, lan, asked, date(2026, 12, 1))
        handling.pause(session, lan, make_case(session, unit_id=unit_id).id, 1, "Công văn 5")
    clock.set_local(date(2026, 12, 12))
    job = job_named("follow-terms")
    assert job is not None
    tools = Tools(database, config, DayKeys(config.day_key_dir))
    assert run_job(job, tools) == "questions expired 1, dates reckoned 0, misses 1, answers marked 0"
    assert run_job(job, tools) == "questions expired 0, dates reckoned 0, misses 0, answers marked 0"
    with database.reading() as session:
        assert history.first_day(session, late, Event.DUE_MISSED) == date(2026, 12, 12)
        assert history.first_day(session, asked, Event.QUESTION_EXPIRED) == date(2026, 12, 12)
        assert session.get_one(Case, asked).due_on == date(2026, 12, 21)
