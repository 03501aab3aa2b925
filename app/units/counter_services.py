"""Acts on counters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.calendar.opening_hours import OpeningHours
from app.errors import Conflict, Gone, Invalid, Missing
from app.i18n.folding import fold
from app.units.import_cells import read_code, read_name
from app.units.models import Counter, Field, folded_counter
from app.units.queries import unit_by_id
from app.units.spans import Span
from app.web.text_input import clean


class BadCounter(Invalid):
    """The counter would break a rule."""


class UnknownCounter(Missing):
    """No counter has this number."""


@dataclass(frozen=True, slots=True)
class CounterForm:
    """What an officer enters for a counter."""

    number: str
    name: str
    fields: tuple[str, ...] = ()
    opening_hours: OpeningHours | None = None


def counter_by_id(session: Session, counter_id: int) -> Counter:
    """The counter with this number; raises UnknownCounter."""
    counter = session.get(Counter, counter_id)
    if counter is None:
        raise UnknownCounter("Không tìm thấy quầy này.")
    return counter


def create_counter(
    session: Session,
    unit_id: int,
    form: CounterForm,
    valid_from: date,
    valid_to: date | None = None,
    actor_id: int | None = None,
) -> Counter:
    """Add a counter to a unit that is alive all the time; raises BadCounter, Conflict."""
    unit = unit_by_id(session, unit_id)
    if not Span(unit.valid_from, unit.valid_to).covers(Span(valid_from, valid_to or unit.valid_to)):
        raise BadCounter("Đơn vị không hoạt động trong toàn bộ thời gian của quầy.")
    counter = Counter(unit_id=unit.id, valid_from=valid_from, valid_to=valid_to or unit.valid_to)
    _fill(session, counter, form)
    session.add(counter)
    session.flush()  # the record names the counter by its number
    new = {"number": PublicText(counter.number), "name": PublicText(counter.name)}
    record(session, actor_id, Action.COUNTER_CREATE, f"counter:{counter.id}", None, unit.id, new=new)
    return counter


def change_counter(session: Session, counter_id: int, form: CounterForm, actor_id: int | None = None) -> Counter:
    """Change number, name, fields or opening hours of a counter; raises Conflict when the number is taken."""
    counter = counter_by_id(session, counter_id)
    old = {"number": PublicText(counter.number), "name": PublicText(counter.name)}
    _fill(session, counter, form)
    new = {"number": PublicText(counter.number), "name": PublicText(counter.name)}
    record(session, actor_id, Action.COUNTER_CHANGE, f"counter:{counter.id}", None, counter.unit_id, old=old, new=new)
    return counter


def close_counter(session: Session, counter_id: int, last_day: date, actor_id: int | None = None) -> Counter:
    """End a counter after a day; it stays readable and its answers stay counted. Raises Gone, BadCounter."""
    counter = counter_by_id(session, counter_id)
    if counter.valid_to is not None and counter.valid_to <= last_day:
        raise Gone("Quầy này đã đóng.")
    if last_day < counter.valid_from:
        raise BadCounter("Ngày đóng đứng trước ngày mở quầy.")
    counter.valid_to = last_day
    detail = {"last_day": last_day.isoformat()}
    record(session, actor_id, Action.COUNTER_CLOSE, f"counter:{counter.id}", detail, counter.unit_id)
    return counter


def fields_by_name(session: Session, names: Iterable[str]) -> Mapping[str, Field]:
    """The fields with these names, created where missing; names equal without case and marks are one field."""
    wanted = {name: fold(clean(name)) for name in names}
    existing = {fold(field.name): field for field in session.scalars(select(Field))} if wanted else {}
    found: dict[str, Field] = {}
    for name, folded in wanted.items():
        if folded not in existing:
            existing[folded] = Field(name=read_name(clean(name)), folded=folded)
            session.add(existing[folded])
        found[name] = existing[folded]
    return found


def _fill(session: Session, counter: Counter, form: CounterForm) -> None:
    number, name = read_code(form.number.strip()), read_name(" ".join(clean(form.name).split()))
    if not name:
        raise BadCounter("Ông/Bà hãy nhập tên quầy.")
    with session.no_autoflush:  # the counter is not complete yet
        taken = session.scalar(select(Counter.id).where(Counter.unit_id == counter.unit_id, Counter.number == number))
        if taken is not None and taken != counter.id:
            raise Conflict(f"Đơn vị đã có quầy số {number}.")
        areas = fields_by_name(session, form.fields)
    counter.number, counter.name, counter.folded = number, name, folded_counter(number, name)
    counter.fields = list(dict.fromkeys(areas.values()))
    counter.opening_hours = form.opening_hours or {}
