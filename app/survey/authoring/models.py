"""Versions of question sets that an officer is working on."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, Timestamp


class DraftWay(StrEnum):
    """How the draft came: typed into the form, or from an uploaded file."""

    FORM = "form"
    XLSX = "xlsx"
    TOML = "toml"


class QuestionSetDraft(Base):
    """A coming version that its officer has neither saved nor thrown away; gone after its last moment.

    ``source`` is the text of the set file, which may be wrong; ``faults`` what was wrong in the rows of an uploaded
    table, as JSON. Both are encrypted: nobody knows what a file holds that was chosen by mistake. ``checksum`` is of
    the uploaded bytes.
    """

    __tablename__ = "question_set_draft"

    id: Mapped[Code] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("question_set_version.id"), index=True)
    way: Mapped[DraftWay] = mapped_column(by_value(DraftWay, "way"))
    created_at: Mapped[Timestamp]
    expires_at: Mapped[Timestamp]
    checksum: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(EncryptedText("question_set_draft.source", row="id"))
    faults: Mapped[str] = mapped_column(EncryptedText("question_set_draft.faults", row="id"))
