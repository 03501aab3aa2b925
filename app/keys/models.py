"""Which keys there have been, and how far a rotation has come. Never a key itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.ring import CHECK_BYTES
from app.db.base import Base
from app.db.types import Timestamp, UtcDateTime


class EncryptionKey(Base):
    """A key that this database has seen. ``check_value`` tells whether a key of this number is still the same one."""

    __tablename__ = "encryption_key"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    check_value: Mapped[bytes] = mapped_column(LargeBinary(CHECK_BYTES))
    first_seen_at: Mapped[Timestamp]
    active_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeyRotation(Base):
    """How far one place (``table.column`` or ``files``) has come on its way to a key.

    ``reached`` is the last row or file done, as JSON; it is stored in the transaction that did it.
    """

    __tablename__ = "key_rotation"

    to_key: Mapped[int] = mapped_column(ForeignKey("encryption_key.id"), primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(String(120), primary_key=True)
    reached: Mapped[str | None] = mapped_column(Text)
    changed: Mapped[int]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
