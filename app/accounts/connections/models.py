"""Keys of other systems. One shape, a table for each kind: what came in by a key points at the table of its kind."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import IntPk, ShortText, Timestamp, UtcDateTime


class SystemKey(Base):
    """What another system shows to speak for a part of the tree; only its SHA-256 is kept."""

    __abstract__ = True

    id: Mapped[IntPk]
    name: Mapped[ShortText]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[Timestamp]
    created_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    last_used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExchangeKey(SystemKey):
    """The key of a system that sends cases (Open311)."""

    __tablename__ = "exchange_key"


class DossierKey(SystemKey):
    """The key of a one-stop software that delivers dossiers."""

    __tablename__ = "dossier_key"
