"""Where a case must lie so that somebody independent handles it and somebody independent decides."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rights.grants import Holder
from app.feedback.cases.holding import reaching
from app.feedback.cases.models import Case
from app.feedback.cases.places import standing_for
from app.units import queries as units
from app.web.permissions import Permission

NEEDED = (Permission.CASES_HANDLE, Permission.CASES_APPROVE)
KEEPERS = (Permission.CASES_HANDLE, Permission.CASES_ASSIGN, Permission.CASES_TRANSFER)
"""Whoever holds one of these can see that a case goes on."""


def unit_above(session: Session, case: Case, out: Collection[int], on: date) -> int | None:
    """The unit a case has to go up to when some officers may not see it; None: it stays.

    It stays while the nearest level that has officers keeps an independent one for each thing that somebody did there.
    Else it goes to the next level with independent ones for both; failing that, one level up, where it is seen.
    """
    path = _path(session, case.unit_id, on)
    held = {permission: reaching(session, case.unit_id, permission, on) for permission in NEEDED}
    levels = [_level(line, path) for lines in held.values() for line in lines]
    base = min(levels, default=len(path))
    if base >= len(path):
        return None
    if all(_anybody(lines, path, base, out) or not _anybody(lines, path, base, ()) for lines in held.values()):
        return None
    for level in range(base + 1, len(path)):
        if all(_anybody(lines, path, level, out) for lines in held.values()):
            return path[level]
    return path[base + 1] if base + 1 < len(path) else None


def is_kept(session: Session, unit_id: int, out: Collection[int], on: date) -> bool:
    """Whether somebody independent can see to it that a case with a unit goes on; also where nobody ever could."""
    lines = [line for permission in KEEPERS for line in reaching(session, unit_id, permission, on)]
    return not lines or any(_is_independent(line, out) for line in lines)


def _path(session: Session, unit_id: int, on: date) -> list[int]:
    """The unit, or the one that stands for it, and all above."""
    standing = sorted(standing_for(session, [unit_id], on)[unit_id])
    return units.path_ids(session, standing[0], on) if len(standing) == 1 else []


def _level(line: Holder, path: Sequence[int]) -> int:
    """How far up a right stands; one that is held everywhere stands above the path."""
    unit_id = line.grant.unit_id
    return path.index(unit_id) if unit_id in path else len(path)


def _anybody(lines: Sequence[Holder], path: Sequence[int], level: int, out: Collection[int]) -> bool:
    return any(_level(line, path) <= level and _is_independent(line, out) for line in lines)


def _is_independent(line: Holder, out: Collection[int]) -> bool:
    return line.officer.id not in out and line.grant.lender_id not in out
