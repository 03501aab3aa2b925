"""Files that came in through the gate."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, LocalDate
from app.files.gate.refusals import Refusal
from app.files.gate.types import StoredName


class FileState(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class MediaType(StrEnum):
    """What an accepted file is: one of ours, whatever was sent."""

    JPEG = "image/jpeg"
    PDF = "application/pdf"


class CheckedFile(Base):
    """A file somebody sent. While it waits, what is stored is what was sent and nobody can open it.

    The key is random and the table clustered by it, and it holds a date and no time, so rows tell no order of arrival.
    ``declared_name`` is what the sender called the file: it may name people, is encrypted, and is never used as a
    name. ``size`` and ``checksum`` are those of what is stored: of what was sent while it waits, then of what we made.
    ``tries`` counts how often a check began.
    """

    __tablename__ = "checked_file"
    __table_args__ = (
        CheckConstraint("(state = 'refused') = (stored_name IS NULL)", name="refused_has_no_file"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_says_why"),
        Index("ix_checked_file_state", "state"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    state: Mapped[FileState] = mapped_column(by_value(FileState, "file_state"))
    declared_name: Mapped[str] = mapped_column(EncryptedText("checked_file.declared_name", row="id"))
    stored_name: Mapped[str | None] = mapped_column(StoredName, unique=True)
    media_type: Mapped[MediaType] = mapped_column(by_value(MediaType, "media_type"))
    size: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    refusal: Mapped[Refusal | None] = mapped_column(by_value(Refusal, "refusal"))
    received_on: Mapped[LocalDate]
    is_scanned: Mapped[bool]
    tries: Mapped[int]
