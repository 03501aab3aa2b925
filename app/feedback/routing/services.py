"""Who handles a case: by its route when it comes, by assignment, by passing it on to another unit and back.

A case that lies with another unit is gone for those of the old one on every path, because the one policy asks where
it lies. The clock goes on, under the version of the law that the case began under.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.tags import Action
from app.feedback.cases import history
from app.feedback.cases.access import Viewer
from app.feedback.cases.acting import begin, end
from app.feedback.cases.checking import words_of
from app.feedback.cases.errors import FieldMissing, NotInThisState
from app.feedback.cases.holding import excluded
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import Case, CaseEvent
from app.feedback.cases.places import standing_for
from app.feedback.routing import people, queries
from app.feedback.routing.rules import GROUNDS, PASSED_ON, Route, Why
from app.units import queries as units

MOST_REASON = 2000
NOT_HERE = "Chỉ giao được cho người đang được quyền xử lý đơn này. Xin chọn trong danh sách."
SAME = "Người này đang được giao đơn rồi."
NOBODY = "Đơn chưa giao cho ai."
TAKEN = "Đơn đã được giao cho người khác. Muốn đổi người xử lý, xin nhờ người có quyền phân công."
NOWHERE = "Đơn này không được chuyển đến từ đơn vị khác, hoặc đã được chuyển tiếp, nên không trả lại được."
SAME_UNIT = "Đơn đang ở chính đơn vị này. Xin chọn đơn vị khác."
ENDED = "Đơn vị này không còn hoạt động. Xin chọn đơn vị khác."
NOBODY_THERE = (
    "Ở đơn vị này chưa có ai xử lý được đơn. Xin chọn đơn vị khác, hoặc đề nghị quản trị giao vai trò trước khi chuyển."
)
NOT_ABOVE = "Đơn vị đã chọn không phải là cấp trên của đơn vị đang giữ đơn. Xin chọn lý do khác hoặc đơn vị khác."
NOT_BESIDE = "Đơn vị đã chọn không cùng một cấp trên trực tiếp. Xin chọn lý do khác hoặc đơn vị khác."


def on_opened(session: Session, case: Case) -> None:
    """Let a case that has just come take its route."""
    on_moved(session, case)


def on_moved(session: Session, case: Case) -> None:
    """Let a case that has come to a unit take the route of that unit, once: routes are not followed in a chain.

    A route to a unit or an officer that could not handle this case is left aside; the page of the routes says so.
    """
    route = queries.route_of(session, case, clock.local_date())
    if route is None:
        return
    to_unit_id = _alive(session, route.to_unit_id)
    if to_unit_id is None or not _independent(session, case, to_unit_id):
        return
    if to_unit_id != case.unit_id:
        detail = {"from": case.unit_id, "to": to_unit_id, "why": Why.ROUTE.value, "route": route.id}
        case.unit_id, case.assignee_id = to_unit_id, None
        history.append(session, case, Event.MOVED, shown=True, detail=detail)
    _hand_to(session, case, route)


def leave(session: Session, case: Case) -> None:
    """Nobody keeps a case that lies where they cannot handle it, such as with the level above."""
    if case.assignee_id is None or case.assignee_id in people.handlers(session, case, clock.local_date()):
        return
    history.append(session, case, Event.UNASSIGNED, shown=False, detail={"officer": case.assignee_id})
    case.assignee_id = None


def assign(session: Session, viewer: Viewer, case_id: str, version: int, officer_id: int, *, role: str = "") -> Case:
    """Hand a case to an officer who may handle it where it lies."""
    case = begin(session, viewer, case_id, version, "assign")
    if officer_id not in people.handlers(session, case, clock.local_date()):
        raise FieldMissing("assignee", NOT_HERE)
    if case.assignee_id == officer_id:
        raise FieldMissing("assignee", SAME)
    case.assignee_id = officer_id
    detail = {"officer": officer_id}
    return end(
        session, viewer, case, "assign", Event.ASSIGNED, Action.CASE_ASSIGN, None, detail, role=role, shown=False
    )


def unassign(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Take a case back from its officer, so that it waits for another one."""
    case = begin(session, viewer, case_id, version, "unassign")
    if case.assignee_id is None:
        raise NotInThisState(NOBODY)
    detail = {"officer": case.assignee_id}
    case.assignee_id = None
    return end(
        session, viewer, case, "unassign", Event.UNASSIGNED, Action.CASE_UNASSIGN, None, detail, role=role, shown=False
    )


