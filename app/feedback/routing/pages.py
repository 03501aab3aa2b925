"""What the forms of routing offer: officers with their work, units to pass a case on to; and which acts make sense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import FieldMissing
from app.feedback.cases.models import Case
from app.feedback.routing import people, queries
from app.feedback.routing.rules import Why
from app.feedback.routing.services import came_from
from app.i18n.folding import fold
from app.units import queries as units
from app.units.unit_choice import UnitChoice, choose_unit
from app.web.permissions import Permission

Options = tuple[tuple[str, str], ...]
MOST_BESIDE = 60
GROUND_WORDS: Mapping[Why, str] = {
    Why.COMPETENCE: "Nội dung thuộc thẩm quyền của đơn vị kia",
    Why.ABOVE: "Trình cấp trên xem xét",
    Why.BESIDE: "Đơn vị cùng cấp phụ trách việc này",
}
WHY_WORDS: Mapping[str, str] = {
    **{why.value: words for why, words in GROUND_WORDS.items()},
    Why.SENT_BACK.value: "Đơn vị nhận trả lại",
    Why.ROUTE.value: "Theo tuyến chuyển đơn đã đặt",
    Why.CONFLICT.value: "Không còn người độc lập ở đơn vị",
    Why.MISTAKE.value: "Dòng lịch trực ghi nhầm làm đơn chuyển lên đã được rút",
}


@dataclass(frozen=True, slots=True)
class _Everywhere:
    """Units are no secret: whoever passes a case on may name any of them."""

    scopes: Mapping[Permission, frozenset[int]]


ANY_UNIT = _Everywhere({Permission.UNITS_READ: frozenset()})


def options(session: Session, viewer: Viewer, case: Case, name: str, typed: Mapping[str, str], on: date) -> Options:
    """The choices of a field of routing: ``assignee`` or ``to``."""
    if name == "assignee":
        return (("", "Chọn người xử lý"), *officers(session, viewer, people.handlers(session, case, on), on))
    return _units(session, case, typed, on)


def officers(session: Session, viewer: Viewer, found: Mapping[int, Officer], on: date) -> Options:
    """Officers by name, each with how many unfinished cases they have been given, of those the viewer may see."""
    load = people.workload(session, viewer, on, found.keys())
    lines = [(str(key), f"{one.full_name} – {_load_words(load.get(key, 0))}") for key, one in found.items()]
    return tuple(sorted(lines, key=lambda line: fold(line[1])))


def unit_meant(session: Session, typed: Mapping[str, str], on: date) -> int:
    """The unit chosen in ``to``, or the one whose code or name stands in ``to_typed``.

    Raises
    ------
    FieldMissing
        When neither names one unit.
    """
    chosen, words = typed.get("to", "").strip(), typed.get("to_typed", "").strip()
    if chosen and words:
        raise FieldMissing("to_typed", "Xin chọn ở danh sách trên hoặc ghi tên ở đây, không cả hai.")
    if chosen:
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
            raise FieldMissing("to", "Xin chọn đơn vị nhận.")
        return int(chosen)
    if not words:
        raise FieldMissing("to", "Xin chọn đơn vị nhận, hoặc ghi mã hay tên đơn vị ở dưới.")
    choice = _choice(session, words, on)
    if choice.unit_id is None:
        field = "to" if choice.suggestions else "to_typed"
        raise FieldMissing(field, choice.problem)
    return choice.unit_id


def fits(session: Session, name: str, case: Case) -> bool:
    """Whether an act of routing has anything to do; True for the acts of others."""
    if name == "unassign":
        return case.assignee_id is not None
    if name == "take":
        return case.assignee_id is None
    return name != "send_back" or came_from(session, case) is not None


def _units(session: Session, case: Case, typed: Mapping[str, str], on: date) -> Options:
    """The units above and beside; what was typed and fits several, on top."""
    meant: Sequence[tuple[str, str]] = ()
    if words := typed.get("to_typed", "").strip():
        for code, name in _choice(session, words, on).suggestions:
            unit = units.unit_by_code(session, code, on)
            meant = meant if unit is None else (*meant, (str(unit.id), name))
    above, beside = queries.units_above(session, case.unit_id, on), queries.units_beside(session, case.unit_id, on)
    names = units.names_on(session, [*above, *beside], on)
    near = [(str(key), f"Cấp trên: {names[key]}") for key in above]
    near += [(str(key), f"Cùng cấp: {names[key]}") for key in beside[:MOST_BESIDE]]
    return (("", "Đơn vị khác, ghi ở ô dưới"), *meant, *(one for one in near if one[0] not in dict(meant)))


def _choice(session: Session, words: str, on: date) -> UnitChoice:
    """The unit meant; of several that fit the one that is called just so."""
    choice = choose_unit(session, ANY_UNIT, Permission.UNITS_READ, words[:100], on)
    called = [code for code, name in choice.suggestions if fold(name.removesuffix(f" ({code})")) == fold(words)]
    unit = units.unit_by_code(session, called[0], on) if len(called) == 1 else None
    return choice if unit is None else UnitChoice(unit.id)


def _load_words(count: int) -> str:
    return f"đang giữ {count} đơn" if count else "chưa giữ đơn nào"
