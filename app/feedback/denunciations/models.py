"""Anonymous information about a breach of law. No column for who sent it exists, here or in any table it points to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, LocalDate, UtcDateTime

CLUSTERED = {"sqlite_with_rowid": False}


class DenunciationState(StrEnum):
    """Where the information stands. It is never removed."""

    RECEIVED = "received"
    UNDER_CHECK = "under_check"
    PASSED_ON = "passed_on"
    KEPT = "kept"


class Denunciation(Base):
    """What was told, about which unit, for the level above it (``unit_id``)."""

    __tablename__ = "denunciation"
    __table_args__ = (CLUSTERED,)

    id: Mapped[Code] = mapped_column(primary_key=True)
    public_number: Mapped[Code] = mapped_column(unique=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    concerned_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    received_on: Mapped[LocalDate]
    text: Mapped[str] = mapped_column(EncryptedText("denunciation.text", row="id"))
    state: Mapped[DenunciationState] = mapped_column(by_value(DenunciationState, "state"))
    version: Mapped[int] = mapped_column(default=1)


class DenunciationEvent(Base):
    """One line of its history, never changed or removed."""

    __tablename__ = "denunciation_event"
    __table_args__ = (CheckConstraint("(at IS NULL) OR (officer_id IS NOT NULL)", name="time_of_officers"), CLUSTERED)

    denunciation_id: Mapped[Code] = mapped_column(ForeignKey("denunciation.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[DenunciationState] = mapped_column(by_value(DenunciationState, "state"))
    happened_on: Mapped[LocalDate]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[str | None] = mapped_column(String(60))


class DenunciationWords(Base):
    """The words of such a line; ``is_shown`` whether the sender sees them."""

    __tablename__ = "denunciation_words"
    __table_args__ = (CLUSTERED,)

    denunciation_id: Mapped[Code] = mapped_column(ForeignKey("denunciation.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(EncryptedText("denunciation_words.text", row="denunciation_id"))
    is_shown: Mapped[bool]


class DenunciationFile(Base):
    """A file of such information."""

    __tablename__ = "denunciation_file"
    __table_args__ = (CLUSTERED,)

    file_id: Mapped[Code] = mapped_column(ForeignKey("checked_file.id"), primary_key=True)
    denunciation_id: Mapped[Code] = mapped_column(ForeignKey("denunciation.id"), index=True)
    number: Mapped[int]


class DenunciationReading(Base):
    """Who opened it, when first and last."""

    __tablename__ = "denunciation_reading"
    __table_args__ = (CLUSTERED,)

    denunciation_id: Mapped[Code] = mapped_column(ForeignKey("denunciation.id"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(60))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
