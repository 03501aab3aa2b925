"""The one policy: what a person may do with a case.

List, page, search, count, export, notice and file all ask ``visible``, itself or through ``find`` and ``may``, so
"stands in the list" and "may be opened" cannot differ. For whoever may not see a case it does not exist: the same
words, whatever the reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.rights import grants
from app.feedback.cases.errors import UnknownCase
from app.feedback.cases.models import Case, CaseExclusion, CaseRequest
from app.feedback.cases.places import standing_for
from app.units.scope import allowed_unit_ids
from app.web.permissions import Permission


class Viewer(Protocol):
    """Whoever asks: ``app.web.access.Actor``. An empty set of roots means all units."""

    @property
    def officer_id(self) -> int:
        """The officer."""

    @property
    def scopes(self) -> Mapping[Permission, frozenset[int]]:
        """The root units of each permission held."""


def visible(
    session: Session, viewer: Viewer, on: date, permission: Permission = Permission.CASES_READ
) -> ColumnElement[bool]:
    """The condition under which a viewer may do something with a case on a day.

    The case lies with a unit in which the viewer holds the permission (or one that such a unit stands for), and the
    right to see cases as well; the viewer is not excluded from it; a private one needs the right to see private ones.
    From whoever is excluded a role that they lent to the viewer comes to nothing as well.
    """
    places = session.scalars(select(Case.unit_id).distinct()).all()
    return _condition(session, viewer, on, permission, places)


def find(
    session: Session,
    viewer: Viewer,
    case_id: str,
    on: date,
    permission: Permission = Permission.CASES_READ,
    *,
    locked: bool = False,
) -> Case:
    """The case, if the viewer may do this with it; ``locked``: nobody else changes it until the transaction ends.

    Raises
    ------
    UnknownCase
        In every other case.
    """
    place = _place(session, case_id)
    statement = select(Case).where(Case.id == case_id, _condition(session, viewer, on, permission, [place]))
    found = session.scalar(
        statement.with_for_update().execution_options(populate_existing=True) if locked else statement
    )
    if found is None:
        raise UnknownCase
    return found


def _place(session: Session, case_id: str) -> int:
    """The unit with which a case lies."""
    # What stands in an address may hold signs that no database takes.
    is_id = case_id.isascii() and case_id.isalnum()
    unit_id = session.scalar(select(Case.unit_id).where(Case.id == case_id)) if is_id else None
    if unit_id is None:
        raise UnknownCase
    return unit_id


def may(session: Session, viewer: Viewer, case_id: str, on: date, permission: Permission) -> bool:
    """Whether ``find`` would give the case."""
    try:
        find(session, viewer, case_id, on, permission)
    except UnknownCase:
        return False
    return True


def look(
    session: Session, viewer: Viewer, case_id: str, on: date, permissions: Collection[Permission]
) -> tuple[Case, frozenset[Permission]]:
    """The case as ``find`` gives it, and those of some permissions for which ``may`` says yes.

    All asked at once, in the very question that reads the case: what a page with many acts needs.

    Raises
    ------
    UnknownCase
        As ``find``.
    """
    wanted = sorted(permissions)
    rule = _Rule(session, viewer, on, [_place(session, case_id)])
    columns = (rule.of(one) for one in wanted)
    found = session.execute(
        select(Case, *columns).where(Case.id == case_id, rule.of(Permission.CASES_READ))
    ).one_or_none()
    if found is None:
        raise UnknownCase
    return found[0], frozenset(one for one, is_held in zip(wanted, found[1:], strict=True) if is_held)


def reaches(session: Session, viewer: Viewer, unit_id: int, on: date, permission: Permission) -> bool:
    """Whether a permission reaches a unit, or what stands for it: for acts that lie with another unit than the case."""
    allowed = allowed_unit_ids(session, viewer, permission, on)
    return allowed is None or not allowed.isdisjoint(standing_for(session, [unit_id], on)[unit_id])


def to_decide(session: Session, viewer: Viewer, on: date) -> ColumnElement[bool]:
    """The condition on a request of a sender that nobody has decided and this viewer may decide.

    As for an act on the case, the permission must reach the case and, beyond that, the unit the request lies with.
    """
    permission = Permission.CASES_APPROVE
    undecided = CaseRequest.decision.is_(None)
    places = session.scalars(select(CaseRequest.unit_id).where(undecided).distinct()).all()
    allowed = allowed_unit_ids(session, viewer, permission, on)
    if allowed is not None:
        standing = standing_for(session, places, on)
        places = [unit_id for unit_id in places if not allowed.isdisjoint(standing[unit_id])]
    if not places:
        return false()
    theirs = select(Case.id).where(visible(session, viewer, on, permission))
    return and_(undecided, CaseRequest.unit_id.in_(places), CaseRequest.case_id.in_(theirs))


def _condition(
    session: Session, viewer: Viewer, on: date, permission: Permission, places: Collection[int]
) -> ColumnElement[bool]:
    """The rule for one permission; ``places`` are the units whose cases are meant."""
    return _Rule(session, viewer, on, places).of(permission)


def excluded_from(*officer_ids: int) -> Select[str]:
    """The cases that one of these officers is excluded from."""
    return select(CaseExclusion.case_id).where(
        CaseExclusion.officer_id.in_(officer_ids), CaseExclusion.lifted_at.is_(None)
    )


@dataclass(frozen=True, slots=True)
class _Alone:
    """A viewer with nothing but what is their own: nobody stands in for somebody excluded."""

    officer_id: int
    scopes: Mapping[Permission, frozenset[int]]


class _Rule:
    """The rule itself, for as many permissions as are asked for."""

    def __init__(self, session: Session, viewer: Viewer, on: date, places: Collection[int]) -> None:
        standing = standing_for(session, places, on)
        lenders = grants.lenders(session, viewer.officer_id, on)
        self._reach = _Reach(session, viewer, on, standing)
        self._kept_from = excluded_from(viewer.officer_id)
        self._lent_from = excluded_from(*lenders) if lenders else None
        alone = _Alone(viewer.officer_id, grants.own_scopes(session, viewer.officer_id, on)) if lenders else None
        self._alone = _Reach(session, alone, on, standing) if alone is not None else None

    def of(self, permission: Permission) -> ColumnElement[bool]:
        """The condition on a case."""
        wanted = and_(self._reach.to(permission), Case.id.not_in(self._kept_from))
        if self._lent_from is None or self._alone is None:
            return wanted
        return and_(wanted, or_(Case.id.not_in(self._lent_from), self._alone.to(permission)))


class _Reach:
    """Which of some units a viewer's permissions reach; permissions held at the same roots are asked once."""

    def __init__(self, session: Session, viewer: Viewer, on: date, standing: Mapping[int, frozenset[int]]) -> None:
        self._session, self._viewer, self._on = session, viewer, on
        self._standing = standing
        self._known: dict[frozenset[int] | None, ColumnElement[bool]] = {}

    def to(self, permission: Permission) -> ColumnElement[bool]:
        """The condition that a case is seen, and that a permission reaches it."""
        return and_(
            self.of(Permission.CASES_READ),
            true() if permission is Permission.CASES_READ else self.of(permission),
            or_(Case.is_private.is_(False), self.of(Permission.CASES_READ_PRIVATE)),
        )

    def of(self, permission: Permission) -> ColumnElement[bool]:
        """The condition that a case lies within reach of a permission."""
        roots = self._viewer.scopes.get(permission)
        if roots not in self._known:
            self._known[roots] = self._condition(permission)
        return self._known[roots]

    def _condition(self, permission: Permission) -> ColumnElement[bool]:
        allowed = allowed_unit_ids(self._session, self._viewer, permission, self._on)
        if allowed is None:
            return true()
        reached = [unit_id for unit_id, standing in self._standing.items() if not allowed.isdisjoint(standing)]
        return Case.unit_id.in_(reached) if reached else false()
