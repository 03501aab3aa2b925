"""What the runner did."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Code, IntPk, ShortText, Timestamp, UtcDateTime


class JobRun(Base):
    """One run of a scheduled job."""

    __tablename__ = "job_run"

    id: Mapped[IntPk]
    name: Mapped[Code]
    started_at: Mapped[Timestamp]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[ShortText]
