"""Databases for tests, quickly: migrated once for a worker, then copied (SQLite) or emptied (PostgreSQL)."""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text

from app.db import migrate
from app.db.base import Base
from app.db.session import Database
from tests.support import postgresql

KINDS = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")
LEAST_FREE = 2 * 1024**3
TEMPLATE = "langnghe_template"
ADVANCED = text(
    "SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = current_schema()"
)


class Databases:
    """Makes databases of both kinds; one of these lives as long as a test worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._open = ExitStack()
        self._server: str | None = None
        self._sqlite_template: Path | None = None
        self._has_template = False
        self._shared: Database | None = None

    def close(self) -> None:
        """Stop the server, if one was started."""
        if self._shared is not None:
            self._shared.dispose()
        self._open.close()

    @contextmanager
    def empty(self, kind: str) -> Iterator[Database]:
        """A database without any table."""
        if kind == "sqlite":
            with _disposing(Database(f"sqlite:///{self._path()}")) as database:
                yield database
            return
        with self._postgresql("template1") as database:
            yield database

    @contextmanager
    def fresh(self, kind: str) -> Iterator[Database]:
        """A migrated database of its own, all tables empty."""
        if kind == "sqlite":
            path = self._path()
            shutil.copyfile(self._sqlite(), path)
            with _disposing(Database(f"sqlite:///{path}")) as database:
                yield database
            path.unlink()
            return
        self._prepare_template()
        with self._postgresql(TEMPLATE) as database:
            yield database

    @contextmanager
    def cleaned(self, kind: str) -> Iterator[Database]:
        """As ``fresh``; on PostgreSQL one database is emptied again and again, which is faster than a copy."""
        if kind == "sqlite":
            with self.fresh(kind) as database:
                yield database
            return
        if self._shared is None:
            self._prepare_template()
            self._shared = self._open.enter_context(self._postgresql(TEMPLATE))
        try:
            yield self._shared
        finally:
            _empty_tables(self._shared)

    def _path(self) -> Path:
        return self._folder / f"test-{next(self._numbers)}.db"

    def _sqlite(self) -> Path:
        if self._sqlite_template is None:
            path = self._folder / "template.db"
            with _disposing(Database(f"sqlite:///{path}")) as database:
                migrate.upgrade(database)
                with database.engine.connect() as connection:  # one whole file, nothing left in the log
                    connection.exec_driver_sql("ROLLBACK")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
            self._sqlite_template = path
        return self._sqlite_template

    def _prepare_template(self) -> None:
        if self._has_template:
            return
        with _disposing(Database(postgresql.create_database(self._address(), TEMPLATE))) as database:
            migrate.upgrade(database)
        self._has_template = True

    @contextmanager
    def _postgresql(self, template: str) -> Iterator[Database]:
        name = f"test_{next(self._numbers)}"
        address = postgresql.create_database(self._address(), name, template)
        try:
            with _disposing(Database(address)) as database:
                yield database
        finally:
            postgresql.drop_database(self._address(), name)

    def _address(self) -> str:
        if self._server is None:
            self._server = self._open.enter_context(postgresql.running_server())
        return self._server


def address_of(database: Database) -> str:
    """The address of a database, as DATABASE_URL takes it."""
    return database.url.render_as_string(hide_password=False)


def quick_folder() -> str | None:
    """Where files need no disk, if there is such a place with room to spare; None means the usual temporary folder."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > LEAST_FREE:
        return str(MEMORY)
    return None


@contextmanager
def _disposing(database: Database) -> Iterator[Database]:
    try:
        yield database
    finally:
        database.dispose()


def _empty_tables(database: Database) -> None:
    """Only what a test has touched: making seventy empty tables empty again takes five times as long."""
    filled = " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\")" for table in Base.metadata.sorted_tables
    )
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # the record of acts refuses otherwise
        for name in session.scalars(text(filled)).all():
            session.execute(text(f'DELETE FROM "{name}"'))
        for name in session.scalars(ADVANCED).all():
            session.execute(text(f"ALTER SEQUENCE {name} RESTART"))
