"""Everything a database holds, as somebody with all its keys reads it."""

from collections.abc import Iterator

from sqlalchemy import select

from app.db.base import Base
from app.db.session import Database


def plain_values(database: Database) -> Iterator[str]:
    """Every value of every table, decrypted, as text; bytes as hexadecimal signs and as they are."""
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                for value in row:
                    yield value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if isinstance(value, bytes):
                        yield value.hex()
