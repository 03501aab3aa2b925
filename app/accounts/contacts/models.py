"""Where messages to officers go."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Timestamp, UtcDateTime
from app.messages.states import Channel


class Level(StrEnum):
    """How much an officer wants to be told on a channel. ``digest``: once each working day, and only then."""

    OFF = "off"
    DIGEST = "digest"
    EACH = "each"


class OfficerContact(Base):
    """An address of an officer. Nothing but the code that proves it goes there before it is proven.

    ``code_mark`` is a keyed derivation of that code; ``tries`` counts wrong ones.
    """

    __tablename__ = "officer_contact"
    __table_args__ = (CheckConstraint("(code_mark IS NULL) = (code_until IS NULL)", name="code_ends"),)

    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True, autoincrement=False)
    channel: Mapped[Channel] = mapped_column(by_value(Channel, "channel"), primary_key=True)
    address: Mapped[str] = mapped_column(
        EncryptedText("officer_contact.address", row="officer_id"), comment="personal data of staff"
    )
    level: Mapped[Level] = mapped_column(by_value(Level, "level"))
    entered_at: Mapped[Timestamp]
    entered_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_mark: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
