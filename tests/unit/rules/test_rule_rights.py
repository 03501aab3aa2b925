"""On PostgreSQL the application's role adds calendar and rules and points to them, and can change neither."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.calendar import queries as calendar_queries
from app.db.session import Database
from app.rules import law, queries, services
from app.rules.kinds import Kind
from tests.support.clock import SettableClock
from tests.unit.audit.test_rights import refused, two_roles
from tests.unit.rules.test_rule_versions import add

assert two_roles  # a fixture
TABLES = ("calendar_version", "calendar_day", "calendar_hours", "rule_version", "rule_withdrawal")


def test_the_application_adds_and_points_and_changes_nothing(
    two_roles: tuple[Database, Database],
    clock: SettableClock,
) -> None:
    own, application = two_roles
    with application.transaction() as session:
        law.load(session)
    with application.transaction() as session:  # rows that point to versions are checked as the owner
        services.withdraw(session, None, add(session, 15, date(2027, 1, 1)).id, "Nhầm")
    with application.reading() as session:
        assert calendar_queries.latest_version(session) == 1
        assert queries.kind_rule_on(session, Kind.PETITION, date(2027, 1, 1)).content.resolve.value == 20
    for table in TABLES:
        key = "number" if table == "calendar_version" else "id"
        for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            assert refused(application, statement), statement
    assert refused(own, "DELETE FROM rule_version")
    for statement in ("UPDATE rule_version SET id = id", "UPDATE calendar_version SET number = number"):
        assert _raises(own, statement)


def _raises(database: Database, statement: str) -> bool:
    with pytest.raises(DBAPIError, match="never changed or removed"), database.writing_connection() as connection:
        connection.execute(text(statement))
    return True
