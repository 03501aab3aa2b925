"""The table of routes: read and kept by those who hand out cases at both ends of a route."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.models import Officer
from app.audit.services import record
from app.audit.tags import Action
from app.errors import Missing
from app.feedback.cases import access
from app.feedback.cases.access import Viewer
from app.feedback.cases.errors import FieldMissing
from app.feedback.routing import people
from app.feedback.routing.models import DeskRoute
from app.rules.kinds import Kind
from app.units import queries as units
from app.units.models import Field
from app.units.scope import allowed_unit_ids
from app.web.permissions import Permission

ASSIGN = Permission.CASES_ASSIGN
NOT_YOURS = "Ông/Bà chưa được giao phân công đơn ở đơn vị này. Xin chọn đơn vị khác."
NOBODY = "Ở đơn vị này chưa có ai xử lý được đơn. Xin giao vai trò trước, hoặc chọn đơn vị khác."
NOT_THERE = "Người này không xử lý đơn ở đơn vị nhận. Xin chọn người khác hoặc để trống."
WRONG_FIELD = "Xin chọn một lĩnh vực trong danh sách."


class UnknownRoute(Missing):
    """There is no such route, or it is none of the asker's, or it has ended."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy tuyến này, hoặc tuyến đã được thay hay bỏ.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A route as somebody wants it."""

    unit_id: int
    field_id: int | None
    kind: Kind | None
    to_unit_id: int
    assignee_id: int | None


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route as the list shows it, ended ones included. ``trouble``: why cases do not take it at present."""

    id: int
    unit_id: int
    unit_name: str
    field_name: str
    kind: Kind | None
    to_unit_name: str
    assignee_name: str
    set_by: str
    set_at: datetime
    ended_by: str
    ended_at: datetime | None
    trouble: str


def set_route(session: Session, viewer: Viewer, wanted: Wanted, *, role: str = "") -> DeskRoute:
    """Let cases take a route from now on; one that said where the same cases go ends with that.

    Raises
    ------
    FieldMissing
        When the viewer does not hand out cases at both ends, or nobody at the other end could handle them.
    """
    _check(session, viewer, wanted)
    now = clock.now()
    for before in session.scalars(_same(wanted)):
        before.ended_at, before.ended_by = now, viewer.officer_id
    route = DeskRoute(
        unit_id=wanted.unit_id,
        field_id=wanted.field_id,
        kind=wanted.kind,
        to_unit_id=wanted.to_unit_id,
        assignee_id=wanted.assignee_id,
        set_by=viewer.officer_id,
        set_at=now,
        ended_by=None,
        ended_at=None,
    )
    session.add(route)
    session.flush()  # the record names its number
    detail = {
        "to_unit": wanted.to_unit_id,
        "officer": wanted.assignee_id,
        "field": wanted.field_id,
        "kind": None if wanted.kind is None else wanted.kind.value,
    }
    record(session, viewer.officer_id, Action.ROUTE_SET, f"route:{route.id}", detail, wanted.unit_id, role=role)
    return route


def end_route(session: Session, viewer: Viewer, route_id: int, *, role: str = "") -> None:
    """Let no further case take a route."""
    route = of_viewer(session, viewer, route_id, locked=True)
    if route.ended_at is not None:
        raise UnknownRoute
    route.ended_at, route.ended_by = clock.now(), viewer.officer_id
    record(session, viewer.officer_id, Action.ROUTE_END, f"route:{route.id}", {}, route.unit_id, role=role)


def of_viewer(session: Session, viewer: Viewer, route_id: int, *, locked: bool = False) -> DeskRoute:
    """A route of a unit where the viewer hands out cases.

    Raises
    ------
    UnknownRoute
        When there is none.
    """
    route = session.get(DeskRoute, route_id, with_for_update=locked or None)
    if route is None or not access.reaches(session, viewer, route.unit_id, clock.local_date(), ASSIGN):
        raise UnknownRoute
    return route


def lines(session: Session, viewer: Viewer, on: date, *, ended: bool) -> list[RouteLine]:
    """The routes of the viewer's units: those in force by unit, or those that have ended, latest first."""
    allowed = allowed_unit_ids(session, viewer, ASSIGN, on)
    statement = select(DeskRoute).where(
        DeskRoute.ended_at.is_not(None) if ended else DeskRoute.ended_at.is_(None),
    )
    if allowed is not None:
        statement = statement.where(DeskRoute.unit_id.in_(allowed))
    rows = session.scalars(statement.order_by(DeskRoute.ended_at.desc(), DeskRoute.id.desc())).all()
    names = units.names_on(session, {key for row in rows for key in (row.unit_id, row.to_unit_id)}, on)
    officers = _officers(session, rows)
    # Asked once for each unit, however many routes lead there: every grant is looked at.
    there = {} if ended else {key: people.handlers_at(session, key, on) for key in {row.to_unit_id for row in rows}}
    fields = {one.id: one.name for one in session.scalars(select(Field))}
    found = [
        RouteLine(
            id=row.id,
            unit_id=row.unit_id,
            unit_name=names.get(row.unit_id, ""),
            field_name=fields.get(row.field_id or 0, ""),
            kind=row.kind,
            to_unit_name=names.get(row.to_unit_id, ""),
            assignee_name=officers.get(row.assignee_id or 0, ""),
            set_by=officers.get(row.set_by, ""),
            set_at=row.set_at,
            ended_by=officers.get(row.ended_by or 0, ""),
            ended_at=row.ended_at,
            trouble="" if ended else _trouble(row, there[row.to_unit_id]),
        )
        for row in rows
    ]
    return found if ended else sorted(found, key=lambda line: (line.unit_name, line.field_name, line.id))


