"""Questions about units, as of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import SQLCoreOperations

from app.db.pages import Matching
from app.errors import Missing
from app.i18n.folding import fold, natural_key
from app.units.models import Counter, Unit, UnitName, UnitParent, UnitSuccession
from app.units.successions import Succession, successors_on
from app.web.text_input import clean

PAGE_SIZE = 50
HIGHEST = 20  # a tree of units is lower; ends the search in data that broke the rules


class UnknownUnit(Missing):
    """No unit has this number or code on this day."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit as lists show it on a day."""

    id: int
    code: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Some units by name; ``total`` counts all that match, ``number`` begins at 1."""

    lines: tuple[UnitLine, ...]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))


def in_force(start: SQLCoreOperations[date], end: SQLCoreOperations[date | None], on: date) -> ColumnElement[bool]:
    """The condition that a stretch of days holds a day."""
    return (start <= on) & or_(end.is_(None), end >= on)


def unit_by_id(session: Session, unit_id: int) -> Unit:
    """The unit with this number; raises UnknownUnit."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise UnknownUnit("Không tìm thấy đơn vị này.")
    return unit


def unit_by_code(session: Session, code: str, on: date) -> Unit | None:
    """The unit that bears the code on that day (a code may have belonged to an earlier unit)."""
    return session.scalar(select(Unit).where(Unit.code == clean(code), in_force(Unit.valid_from, Unit.valid_to, on)))


def unit_called(session: Session, code: str, on: date) -> tuple[Unit, date] | None:
    """The unit that bears the code on a day, or the last one that did, and the latest day up to ``on`` it was alive."""
    found = session.scalars(
        select(Unit).where(Unit.code == code, Unit.valid_from <= on).order_by(Unit.valid_from.desc()).limit(1)
    ).first()
    if found is None:
        return None
    return found, on if found.valid_to is None else min(on, found.valid_to)


def children(session: Session, unit_id: int, on: date) -> list[UnitLine]:
    """The units directly below on that day, by name."""
    below = select(UnitParent.unit_id).where(
        UnitParent.parent_id == unit_id, in_force(UnitParent.valid_from, UnitParent.valid_to, on)
    )
    return _lines(session, _lines_on(on).where(Unit.id.in_(below)))


def roots(session: Session, on: date) -> list[UnitLine]:
    """The units that stand under nothing on that day, by name."""
    placed = select(UnitParent.unit_id).where(in_force(UnitParent.valid_from, UnitParent.valid_to, on))
    return _lines(session, _lines_on(on).where(Unit.id.not_in(placed)))


def parent_id(session: Session, unit_id: int, on: date) -> int | None:
    """The unit above on that day; None for a root."""
    return session.scalar(
        select(UnitParent.parent_id).where(
            UnitParent.unit_id == unit_id, in_force(UnitParent.valid_from, UnitParent.valid_to, on)
        )
    )


def subtree_ids(session: Session, unit_id: int, on: date) -> set[int]:
    """The unit and all below it on that day, in one recursive query; empty when the unit is not alive then."""
    return subtree_ids_of(session, [unit_id], on)


