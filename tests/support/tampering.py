"""Somebody with the rights of the database's owner, who first takes away what stands in the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db.session import Database


@contextmanager
def tampering(database: Database) -> Iterator[Session]:
    """A transaction in which no trigger protects the record."""
    with database.transaction() as session:
        if database.is_sqlite:
            names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


@contextmanager
def without_unique_places(database: Database) -> Iterator[None]:
    """A record in which two rows may bear one number; it is emptied at the end, because tests share databases."""
    with tampering(database) as session:
        session.execute(text("DROP INDEX ix_audit_event_place"))
    try:
        yield
    finally:
        with tampering(database) as session:
            session.execute(text("DELETE FROM audit_event"))
            session.execute(text("CREATE UNIQUE INDEX ix_audit_event_place ON audit_event (day, sequence)"))
