"""Acts on units: every act keeps the history; a date ``on`` is the first day of the new state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.errors import Conflict, Invalid
from app.i18n.folding import fold
from app.units.import_cells import read_code, read_name
from app.units.models import Counter, Unit, UnitName, UnitParent, UnitSuccession
from app.units.queries import children, counters_of, in_force, name_on, unit_by_id
from app.units.spans import ONE_DAY, Span
from app.units.successions import SuccessionKind, check_succession
from app.units.tree import Fault, Link, Node, Tree
from app.units.types import is_unit_type, unit_type
from app.web.text_input import clean


class BadUnit(Invalid):
    """The act would break a rule of the tree."""


_FAULTS = {
    Fault.BACKWARD_DATES: "Ngày kết thúc đứng trước ngày bắt đầu.",
    Fault.TYPE_NOT_ON_THESE_DAYS: "Loại đơn vị “{type}” không tồn tại trong toàn bộ thời gian này.",
    Fault.UNKNOWN_PARENT: "Không tìm thấy đơn vị cấp trên.",
    Fault.PARENT_NOT_ALIVE: "Đơn vị cấp trên của “{name}” không hoạt động trong toàn bộ thời gian này.",
    Fault.LINK_OUTSIDE_LIFE: "Thời gian trực thuộc nằm ngoài thời gian hoạt động của “{name}”.",
    Fault.OVERLAPPING_PARENTS: "Đơn vị “{name}” không thể có hai đơn vị cấp trên trong cùng một ngày.",
    Fault.TYPE_UNDER_PARENT: "Loại đơn vị “{type}” không được trực thuộc loại “{above}” trong thời gian này.",
    Fault.NEEDS_PARENT: "Loại đơn vị “{type}” phải có đơn vị cấp trên.",
    Fault.CYCLE: "Đơn vị “{name}” không thể trực thuộc chính cấp dưới của mình.",
}


def create_unit(
    session: Session,
    *,
    code: str,
    name: str,
    type_code: str,
    valid_from: date,
    parent_id: int | None = None,
    valid_to: date | None = None,
    actor_id: int | None = None,
) -> Unit:
    """Add a unit; raises BadUnit or Conflict when it would break a rule of the tree."""
    if not is_unit_type(type_code):
        raise BadUnit("Không có loại đơn vị này.")
    span = Span(valid_from, valid_to)
    same = session.scalars(select(Unit).where(Unit.code == read_code(code)))
    if any(Span(unit.valid_from, unit.valid_to).overlaps(span) for unit in same):
        raise Conflict(f"Mã {code} đã có trong hệ thống trong thời gian này.")
    unit = Unit(code=code, type=type_code, valid_from=valid_from, valid_to=valid_to)
    unit.names.append(_name(name, span))
    session.add(unit)
    session.flush()  # the rules are checked by number, which the database gives
    if parent_id is not None:
        unit.parents.append(UnitParent(parent_id=parent_id, valid_from=valid_from, valid_to=valid_to))
    check_rules(session, [unit])
    record(
        session, actor_id, Action.UNIT_CREATE, f"unit:{unit.id}", {"code": PublicText(code), "type": type_code}, unit.id
    )
    return unit


def rename_unit(session: Session, unit_id: int, name: str, on: date, actor_id: int | None = None) -> Unit:
    """Give a unit another name from a day on; earlier names stay readable. Raises BadUnit, Conflict."""
    unit = _alive(session, unit_id, on)
    if unit.names[-1].valid_from >= on:
        raise Conflict("Đơn vị đã có tên bắt đầu từ ngày này hoặc muộn hơn.")
    if unit.names[-1].name == name.strip():
        raise BadUnit("Tên mới trùng với tên hiện nay.")
    unit.names[-1].valid_to = on - ONE_DAY
    unit.names.append(_name(name, Span(on, unit.valid_to)))
    session.add(UnitSuccession(old_unit_id=unit.id, new_unit_id=unit.id, effective_on=on, kind=SuccessionKind.RENAME))
    before, after = ({"name": PublicText(one.name)} for one in unit.names[-2:])
    record(session, actor_id, Action.UNIT_RENAME, f"unit:{unit.id}", {"on": on}, unit.id, old=before, new=after)
    return unit


def move_unit(session: Session, unit_id: int, parent_id: int | None, on: date, actor_id: int | None = None) -> Unit:
    """Put a unit under another parent (None: under nothing) from a day on. Raises BadUnit, Conflict."""
    unit = _alive(session, unit_id, on)
    _move(unit, parent_id, on)
    check_rules(session, [unit])
    detail = {"parent": parent_id, "on": on.isoformat()}
    record(session, actor_id, Action.UNIT_MOVE, f"unit:{unit.id}", detail, unit.id)
    return unit


def merge_units(
    session: Session, old_ids: Sequence[int], into_id: int, on: date, actor_id: int | None = None
) -> list[Unit]:
    """End units the day before ``on`` in favour of ``into_id``, which takes over the units below them.

    Their counters close; a code on one of them leads to the successor. Raises BadSuccession, BadUnit, Conflict.
    """
    check_succession(SuccessionKind.MERGE, old_ids, [into_id])
    return [_hand_over(session, old_id, [into_id], on, SuccessionKind.MERGE, actor_id) for old_id in old_ids]


@dataclass(frozen=True, slots=True)
class SuccessionPreview:
    """What the end of a unit will do: its last day, who follows, which counters close, which units below move."""

    last_day: date
    followers: tuple[str, ...]
    counters: tuple[str, ...]
    children: tuple[str, ...]


def preview_succession(
    session: Session, kind: SuccessionKind, old_id: int, new_ids: Sequence[int], on: date
) -> SuccessionPreview:
    """What the act would do now; raises what it would raise where that can be told without acting."""
    check_succession(kind, [old_id], new_ids)
    unit = _alive(session, old_id, on - ONE_DAY)
    _refuse_other_end(unit, on - ONE_DAY)
    news = [_alive(session, new_id, on) for new_id in new_ids]
    below = children(session, old_id, on)
    _refuse_left_behind([line.name for line in below], news, kind)
    if any(line.id in new_ids for line in below):
        raise BadUnit("Không thể nhập một đơn vị vào chính đơn vị cấp dưới của nó.")
    return SuccessionPreview(
        last_day=on - ONE_DAY,
        followers=tuple(name_on(session, new.id, on) for new in news),
        counters=tuple(f"{counter.number} – {counter.name}" for counter in counters_of(session, old_id, on)),
        children=tuple(line.name for line in below),
    )


def split_unit(session: Session, unit_id: int, new_ids: Sequence[int], on: date, actor_id: int | None = None) -> Unit:
    """End a unit the day before ``on`` in favour of several; the units below it must have been moved or ended."""
    check_succession(SuccessionKind.SPLIT, [unit_id], new_ids)
    return _hand_over(session, unit_id, new_ids, on, SuccessionKind.SPLIT, actor_id)


def close_unit(
    session: Session, unit_id: int, on: date, successor_id: int | None = None, actor_id: int | None = None
) -> Unit:
    """Dissolve a unit the day before ``on``; ``successor_id`` takes over its work, if anybody does."""
    news = [] if successor_id is None else [successor_id]
    check_succession(SuccessionKind.DISSOLVE, [unit_id], news)
    return _hand_over(session, unit_id, news, on, SuccessionKind.DISSOLVE, actor_id)


def check_rules(session: Session, units: Iterable[Unit]) -> None:
    """Check units and all above them against the rules of the tree; raises BadUnit with the first broken one."""
    checked = list(units)
    known = {unit.id: unit for unit in checked}
    waiting = {link.parent_id for unit in checked for link in unit.parents} - known.keys()
    while waiting:
        found = session.scalars(select(Unit).where(Unit.id.in_(waiting)).options(selectinload(Unit.parents))).all()
        known.update({unit.id: unit for unit in found})
        waiting = {link.parent_id for unit in found for link in unit.parents} - known.keys()
    tree = Tree(_node(unit) for unit in known.values())
    for problem in tree.problems(only=[unit.id for unit in checked]):
        unit, parent = known[problem.key], known.get(problem.parent) if problem.parent is not None else None
        above = unit_type(parent.type).name if parent is not None else ""
        name = unit.names[-1].name
        raise BadUnit(_FAULTS[problem.fault].format(type=unit_type(unit.type).name, name=name, above=above))


def _hand_over(
    session: Session, old_id: int, new_ids: Sequence[int], on: date, kind: SuccessionKind, actor_id: int | None
) -> Unit:
    last_day = on - ONE_DAY
    unit = _alive(session, old_id, last_day)
    _refuse_other_end(unit, last_day)
    news = [_alive(session, new_id, on) for new_id in new_ids]
    _pass_on_children(session, unit, news, on, kind)
    _end(unit, last_day)
    for counter in session.scalars(select(Counter).where(Counter.unit_id == old_id)):
        if counter.valid_to is None or counter.valid_to > last_day:
            counter.valid_to = max(last_day, counter.valid_from)
    session.add_all(UnitSuccession(old_unit_id=old_id, new_unit_id=new.id, effective_on=on, kind=kind) for new in news)
    check_rules(session, [unit, *news])
    action = {SuccessionKind.MERGE: Action.UNIT_MERGE, SuccessionKind.SPLIT: Action.UNIT_SPLIT}
    detail = {"into": list(new_ids), "on": on.isoformat()}
    record(session, actor_id, action.get(kind, Action.UNIT_DISSOLVE), f"unit:{old_id}", detail, old_id)
    return unit


def _pass_on_children(session: Session, unit: Unit, news: Sequence[Unit], on: date, kind: SuccessionKind) -> None:
    links = select(UnitParent.unit_id).where(
        UnitParent.parent_id == unit.id, in_force(UnitParent.valid_from, UnitParent.valid_to, on)
    )
    below = session.scalars(
        select(Unit).where(Unit.id.in_(links), in_force(Unit.valid_from, Unit.valid_to, on)).order_by(Unit.id)
    ).all()
    _refuse_left_behind([child.names[-1].name for child in below], news, kind)
    for child in below:
        if any(child.id == new.id for new in news):
            raise BadUnit("Không thể nhập một đơn vị vào chính đơn vị cấp dưới của nó.")
        _move(child, news[0].id, on)
    check_rules(session, below)


def _refuse_other_end(unit: Unit, last_day: date) -> None:
    if unit.valid_to is not None and unit.valid_to != last_day:
        raise Conflict("Đơn vị này đã có ngày kết thúc khác.")


def _refuse_left_behind(below: Sequence[str], news: Sequence[Unit], kind: SuccessionKind) -> None:
    if below and (kind is SuccessionKind.SPLIT or not news):
        names = ", ".join(below[:5])
        raise Conflict(f"Còn đơn vị trực thuộc ({names}). Ông/Bà hãy chuyển hoặc kết thúc các đơn vị này trước.")


def _move(unit: Unit, parent_id: int | None, on: date) -> None:
    if unit.parents and unit.parents[-1].valid_from >= on:
        raise Conflict("Đơn vị đã có thay đổi trực thuộc từ ngày này hoặc muộn hơn.")
    if unit.parents and _reaches(unit.parents[-1].valid_to, on):
        if unit.parents[-1].parent_id == parent_id:
            raise BadUnit("Đơn vị đang trực thuộc chính đơn vị cấp trên này.")
        unit.parents[-1].valid_to = on - ONE_DAY
    if parent_id is not None:
        unit.parents.append(UnitParent(parent_id=parent_id, valid_from=on, valid_to=unit.valid_to))


def _end(unit: Unit, last_day: date) -> None:
    """Cut the life of a unit, of its names and of its parents after a day."""
    unit.valid_to = last_day
    unit.names = [name for name in unit.names if name.valid_from <= last_day]
    unit.parents = [link for link in unit.parents if link.valid_from <= last_day]
    for name in unit.names:
        name.valid_to = last_day if _reaches(name.valid_to, last_day) else name.valid_to
    for link in unit.parents:
        link.valid_to = last_day if _reaches(link.valid_to, last_day) else link.valid_to


def _reaches(end: date | None, day: date) -> bool:
    return end is None or end >= day


def _alive(session: Session, unit_id: int, on: date) -> Unit:
    unit = unit_by_id(session, unit_id)
    if not Span(unit.valid_from, unit.valid_to).contains(on):
        raise BadUnit(f"Đơn vị “{unit.names[-1].name}” không hoạt động vào ngày {on:%d/%m/%Y}.")
    return unit


def _name(name: str, span: Span) -> UnitName:
    text = read_name(" ".join(clean(name).split()))
    if not text:
        raise BadUnit("Ông/Bà hãy nhập tên đơn vị.")
    return UnitName(name=text, folded=fold(text), valid_from=span.start, valid_to=span.end)


def _node(unit: Unit) -> Node[int]:
    links = (Link(link.parent_id, Span(link.valid_from, link.valid_to)) for link in unit.parents)
    return Node(unit.id, unit.type, Span(unit.valid_from, unit.valid_to), tuple(links))
