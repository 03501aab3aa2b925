"""The tables of an answer: points of a case, drafts, approvals, points of a reply; notes; reply templates.

Notes are in a table that no page of a sender, no letter and no public copy reads. Drafts go when the case is closed:
what was answered stands in ``case_reply`` and ``case_reply_point``.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, IntPk, LocalDate, LongText, ShortText, Timestamp, UtcDateTime
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import CASE, CLUSTERED


class ApprovalEnd(StrEnum):
    """What became of an answer that waited for a second pair of eyes."""

    APPROVED = "approved"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"


class CasePoint(Base):
    """One point of what a citizen wrote, as an officer took it apart. Taken apart anew, it has a further ``split``."""

    __tablename__ = "case_point"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    split: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(EncryptedText("case_point.text", row="case_id"))


class CaseDraft(Base):
    """An answer that nobody has sent yet. Each saving is a row; ``split`` tells which points it answers (0: the whole).

    ``content`` is JSON: ``general``, ``answers`` (number → text, is_reason) and ``given`` (what the outcome asks for).
    """

    __tablename__ = "case_draft"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    saved_at: Mapped[Timestamp]
    split: Mapped[int]
    outcome: Mapped[Outcome | None] = mapped_column(by_value(Outcome, "outcome"))
    content: Mapped[str] = mapped_column(EncryptedText("case_draft.content", row="case_id"))


class CaseApproval(Base):
    """An answer waits for, or had, a second pair of eyes: never those of who wrote it."""

    __tablename__ = "case_approval"
    __table_args__ = (
        CheckConstraint("(ended_as IS NULL) = (ended_at IS NULL)", name="ended_at_a_time"),
        CheckConstraint("(ended_as IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("ended_as IS NULL OR ended_as <> 'approved' OR ended_by <> asked_by", name="by_another"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    draft_number: Mapped[int]
    asked_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[Timestamp]
    ended_as: Mapped[ApprovalEnd | None] = mapped_column(by_value(ApprovalEnd, "ended_as"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseReplyPoint(Base):
    """A point and what was answered to it, or why it was not. Number 0 are general words without a point."""

    __tablename__ = "case_reply_point"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    reply_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    point: Mapped[str] = mapped_column(EncryptedText("case_reply_point.point", row="case_id"))
    answer: Mapped[str] = mapped_column(EncryptedText("case_reply_point.answer", row="case_id"))
    is_reason: Mapped[bool] = mapped_column(comment="why the point is not answered")


class CaseNote(Base):
    """What officers write to each other about a case. It never reaches the sender."""

    __tablename__ = "case_note"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[ShortText]
    written_at: Mapped[Timestamp]
    text: Mapped[str] = mapped_column(EncryptedText("case_note.text", row="case_id"))


class ReplyTemplate(Base):
    """Words for answers that come up again in a unit and those below it. Retired, it is offered no longer."""

    __tablename__ = "reply_template"

    id: Mapped[IntPk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    retired_on: Mapped[LocalDate | None]


class ReplyTemplateVersion(Base):
    """What a template says from a moment on; earlier versions stay readable."""

    __tablename__ = "reply_template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[IntPk]
    template_id: Mapped[int] = mapped_column(ForeignKey("reply_template.id"))
    number: Mapped[int]
    title: Mapped[ShortText]
    text: Mapped[LongText]
    written_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[Timestamp]
