"""`flask survey`: from the files of the repository to a version that rounds may use."""

from datetime import date

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import clock as clocks
from app import installation
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.survey import sets
from app.survey.cli import commands
from app.survey.models import SampleKind, SetStatus, SurveyRound
from app.units.queries import children
from tests.factories.units import make_unit
from tests.support.clock import SettableClock


def run(app: Flask, *words: str):
    return FlaskCliRunner(app).invoke(commands, list(words))


def test_check_reads_every_file(app: Flask) -> None:
    done = run(app, "check")
    assert done.exit_code == 0
    for path in sets.FOLDER.glob("*.toml"):
        assert path.name in done.output


def test_register_and_publish_once(app: Flask, database: Database) -> None:
    assert run(app, "publish", "sipas_counter", "2023").exit_code == 1  # nothing is registered yet
    assert run(app, "register").exit_code == 0
    for words in ("đã công bố.", "đã công bố từ trước."):
        done = run(app, "publish", "sipas_counter", "2023")
        assert done.exit_code == 0
        assert words in done.output
    with database.reading() as session:
        published = [row.code for row in sets.all_versions(session) if row.status is SetStatus.PUBLISHED]
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.QUESTION_SET_PUBLISH.value)).all()
    assert published == ["sipas_counter"]
    assert [event.actor_id for event in events] == [None]


def test_unverified_wording_is_not_published(app: Flask, database: Database) -> None:
    run(app, "register")
    done = run(app, "publish", "sipas", "2017")
    assert done.exit_code == 1
    assert "lời văn chưa kiểm chứng" in done.output
    with database.reading() as session:
        assert all(row.status is SetStatus.DRAFT for row in sets.all_versions(session))


def test_the_worked_example_is_made_once(app: Flask, database: Database, clock: SettableClock) -> None:
    with database.transaction() as session:
        installation.create(session, simulated=True)
    refused = run(app, "example")
    assert refused.exit_code == 1
    assert "flask init" in refused.output  # there is no province yet
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ninh", code="22", valid_from=date(2025, 7, 1)).id
    pages = []
    for _ in range(2):
        done = run(app, "example")
        assert done.exit_code == 0, done.output
        pages.append(done.output.split()[-1])
    with database.reading() as session:
        (opened,) = session.scalars(select(SurveyRound))
        assert (opened.unit_id, opened.sample_kind, opened.closed_on) == (province, SampleKind.PROBABILITY, None)
        assert opened.name.endswith("(dữ liệu mô phỏng)")
        below = children(session, province, clocks.local_date())
        assert [(line.code, line.type) for line in below] == [(f"U{number:02}", "ward") for number in range(1, 13)]
        assert all("(dữ liệu mô phỏng)" in line.name for line in below)
        actions = list(session.scalars(select(AuditEvent.action)))
        assert actions.count(Action.ROUND_OPEN.value) == actions.count(Action.QUESTION_SET_PUBLISH.value) == 1
        assert actions.count(Action.UNIT_CREATE.value) == 1 + 12
    assert pages[0] == pages[1]
    assert pages[0].endswith(f"/officer/rounds/{opened.id}/imports")


def test_the_worked_example_never_comes_into_real_data(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        installation.create(session, simulated=False)
        make_unit(session, "Tỉnh Quảng Ninh", code="22", valid_from=date(2025, 7, 1))
    refused = run(app, "example")
    assert refused.exit_code == 1
    assert "mô phỏng" in refused.output
    with database.reading() as session:
        assert session.scalars(select(SurveyRound)).all() == []
        assert sets.all_versions(session) == []
