"""What the lists of officers, invitations and lent roles hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.accounts import queries
from app.accounts.models import Officer, RoleAssignment
from app.accounts.proof.models import Invitation, SecondFactor
from app.accounts.queries import HeldRole
from app.accounts.rights.delegations import DelegationLine
from app.accounts.rights.models import Delegation
from app.accounts.roles import Role
from app.i18n.folding import natural_key
from app.units import queries as units

Matches = Callable[..., bool]


class OfficerKey(NamedTuple):
    """An officer as far as the list orders and filters by it."""

    id: int
    full_name: str
    username: str
    is_active: bool
    must_change_password: bool
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """One line of the list of officers."""

    officer: OfficerKey
    roles: tuple[HeldRole, ...]


class InvitationLine(NamedTuple):
    """An invitation and whom it is for."""

    officer_id: int
    full_name: str
    username: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def officers_found(
    session: Session,
    matches: Matches,
    on: date,
    allowed: frozenset[int] | None,
    *,
    role: Role | None = None,
    unit_text: str = "",
) -> list[OfficerKey]:
    """The officers who may be managed from the units allowed (None: everybody), those in use first, by name.

    ``role``: who holds it today; ``unit_text``: who holds a role in a unit whose name or code has these words.
    """
    held = queries.units_held(session, on)
    enrolled = set(session.scalars(select(SecondFactor.officer_id).where(SecondFactor.confirmed_at.is_not(None))))
    holding = _holding(session, on, role, unit_text) if role or unit_text else None
    rows = session.execute(
        select(Officer.id, Officer.full_name, Officer.username, Officer.is_active, Officer.must_change_password)
    )
    keys = [
        OfficerKey(*row, row.id in enrolled)
        for row in rows
        if queries.is_manageable(held.get(row.id, frozenset()), allowed)
        and (holding is None or row.id in holding)
        and matches(row.full_name, row.username)
    ]
    return sorted(keys, key=lambda key: (not key.is_active, natural_key(key.full_name), key.id))


def officers_loaded(session: Session, keys: Sequence[OfficerKey], on: date) -> list[OfficerLine]:
    """The officers of some keys with their roles."""
    roles = queries.roles_on(session, [key.id for key in keys], on)
    return [OfficerLine(key, roles.get(key.id, ())) for key in keys]


def invitations_found(
    session: Session, matches: Matches, on: date, allowed: frozenset[int] | None
) -> list[InvitationLine]:
    """The invitations of officers who may be managed from the units allowed, newest first."""
    held = queries.units_held(session, on)
    rows = session.execute(
        select(
            Officer.id,
            Officer.full_name,
            Officer.username,
            Invitation.created_at,
            Invitation.expires_at,
            Invitation.used_at,
        )
        .join(Officer, Officer.id == Invitation.officer_id)
        .order_by(Invitation.created_at.desc(), Officer.id)
    )
    lines = (InvitationLine(*row) for row in rows)
    return [
        line
        for line in lines
        if queries.is_manageable(held.get(line.officer_id, frozenset()), allowed)
        and matches(line.full_name, line.username)
    ]


def delegations_found(
    session: Session, matches: Matches, on: date, allowed: frozenset[int] | None
) -> list[DelegationLine]:
    """Every lent role whose place lies in the units allowed (None: everywhere), newest first."""
    lender, deputy = aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(Delegation, RoleAssignment, lender, deputy)
        .join(RoleAssignment, RoleAssignment.id == Delegation.assignment_id)
        .join(lender, lender.id == RoleAssignment.officer_id)
        .join(deputy, deputy.id == Delegation.to_officer_id)
        .order_by(Delegation.id.desc())
    ).all()
    names = units.names_on(session, {lent.unit_id or role.unit_id or 0 for lent, role, _, _ in rows}, on)
    found = []
    for lent, role, of, to in rows:
        where = lent.unit_id or role.unit_id
        name = names.get(where or 0, "")
        if (allowed is None or where in allowed) and matches(of.full_name, to.full_name, name):
            found.append(DelegationLine(lent, role.role, of, to, name))
    return found


def _holding(session: Session, on: date, role: Role | None, unit_text: str) -> set[int]:
    statement = select(RoleAssignment.officer_id).where(
        units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on)
    )
    if role is not None:
        statement = statement.where(RoleAssignment.role == role)
    if unit_text:
        places = [line.id for line in units.found(session, unit_text, on).all()]
        statement = statement.where(RoleAssignment.unit_id.in_(places))
    return set(session.scalars(statement))
