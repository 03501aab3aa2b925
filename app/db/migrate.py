"""Runs the migrations, one process at a time, from any entry point.

Alembic is loaded when there is something to migrate; a web worker only asks whether the schema is the newest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.db.session import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK_KEY = 760141  # any constant number; two migrating processes must use the same


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic set-up of this project; ``connection`` is handed to migrations/env.py."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``. A second process waits for the first and then finds nothing to do."""
    from alembic import command

    with database.writing_connection() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        command.upgrade(alembic_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to ``revision``."""
    from alembic import command

    with database.writing_connection() as connection:
        command.downgrade(alembic_config(connection), revision)


def newest_revision() -> str:
    """The number of the newest script: they are numbered without gap (tests/migrations)."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest revision."""
    with database.reading() as session:
        if not session.connection().dialect.has_table(session.connection(), "alembic_version"):
            return False
        return bool(session.scalar(text("SELECT version_num FROM alembic_version")) == newest_revision())
