"""Looking at open cases again for who is concerned, because rights and accounts change without the roster changing.

Each piece is a transaction of its own and may be done again: what is done is not found twice.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.models import Delegation
from app.db.session import Database
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.cases.workflow import UNFINISHED
from app.feedback.conflicts.models import CounterDuty
from app.feedback.conflicts.services import refresh_all

AT_ONCE = 50
LATELY = timedelta(days=2)


def run(database: Database) -> str:
    """Look at all open cases that a change may have touched; for how many it meant anything."""
    done, after = 0, ""
    with database.reading() as session:
        wanted = _wanted(session)
    while True:
        with database.transaction() as session:
            ids = _next(session, wanted, after)
            done += len(refresh_all(session, ids).all)
        if len(ids) < AT_ONCE:
            return f"cases {done}"
        after = ids[-1]


def _next(session: Session, wanted: ColumnElement[bool], after: str) -> Sequence[str]:
    statement = select(Case.id).where(Case.state.in_(UNFINISHED), Case.id > after, wanted)
    return session.scalars(statement.order_by(Case.id).limit(AT_ONCE)).all()


def _wanted(session: Session) -> ColumnElement[bool]:
    """Every open case when somebody came or got a role lately, who may be named in any; else those with a roster."""
    now, today = clock.now(), clock.local_date()
    news = (
        select(Officer.id).where(Officer.created_at >= now - LATELY),
        select(RoleAssignment.id).where(RoleAssignment.valid_from.between(today - LATELY, today)),
        select(RoleAssignment.id).where(RoleAssignment.valid_to.between(today - LATELY, today)),
        select(Delegation.id).where(Delegation.created_at >= now - LATELY),
    )
    if any(session.scalar(one.limit(1)) is not None for one in news):
        return true()
    with_roster = Case.counter_id.in_(select(CounterDuty.counter_id))
    return or_(with_roster, Case.id.in_(select(CaseExclusion.case_id)))
