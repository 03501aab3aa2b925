"""The duty roster of a counter: who serves there on which days. Lines end or are withdrawn, none is ever removed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, LocalDate, Timestamp, UtcDateTime
from app.feedback.cases.models import CASE, CLUSTERED
from app.feedback.conflicts.kinds import Shift


class CounterDuty(Base):
    """Somebody serves at a counter on some weekdays, from one day to another: an officer, or a person by name.

    The name is personal data of staff. A line entered by mistake is withdrawn: it still counts for what came in while
    it stood.
    """

    __tablename__ = "counter_duty"
    __table_args__ = (
        CheckConstraint("(officer_id IS NULL) <> (person_name IS NULL)", name="an_officer_or_a_name"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="some_weekday"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days_in_order"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    )

    id: Mapped[Code] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    person_name: Mapped[str | None] = mapped_column(
        EncryptedText("counter_duty.person_name", row="id"), comment="somebody without an account"
    )
    weekdays: Mapped[int] = mapped_column(comment="1 Monday, 2 Tuesday, 4 ... 64 Sunday, added up")
    shift: Mapped[Shift] = mapped_column(by_value(Shift, "shift"))
    valid_from: Mapped[LocalDate]
    valid_to: Mapped[date | None] = mapped_column(Date)
    entered_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    entered_at: Mapped[Timestamp]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DutyExclusion(Base):
    """A line of a roster, entered while a case was there, is why somebody was excluded from it. Only added to.

    What came after the line has no row, so withdrawing the line does nothing to it.
    """

    __tablename__ = "duty_exclusion"
    __table_args__ = (CLUSTERED,)

    line_id: Mapped[Code] = mapped_column(ForeignKey("counter_duty.id"), primary_key=True)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), primary_key=True)
