"""Where something happened: what a code at a counter leads to, and how a place is found without one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import Missing
from app.i18n.folding import fold
from app.i18n.messages import message
from app.qr.models import Channel
from app.qr.queries import resolve
from app.qr.tokens import normalise
from app.units import queries as units
from app.units.list_queries import procedures_found
from app.units.models import Counter, Procedure, Unit, counter_label

MOST_UNITS = 20
MOST_PROCEDURES = 30
LONGEST_LABEL = 120
UNKNOWN_CODE = message("Không tìm thấy mã này. Xin quét lại mã tại quầy, hoặc hỏi cán bộ hướng dẫn.")


@dataclass(frozen=True, slots=True)
class Origin:
    """The code that somebody came from, and where it stands."""

    code: str
    unit_id: int
    unit_name: str
    counter_id: int
    counter_name: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as a citizen finds it; ``above`` tells units of the same name apart."""

    id: int
    name: str
    above: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first of the units that were sought, and how many there are."""

    places: tuple[Place, ...]
    total: int


def origin_of(session: Session, typed: str, on: date) -> Origin:
    """What a code leads to, whatever became of code, counter or unit.

    Raises
    ------
    Missing
        For a code that never was.
    """
    code = normalise(typed)
    found = resolve(session, code, on)
    if found.place is None:
        raise Missing(UNKNOWN_CODE)
    place = found.place
    return Origin(
        code=code,
        unit_id=place.unit.id,
        unit_name=", ".join(unit.name for unit in found.successors) or place.unit.name,
        counter_id=place.counter_id,
        counter_name="" if found.has_ended else counter_label(place.counter_number, place.counter_name),
        is_shared=place.channel is Channel.KIOSK,
    )


def find(session: Session, text: str, on: date) -> Found:
    """Units of that name, with or without diacritics; all of them where there are few."""
    page = units.search(session, text, on)
    if not text.strip() and page.total > MOST_UNITS:
        return Found((), page.total)
    lines = page.lines[:MOST_UNITS]
    return Found(tuple(Place(line.id, line.name, _above(session, line.id, on)) for line in lines), page.total)


def place_of(session: Session, unit_id: int, on: date) -> Place | None:
    """A unit of that number, under the names of whatever stands for it today."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        return None
    today = units.successors(session, unit_id, on)
    names = units.names_on(session, today, on)
    return Place(unit_id, ", ".join(names[one] for one in today if one in names), _above(session, unit_id, on))


def is_alive(session: Session, unit_id: int, on: date) -> bool:
    """Whether a unit exists on a day."""
    unit = session.get(Unit, unit_id)
    return unit is not None and unit.valid_from <= on and (unit.valid_to is None or unit.valid_to >= on)


def counters(session: Session, unit_id: int, on: date, chosen: int | None = None) -> list[tuple[int, str]]:
    """The open counters of a unit, and the one chosen already although it may have closed."""
    found = [(one.id, one.label) for one in units.counters_of(session, unit_id, on)]
    kept = None if chosen is None or chosen in dict(found) else session.get(Counter, chosen)
    return found if kept is None or kept.unit_id != unit_id else [(kept.id, kept.label), *found]


def procedures(session: Session, text: str, on: date, chosen: int | None = None) -> list[tuple[int, str]]:
    """The first procedures in force of that name, and the one chosen already."""
    words = fold(text).split()

    def holds(*texts: str) -> bool:
        whole = fold(" ".join(texts))
        return all(word in whole for word in words)

    found = procedures_found(session, holds, on)[:MOST_PROCEDURES] if words else []
    labels = [(one.id, _short(f"{one.code} – {one.name}")) for one in found]
    kept = None if chosen is None or chosen in dict(labels) else session.get(Procedure, chosen)
    return labels if kept is None else [(kept.id, _short(f"{kept.code} – {kept.name}")), *labels]


def _above(session: Session, unit_id: int, on: date) -> str:
    path = units.path_ids(session, unit_id, on)[1:]
    names = units.names_on(session, path, on)
    return ", ".join(names[one] for one in path if one in names)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
