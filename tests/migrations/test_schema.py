"""The migrations: up, down and up again, the same schema as the models, one process at a time."""

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import app.accounts.connections.models
import app.accounts.contacts.models
import app.accounts.models
import app.accounts.proof.models
import app.accounts.rights.models
import app.analysis.casework.models
import app.analysis.models
import app.analysis.sampled.models
import app.audit.models
import app.calendar.models
import app.db.models
import app.dossiers.models
import app.exports.cases.models
import app.feedback.cases.models
import app.feedback.cases.reminders
import app.feedback.conflicts.models
import app.feedback.denunciations.models
import app.feedback.exchange.models
import app.feedback.letters.models
import app.feedback.merging.models
import app.feedback.notices.models
import app.feedback.publishing.models
import app.feedback.redaction.models
import app.files.gate.models
import app.jobs.models
import app.keys.models
import app.messages.models
import app.qr.models
import app.rules.models
import app.settings.models
import app.survey.authoring.models
import app.survey.models
import app.survey.sampled.models
import app.units.models
from app.db import migrate
from app.db.base import Base
from app.db.session import Database
from tests.support.databases import address_of

assert app  # the imports fill Base.metadata
ROOT = Path(__file__).resolve().parents[2]


def test_scripts_form_one_line_numbered_without_gap() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    revisions = [step.revision for step in scripts.walk_revisions()]
    assert sorted(revisions) == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert scripts.get_heads() == [migrate.newest_revision()]


def test_up_down_and_up_again_leaves_nothing_behind(unmigrated: Database) -> None:
    for _ in range(2):
        migrate.upgrade(unmigrated)
        assert migrate.is_current(unmigrated)
        migrate.downgrade(unmigrated, "base")
        assert set(inspect(unmigrated.engine).get_table_names()) == {"alembic_version"}
        assert not migrate.is_current(unmigrated)


def test_each_step_goes_down_and_up(unmigrated: Database) -> None:
    revisions = [step.revision for step in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions()]
    for revision in reversed(revisions):
        migrate.upgrade(unmigrated, revision)
        migrate.downgrade(unmigrated, "-1")
        migrate.upgrade(unmigrated, revision)
    assert migrate.is_current(unmigrated)


def test_the_schema_is_the_one_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_are_the_ones_of_the_models(database: Database, unmigrated: Database) -> None:
    """Autogenerate does not see checks, so every constraint and index is compared with what the models would make."""
    Base.metadata.create_all(unmigrated.engine)
    for table in Base.metadata.sorted_tables:
        assert _constraints(database, table.name) == _constraints(unmigrated, table.name)


def test_processes_that_migrate_together_wait_for_each_other(unmigrated: Database) -> None:
    code = "import sys; from app.db import migrate, session; migrate.upgrade(session.Database(sys.argv[1]))"
    command = [sys.executable, "-c", code, address_of(unmigrated)]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert migrate.is_current(unmigrated)


def _constraints(database: Database, table: str) -> dict[str, set[str]]:
    inspector = inspect(database.engine)
    return {
        "checks": {f"{found['name']}: {found['sqltext']}" for found in inspector.get_check_constraints(table)},
        "unique": {f"{found['name']}: {found['column_names']}" for found in inspector.get_unique_constraints(table)},
        "indexes": {f"{found['name']}: {found['column_names']}" for found in inspector.get_indexes(table)},
        "foreign": {f"{found['name']}: {found['referred_table']}" for found in inspector.get_foreign_keys(table)},
        "primary": {f"{inspector.get_pk_constraint(table)}"},
    }
