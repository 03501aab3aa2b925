"""Views of the list of cases that an officer saved."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import Code, Timestamp


class CaseView(Base):
    """A name and the filters under it, of one officer alone. What was searched for may be somebody's name."""

    __tablename__ = "case_view"

    id: Mapped[Code] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText("case_view.name", row="id"))
    query: Mapped[str] = mapped_column(EncryptedText("case_view.query", row="id"), comment="may hold personal data")
    saved_at: Mapped[Timestamp]