def field_options(session: Session) -> list[tuple[str, str]]:
    """All fields, by name."""
    rows = session.execute(select(Field.id, Field.name).order_by(Field.name))
    return [(str(key), name) for key, name in rows]


def _check(session: Session, viewer: Viewer, wanted: Wanted) -> None:
    today = clock.local_date()
    for name, unit_id in (("unit", wanted.unit_id), ("to_unit", wanted.to_unit_id)):
        is_alive = bool(units.lines_of(session, [unit_id], today))
        if not is_alive or not access.reaches(session, viewer, unit_id, today, ASSIGN):
            raise FieldMissing(name, NOT_YOURS)
    if wanted.field_id is not None and session.get(Field, wanted.field_id) is None:
        raise FieldMissing("field", WRONG_FIELD)
    if wanted.kind is Kind.DENUNCIATION:
        raise FieldMissing("kind", "Tin tố cáo không đi theo tuyến; lãnh đạo cấp trên nhận qua kênh riêng.")
    there = people.handlers_at(session, wanted.to_unit_id, today)
    if not there:
        raise FieldMissing("to_unit", NOBODY)
    if wanted.assignee_id is not None and wanted.assignee_id not in there:
        raise FieldMissing("assignee", NOT_THERE)


def _same(wanted: Wanted) -> Select[DeskRoute]:
    return (
        select(DeskRoute)
        .where(
            DeskRoute.ended_at.is_(None),
            DeskRoute.unit_id == wanted.unit_id,
            DeskRoute.field_id.is_not_distinct_from(wanted.field_id),
            DeskRoute.kind.is_not_distinct_from(wanted.kind),
        )
        .with_for_update()
    )


def _trouble(row: DeskRoute, there: Collection[int]) -> str:
    """Why cases do not take a route just now, or only half of it; ``there``: who handles cases where it leads."""
    if not there:
        return "Đơn vị nhận không còn ai xử lý đơn: đơn ở lại đơn vị cũ"
    if row.assignee_id is not None and row.assignee_id not in there:
        return "Người nhận không còn xử lý đơn ở đây: đơn đến đơn vị nhưng chưa giao cho ai"
    return ""


def _officers(session: Session, rows: Sequence[DeskRoute]) -> dict[int, str]:
    wanted = {key for row in rows for key in (row.assignee_id, row.set_by, row.ended_by) if key is not None}
    found = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(wanted)))
    return dict(found.all())
