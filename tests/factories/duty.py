"""Rosters of counters, and officers with roles, put into the database as they are."""

from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights import grants
from app.accounts.roles import Role
from app.crypto.types import in_row
from app.feedback.conflicts.kinds import ALL_WEEK, Shift
from app.feedback.conflicts.models import CounterDuty
from app.units.models import Unit
from tests.factories.cases import Viewer
from tests.factories.places import START


def make_duty(
    session: Session,
    counter_id: int,
    who: int | str,
    *,
    by: int,
    weekdays: int = ALL_WEEK,
    first: date = START,
    last: date | None = None,
) -> CounterDuty:
    """A line of a roster for an officer, or for a name without an account."""
    key = f"d{session.query(CounterDuty).count() + 1}"
    line = CounterDuty(
        id=key,
        counter_id=counter_id,
        officer_id=who if isinstance(who, int) else None,
        person_name=in_row(who, key) if isinstance(who, str) else None,
        weekdays=weekdays,
        shift=Shift.DAY,
        valid_from=first,
        valid_to=last,
        entered_by=by,
        entered_at=clock.now(),
    )
    session.add(line)
    session.flush()
    return line


def make_person(session: Session, name: str, role: Role, unit: Unit | None) -> int:
    """An officer with a role, who never signs in; their number."""
    officer = Officer(
        username=name.replace(" ", "."),
        full_name=name,
        password_hash="",
        must_change_password=False,
        created_at=clock.now(),
    )
    session.add(officer)
    session.flush()
    unit_id = None if unit is None else unit.id
    session.add(RoleAssignment(officer_id=officer.id, role=role, unit_id=unit_id, valid_from=START))
    session.flush()
    return officer.id


def as_viewer(session: Session, officer_id: int) -> Viewer:
    """The officer with what they hold today."""
    return Viewer(officer_id, grants.scopes(session, officer_id, clock.local_date()))
