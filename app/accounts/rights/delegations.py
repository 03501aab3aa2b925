"""Lending one's own role during leave. Callers own the transaction.

What keeps a deputy within the lender's rights: only an assignment of one's own can be lent, never a lent one; the unit
lies inside it; what would let the deputy widen or keep rights is left out (``roles.NOT_DELEGABLE``); and the rights
are worked out anew each day from the assignment (``grants``): they end with it, with the lender's account, by date.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.accounts.errors import NotDelegable, UnknownDelegation
from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.models import Delegation
from app.accounts.roles import Role, delegable
from app.audit.services import record
from app.audit.tags import Action
from app.units import queries as units

LONGEST = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A delegation as pages show it."""

    delegation: Delegation
    role: Role
    lender: Officer
    deputy: Officer
    unit_name: str


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    start: date
    end: date


def delegate(
    session: Session,
    lender_id: int,
    assignment_id: int,
    to_officer_id: int,
    unit_id: int | None,
    period: Period,
    reason: str,
) -> Delegation:
    """Lend a role of one's own to another officer.

    ``unit_id`` narrows it to a part of where the role is held; None lends it as it is.

    Raises
    ------
    NotDelegable
        When the role is not one's own or gives nothing that may be lent, the unit lies outside, the period is past,
        backward or too long, or the deputy is oneself or has no open account.
    """
    today = clock.local_date()
    assignment = session.get(RoleAssignment, assignment_id)
    if assignment is None or assignment.officer_id != lender_id or not _is_held(assignment, today):
        raise NotDelegable("Ông/Bà chỉ ủy quyền được vai trò chính mình đang giữ.", "assignment")
    if not delegable(assignment.role):
        raise NotDelegable("Vai trò này không ủy quyền được.", "assignment")
    deputy = session.get(Officer, to_officer_id)
    if deputy is None or not deputy.is_active or deputy.id == lender_id:
        raise NotDelegable("Xin chọn một cán bộ khác, tài khoản đang dùng.", "deputy")
    _check_period(period, today)
    if not _lies_within(session, unit_id, assignment.unit_id, today):
        raise NotDelegable("Đơn vị này nằm ngoài phạm vi vai trò của Ông/Bà.", "unit")
    lent = Delegation(
        assignment_id=assignment_id,
        to_officer_id=to_officer_id,
        unit_id=unit_id,
        valid_from=period.start,
        valid_to=period.end,
        reason=" ".join(reason.split())[:300],
        created_at=clock.now(),
        ended_at=None,
    )
    session.add(lent)
    session.flush()  # the record needs the number
    detail = {
        "role": assignment.role.value,
        "to": to_officer_id,
        "from": period.start.isoformat(),
        "until": period.end.isoformat(),
    }
    where = unit_id or assignment.unit_id
    record(session, lender_id, Action.DELEGATION_START, f"delegation:{lent.id}", detail, unit_id=where)
    return lent


def take_back(session: Session, lender_id: int, delegation_id: int) -> None:
    """End a delegation before its day. Only the lender may; a finished one stays as it is.

    Raises
    ------
    UnknownDelegation
        When there is no such delegation of this lender.
    """
    row = session.execute(
        select(Delegation, RoleAssignment)
        .join(RoleAssignment, RoleAssignment.id == Delegation.assignment_id)
        .where(Delegation.id == delegation_id, RoleAssignment.officer_id == lender_id)
    ).first()
    if row is None:
        raise UnknownDelegation("Không tìm thấy ủy quyền này.")
    _end(session, lender_id, row[0], row[1])


def end_all_of(session: Session, actor_id: int | None, officer_id: int) -> None:
    """End everything an officer has lent or been lent: the account closes."""
    rows = session.execute(
        select(Delegation, RoleAssignment)
        .join(RoleAssignment, RoleAssignment.id == Delegation.assignment_id)
        .where(or_(RoleAssignment.officer_id == officer_id, Delegation.to_officer_id == officer_id))
    )
    for lent, assignment in rows.all():
        _end(session, actor_id, lent, assignment)


def lines_of(session: Session, officer_id: int, today: date) -> list[DelegationLine]:
    """What an officer has lent and been lent, newest first; finished ones of the last year included."""
    lender, deputy = aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(Delegation, RoleAssignment, lender, deputy)
        .join(RoleAssignment, RoleAssignment.id == Delegation.assignment_id)
        .join(lender, lender.id == RoleAssignment.officer_id)
        .join(deputy, deputy.id == Delegation.to_officer_id)
        .where(
            or_(lender.id == officer_id, deputy.id == officer_id),
            Delegation.valid_to >= today - timedelta(days=365),
        )
        .order_by(Delegation.id.desc())
    ).all()
    where = {one: lent.unit_id or role.unit_id for one, (lent, role, _, _) in enumerate(rows)}
    names = units.names_on(session, {unit_id for unit_id in where.values() if unit_id is not None}, today)
    return [
        DelegationLine(lent, role.role, of, to, names.get(where[one] or 0, ""))
        for one, (lent, role, of, to) in enumerate(rows)
    ]


def _check_period(period: Period, today: date) -> None:
    if period.end < period.start:
        raise NotDelegable("Ngày kết thúc đứng trước ngày bắt đầu.", "valid_to")
    if period.start < today:
        raise NotDelegable("Ngày bắt đầu đã qua. Xin chọn từ hôm nay trở đi.", "valid_from")
    if period.end - period.start > LONGEST:
        raise NotDelegable("Ủy quyền dài nhất là ba tháng. Vắng lâu hơn: xin quản trị viên giao vai trò.", "valid_to")


def _lies_within(session: Session, unit_id: int | None, whole_id: int | None, on: date) -> bool:
    return unit_id is None or whole_id is None or whole_id in units.path_ids(session, unit_id, on)


def _is_held(assignment: RoleAssignment, on: date) -> bool:
    return assignment.valid_from <= on and (assignment.valid_to is None or on <= assignment.valid_to)


def _end(session: Session, actor_id: int | None, lent: Delegation, assignment: RoleAssignment) -> None:
    if lent.ended_at is not None or lent.valid_to < clock.local_date():
        return
    lent.ended_at = clock.now()
    detail = {"role": assignment.role.value, "to": lent.to_officer_id}
    where = lent.unit_id or assignment.unit_id
    record(session, actor_id, Action.DELEGATION_END, f"delegation:{lent.id}", detail, unit_id=where)
