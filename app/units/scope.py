"""Where an officer may do what. Every officer page asks here, and nowhere else, which units it may show."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from app import clock
from app.units import queries as units
from app.units.models import Unit
from app.units.queries import UnknownUnit
from app.web.permissions import Permission


class HasScopes(Protocol):
    """Whoever holds permissions: ``app.web.access.Actor``. An empty set of roots means all units."""

    @property
    def scopes(self) -> Mapping[Permission, frozenset[int]]:
        """The root units of each permission held."""


def allowed_unit_ids(session: Session, actor: HasScopes, permission: Permission, on: date) -> frozenset[int] | None:
    """The units in which ``actor`` holds ``permission`` on a date; None means everywhere.

    The tree is taken as of ``on``, so that a report about the past is seen by whoever the units stood under then.
    """
    roots = actor.scopes.get(permission)
    if roots is None:
        return frozenset()
    if not roots:
        return None
    return frozenset(units.subtree_ids_of(session, roots, on))


def require_unit(
    session: Session, actor: HasScopes, permission: Permission, unit_id: int, on: date | None = None
) -> Unit:
    """The unit, if it exists and ``actor`` holds ``permission`` there (today, unless ``on`` says otherwise).

    Raises
    ------
    UnknownUnit
        In both other cases, with the same words: a stranger cannot learn which units exist.
    """
    allowed = allowed_unit_ids(session, actor, permission, on or clock.local_date())
    unit = session.get(Unit, unit_id)
    if unit is None or (allowed is not None and unit_id not in allowed):
        raise UnknownUnit("Không tìm thấy đơn vị này, hoặc Ông/Bà không được giao xem đơn vị này.")
    return unit
