"""`flask survey`: from the files of the repository to a version that rounds may use."""

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.survey import sets
from app.survey.cli import commands
from app.survey.models import SetStatus


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
