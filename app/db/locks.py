"""One process at a time for each named task, also over several machines; a process that dies lets go at once."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.db.session import Database

LOCK_SPACE = 760142  # any constant number; the migrations use another


@contextmanager
def held(database: Database, folder: Path, name: str) -> Iterator[bool]:
    """Try to take the lock of a task; gives whether it was free.

    SQLite means one machine, so a locked file in ``folder`` will do; PostgreSQL keeps the lock for all machines
    (on a session of its own: behind a pooler in transaction mode, give the runner a direct address).
    """
    with _held_in_file(folder, name) if database.is_sqlite else _held_in_database(database, name) as is_free:
        yield is_free


@contextmanager
def _held_in_file(folder: Path, name: str) -> Iterator[bool]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"job-{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _held_in_database(database: Database, name: str) -> Iterator[bool]:
    key = {"space": LOCK_SPACE, "name": zlib.crc32(name.encode()) - 2**31}
    # Outside a transaction: a task may last longer than an idle transaction is allowed to.
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_free = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:space, :name)"), key))
        try:
            yield is_free
        finally:
            if is_free:
                connection.execute(text("SELECT pg_advisory_unlock(:space, :name)"), key)
