"""Routes as they stand, the route of a case, and the units around one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.feedback.cases.models import Case
from app.feedback.routing.models import DeskRoute
from app.feedback.routing.rules import Route, best
from app.units import queries as units
from app.units.models import Counter, Procedure


def routes_for(session: Session, unit_ids: Sequence[int]) -> list[Route]:
    """The routes in force of some units."""
    rows = session.scalars(select(DeskRoute).where(DeskRoute.unit_id.in_(unit_ids), DeskRoute.ended_at.is_(None)))
    return [Route(row.id, row.unit_id, row.field_id, row.kind, row.to_unit_id, row.assignee_id) for row in rows]


def route_of(session: Session, case: Case, on: date) -> Route | None:
    """The route that a case takes from where it lies."""
    path = units.path_ids(session, case.unit_id, on)
    routes = routes_for(session, path)
    return best(routes, path, field_of(session, case), case.kind) if routes else None


def field_of(session: Session, case: Case) -> int | None:
    """The field of administration a case is about: that of its procedure, else the only one of its counter."""
    if case.procedure_id is not None:
        procedure = session.get(Procedure, case.procedure_id)
        if procedure is not None and procedure.field_id is not None:
            return procedure.field_id
    counter = None if case.counter_id is None else session.get(Counter, case.counter_id)
    fields = [] if counter is None else counter.fields
    return fields[0].id if len(fields) == 1 else None


def units_above(session: Session, unit_id: int, on: date) -> list[int]:
    """The units above one, nearest first."""
    return units.path_ids(session, unit_id, on)[1:]


def units_beside(session: Session, unit_id: int, on: date) -> list[int]:
    """The units that stand under the same one, by name."""
    above = units.parent_id(session, unit_id, on)
    return [] if above is None else [line.id for line in units.children(session, above, on) if line.id != unit_id]
