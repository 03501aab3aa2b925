"""On PostgreSQL the application's role may add to the record and read it, and nothing else."""

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEvent
from app.audit.proof import heads
from app.audit.proof.keys import load_or_make, public_keys
from app.audit.proof.verify import snapshot, verify
from app.audit.services import record
from app.audit.tags import Action
from app.db import migrate, owner
from app.db.session import Database
from tests.support.databases import Databases, address_of

ROLE = "langnghe_app"
OWNER = "langnghe_owner"
TABLES = ("audit_event", "audit_head", "audit_threshold", "audit_chain")


def as_role(database: Database, role: str) -> str:
    return address_of(database).replace("langnghe@", f"{role}@")


@pytest.fixture
def two_roles(databases: Databases, database_kind: str) -> Iterator[tuple[Database, Database]]:
    """A database whose owner is no superuser, migrated by the owner, and the same as the application sees it."""
    if database_kind != "postgresql":
        pytest.skip("SQLite knows no roles")
    with databases.empty(database_kind) as made:
        with made.writing_connection() as connection:
            for role in (ROLE, OWNER):
                if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
                    connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
            connection.exec_driver_sql(f'ALTER DATABASE "{made.url.database}" OWNER TO {OWNER}')
            connection.exec_driver_sql(f"ALTER SCHEMA public OWNER TO {OWNER}")
        own, application = Database(as_role(made, OWNER)), Database(as_role(made, ROLE))
        try:
            owner.upgrade(application, as_role(made, OWNER))
            yield own, application
        finally:
            own.dispose()
            application.dispose()


def try_it(database: Database, statement: str) -> None:
    with contextlib.suppress(DBAPIError), database.writing_connection() as connection:
        connection.execute(text(statement))


def refused(database: Database, statement: str) -> bool:
    try:
        with database.writing_connection() as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        return "permission denied" in str(error)
    return False


def test_the_application_writes_reads_signs_and_checks(two_roles: tuple[Database, Database], tmp_path) -> None:
    _own, application = two_roles
    assert migrate.is_current(application)
    for number in range(3):
        with application.transaction() as session:
            record(session, 1, Action.CODE_ISSUE, f"code:{number}")
    key, _made = load_or_make(tmp_path)
    with application.transaction() as session:
        heads.sign_due(session, key)
    with application.reading() as session:
        report = verify(snapshot(session), public_keys(tmp_path), None)
    assert (report.rows, report.heads, report.found) == (3, 1, ())


@pytest.mark.parametrize("act", ["UPDATE {} SET hash = hash", "DELETE FROM {}", "TRUNCATE {}"])
def test_neither_application_nor_owner_may_change_the_record(two_roles: tuple[Database, Database], act: str) -> None:
    own, application = two_roles
    for table in TABLES:
        column = "value" if table == "audit_threshold" else "hash"
        statement = act.format(table).replace("hash", column)
        may = table == "audit_chain" and act.startswith("UPDATE")
        assert refused(application, statement) is not may, table
        assert refused(own, statement) is not may, table


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_event_insert_only ON audit_event",
        "DROP TABLE audit_event",
        "CREATE TABLE audit_copy (id int)",
        "UPDATE alembic_version SET version_num = '0001'",
        "GRANT UPDATE ON audit_event TO langnghe_app",
    ],
)
def test_the_application_cannot_take_the_locks_away(two_roles: tuple[Database, Database], statement: str) -> None:
    _own, application = two_roles
    with application.reading() as session:
        before = session.scalars(select(AuditEvent.id)).all()
    for one in (statement, "UPDATE audit_event SET hash = hash"):
        try_it(application, one)
    with application.reading() as session:
        assert session.scalars(select(AuditEvent.id)).all() == before
        assert session.scalar(text("SELECT to_regclass('audit_copy')")) is None
        assert migrate.is_current(application)
    assert refused(application, "UPDATE audit_event SET hash = hash")


def test_the_job_queue_makes_its_tables_in_its_own_room(two_roles: tuple[Database, Database]) -> None:
    _own, application = two_roles
    with application.writing_connection() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {owner.JOBS_SCHEMA}.huey_task (id int)")


def test_going_down_and_up_again_as_owner(two_roles: tuple[Database, Database]) -> None:
    own, application = two_roles
    url = own.url.render_as_string(hide_password=False)
    owner.downgrade(application, url, "0013")
    owner.upgrade(application, url)
    assert refused(application, "DELETE FROM audit_event")
