"""Units that take what citizens send although nobody may act on it: an administrator must know before anybody waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer
from app.accounts.rights.grants import grants
from app.units import queries as units
from app.units.models import Counter
from app.web.permissions import Permission

HERE: Mapping[Permission, str] = {
    Permission.CASES_HANDLE: "xử lý phản ánh",
    Permission.CASES_APPROVE: "quyết định đề nghị xem lại",
}
ABOVE: Mapping[Permission, str] = {
    Permission.CASES_APPROVE: "xem xét lần hai (đơn vị cấp trên)",
    Permission.CASES_READ_DENUNCIATION: "đọc tin tố cáo về đơn vị (đơn vị cấp trên)",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit with open counters, and what nobody may do for it."""

    unit_id: int
    name: str
    missing: tuple[str, ...]


def gaps(session: Session, allowed: frozenset[int] | None, on: date) -> list[Gap]:
    """The units with counters among these (None: all) for which somebody is missing, by name.

    Whether anything was sent plays no part, so the list tells nothing about complaints or denunciations.
    """
    served = _with_counters(session, on)
    found = sorted(served if allowed is None else served & allowed)
    reach = {permission: _reach(session, permission, on) for permission in {*HERE, *ABOVE}}
    missing = {unit_id: _missing(session, unit_id, reach, on) for unit_id in found}
    names = units.names_on(session, [one for one in found if missing[one]], on)
    return sorted(
        (Gap(unit_id, name, missing[unit_id]) for unit_id, name in names.items()),
        key=lambda gap: (gap.name, gap.unit_id),
    )


def _missing(session: Session, unit_id: int, reach: Mapping[Permission, set[int] | None], on: date) -> tuple[str, ...]:
    path = units.path_ids(session, unit_id, on)
    words = [text for permission, text in HERE.items() if not _is_in(reach[permission], unit_id)]
    if len(path) > 1:
        words += [text for permission, text in ABOVE.items() if not _is_in(reach[permission], path[1])]
    return tuple(words)


def _is_in(reach: set[int] | None, unit_id: int) -> bool:
    return reach is None or unit_id in reach


def _reach(session: Session, permission: Permission, on: date) -> set[int] | None:
    """The units in which somebody with an open account holds a permission; None: everywhere."""
    active = set(session.scalars(select(Officer.id).where(Officer.is_active)))
    roots = {
        grant.unit_id for grant in grants(session, on) if permission in grant.permissions and grant.officer_id in active
    }
    if None in roots:
        return None
    return units.subtree_ids_of(session, frozenset(one for one in roots if one is not None), on) if roots else set()


def _with_counters(session: Session, on: date) -> frozenset[int]:
    is_open = or_(Counter.valid_to.is_(None), Counter.valid_to >= on)
    return frozenset(session.scalars(select(Counter.unit_id).where(Counter.valid_from <= on, is_open).distinct()))
