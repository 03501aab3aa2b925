"""Sweeps up what nobody refers to: rows of files no other row names, stored files no row names."""

from datetime import timedelta

from sqlalchemy import Column, exists, select
from sqlalchemy.orm import Session

from app import clock
from app.db.base import Base
from app.db.session import Database
from app.files.gate.models import CheckedFile
from app.files.gate.services import discard
from app.files.gate.types import StoredName
from app.files.store import FileStore

GRACE = timedelta(days=2)
"""Longer than any transaction, so that nothing is swept that is only just about to be named."""


def sweep(database: Database, store: FileStore) -> tuple[int, int]:
    """Remove forgotten rows with their files, then orphaned files; how many of each."""
    with database.transaction() as session:
        forgotten = discard(session, store, _forgotten(session))
    orphans = _orphans(database, store)
    for name in orphans:
        store.erase(name)
    return forgotten, len(orphans)


def _forgotten(session: Session) -> list[str]:
    """Files no foreign key leads to any more; the database itself refuses to let go of one that is referred to."""
    old = select(CheckedFile.id).where(CheckedFile.received_on <= clock.local_date() - GRACE)
    unnamed = [~exists().where(column == CheckedFile.id) for column in referring_columns()]
    return list(session.scalars(old.where(*unnamed)))


def referring_columns() -> list[Column[str]]:
    """The columns of all models loaded that refer to a file of the gate."""
    key = CheckedFile.__table__.c.id
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(foreign.column is key for foreign in column.foreign_keys)
    ]


def _orphans(database: Database, store: FileStore) -> list[str]:
    old = store.stale(GRACE.total_seconds())  # looked up first: a name given meanwhile is then found in its row
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, StoredName)
    ]
    with database.reading() as session:
        named = {name for column in columns for name in session.scalars(select(column)) if name is not None}
    return [name for name in old if name not in named]
