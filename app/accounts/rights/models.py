"""Rights lent during leave, and the yearly confirmation of rights."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, by_value
from app.db.types import IntPk, LocalDate, ShortText, Timestamp, UtcDateTime


class Delegation(Base):
    """A role of one officer lent to another, in a part of where it is held, from one day to another.

    It hangs on the assignment: when that ends, so does this. A delegation itself cannot be lent on.
    """

    __tablename__ = "delegation"

    id: Mapped[IntPk]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("role_assignment.id"), index=True)
    to_officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    valid_from: Mapped[LocalDate]
    valid_to: Mapped[LocalDate]
    reason: Mapped[ShortText]
    created_at: Mapped[Timestamp]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def is_in_force(self, on: date) -> bool:
        """Whether it was made for this day and not taken back."""
        return self.ended_at is None and self.valid_from <= on <= self.valid_to


class Verdict(StrEnum):
    """What a leader says of a right at the yearly review."""

    KEEP = "keep"
    OBJECT = "object"


class RightsReview(Base):
    """One confirmation of the rights in a unit and below: who, when."""

    __tablename__ = "rights_review"

    id: Mapped[IntPk]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    reviewed_at: Mapped[Timestamp]


class RightsReviewLine(Base):
    """What was said of one assignment; an objection waits for an administrator."""

    __tablename__ = "rights_review_line"

    review_id: Mapped[int] = mapped_column(ForeignKey("rights_review.id"), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("role_assignment.id"), primary_key=True, index=True)
    verdict: Mapped[Verdict] = mapped_column(by_value(Verdict, "verdict"))
