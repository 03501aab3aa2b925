"""What is remembered of a report that another system sent, so that sending it again opens no second case."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Bytes, Code, Timestamp
from app.feedback.cases.models import CASE, CLUSTERED


class ExchangeSending(Base):
    """A report under the mark by which it is known again: keyed digests, no word of it; gone when its time is up.

    ``mark`` is of the system and the name it gave the report, or of the system and the report itself; ``report_mark``
    of the report. ``salt`` is what the sender's code was drawn with (None: that code is told once). ``expires_at``
    tells no moment: midnight, or ten minutes rounded up.
    """

    __tablename__ = "exchange_sending"
    __table_args__ = (CLUSTERED,)

    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    report_mark: Mapped[Bytes]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    case_id: Mapped[Code] = mapped_column(ForeignKey(CASE))
    expires_at: Mapped[Timestamp] = mapped_column(index=True)
