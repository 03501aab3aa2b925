"""The smallest real intake: a text for a counter. Casework replaces it by migration."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, LocalDate, LongText


class Feedback(Base):
    """What a citizen wrote, for which unit and counter, on which date. No contact, no time, no link to an answer.

    The random public number is the key, and on SQLite the table is clustered by it, so rows carry no order of arrival.
    ``folded`` is the text in lower case without marks, for search.
    """

    __tablename__ = "feedback"
    __table_args__ = ({"sqlite_with_rowid": False},)

    public_number: Mapped[Code] = mapped_column(primary_key=True)
    form_id: Mapped[bytes] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    received_on: Mapped[LocalDate]
    text: Mapped[LongText]
    folded: Mapped[LongText]
