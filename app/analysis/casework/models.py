"""Random samples of closed cases that Home Affairs looks at again, and what was found about each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, IntPk, LocalDate, Timestamp, UtcDateTime
from app.feedback.cases.kinds import Outcome

CASE = "feedback_case.id"


class RecheckDraw(Base):
    """One sample. With ``seed`` and the rule of ``drawing`` anybody who may see the cases can draw it once more."""

    __tablename__ = "recheck_draw"
    __table_args__ = (
        CheckConstraint("drawn >= 1 AND drawn <= population", name="drawn_from_the_whole"),
        CheckConstraint("last_on >= first_on", name="days_in_order"),
    )

    id: Mapped[IntPk]
    seed: Mapped[Code]
    first_on: Mapped[LocalDate] = mapped_column(comment="of the days on which the cases were closed")
    last_on: Mapped[LocalDate]
    population: Mapped[int]
    drawn: Mapped[int]
    drawn_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    drawn_at: Mapped[Timestamp]


class RecheckStratum(Base):
    """How many cases of a unit ended in one way, and how many of these were drawn."""

    __tablename__ = "recheck_stratum"
    __table_args__ = (CheckConstraint("drawn >= 0 AND drawn <= population", name="drawn_from_the_whole"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("recheck_draw.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome, "outcome"), primary_key=True)
    population: Mapped[int]
    drawn: Mapped[int]


class RecheckCase(Base):
    """A case that was drawn; ``is_good`` None: not looked at yet. ``words``: why, for whoever answers for the unit."""

    __tablename__ = "recheck_case"
    __table_args__ = (
        CheckConstraint("(is_good IS NULL) = (found_at IS NULL)", name="found_at_a_time"),
        CheckConstraint("(is_good IS NULL) = (found_by IS NULL)", name="found_by_somebody"),
        {"sqlite_with_rowid": False},
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("recheck_draw.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True, index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome, "outcome"))
    is_good: Mapped[bool | None]
    words: Mapped[str | None] = mapped_column(EncryptedText("recheck_case.words", row="case_id"))
    found_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecheckAnswer(Base):
    """What the unit concerned says to a finding; lines are only added. ``is_good``: the finding it answers."""

    __tablename__ = "recheck_answer"
    __table_args__ = (
        ForeignKeyConstraint(["draw_id", "case_id"], ["recheck_case.draw_id", "recheck_case.case_id"]),
        {"sqlite_with_rowid": False},
    )

    draw_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True, index=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_good: Mapped[bool]
    words: Mapped[str] = mapped_column(EncryptedText("recheck_answer.words", row="case_id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    written_at: Mapped[Timestamp]
