"""Officers and the roles given to them; what follows from those stands in ``grants``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Officer, OfficerSession, RoleAssignment, SignInAttempt
from app.accounts.roles import Role
from app.i18n.formats import format_date
from app.units import queries as units

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in a unit; ``unit_id`` None means everywhere."""

    assignment_id: int
    role: Role
    unit_id: int | None
    unit_name: str
    valid_to: date | None = None


def officer_by_username(session: Session, username: str) -> Officer | None:
    """The officer with a normalised user name."""
    return session.scalar(select(Officer).where(Officer.username == username))


def live_session(session: Session, secret_hash: bytes, now: datetime) -> tuple[OfficerSession, Officer] | None:
    """The session and its officer, while neither has ended."""
    row = session.execute(
        select(OfficerSession, Officer)
        .join(Officer, Officer.id == OfficerSession.officer_id)
        .where(
            OfficerSession.secret_hash == secret_hash,
            OfficerSession.revoked_at.is_(None),
            OfficerSession.expires_at > now,
            Officer.is_active,
        )
    ).first()
    return None if row is None else (row[0], row[1])


def failures_since(session: Session, account_key: bytes, since: datetime) -> int:
    """How many attempts on an account failed after a moment."""
    count = session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.account_key == account_key,
            SignInAttempt.attempted_at > since,
            SignInAttempt.succeeded.is_(False),
        )
    )
    return count or 0


def may_manage(session: Session, officer_id: int, on: date, allowed: frozenset[int] | None) -> bool:
    """Whether an officer stands in the list of officers (``list_queries``): the same rule for one as for many."""
    exists = session.get(Officer, officer_id) is not None
    return exists and is_manageable(units_held(session, on).get(officer_id, frozenset()), allowed)


def is_manageable(held: frozenset[int | None], allowed: frozenset[int] | None) -> bool:
    """Whether who manages the units ``allowed`` (None: all) manages somebody who holds roles in some units."""
    return allowed is None or (bool(held) and held <= allowed)


def units_held(session: Session, on: date) -> dict[int, frozenset[int | None]]:
    """The units of the roles of each officer that are not over (None: a role over everything)."""
    # Roles that begin later count too: who may reset a password tonight must not wake up with wider rights.
    not_over = or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= on)
    rows = session.execute(select(RoleAssignment.officer_id, RoleAssignment.unit_id).where(not_over))
    found: dict[int, frozenset[int | None]] = {}
    for officer_id, unit_id in rows:
        found[officer_id] = found.get(officer_id, frozenset()) | {unit_id}
    return found


def roles_on(session: Session, officer_ids: Iterable[int], on: date) -> dict[int, tuple[HeldRole, ...]]:
    """The roles held on a date, by officer."""
    rows = session.scalars(
        select(RoleAssignment)
        .where(RoleAssignment.officer_id.in_(list(officer_ids)), _held_on(on))
        .order_by(RoleAssignment.id)
    ).all()
    names = units.names_on(session, {row.unit_id for row in rows if row.unit_id is not None}, on)
    found: dict[int, tuple[HeldRole, ...]] = {}
    for row in rows:
        held = HeldRole(row.id, row.role, row.unit_id, names.get(row.unit_id or 0, ""), row.valid_to)
        found[row.officer_id] = (*found.get(row.officer_id, ()), held)
    return found


def _held_on(on: date) -> ColumnElement[bool]:
    return units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on)


def when_unit_ends(session: Session, unit_id: int, on: date) -> list[str]:
    """What happens to the rights of officers in a unit that is followed by others on a day, in a sentence."""
    held = (
        select(Officer.full_name)
        .join(RoleAssignment, RoleAssignment.officer_id == Officer.id)
        .where(RoleAssignment.unit_id == unit_id, _held_on(on), Officer.is_active)
        .order_by(Officer.full_name)
        .distinct()
    )
    names = list(session.scalars(held))
    if not names:
        return []
    further = len(names) - MOST_NAMED
    shown = "; ".join(names[:MOST_NAMED]) + (f" và {further} người khác" if further > 0 else "")
    stopped = f"{len(names)} cán bộ giữ vai trò tại đơn vị này không còn quyền qua vai trò đó từ ngày {format_date(on)}"
    return [f"{stopped}: {shown}. Xin giao vai trò tại đơn vị tiếp nhận ở mục Cán bộ."]
