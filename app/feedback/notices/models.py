"""How far the history of a case has been told; no words, no time of day."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code
from app.feedback.cases.models import CASE, CLUSTERED


class CaseNoticeMark(Base):
    """Up to which line of its history news of a case were told, and who had it, and where, at that time."""

    __tablename__ = "case_notice_mark"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    sequence: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
