"""Changes of settings; the newest row of a name holds."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, IntPk, LongText, ShortText, Timestamp


class SettingChange(Base):
    """From a moment on a setting has another value; None takes it back to what it is without any change.

    Rows are only ever added (the database sees to it as for the record of acts, docs/adr/0018), so that everybody can
    see who had the pages say what, and when.
    """

    __tablename__ = "setting_change"
    __table_args__ = (Index("ix_setting_change_name", "name", "id"),)

    id: Mapped[IntPk]
    name: Mapped[Code]
    value: Mapped[LongText | None] = mapped_column()
    changed_at: Mapped[Timestamp]
    changed_by: Mapped[int | None]
    reason: Mapped[ShortText]
