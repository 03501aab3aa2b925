"""What officers see of codes: units with their counters, codes and scans. Reads only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, not_, or_, select
from sqlalchemy.orm import Session

from app.db.pages import Matching
from app.i18n.formats import format_date
from app.qr.models import Channel, QrCode, QrScan
from app.qr.queries import CodeState, code_state, in_force, scans
from app.units import queries as units
from app.units.models import Counter, Unit, UnitName, counter_label

WEEK = 7  # days, today included


@dataclass(frozen=True, slots=True)
class UnitCodes:
    """One unit in a list: open counters, how many of them have a code in force, scans of the last seven days."""

    unit_id: int
    unit_name: str
    counters: int
    with_code: int
    scans: int

    @property
    def missing(self) -> int:
        """Open counters without a code."""
        return self.counters - self.with_code


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code of a counter, its state today and its scans of today and of the last seven days."""

    code: QrCode
    state: CodeState
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class CounterLine:
    """An open counter and its codes, newest first; retired ones are left out unless asked for."""

    counter: Counter
    codes: tuple[CodeLine, ...]

    @property
    def has_code(self) -> bool:
        """Whether people can answer at this counter today."""
        return any(line.state is not CodeState.RETIRED for line in self.codes)


@dataclass(frozen=True, slots=True)
class CodeInList:
    """A code in the list of all codes; ``last_day``: until when it works, where that is known."""

    id: int
    token: str
    channel: Channel
    issued_on: date
    last_day: date | None
    state: CodeState
    counter_label: str
    unit_name: str
    week: int = 0


def units_with_counters(session: Session, allowed: Collection[int] | None, today: date) -> list[UnitCodes]:
    """Units that have open counters, by name; ``allowed`` None means everywhere."""
    counts = _open_counters(session, allowed, today)
    with_code = _counters_with_code(session, today)
    scanned = _scans_by_unit(session, today)
    named = (
        select(UnitName.unit_id, UnitName.name)
        .where(units.in_force(UnitName.valid_from, UnitName.valid_to, today))
        .order_by(UnitName.ordered, UnitName.unit_id)
    )
    return [
        UnitCodes(unit_id, name, counts[unit_id], with_code.get(unit_id, 0), scanned.get(unit_id, 0))
        for unit_id, name in session.execute(named)
        if unit_id in counts
    ]


def codes_found(
    session: Session,
    words: Iterable[str],
    today: date,
    *,
    within: Iterable[int] | None,
    state: CodeState | None = None,
    channel: str = "",
    order: str = "unit",
    is_descending: bool = False,
) -> Matching[CodeInList]:
    """The codes of the counters under some roots (None: of all units), by unit and counter, newest code first.

    Every folded word must stand in the counter's number or name, in the unit's name, or be the code's number.
    """
    statement = (
        select(QrCode, Counter.number, Counter.name, UnitName.name, *_ends())
        .join(Counter, Counter.id == QrCode.counter_id)
        .join(Unit, Unit.id == Counter.unit_id)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(or_(units.in_force(UnitName.valid_from, UnitName.valid_to, today), UnitName.valid_to == Unit.valid_to))
    )
    for word in words:
        texts = [units.holds(text, word) for text in (Counter.folded, UnitName.folded)]
        statement = statement.where(or_(*texts, cast(QrCode.id, String) == word))
    if within is not None:
        statement = statement.where(Unit.id.in_(units.subtree_ids_of(session, within, today)))
    if state is not None:
        statement = statement.where(_is_in(state, today))
    if channel:
        statement = statement.where(QrCode.channel == Channel(channel))
    place = (UnitName.ordered, Unit.id, func.length(Counter.number), Counter.number)
    first = {"id": (QrCode.id,), "issued": (QrCode.issued_on, *place)}.get(order, place)
    turned = [one.desc() for one in first] if is_descending else first
    return Matching(session, statement.order_by(*turned, QrCode.id.desc()), lambda row: _in_list(row, today))


def with_scans(session: Session, codes: Sequence[CodeInList], today: date) -> list[CodeInList]:
    """The same codes with their scans of the last seven days."""
    counted = scans(session, [code.id for code in codes], today - timedelta(days=WEEK - 1), today)
    weeks: dict[int, int] = {}
    for (code_id, _), count in counted.items():
        weeks[code_id] = weeks.get(code_id, 0) + count
    return [replace(code, week=weeks.get(code.id, 0)) for code in codes]


