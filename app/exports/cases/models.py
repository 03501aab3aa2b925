"""Files of cases that officers asked for: made at once or by the job, kept encrypted for a day, then erased."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, Timestamp, UtcDateTime
from app.files.gate.types import StoredName


class ExportState(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Layout(StrEnum):
    """Which columns a file has."""

    LIST = "list"
    NATIONAL = "national"


class CaseExport(Base):
    """One file somebody asked for. Only that officer may have it, while it lasts and while its cases exist for them.

    ``filters`` are those of the list, encrypted because a search may be a name. ``case_ids``: what stands in the file.
    """

    __tablename__ = "case_export"
    __table_args__ = (
        CheckConstraint("(state = 'ready') = (stored_name IS NOT NULL)", name="ready_has_a_file"),
        CheckConstraint("state <> 'ready' OR expires_at IS NOT NULL", name="ready_expires"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    layout: Mapped[Code] = mapped_column(comment="list or national")
    file_format: Mapped[Code]
    with_contact: Mapped[bool]
    filters: Mapped[str] = mapped_column(EncryptedText("case_export.filters", row="id"))
    asked_at: Mapped[Timestamp]
    state: Mapped[ExportState] = mapped_column(by_value(ExportState, "state"), index=True)
    case_ids: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int | None]
    size: Mapped[int | None]
    checksum: Mapped[str | None] = mapped_column(String(64))
    stored_name: Mapped[str | None] = mapped_column(StoredName)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
