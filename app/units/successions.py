"""What follows a unit that changed: rename, merge, split, dissolve; pure rules and the walk along a chain."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from app.errors import Invalid
from app.units.spans import ONE_DAY, Span

K = TypeVar("K", bound=Hashable)


class SuccessionKind(StrEnum):
    """How a unit went over into another; ``RENAME`` points at itself, ``DISSOLVE`` at whoever took over its work."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"

    @property
    def label(self) -> str:
        """The Vietnamese word."""
        return _LABELS[self]


_LABELS = {
    SuccessionKind.RENAME: "Đổi tên",
    SuccessionKind.MERGE: "Hợp nhất, sáp nhập",
    SuccessionKind.SPLIT: "Chia, tách",
    SuccessionKind.DISSOLVE: "Giải thể",
}


class BadSuccession(Invalid):
    """A succession that cannot be."""


@dataclass(frozen=True, slots=True)
class Succession(Generic[K]):
    """``old`` was followed by ``new`` on the day ``on``, the first day of the new state."""

    old: K
    new: K
    on: date
    kind: SuccessionKind


def check_succession(kind: SuccessionKind, olds: Iterable[K], news: Iterable[K]) -> None:
    """Refuse a succession whose two sides do not fit its kind; raises BadSuccession."""
    old_keys, new_keys = list(olds), list(news)
    if len(set(old_keys)) != len(old_keys) or len(set(new_keys)) != len(new_keys):
        raise BadSuccession("Một đơn vị được nêu hai lần. Ông/Bà hãy bỏ bớt.")
    if kind is SuccessionKind.RENAME:
        if len(old_keys) != 1 or old_keys != new_keys:
            raise BadSuccession("Đổi tên chỉ áp dụng cho chính đơn vị đó.")
        return
    if set(old_keys) & set(new_keys):
        raise BadSuccession("Không thể hợp nhất hoặc chia tách một đơn vị với chính nó.")
    if not old_keys:
        raise BadSuccession("Ông/Bà hãy chọn ít nhất một đơn vị kết thúc hoạt động.")
    if kind is SuccessionKind.MERGE and len(new_keys) != 1:
        raise BadSuccession("Hợp nhất phải có đúng một đơn vị mới.")
    if kind is SuccessionKind.SPLIT and (len(old_keys) != 1 or len(new_keys) < 2):
        raise BadSuccession("Chia tách phải có một đơn vị cũ và ít nhất hai đơn vị mới.")
    if kind is SuccessionKind.DISSOLVE and len(old_keys) != 1:
        raise BadSuccession("Giải thể áp dụng cho từng đơn vị một.")


def check_chain(successions: Iterable[Succession[K]], lives: Mapping[K, Span]) -> list[tuple[Succession[K], str]]:
    """Every succession that does not fit the lives of its units, with a Vietnamese reason.

    The old unit must have ended by the day before (a split may leave it alive), the new one must be alive on the day.
    Since lives are stretches of days, no chain that passes can return to a unit.
    """
    found: list[tuple[Succession[K], str]] = []
    for item in successions:
        if item.kind is SuccessionKind.RENAME:
            continue
        old, new = lives.get(item.old), lives.get(item.new)
        if old is None or new is None:
            found.append((item, "Không tìm thấy đơn vị cũ hoặc đơn vị kế thừa."))
        elif item.old == item.new:
            found.append((item, "Không thể hợp nhất một đơn vị với chính nó."))
        elif old.end is None or old.end > item.on - ONE_DAY:
            found.append((item, "Đơn vị cũ phải kết thúc trước ngày đơn vị kế thừa tiếp nhận."))
        elif not new.contains(item.on):
            found.append((item, "Đơn vị kế thừa chưa hoạt động hoặc đã kết thúc vào ngày tiếp nhận."))
    return found


def successors_on(key: K, successions: Iterable[Succession[K]], on: date) -> list[K]:
    """The units that stand for ``key`` on a day, following chains; [key] itself when nothing followed it by then."""
    following: defaultdict[K, list[K]] = defaultdict(list)
    for item in successions:
        if item.old != item.new and item.on <= on:
            following[item.old].append(item.new)
    found: list[K] = []
    seen: set[K] = set()
    waiting = [key]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if following[here]:
            waiting.extend(reversed(following[here]))
        else:
            found.append(here)
    return found
