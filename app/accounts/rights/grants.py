"""The one place that says which rights an officer holds on a day, and why.

A right comes from a role given, or from a role lent during leave. ``scopes`` (what the guard and every list ask) and
``holders`` (the page "who can see this, and why") are made from the same grants, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.models import Delegation
from app.accounts.roles import NEEDS_SECOND_FACTOR, PERMISSIONS, Role, delegable
from app.units import queries as units
from app.web.permissions import Permission

EVERYWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role an officer may use on a day in the subtree of a unit (None: everywhere).

    ``delegation_id`` and ``lender_id`` tell a lent role from one's own.
    """

    officer_id: int
    role: Role
    unit_id: int | None
    assignment_id: int
    delegation_id: int | None = None
    lender_id: int | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role gives; a lent one gives less."""
        return PERMISSIONS[self.role] if self.delegation_id is None else delegable(self.role)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a permission in a unit, and one reason: the grant and where it stands."""

    officer: Officer
    grant: Grant
    unit_name: str
    lender_name: str


def grants(session: Session, on: date, officer_ids: Iterable[int] | None = None) -> list[Grant]:
    """All grants of these officers (None: of everybody) on a day, own ones first."""
    wanted = None if officer_ids is None else list(officer_ids)
    return [*_own(session, on, wanted), *_lent(session, on, wanted)]


def scopes(session: Session, officer_id: int, on: date) -> dict[Permission, frozenset[int]]:
    """The root units of every permission an officer holds on a day; ``EVERYWHERE`` (empty) means all units."""
    return scopes_of(grants(session, on, [officer_id]))


def lenders(session: Session, officer_id: int, on: date) -> frozenset[int]:
    """In whose stead an officer may act on a day."""
    return frozenset(one.lender_id for one in _lent(session, on, [officer_id]) if one.lender_id is not None)


def own_scopes(session: Session, officer_id: int, on: date) -> dict[Permission, frozenset[int]]:
    """``scopes`` without what others have lent."""
    return scopes_of(_own(session, on, [officer_id]))


def scopes_of(held: Iterable[Grant]) -> dict[Permission, frozenset[int]]:
    """The same, from grants at hand."""
    found: dict[Permission, set[int | None]] = {}
    for grant in held:
        for permission in grant.permissions:
            found.setdefault(permission, set()).add(grant.unit_id)
    return {permission: _roots(unit_ids) for permission, unit_ids in found.items()}


def roles_of(held: Iterable[Grant]) -> dict[Permission, str]:
    """The roles that give each permission, as the record of acts names them; a lent one says so."""
    found: dict[Permission, set[str]] = {}
    for grant in held:
        name = grant.role.value if grant.delegation_id is None else f"{grant.role.value}:lent"
        for permission in grant.permissions:
            found.setdefault(permission, set()).add(name)
    return {permission: ",".join(sorted(names)) for permission, names in found.items()}


def needs_second_factor(held: Iterable[Grant]) -> bool:
    """Whether somebody with these grants has to sign in with a second factor."""
    return any(grant.role in NEEDS_SECOND_FACTOR for grant in held)


def holders(session: Session, permission: Permission | None, unit_id: int, on: date) -> list[Holder]:
    """Everybody who holds a permission (None: any) in a unit on a day, each reason on its own line, by name.

    Casework asks this for the unit of a case; ``app.units.scope.require_unit`` lets exactly these people in.
    """
    path = set(units.path_ids(session, unit_id, on))
    found = [
        grant
        for grant in grants(session, on)
        if (permission is None or permission in grant.permissions) and (grant.unit_id is None or grant.unit_id in path)
    ]
    people = _people(session, {one for grant in found for one in (grant.officer_id, grant.lender_id) if one})
    names = units.names_on(session, {grant.unit_id for grant in found if grant.unit_id is not None}, on)
    lines = [
        Holder(
            people[grant.officer_id],
            grant,
            names.get(grant.unit_id or 0, ""),
            people[grant.lender_id].full_name if grant.lender_id else "",
        )
        for grant in found
        if people[grant.officer_id].is_active
    ]
    return sorted(lines, key=lambda line: (line.officer.full_name, line.officer.id, line.grant.assignment_id))


def _own(session: Session, on: date, wanted: list[int] | None) -> list[Grant]:
    query = select(RoleAssignment).where(units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on))
    if wanted is not None:
        query = query.where(RoleAssignment.officer_id.in_(wanted))
    rows = session.scalars(query.order_by(RoleAssignment.id))
    return [Grant(row.officer_id, row.role, row.unit_id, row.id) for row in rows]


def _lent(session: Session, on: date, wanted: list[int] | None) -> list[Grant]:
    """Lent roles count while the lender still holds the role, is active, and the unit still lies where it did."""
    lender = aliased(Officer)
    query = (
        select(Delegation, RoleAssignment)
        .join(RoleAssignment, RoleAssignment.id == Delegation.assignment_id)
        .join(lender, lender.id == RoleAssignment.officer_id)
        .where(
            units.in_force(Delegation.valid_from, Delegation.valid_to, on),
            Delegation.ended_at.is_(None),
            units.in_force(RoleAssignment.valid_from, RoleAssignment.valid_to, on),
            lender.is_active,
        )
        .order_by(Delegation.id)
    )
    if wanted is not None:
        query = query.where(Delegation.to_officer_id.in_(wanted))
    return [
        Grant(lent.to_officer_id, role.role, lent.unit_id or role.unit_id, role.id, lent.id, role.officer_id)
        for lent, role in session.execute(query)
        if lent.unit_id is None or role.unit_id is None or role.unit_id in units.path_ids(session, lent.unit_id, on)
    ]


def _people(session: Session, officer_ids: set[int]) -> dict[int, Officer]:
    return {one.id: one for one in session.scalars(select(Officer).where(Officer.id.in_(officer_ids)))}


def _roots(unit_ids: set[int | None]) -> frozenset[int]:
    return EVERYWHERE if None in unit_ids else frozenset(unit_id for unit_id in unit_ids if unit_id is not None)
