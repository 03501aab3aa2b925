"""Forms that came too late, kept for their officer."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.types import EncryptedText
from app.db.base import Base
from app.db.types import Code, Timestamp


class KeptPost(Base):
    """A form that met an ended session, for its officer alone: address and fields as JSON text, encrypted."""

    __tablename__ = "kept_post"

    id: Mapped[Code] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    expires_at: Mapped[Timestamp]
    content: Mapped[str] = mapped_column(EncryptedText("kept_post.content", row="id"))
