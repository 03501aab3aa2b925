"""Letters made about a case."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base, by_value
from app.db.types import Code, Timestamp
from app.feedback.cases.models import CASE, CLUSTERED
from app.feedback.letters.forms import Form


class CaseLetter(Base):
    """What an officer wrote into a letter; its files are drawn anew from this, always the same."""

    __tablename__ = "case_letter"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    form: Mapped[Form] = mapped_column(by_value(Form, "form"))
    is_identified: Mapped[bool]
    fields: Mapped[str] = mapped_column(EncryptedText("case_letter.fields", row="case_id"), comment="JSON")
    made_by: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[Timestamp]
