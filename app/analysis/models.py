"""Rollups: sums of sufficient statistics, and which days have been added to them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, by_value
from app.db.types import Bytes

WHOLE_ROUND = (0, 999912)
WHOLE_UNIT = 0


class Ledger(StrEnum):
    """Live sums (Home Affairs), answers waiting for release, and sealed blocks (public and unit officers)."""

    LIVE = "live"
    PENDING = "pending"
    RELEASED = "released"


class Dimension(StrEnum):
    """A marginal table beside the whole: by channel, by kind of respondent."""

    ALL = "all"
    CHANNEL = "channel"
    RESPONDENT_KIND = "respondent_kind"


class RollupCell(Base):
    """The sums of some answers: of a round, a unit or a counter, from one month to another, maybe of one category.

    Months are YYYYMM; ``WHOLE_ROUND`` spans them all. ``counter_id`` is ``WHOLE_UNIT`` for the unit's own counters
    together. ``sums`` is the vector of ``stats/sums.py``.
    """

    __tablename__ = "rollup_cell"

    ledger: Mapped[Ledger] = mapped_column(by_value(Ledger, "ledger"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_round.id"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(by_value(Dimension, "dimension"), primary_key=True)
    category: Mapped[str] = mapped_column(String(24), primary_key=True)
    from_month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    counter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    sums: Mapped[Bytes]


class ClosedDay(Base):
    """A local day whose answers have been moved and added; closing it again changes nothing."""

    __tablename__ = "closed_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    responses: Mapped[int]
