"""Units and counters, made by the services, so that they keep the rules of the tree."""

import itertools
from datetime import date

from sqlalchemy.orm import Session

from app.units.models import Counter, Unit
from app.units.services import create_unit

LONG_AGO = date(2020, 1, 1)
_codes = itertools.count(1)


def make_unit(
    session: Session,
    name: str = "Tỉnh Quảng Ninh",
    *,
    code: str | None = None,
    type_code: str = "province",
    parent: Unit | None = None,
    valid_from: date = LONG_AGO,
) -> Unit:
    """A unit, under ``parent`` where one is given; flushed, so it has its number."""
    unit = create_unit(
        session,
        code=code or f"T{next(_codes):05}",
        name=name,
        type_code=type_code,
        valid_from=valid_from,
        parent_id=None if parent is None else parent.id,
    )
    session.flush()
    return unit


def make_counter(
    session: Session,
    unit_id: int,
    *,
    number: str = "1",
    name: str = "Hộ tịch",
    opening_hours: dict[str, list[list[str]]] | None = None,
    valid_from: date = LONG_AGO,
) -> Counter:
    """A counter of a unit; without opening hours it is open at all times."""
    counter = Counter(
        unit_id=unit_id,
        number=number,
        name=name,
        opening_hours=opening_hours or {},
        valid_from=valid_from,
        valid_to=None,
    )
    session.add(counter)
    session.flush()
    return counter