def counters_with_codes(session: Session, unit_id: int, today: date, *, retired: bool = False) -> list[CounterLine]:
    """The open counters of a unit by number with their codes; ``retired``: also the codes that ended."""
    counters = units.counters_of(session, unit_id, today)
    codes = _codes_of(session, [counter.id for counter in counters])
    counted = scans(session, [code.id for code in codes], today - timedelta(days=WEEK - 1), today)
    weeks: dict[int, int] = {}
    for (code_id, _), count in counted.items():
        weeks[code_id] = weeks.get(code_id, 0) + count
    lines: dict[int, list[CodeLine]] = {counter.id: [] for counter in counters}
    for code in codes:
        state = code_state(code.retired_on, code.grace_until, today)
        if retired or state is not CodeState.RETIRED:
            line = CodeLine(code, state, counted.get((code.id, today), 0), weeks.get(code.id, 0))
            lines[code.counter_id].append(line)
    return [CounterLine(counter, tuple(lines[counter.id])) for counter in counters]


def scans_by_day(session: Session, code_id: int, today: date, days: int) -> list[tuple[date, int]]:
    """The scans of one code on each of the last ``days`` days, today first; days without scans count 0."""
    dates = [today - timedelta(days=back) for back in range(days)]
    counted = scans(session, [code_id], dates[-1], today)
    return [(day, counted.get((code_id, day), 0)) for day in dates]


def _ends() -> tuple[ColumnElement[date | None], ColumnElement[date | None]]:
    return Counter.valid_to.label("counter_ends"), Unit.valid_to.label("unit_ends")


def _has_ended(today: date) -> ColumnElement[bool]:
    """Condition: the counter or its unit is no more, so nobody can answer through its codes."""
    return or_(func.coalesce(Counter.valid_to < today, false()), func.coalesce(Unit.valid_to < today, false()))


def _is_in(state: CodeState, today: date) -> ColumnElement[bool]:
    """Condition of a state, as ``code_state`` tells it of one code."""
    grace = and_(or_(QrCode.retired_on.is_(None), QrCode.retired_on > today), QrCode.grace_until >= today)
    if state is CodeState.RETIRED:
        return or_(_has_ended(today), not_(or_(in_force(today), grace)))
    return and_(not_(_has_ended(today)), grace if state is CodeState.GRACE else in_force(today))


def _in_list(row: Sequence[Any], today: date) -> CodeInList:
    code, number, name, unit_name, *ends = row
    state = code_state(code.retired_on, code.grace_until, today)
    if any(end is not None and end < today for end in ends):
        state = CodeState.RETIRED
    known = [day for day in (code.grace_until, code.retired_on and code.retired_on - timedelta(days=1), *ends) if day]
    last_day, label = min(known, default=None), counter_label(number, name)
    return CodeInList(code.id, code.token, code.channel, code.issued_on, last_day, state, label, unit_name)


def _codes_of(session: Session, counter_ids: Iterable[int]) -> list[QrCode]:
    statement = select(QrCode).where(QrCode.counter_id.in_(list(counter_ids)))
    return list(session.scalars(statement.order_by(QrCode.issued_on.desc(), QrCode.id.desc())))


def _open_counters(session: Session, allowed: Collection[int] | None, today: date) -> dict[int, int]:
    statement = (
        select(Counter.unit_id, func.count())
        .where(units.in_force(Counter.valid_from, Counter.valid_to, today))
        .group_by(Counter.unit_id)
    )
    rows = session.execute(statement)
    return {unit_id: count for unit_id, count in rows if allowed is None or unit_id in allowed}


def _counters_with_code(session: Session, today: date) -> dict[int, int]:
    statement = (
        select(Counter.unit_id, func.count(QrCode.counter_id.distinct()))
        .join(QrCode, QrCode.counter_id == Counter.id)
        .where(units.in_force(Counter.valid_from, Counter.valid_to, today), in_force(today))
        .group_by(Counter.unit_id)
    )
    return {key: int(count) for key, count in session.execute(statement)}


def _scans_by_unit(session: Session, today: date) -> dict[int, int]:
    statement = (
        select(Counter.unit_id, func.sum(QrScan.count))
        .join(QrCode, QrCode.id == QrScan.qr_code_id)
        .join(Counter, Counter.id == QrCode.counter_id)
        .where(QrScan.scanned_on.between(today - timedelta(days=WEEK - 1), today))
        .group_by(Counter.unit_id)
    )
    return {unit_id: int(total) for unit_id, total in session.execute(statement)}


def when_unit_ends(session: Session, unit_id: int, on: date) -> list[str]:
    """What happens to the codes of a unit that is followed by others on a day, in a sentence."""
    counters = [counter.id for counter in units.counters_of(session, unit_id, on)]
    number = session.scalar(select(func.count()).where(QrCode.counter_id.in_(counters), in_force(on))) or 0
    if not number:
        return []
    stopped = f"{number} mã QR trên các quầy này ngừng nhận câu trả lời từ ngày {format_date(on)}"
    advice = "Xin gỡ thẻ cũ, cấp mã và in thẻ cho quầy của đơn vị tiếp nhận."
    return [f"{stopped}: người quét thấy trang chỉ đến đơn vị tiếp nhận và vẫn gửi được phản ánh. {advice}"]
