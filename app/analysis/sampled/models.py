"""Stored sums of sampled rounds: made from the imported answers, and made again whenever those change."""

from sqlalchemy import JSON, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Bytes


class SampledSums(Base):
    """What the pages of a sampled round read in place of its answers.

    ``revision`` is that of the answers and ``made_by`` the version of the code that made it; where either is not
    today's, the row is made again. ``sums`` are cell sums (`app/analysis/stats/cells/stored.py`), exact and without
    order; ``about`` holds the design facts the sums do not know and the findings on the questionnaire, which are
    computed from whole rows. ``checksum`` (SHA-256) names the content, so that whoever keeps it read can tell.
    """

    __tablename__ = "sampled_sums"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True, autoincrement=False)
    revision: Mapped[int]
    made_by: Mapped[int] = mapped_column(SmallInteger)
    checksum: Mapped[str] = mapped_column(String(64))
    sums: Mapped[Bytes]
    about: Mapped[dict[str, object]] = mapped_column(JSON)
