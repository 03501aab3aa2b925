"""What a scan leads to, and which codes the counters of a unit have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.qr.models import Channel, QrCode, QrScan
from app.qr.tokens import is_well_formed, normalise
from app.units.models import Counter, Unit, UnitName, UnitSuccession


class CodeState(StrEnum):
    """What a scanned token is good for."""

    ACTIVE = "active"
    GRACE = "grace"
    RETIRED = "retired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit with the name it bears on the day asked for."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """The code that was scanned and where it stands; `grace_until` is the last day of a code that was replaced."""

    code_id: int
    channel: Channel
    counter_id: int
    counter_number: str
    counter_name: str
    unit: NamedUnit
    grace_until: date | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a token leads to on a day.

    `place` is None for an unknown token only: a retired code still names its counter, so that feedback can be taken.
    `has_ended` tells that the counter or its unit no longer exists; `successors` are the units that follow it.
    """

    state: CodeState
    place: Place | None = None
    has_ended: bool = False
    successors: tuple[NamedUnit, ...] = ()

    @property
    def takes_answers(self) -> bool:
        """Whether a survey may be answered through this code today."""
        return self.state in {CodeState.ACTIVE, CodeState.GRACE}


@dataclass(frozen=True, slots=True)
class CounterCode:
    """A code in use and its counter, as one line of a list or one card to print."""

    code_id: int
    token: str
    channel: Channel
    issued_on: date
    counter_id: int
    counter_number: str
    counter_name: str


UNKNOWN = Resolution(CodeState.UNKNOWN)


def resolve(session: Session, token: str, today: date) -> Resolution:
    """What the token, as scanned or typed, leads to on `today`. One query; a few more when its unit has ended."""
    wanted = normalise(token)
    if not is_well_formed(wanted):
        return UNKNOWN
    row = session.execute(_PLACE, {"token": wanted, "today": today}).first()
    if row is None:
        return UNKNOWN
    place = Place(
        code_id=row.code_id,
        channel=row.channel,
        counter_id=row.counter_id,
        counter_number=row.counter_number,
        counter_name=row.counter_name,
        unit=NamedUnit(row.unit_id, row.unit_name or ""),
        grace_until=row.grace_until,
    )
    unit_ended = row.unit_ends is not None and row.unit_ends < today
    has_ended = unit_ended or (row.counter_ends is not None and row.counter_ends < today)
    state = CodeState.RETIRED if has_ended else code_state(row.retired_on, row.grace_until, today)
    return Resolution(state, place, has_ended, _successors(session, row.unit_id, today) if unit_ended else ())


def code_state(retired_on: date | None, grace_until: date | None, today: date) -> CodeState:
    """The state of a known code: retired from `retired_on` on; a replaced code works through `grace_until`."""
    if (retired_on is not None and retired_on <= today) or (grace_until is not None and grace_until < today):
        return CodeState.RETIRED
    return CodeState.ACTIVE if grace_until is None else CodeState.GRACE


def codes_of_unit(session: Session, unit_id: int, today: date) -> list[CounterCode]:
    """The codes to print for the open counters of one unit: those in force, replaced ones left out."""
    statement = (
        select(QrCode.id, QrCode.token, QrCode.channel, QrCode.issued_on, Counter.id, Counter.number, Counter.name)
        .join(Counter, Counter.id == QrCode.counter_id)
        .where(Counter.unit_id == unit_id, or_(Counter.valid_to.is_(None), Counter.valid_to >= today), in_force(today))
        .order_by(func.length(Counter.number), Counter.number, QrCode.channel)
    )
    return [CounterCode(*row) for row in session.execute(statement)]


def in_force(today: date) -> ColumnElement[bool]:
    """Condition: neither retired by `today` nor replaced."""
    return and_(or_(QrCode.retired_on.is_(None), QrCode.retired_on > today), QrCode.grace_until.is_(None))


def scans(session: Session, code_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, date], int]:
    """Scans by code and day between two days, both included; days without scans are left out."""
    statement = select(QrScan.qr_code_id, QrScan.scanned_on, QrScan.count).where(
        QrScan.qr_code_id.in_(code_ids), QrScan.scanned_on.between(first, last)
    )
    return {(code_id, on): count for code_id, on, count in session.execute(statement)}


def _successors(session: Session, unit_id: int, today: date) -> tuple[NamedUnit, ...]:
    """The units of today that follow an ended one, through every step (merged, then split, …), by name."""
    alive: set[int] = set()
    seen, ended = {unit_id}, {unit_id}
    while ended:
        statement = (
            select(UnitSuccession.new_unit_id, Unit.valid_to)
            .join(Unit, Unit.id == UnitSuccession.new_unit_id)
            .where(UnitSuccession.old_unit_id.in_(ended), UnitSuccession.effective_on <= today)
        )
        next_units = {new: until for new, until in session.execute(statement) if new not in seen}
        seen.update(next_units)
        ended = {new for new, until in next_units.items() if until is not None and until < today}
        alive.update(next_units.keys() - ended)
    rows = session.execute(_NAMES.where(UnitName.unit_id.in_(alive)), {"today": today})
    names = {row.unit_id: row.name for row in rows}
    found = (NamedUnit(unit, names.get(unit, "")) for unit in alive)
    return tuple(sorted(found, key=lambda unit: (unit.name, unit.id)))


_TODAY = bindparam("today", type_=Date)
# Ordered by date, so that a dict keeps the newest name: also that of a unit that has ended.
_NAMES = select(UnitName.unit_id, UnitName.name).where(UnitName.valid_from <= _TODAY).order_by(UnitName.valid_from)
_PLACE = (
    select(
        QrCode.id.label("code_id"),
        QrCode.channel,
        QrCode.grace_until,
        QrCode.retired_on,
        Counter.id.label("counter_id"),
        Counter.number.label("counter_number"),
        Counter.name.label("counter_name"),
        Counter.valid_to.label("counter_ends"),
        Unit.id.label("unit_id"),
        Unit.valid_to.label("unit_ends"),
        select(UnitName.name)
        .where(UnitName.unit_id == Unit.id, UnitName.valid_from <= _TODAY)
        .order_by(UnitName.valid_from.desc())
        .limit(1)
        .scalar_subquery()
        .label("unit_name"),
    )
    .join(Counter, Counter.id == QrCode.counter_id)
    .join(Unit, Unit.id == Counter.unit_id)
    .where(QrCode.token == bindparam("token"))
)