def subtree_ids_of(session: Session, unit_ids: Iterable[int], on: date) -> set[int]:
    """The same for several units at once."""
    alive = in_force(Unit.valid_from, Unit.valid_to, on)
    tree = select(Unit.id.label("id")).where(Unit.id.in_(list(unit_ids)), alive).cte("subtree", recursive=True)
    below = (
        select(UnitParent.unit_id)
        .join(tree, UnitParent.parent_id == tree.c.id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(in_force(UnitParent.valid_from, UnitParent.valid_to, on), alive)
    )
    return set(session.scalars(select(tree.union(below).c.id)))


def path_ids(session: Session, unit_id: int, on: date) -> list[int]:
    """The unit and all above it on that day, lowest first; empty when it is not alive then."""
    return list(dict.fromkeys(session.scalars(_PATH, {"unit_id": unit_id, "on": on})))


def subtrees(session: Session, unit_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    """Each unit with all below it on that day, in one recursive query; units that are not alive then are absent."""
    alive = in_force(Unit.valid_from, Unit.valid_to, on)
    wanted = Unit.id.in_(list(unit_ids))
    tree = select(Unit.id.label("top"), Unit.id.label("id")).where(wanted, alive).cte("subtrees", recursive=True)
    below = (
        select(tree.c.top, UnitParent.unit_id)
        .select_from(UnitParent)
        .join(tree, UnitParent.parent_id == tree.c.id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(in_force(UnitParent.valid_from, UnitParent.valid_to, on), alive)
    )
    found: dict[int, set[int]] = {}
    whole = tree.union(below)
    for top, unit_id in session.execute(select(whole.c.top, whole.c.id)):
        found.setdefault(top, set()).add(unit_id)
    return found


def name_on(session: Session, unit_id: int, on: date) -> str:
    """The name of a unit on a day; outside its life the nearest name it had."""
    return names_on(session, [unit_id], on).get(unit_id, "")


def names_on(session: Session, unit_ids: Iterable[int], on: date) -> dict[int, str]:
    """The names of several units on a day; outside their lives the nearest name they had."""
    wanted = list(unit_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(UnitName.unit_id, UnitName.name, UnitName.valid_from)
        .where(UnitName.unit_id.in_(wanted))
        .order_by(UnitName.unit_id, UnitName.valid_from)
    )
    found: dict[int, str] = {}
    for unit_id, name, valid_from in rows:
        if unit_id not in found or valid_from <= on:
            found[unit_id] = name
    return found


def lines_of(session: Session, unit_ids: Iterable[int], on: date) -> list[UnitLine]:
    """The units alive on a day among these, by name."""
    return _lines(session, _lines_on(on).where(Unit.id.in_(list(unit_ids))))


def search(
    session: Session,
    text: str,
    on: date,
    within: Iterable[int] | None = None,
    number: int = 1,
    *,
    only: Iterable[int] | None = None,
) -> UnitPage:
    """Units alive on a day whose name (without marks) or code holds every word of ``text``.

    ``within``: only under these roots; ``only``: only these units themselves.
    """
    lines, page = found(session, text, on, within, only=only), max(1, number)
    first = (page - 1) * PAGE_SIZE
    if page > 1:
        return UnitPage(tuple(lines[first : first + PAGE_SIZE]), page, len(lines))
    shown, total = lines.page(1, PAGE_SIZE)
    return UnitPage(tuple(shown), page, total)


def found(
    session: Session,
    text: str,
    on: date,
    within: Iterable[int] | None = None,
    *,
    only: Iterable[int] | None = None,
    type_code: str = "",
    is_ended: bool = False,
    order: str = "name",
    is_descending: bool = False,
) -> Matching[UnitLine]:
    """All units that ``search`` pages through.

    ``type_code``: only of this kind; ``is_ended``: those that ended before the day, under their last names, instead.
    """
    statement = _ended_lines(on) if is_ended else _lines_on(on)
    for word in fold(clean(text)).split():
        statement = statement.where(or_(holds(UnitName.folded, word), holds(func.lower(Unit.code), word)))
    if within is not None:
        statement = statement.where(Unit.id.in_(subtree_ids_of(session, within, on)))
    if only is not None:
        statement = statement.where(Unit.id.in_(list(only)))
    if type_code:
        statement = statement.where(Unit.type == type_code)
    by = {"code": Unit.code, "type": Unit.type}.get(order, UnitName.ordered)
    statement = statement.order_by(by.desc() if is_descending else by, UnitName.ordered, Unit.id)
    return Matching(session, statement, lambda row: UnitLine(*row))


def counters_of(session: Session, unit_id: int, on: date | None = None) -> list[Counter]:
    """The counters of a unit by number: open on a day, or (None) all it ever had."""
    statement = select(Counter).where(Counter.unit_id == unit_id).options(selectinload(Counter.fields))
    if on is not None:
        statement = statement.where(in_force(Counter.valid_from, Counter.valid_to, on))
    return sorted(session.scalars(statement), key=lambda counter: (_natural(counter.number), counter.number))


def counter_ids_in(session: Session, unit_ids: Iterable[int]) -> list[int]:
    """The counters of these units, whether open or closed."""
    return list(session.scalars(select(Counter.id).where(Counter.unit_id.in_(list(unit_ids))).order_by(Counter.id)))


def successors(session: Session, unit_id: int, on: date) -> list[int]:
    """The units that stand for a unit on a day, following chains; the unit itself when nothing followed it."""
    known: dict[int, list[Succession[int]]] = {}
    waiting = {unit_id}
    while waiting:
        rows = session.scalars(select(UnitSuccession).where(UnitSuccession.old_unit_id.in_(waiting)))
        for key in waiting:
            known[key] = []
        for row in rows:
            known[row.old_unit_id].append(Succession(row.old_unit_id, row.new_unit_id, row.effective_on, row.kind))
        waiting = {item.new for chain in known.values() for item in chain} - known.keys()
    return successors_on(unit_id, [item for chain in known.values() for item in chain], on)


def history(session: Session, unit_id: int) -> Sequence[UnitSuccession]:
    """Every succession a unit took part in, by date."""
    return session.scalars(
        select(UnitSuccession)
        .where(or_(UnitSuccession.old_unit_id == unit_id, UnitSuccession.new_unit_id == unit_id))
        .order_by(UnitSuccession.effective_on, UnitSuccession.old_unit_id, UnitSuccession.new_unit_id)
    ).all()


def _path() -> Select[tuple[int]]:
    on = bindparam("on", type_=Date)
    alive = (Unit.valid_from <= on) & or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    linked = (UnitParent.valid_from <= on) & or_(UnitParent.valid_to.is_(None), UnitParent.valid_to >= on)
    start = select(Unit.id.label("id"), literal(0).label("height")).where(Unit.id == bindparam("unit_id"), alive)
    path = start.cte("path", recursive=True)
    above = (
        select(UnitParent.parent_id, path.c.height + 1)
        .join(path, UnitParent.unit_id == path.c.id)
        .where(linked, path.c.height < HIGHEST)
    )
    whole = path.union_all(above)
    return select(whole.c.id).order_by(whole.c.height)


_PATH = _path()  # built once: every first scan of a day asks it


def _lines_on(on: date) -> Select[int, str, str, str]:
    return (
        select(Unit.id, Unit.code, UnitName.name, Unit.type)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(in_force(Unit.valid_from, Unit.valid_to, on), in_force(UnitName.valid_from, UnitName.valid_to, on))
    )


def _ended_lines(on: date) -> Select[int, str, str, str]:
    return (
        select(Unit.id, Unit.code, UnitName.name, Unit.type)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(Unit.valid_to < on, UnitName.valid_to == Unit.valid_to)
    )


def _lines(session: Session, statement: Select[int, str, str, str]) -> list[UnitLine]:
    lines = [UnitLine(unit_id, code, name, kind) for unit_id, code, name, kind in session.execute(statement)]
    return sorted(lines, key=lambda line: (natural_key(line.name), line.name, line.id))


def holds(column: SQLCoreOperations[str], word: str) -> ColumnElement[bool]:
    """The condition that a folded text holds a folded word."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"%{escaped}%", escape="\\")


def _natural(number: str) -> int:
    digits = "".join(letter for letter in number if letter.isdecimal() and letter.isascii())
    return int(digits) if digits else 0
