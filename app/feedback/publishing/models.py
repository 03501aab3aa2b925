"""Public copies of answers with their files, and every version of them.

What is shown stands in plain text, because it is public and searched; taken down, those columns are empty and the
words stay in the versions only, encrypted.
"""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, LocalDate, Timestamp
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import CASE, CLUSTERED
from app.feedback.publishing.copies import MOST_TITLE, Act, Basis
from app.rules.kinds import Kind


class PublicAnswer(Base):
    """The copy that everybody may read. ``id`` stands in its address and tells neither order nor case."""

    __tablename__ = "public_answer"
    __table_args__ = (
        CheckConstraint(
            "is_shown = (title IS NOT NULL AND question IS NOT NULL AND answer IS NOT NULL AND folded IS NOT NULL)",
            name="words_only_while_shown",
        ),
        CLUSTERED,
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True, comment="who answered")
    kind: Mapped[Kind] = mapped_column(by_value(Kind, "kind"))
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome, "outcome"))
    answered_month: Mapped[LocalDate] = mapped_column(index=True, comment="first day of the month")
    is_shown: Mapped[bool]
    title: Mapped[str | None] = mapped_column(String(MOST_TITLE))
    question: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    folded: Mapped[str | None] = mapped_column(Text, comment="all of it without tone marks, for searching")
    version: Mapped[int] = mapped_column(comment="number of the newest version")


class PublicAnswerFile(Base):
    """A blacked-out copy of a file that goes with a public answer while it is shown. ``number`` stands in its address.

    What was received has no number in ``case_redaction``, so it cannot stand here.
    """

    __tablename__ = "public_answer_file"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "redaction"], ["case_redaction.case_id", "case_redaction.number"]),
        UniqueConstraint("case_id", "redaction"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey("public_answer.case_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    redaction: Mapped[int]


class PublicAnswerVersion(Base):
    """One act on a public copy: what it said then, and why. Taking down has a reason and no words."""

    __tablename__ = "public_answer_version"
    __table_args__ = (
        CheckConstraint("(act = 'withdrawn') = (answer IS NULL)", name="withdrawn_says_nothing"),
        CheckConstraint("act = 'published' OR reason IS NOT NULL", name="changed_for_a_reason"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[Act] = mapped_column(by_value(Act, "act"))
    basis: Mapped[Basis | None] = mapped_column(by_value(Basis, "basis"))
    agreement: Mapped[str | None] = mapped_column(EncryptedText("public_answer_version.agreement", row="case_id"))
    title: Mapped[str | None] = mapped_column(EncryptedText("public_answer_version.title", row="case_id"))
    question: Mapped[str | None] = mapped_column(EncryptedText("public_answer_version.question", row="case_id"))
    answer: Mapped[str | None] = mapped_column(EncryptedText("public_answer_version.answer", row="case_id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText("public_answer_version.reason", row="case_id"))
    files: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True), comment="numbers of blacked-out copies")
    made_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[Timestamp]
