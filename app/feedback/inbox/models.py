"""Views of the list of cases that an officer saved."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import Code, Timestamp


class SavedView(Base):
    """A name and the filters under it, of one officer alone. What was searched for may be somebody's name."""

    __tablename__ = "saved_view"

    id: Mapped[Code] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText("saved_view.name", row="id"))
    query: Mapped[str] = mapped_column(EncryptedText("saved_view.query", row="id"), comment="may hold personal data")
    saved_at: Mapped[Timestamp]
