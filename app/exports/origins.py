"""Which answers a raw file holds, and the cells that say where each came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exports.definitions import Cell, Column
from app.exports.places import Place
from app.survey.models import SurveyRound
from app.units.models import Counter, Unit
from app.units.queries import name_on, names_on

READ_AT_ONCE = 2000  # rows of a query in memory


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers of a round from some units (None: all), told apart down to ``least``, as of a closed day."""

    survey_round: SurveyRound
    unit_ids: frozenset[int] | None
    least: int
    as_of: date

    def counters(self, session: Session) -> list[int] | None:
        """The counters whose answers are wanted; None for all."""
        if self.unit_ids is None:
            return None
        return list(session.scalars(select(Counter.id).where(Counter.unit_id.in_(sorted(self.unit_ids)))))


AREA = (Column("area", "Phạm vi đợt"), Column("month", "Tháng"))
UNIT = (Column("unit_code", "Mã đơn vị"), Column("unit", "Đơn vị"))
COUNTER = (Column("counter", "Quầy"),)


@dataclass(frozen=True, slots=True)
class Origins:
    """Names for places: the area of the round, units by number as (code, name), counters by number."""

    area: str
    units: dict[int, tuple[str, str]]
    counters: dict[int, str]

    def cells(self, place: Place, *, with_counter: bool) -> tuple[Cell, ...]:
        """Cells of ``AREA``, ``UNIT`` and maybe ``COUNTER``; empty where nothing may be said."""
        month = None if place.month is None else f"{place.month // 100:04}-{place.month % 100:02}"
        unit = (None, None) if place.unit_id is None else self.units[place.unit_id]
        counter = None if place.counter_id is None else self.counters.get(place.counter_id)
        return (self.area, month, *unit, counter) if with_counter else (self.area, month, *unit)


def find_origins(session: Session, wanted: Wanted, places: Iterable[Place]) -> Origins:
    """The names of all places, as of the day of the file."""
    known = set(places)
    unit_ids = {place.unit_id for place in known if place.unit_id is not None}
    names = names_on(session, unit_ids, wanted.as_of)
    codes = session.execute(select(Unit.id, Unit.code)).all()
    counters = session.scalars(select(Counter))
    return Origins(
        area=name_on(session, wanted.survey_round.unit_id, wanted.as_of),
        units={unit: (code, names.get(unit, code)) for unit, code in codes if unit in unit_ids},
        counters={counter.id: counter.label for counter in counters},
    )
