"""The smallest real intake: a text for a counter. Casework replaces it by migration."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import Code, LocalDate


class Feedback(Base):
    """What a citizen wrote, for which unit and counter, on which date. No contact, no time, no link to an answer.

    The random public number is the key, and on SQLite the table is clustered by it, so rows carry no order of arrival.
    ``text`` may hold personal data and is encrypted, bound to its number.
    """

    __tablename__ = "feedback"
    __table_args__ = ({"sqlite_with_rowid": False},)

    public_number: Mapped[Code] = mapped_column(primary_key=True)
    form_id: Mapped[bytes] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    received_on: Mapped[LocalDate]
    text: Mapped[str] = mapped_column(EncryptedText("feedback.text", row="public_number"))
