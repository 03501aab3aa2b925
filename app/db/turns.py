"""Writers of one thing go one after the other: whoever comes second sees what the first has stored."""

import zlib

from sqlalchemy import text
from sqlalchemy.orm import Session

SPACE = 760143  # any constant number; migrations and tasks use others


def take_turn(session: Session, name: str) -> None:
    """Wait until no other transaction holds this turn, and hold it to the end of this one.

    On SQLite every writing transaction does so by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = zlib.crc32(name.encode()) - 2**31
        session.execute(text("SELECT pg_advisory_xact_lock(:space, :name)"), {"space": SPACE, "name": key})
