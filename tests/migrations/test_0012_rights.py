"""The old role of unit officers becomes the one that gives the same, and nobody loses or gains an assignment."""

from sqlalchemy import text

from app.db import migrate
from app.db.session import Database

OFFICER = (
    "INSERT INTO officer (id, username, full_name, password_hash, must_change_password, is_active, created_at) "
    "VALUES (1, 'lan', 'Lan', 'x', false, true, '2026-01-01')"
)
UNIT = "INSERT INTO unit (id, code, type, valid_from, is_official) VALUES (1, '22', 'province', '2025-07-01', false)"
ROLES = (
    "INSERT INTO role_assignment (id, officer_id, role, unit_id, valid_from) VALUES "
    "(1, 1, 'unit_officer', 1, '2026-01-01'), (2, 1, 'administrator', NULL, '2026-01-01')"
)


def roles(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        rows = session.execute(text("SELECT id, role FROM role_assignment ORDER BY id"))
        return [(number, role) for number, role in rows]


def test_unit_officers_become_case_officers_and_back(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated, "0011")
    with unmigrated.transaction() as session:
        for statement in (OFFICER, UNIT, ROLES):
            session.execute(text(statement))
    migrate.upgrade(unmigrated, "0012")
    assert roles(unmigrated) == [(1, "case_officer"), (2, "administrator")]
    with unmigrated.transaction() as session:
        session.execute(text("UPDATE role_assignment SET role = 'auditor' WHERE id = 2"))
    migrate.downgrade(unmigrated, "0011")
    assert roles(unmigrated) == [(1, "unit_officer")]