def take(session: Session, viewer: Viewer, case_id: str, version: int, *, role: str = "") -> Case:
    """Take a case that nobody has been given."""
    case = begin(session, viewer, case_id, version, "take")
    if case.assignee_id is not None:
        raise NotInThisState(TAKEN)
    case.assignee_id = viewer.officer_id
    detail = {"officer": viewer.officer_id}
    return end(session, viewer, case, "take", Event.ASSIGNED, Action.CASE_ASSIGN, None, detail, role=role, shown=False)


def transfer(
    session: Session,
    viewer: Viewer,
    case_id: str,
    version: int,
    to_unit_id: int,
    ground: Why,
    reason: str,
    *,
    role: str = "",
) -> Case:
    """Pass a case on to another unit, for a reason that the sender reads; there it waits to be taken up.

    The permission is asked where the case lies; the unit that receives it must be alive and have somebody who may
    handle this very case. Files, questions and answers go with it; whoever had it there has it no more.
    """
    case = begin(session, viewer, case_id, version, "transfer")
    said = words_of("reason", reason, MOST_REASON)
    if ground not in GROUNDS:
        raise FieldMissing("ground", "Xin chọn vì sao chuyển.")
    _check_target(session, case, to_unit_id, ground)
    detail = {"from": case.unit_id, "to": to_unit_id, "why": ground.value}
    case.unit_id, case.assignee_id = to_unit_id, None
    end(session, viewer, case, "transfer", Event.MOVED, Action.CASE_TRANSFER, said, detail, role=role)
    on_moved(session, case)
    return case


def send_back(session: Session, viewer: Viewer, case_id: str, version: int, words: str, *, role: str = "") -> Case:
    """Give a case back to the unit that passed it on, with words that only officers read."""
    case = begin(session, viewer, case_id, version, "send_back")
    said = words_of("words", words, MOST_REASON)
    from_id = came_from(session, case)
    back_to = None if from_id is None else _alive(session, from_id)
    if back_to is None or back_to == case.unit_id:
        raise NotInThisState(NOWHERE)
    if not _independent(session, case, back_to):
        raise NotInThisState(NOBODY_THERE)
    history.append(session, case, Event.SENT_BACK, shown=False, by=viewer, role=role, words=said)
    detail = {"from": case.unit_id, "to": back_to, "why": Why.SENT_BACK.value}
    case.unit_id, case.assignee_id = back_to, None
    return end(session, viewer, case, "send_back", Event.MOVED, Action.CASE_SEND_BACK, None, detail, role=role)


def came_from(session: Session, case: Case) -> int | None:
    """The unit that passed a case on to where it lies, if it was moved by nothing since but the routes there."""
    here: object = case.unit_id
    moves = session.scalars(
        select(CaseEvent.detail)
        .where(CaseEvent.case_id == case.id, CaseEvent.event == Event.MOVED)
        .order_by(CaseEvent.sequence.desc())
    )
    for detail in moves:
        why, before = detail.get("why"), detail.get("from")
        if detail.get("to") != here:
            return None
        if why != Why.ROUTE:
            return before if why in PASSED_ON and isinstance(before, int) else None
        here = before
    return None


def _check_target(session: Session, case: Case, to_unit_id: int, ground: Why) -> None:
    today = clock.local_date()
    if to_unit_id == case.unit_id:
        raise FieldMissing("to", SAME_UNIT)
    if _alive(session, to_unit_id) != to_unit_id:
        raise FieldMissing("to", ENDED)
    if ground is Why.ABOVE and to_unit_id not in queries.units_above(session, case.unit_id, today):
        raise FieldMissing("ground", NOT_ABOVE)
    if ground is Why.BESIDE and to_unit_id not in queries.units_beside(session, case.unit_id, today):
        raise FieldMissing("ground", NOT_BESIDE)
    if not _independent(session, case, to_unit_id):
        raise FieldMissing("to", NOBODY_THERE)


def _alive(session: Session, unit_id: int) -> int | None:
    """The living unit meant: itself, or the only one that took over from it."""
    today = clock.local_date()
    standing = standing_for(session, [unit_id], today)[unit_id]
    living = units.lines_of(session, standing, today)
    return living[0].id if len(standing) == 1 and living else None


def _independent(session: Session, case: Case, unit_id: int) -> bool:
    """Whether a unit has somebody who may handle this case: not everybody there is excluded from it."""
    there = people.handlers_at(session, unit_id, clock.local_date(), private=case.is_private)
    return bool(there.keys() - excluded(session, case.id))


def _hand_to(session: Session, case: Case, route: Route) -> None:
    officer_id = route.assignee_id
    if officer_id is None or officer_id not in people.handlers(session, case, clock.local_date()):
        return
    case.assignee_id = officer_id
    detail = {"officer": officer_id, "route": route.id}
    history.append(session, case, Event.ASSIGNED, shown=False, detail=detail)
