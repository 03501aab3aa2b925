"""What was made with personal data blacked out. Originals are never touched; both stand under the same policy."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import Code, Timestamp
from app.feedback.cases.models import CASE, CLUSTERED


class CaseRedaction(Base):
    """A new file, or a new text, of a case. ``areas``: boxes as parts per thousand of a page, or places in the text."""

    __tablename__ = "case_redaction"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) = (source_id IS NULL)", name="a_file_from_a_file"),
        CheckConstraint("(file_id IS NULL) <> (text IS NULL)", name="either_file_or_text"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("checked_file.id"), unique=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("checked_file.id"))
    text: Mapped[str | None] = mapped_column(EncryptedText("case_redaction.text", row="case_id"))
    areas: Mapped[list[Any]] = mapped_column(JSON)
    made_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[Timestamp]
