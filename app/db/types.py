"""Annotated column types shared by all models."""

from datetime import UTC, date, datetime
from typing import Annotated

from sqlalchemy import Date, DateTime, Integer, LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware timestamp, stored in UTC on both databases (SQLite forgets the zone; this puts it back)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive timestamps; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A timestamp without zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware timestamp in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IntPk = Annotated[int, mapped_column(Integer, primary_key=True)]
Timestamp = Annotated[datetime, mapped_column(UtcDateTime)]
LocalDate = Annotated[date, mapped_column(Date)]
Code = Annotated[str, mapped_column(String(40))]
ShortText = Annotated[str, mapped_column(String(300))]
LongText = Annotated[str, mapped_column(Text)]
# Compared sign by sign on both databases; PostgreSQL's usual order skips blanks and signs.
Ordered = Annotated[str, mapped_column(String(300).with_variant(String(300, collation="C"), "postgresql"))]
Bytes = Annotated[bytes, mapped_column(LargeBinary)]
