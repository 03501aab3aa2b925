"""Who is meant by "the leader" and "the level above" of a case, and what an officer may do today.

The same grants that the policy asks; whether somebody may know of the case is asked of the policy itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rights import grants
from app.accounts.rights.grants import Grant
from app.feedback.cases import access
from app.feedback.cases.models import Case
from app.feedback.cases.places import standing_for
from app.units import queries as units
from app.web.permissions import Permission


@dataclass(frozen=True, slots=True)
class Somebody:
    """An officer as the policy sees them, without a session of theirs."""

    officer_id: int
    scopes: Mapping[Permission, frozenset[int]]


class People:
    """All officers and their rights on a day, read once for a run of a job."""

    def __init__(self, session: Session, on: date) -> None:
        self._on = on
        by_officer: dict[int, list[Grant]] = {}
        for grant in grants.grants(session, on):
            by_officer.setdefault(grant.officer_id, []).append(grant)
        self._grants = by_officer
        self._nearest: dict[tuple[int, Permission, bool], frozenset[int]] = {}

    def somebody(self, officer_id: int) -> Somebody:
        """An officer with today's rights; without any, for who has none."""
        return Somebody(officer_id, grants.scopes_of(self._grants.get(officer_id, ())))

    def may_read(self, session: Session, officer_id: int, case: Case) -> bool:
        """Whether the case exists for somebody."""
        return access.may(session, self.somebody(officer_id), case.id, self._on, Permission.CASES_READ)

    def leaders(self, session: Session, case: Case) -> list[int]:
        """Those who answer for the unit of a case: the nearest who may decide about its cases."""
        return self._of(session, case, Permission.CASES_APPROVE, is_above=False)

    def assigners(self, session: Session, case: Case) -> list[int]:
        """The nearest who may hand the case out."""
        return self._of(session, case, Permission.CASES_ASSIGN, is_above=False)

    def above(self, session: Session, case: Case) -> list[int]:
        """The next level over those leaders; where there is none, whoever watches over all units."""
        return self._of(session, case, Permission.CASES_ASSIGN, is_above=True)

    def _of(self, session: Session, case: Case, permission: Permission, *, is_above: bool) -> list[int]:
        found: set[int] = set()
        for unit_id in standing_for(session, [case.unit_id], self._on)[case.unit_id]:
            key = (unit_id, permission, is_above)
            if key not in self._nearest:
                self._nearest[key] = self._near(session, unit_id, permission, is_above=is_above)
            found |= self._nearest[key]
        return [one for one in sorted(found) if self.may_read(session, one, case)]

    def _near(self, session: Session, unit_id: int, permission: Permission, *, is_above: bool) -> frozenset[int]:
        """The holders with the root nearest to a unit; ``is_above``: of the first root that lies over the unit."""
        path: list[int | None] = [*units.path_ids(session, unit_id, self._on), None]
        for root in path[1:] if is_above else path:
            held = frozenset(
                officer_id
                for officer_id, own in self._grants.items()
                if any(grant.unit_id == root and permission in grant.permissions for grant in own)
            )
            if held:
                return held
        return frozenset()
