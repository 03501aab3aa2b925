"""Engine and transactions.

``Database`` works without Flask (tests, jobs); ``transaction()`` and ``reading()`` are the same for code that runs
inside an application. Entry points open them, services receive the ``Session`` and never commit.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

EXTENSION = "langnghe-database"
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an answer that was thanked for survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 15000",
)


class Database:
    """One database: the engine and the two ways to use it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url, self.url.database) if self.is_sqlite else _postgresql_engine(url)
        self._writer = self.engine.execution_options(langnghe_writes=True)
        self.info: dict[str, Any] = {}
        """What each transaction brings along (``Session.info``): what the application hands in at its start."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on any error. On SQLite the write lock is taken at once."""
        with Session(self._writer, expire_on_commit=False, info=self.info) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """``transaction`` without the unit of work: for the citizens' path, where every microsecond counts."""
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def closed_on_error(self) -> Iterator[None]:
        """Leave no connection open where a check refuses to go on."""
        try:
            yield
        except BaseException:
            self.dispose()
            raise

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite_engine(url: str, path: str | None) -> Engine:
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # An error message of the database must not quote what a citizen wrote.
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy emits BEGIN itself, below
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that turns into a writer fails with "database is locked" instead of waiting.
        writes = connection.get_execution_options().get("langnghe_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=5, max_overflow=5, pool_pre_ping=False, pool_recycle=1800, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '15s'")
            cursor.execute("SET idle_in_transaction_session_timeout = '60s'")
        connection.commit()

    return engine


def init_database(app: Flask, database: Database) -> None:
    """Hand the database to the application."""
    app.extensions[EXTENSION] = database


def database() -> Database:
    """The database of the running application."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Database)
    return found


def transaction() -> AbstractContextManager[Session]:
    """``Database.transaction`` of the running application."""
    return database().transaction()


def reading() -> AbstractContextManager[Session]:
    """``Database.reading`` of the running application."""
    return database().reading()
