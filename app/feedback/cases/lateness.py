"""Which unfinished cases are late: the one condition of lists, counts, figures, files and reminders.

A case is late once its due date has passed while the clock ran. A pause that begins later does not undo that; a pause
that began in time keeps the case in time, because its due date will move.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.clock import VIETNAM
from app.feedback.cases.kinds import CLASS_OF, State, StateClass
from app.feedback.cases.models import Case, CasePause

RUNNING = frozenset(state for state, kind in CLASS_OF.items() if kind is StateClass.OPEN)
STANDING = frozenset(state for state, kind in CLASS_OF.items() if kind is StateClass.PAUSED)


class _LocalDay(FunctionElement[date]):
    """The local day of a moment, in the database."""

    inherit_cache = True
    name = "local_day"
    type = Date()


@compiles(_LocalDay, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+7 hours')"


@compiles(_LocalDay, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **kw)}) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)"


def late(on: date) -> ColumnElement[bool]:
    """Cases without an end that are late on a day."""
    began = (
        select(func.min(_LocalDay(CasePause.started_at)))
        .where(CasePause.case_id == Case.id, CasePause.ended_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    return and_(Case.due_on < on, or_(Case.state.in_(RUNNING), and_(Case.state.in_(STANDING), Case.due_on < began)))


def is_late(state: State, due_on: date | None, today: date, since: date | None) -> bool:
    """The same of one case; ``since``: from which day its clock stands."""
    if due_on is None or due_on >= today or CLASS_OF[state] is StateClass.DONE:
        return False
    return CLASS_OF[state] is StateClass.OPEN or (since is not None and due_on < since)


def standing_since(session: Session, case_ids: Collection[str]) -> Mapping[str, date]:
    """From which day the clock of cases stands; those whose clock runs are absent."""
    if not case_ids:
        return {}
    began = select(CasePause.case_id, func.min(CasePause.started_at)).where(
        CasePause.case_id.in_(case_ids), CasePause.ended_at.is_(None)
    )
    rows = session.execute(began.group_by(CasePause.case_id))
    return {case_id: moment.astimezone(VIETNAM).date() for case_id, moment in rows}
