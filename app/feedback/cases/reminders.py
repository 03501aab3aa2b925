"""Which reminders were given about a case: drawn on its page, written by the notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, by_value
from app.db.types import Code, LocalDate
from app.feedback.cases.kinds import Step
from app.feedback.cases.models import CASE, CLUSTERED

WORDS: Mapping[Step, str] = {
    Step.BEFORE: "Nhắc người xử lý: sắp đến hạn",
    Step.TODAY: "Nhắc người xử lý: đến hạn",
    Step.LEADER: "Báo lãnh đạo đơn vị: quá hạn",
    Step.ABOVE: "Báo cấp trên: quá hạn",
}


class CaseReminder(Base):
    """A step that was reached for a due date: noted once, only added to. ``told`` people were sent a message."""

    __tablename__ = "case_reminder"
    __table_args__ = (CheckConstraint("told >= 0", name="told_counted"), CLUSTERED)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    due_on: Mapped[LocalDate] = mapped_column(primary_key=True)
    step: Mapped[Step] = mapped_column(by_value(Step, "step"), primary_key=True)
    noted_on: Mapped[LocalDate]
    told: Mapped[int]


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder as the page of the case says it."""

    noted_on: date
    due_on: date
    words: str
    told: int


def given(session: Session, case_id: str) -> list[ReminderLine]:
    """The reminders about a case, oldest first."""
    rows = session.scalars(select(CaseReminder).where(CaseReminder.case_id == case_id)).all()
    order = list(Step)
    return [
        ReminderLine(row.noted_on, row.due_on, WORDS[row.step], row.told)
        for row in sorted(rows, key=lambda row: (row.noted_on, order.index(row.step)))
    ]
