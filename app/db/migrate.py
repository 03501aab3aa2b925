"""Runs the migrations, one process at a time, from any entry point.

Alembic is loaded when there is something to migrate; a web worker only asks whether the schema is the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.crypto import keeper
from app.crypto.types import bound_to
from app.db.session import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig
    from alembic.script import Script

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK_KEY = 760141  # any constant number; two migrating processes must use the same
Step = Callable[[], AbstractContextManager[Connection | None]]


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic set-up of this project; ``connection`` is handed to migrations/env.py."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to ``revision``. A second process waits for the first and then finds nothing to do.

    A script with a function ``prepare(step, seal)`` changes data in many transactions before its own: all up to the
    script before is stored first, and ``step`` opens one transaction after another.
    """
    from alembic import command

    for script in _with_preparation(revision):
        before = str(script.down_revision)
        if (_stands_at(database) or "") < script.revision:
            _upgrade_to(database, before)
            tables = script.module.prepare(_steps_at(database, before), _seal)
            _overwrite_freed(database, tables)
    with _locked(database) as connection:
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
    return _stands_at(database) == newest_revision()


def _stands_at(database: Database) -> str | None:
    with database.reading() as session:
        if not session.connection().dialect.has_table(session.connection(), "alembic_version"):
            return None
        found = session.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    with database.writing_connection() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        yield connection


def _with_preparation(revision: str) -> Sequence[Script]:
    """The scripts up to ``revision`` that prepare data, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config())
    found = [script for script in scripts.walk_revisions("base", revision) if hasattr(script.module, "prepare")]
    return found[::-1]


def _upgrade_to(database: Database, revision: str) -> None:
    from alembic import command

    with _locked(database) as connection:
        stands_at = connection.dialect.has_table(connection, "alembic_version") and connection.scalar(
            text("SELECT version_num FROM alembic_version")
        )
        if not stands_at or stands_at < revision:
            command.upgrade(alembic_config(connection), revision)


def _steps_at(database: Database, revision: str) -> Step:
    """Opens transactions, each giving None as soon as another process has brought the schema further."""

    @contextmanager
    def step() -> Iterator[Connection | None]:
        with _locked(database) as connection:
            stands_at = connection.scalar(text("SELECT version_num FROM alembic_version"))
            yield connection if stands_at == revision else None

    return step


def _seal(place: str, row: object, plain: str) -> bytes:
    return keeper.current().encrypt(plain.encode(), bound_to(place, row))


def _overwrite_freed(database: Database, tables: Sequence[str]) -> None:
    """Write the tables anew, outside any transaction, so that no freed page still holds what was in them."""
    if not tables:
        return
    if database.is_sqlite:
        with closing(database.engine.raw_connection()) as connection:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as opened:
        for table in tables:
            opened.exec_driver_sql(f'VACUUM FULL "{table}"')
