"""Open cases that somebody may be concerned by who just got an account or a right, or lost one: looked at at once.

Looked at is what may have changed by this person: cases whose counter has them on its roster, by number or by name,
those whose text names them, those from which somebody of their name is excluded, and, for whoever decides or decided
there, all from which anybody is (their superior may be). The job of the hour looks at everything once more.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.roles import PERMISSIONS
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.naming import Text, full_names
from app.feedback.conflicts.services import refresh_all
from app.feedback.conflicts.touched import NOTHING, Touched
from app.units import queries as units
from app.web.permissions import Permission


def follow(session: Session, officer_ids: Collection[int]) -> Touched:
    """Exclude from open cases whom the change concerns; what came of it."""
    names = dict(session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(officer_ids))).all())
    roles = session.scalars(select(RoleAssignment).where(RoleAssignment.officer_id.in_(officer_ids))).all()
    if not roles:
        return NOTHING
    near = _near({one.unit_id for one in roles}, session, clock.local_date())
    decides = any(Permission.CASES_APPROVE in PERMISSIONS[one.role] and one.unit_id is not None for one in roles)
    cases = session.scalars(select(Case).where(Case.state.in_(UNFINISHED), near)).all()
    counters = _on_roster(session, names)
    excluding = _with_exclusions(session, cases, None if decides else full_names(names.values()))
    wanted = [
        one.id
        for one in cases
        if one.counter_id in counters or one.id in excluding or _is_named(one.text, list(names.values()))
    ]
    return refresh_all(session, wanted) if wanted else NOTHING


def _near(places: Collection[int | None], session: Session, on: date) -> ColumnElement[bool]:
    """The cases about units above and below some places, as ``roster.around`` sees them."""
    if None in places:
        return true()
    found = {
        unit_id
        for place in places
        if place is not None
        for unit_id in (place, *units.path_ids(session, place, on), *units.subtree_ids(session, place, on))
    }
    return Case.concerned_unit_id.in_(found)


def _on_roster(session: Session, names: Mapping[int, str]) -> frozenset[int]:
    """The counters with one of these people on their roster, by number or by name."""
    lines = session.scalars(
        select(CounterDuty).where(or_(CounterDuty.officer_id.in_(list(names)), CounterDuty.officer_id.is_(None)))
    )
    called = full_names(names.values())
    return frozenset(
        one.counter_id
        for one in lines
        if one.officer_id is not None or not full_names([one.person_name or ""]).isdisjoint(called)
    )


def _with_exclusions(session: Session, cases: Sequence[Case], called: frozenset[str] | None) -> frozenset[str]:
    """The cases from which somebody is excluded; with ``called``: somebody of one of these names, a twin perhaps."""
    rows = session.execute(
        select(CaseExclusion.case_id, Officer.full_name)
        .join(Officer, Officer.id == CaseExclusion.officer_id)
        .where(CaseExclusion.lifted_at.is_(None))
    )
    found = {case_id for case_id, name in rows if called is None or not called.isdisjoint(full_names([name]))}
    return frozenset(found & {one.id for one in cases})


def _is_named(text: str, names: Sequence[str]) -> bool:
    written = Text(text)
    return any(written.names(name) for name in names)
