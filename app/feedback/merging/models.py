"""Which case is handled together with which. Rows are only added, and marked when they were taken back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, Timestamp, UtcDateTime
from app.feedback.cases.models import CASE, CLUSTERED


class CaseMerge(Base):
    """A case that another one leads: both keep sender, text, due date and answer of their own.

    No line of the history says so: whoever may see one of them only would learn from it that the other exists.
    """

    __tablename__ = "case_merge"
    __table_args__ = (
        CheckConstraint("case_id <> leading_id", name="two_cases"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
        CLUSTERED,
    )

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leading_id: Mapped[Code] = mapped_column(ForeignKey(CASE), index=True)
    merged_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    merged_at: Mapped[Timestamp]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
