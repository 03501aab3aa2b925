"""Keys of other systems, and which case came in through which key. What came in is never told by the minute."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, IntPk, ShortText, Timestamp, UtcDateTime
from app.feedback.cases.models import CASE, CLUSTERED


class ExchangeKey(Base):
    """What another system shows to send cases about a part of the tree; only its SHA-256 is kept."""

    __tablename__ = "exchange_key"

    id: Mapped[IntPk]
    name: Mapped[ShortText]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[Timestamp]
    created_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    last_used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExchangeCase(Base):
    """A case that another system sent: with its key it may ask where the case stands."""

    __tablename__ = "exchange_case"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("exchange_key.id"), index=True)
