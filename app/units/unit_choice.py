"""Which unit an officer means by what they typed: a code, a name or a part of one, within their part of the tree."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.units import queries as units
from app.units.scope import HasScopes, allowed_unit_ids
from app.web.permissions import Permission
from app.web.text_input import clean

MOST_SUGGESTIONS = 20
MOST_TYPED = 300
EMPTY = "Xin nhập mã hoặc tên đơn vị."
UNKNOWN = "Không tìm thấy đơn vị này trong phạm vi Ông/Bà được giao. Xin nhập mã hoặc một phần tên."
LIKE_A_CODE = "Không có đơn vị nào mang đúng mã này. Nếu là đơn vị dưới đây, xin chọn."
SEVERAL = "Có nhiều đơn vị phù hợp. Xin chọn một đơn vị dưới đây hoặc nhập rõ hơn."


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """The unit meant, or why there is none: ``problem``, with units to choose from as (code, words)."""

    unit_id: int | None
    problem: str = ""
    suggestions: tuple[tuple[str, str], ...] = ()


def choose_unit(session: Session, actor: HasScopes, permission: Permission, typed: str, on: date) -> UnitChoice:
    """Find the unit, alive on a day, that ``actor`` means and holds ``permission`` for.

    A unit outside the actor's part of the tree is as unknown as one that does not exist.
    """
    wanted = clean(typed).strip()
    if not wanted or len(wanted) > MOST_TYPED:  # no name is that long, and no database searches for it
        return UnitChoice(None, UNKNOWN if wanted else EMPTY)
    allowed = allowed_unit_ids(session, actor, permission, on)
    exact = units.unit_by_code(session, wanted, on)
    if exact is not None and (allowed is None or exact.id in allowed):
        return UnitChoice(exact.id)
    # An empty set of roots means everywhere; no entry at all means nowhere, and then the set of units is empty too.
    roots = actor.scopes.get(permission) or None
    if allowed is not None and roots is None:
        return UnitChoice(None, UNKNOWN)
    found = units.search(session, wanted, on, within=roots).lines
    if not found:
        return UnitChoice(None, UNKNOWN)
    # Part of a code names a unit by chance; nobody means another office because its number holds theirs.
    is_code = wanted.isascii() and not wanted.isalpha() and " " not in wanted
    if len(found) == 1 and not is_code:
        return UnitChoice(found[0].id)
    return UnitChoice(
        None,
        LIKE_A_CODE if is_code else SEVERAL,
        tuple((line.code, f"{line.name} ({line.code})") for line in found[:MOST_SUGGESTIONS]),
    )
