"""Create officers, give and end roles, change and reset passwords. Callers own the transaction."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.accounts import keys, passwords, queries, sign_in
from app.accounts.errors import (
    NotAUsername,
    NotGrantable,
    OwnAccount,
    UnknownOfficer,
    UsernameTaken,
    WeakPassword,
    WrongPassword,
)
from app.accounts.models import Officer, RoleAssignment
from app.accounts.proof import second_factor
from app.accounts.rights import changes, delegations
from app.accounts.roles import NEEDS_UNIT, Role
from app.audit.services import record
from app.audit.tags import Action


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer just made, with the password that is shown once and kept nowhere."""

    officer: Officer
    one_time_password: str


def create_officer(
    session: Session,
    actor_id: int | None,
    *,
    username: str,
    full_name: str,
    role: Role,
    unit_id: int | None,
) -> NewOfficer:
    """Create an officer with one role from today on and a one-time password.

    Raises
    ------
    NotAUsername, UsernameTaken, NotGrantable
        When the name cannot be used or the role does not fit the unit.
    """
    officer = add_officer(session, actor_id, username=username, full_name=full_name, role=role, unit_id=unit_id)
    password = passwords.new_one_time_password()
    officer.password_hash = passwords.hash_password(password)
    return NewOfficer(officer, password)


def add_officer(
    session: Session,
    actor_id: int | None,
    *,
    username: str,
    full_name: str,
    role: Role,
    unit_id: int | None,
    until: date | None = None,
) -> Officer:
    """Create an officer with one role from today on, whom no password lets in yet: an invitation does (``proof``).

    Raises
    ------
    NotAUsername, UsernameTaken, NotGrantable
        When the name cannot be used or the role does not fit the unit.
    """
    name = keys.normalise_username(username)
    if not keys.is_username(name):
        raise NotAUsername("Tên đăng nhập có 3 đến 60 ký tự: chữ a–z không dấu, chữ số, dấu chấm, gạch, @.")
    if queries.officer_by_username(session, name) is not None:
        raise UsernameTaken("Tên đăng nhập này đã có người dùng. Xin chọn tên khác.")
    officer = Officer(
        username=name,
        full_name=" ".join(full_name.split()),
        password_hash=passwords.hash_of_nobody(),
        must_change_password=True,
        is_active=True,
        created_at=clock.now(),
    )
    session.add(officer)
    session.flush()  # the role and the record need the number
    record(session, actor_id, Action.OFFICER_CREATE, f"officer:{officer.id}", unit_id=unit_id)
    assign_role(session, actor_id, officer.id, role, unit_id, until=until)
    return officer


def assign_role(
    session: Session,
    actor_id: int | None,
    officer_id: int,
    role: Role,
    unit_id: int | None,
    on: date | None = None,
    until: date | None = None,
) -> None:
    """Give an officer a role in the subtree of a unit (None: everywhere), from ``on`` (today) to the end of ``until``.

    A role already held stays as it is.

    Raises
    ------
    UnknownOfficer, NotGrantable
        When there is no such officer, the role needs a unit, or it would be over before it begins.
    """
    if session.get(Officer, officer_id) is None:
        raise _unknown()
    if unit_id is None and role in NEEDS_UNIT:
        raise NotGrantable("Vai trò này cần một đơn vị. Xin chọn đơn vị.")
    day = on or clock.local_date()
    if until is not None and until < day:
        raise NotGrantable("Ngày kết thúc vai trò đã qua. Xin chọn ngày khác.")
    held = queries.roles_on(session, [officer_id], day).get(officer_id, ())
    if any((one.role, one.unit_id) == (role, unit_id) for one in held):
        return
    session.add(RoleAssignment(officer_id=officer_id, role=role, unit_id=unit_id, valid_from=day, valid_to=until))
    detail = {"role": role.value, "until": until and until.isoformat()}
    record(session, actor_id, Action.OFFICER_ROLE_ASSIGN, f"officer:{officer_id}", detail, unit_id=unit_id)
    changes.changed(session, officer_id)


def end_role(session: Session, actor_id: int | None, officer_id: int, assignment_id: int) -> None:
    """End a role at once: it was held through yesterday.

    Raises
    ------
    UnknownOfficer, OwnAccount
        When the officer has no such role; when somebody would take away their own.
    """
    if officer_id == actor_id:
        raise OwnAccount("Ông/Bà không thể tự bỏ vai trò của mình. Xin nhờ quản trị viên khác.")
    assignment = session.get(RoleAssignment, assignment_id)
    if assignment is None or assignment.officer_id != officer_id:
        raise _unknown()
    assignment.valid_to = clock.local_date() - timedelta(days=1)
    record(
        session,
        actor_id,
        Action.OFFICER_ROLE_END,
        f"officer:{officer_id}",
        {"role": assignment.role.value},
        unit_id=assignment.unit_id,
    )
    changes.changed(session, officer_id)


def deactivate(session: Session, actor_id: int | None, officer_id: int) -> None:
    """Close an account: its sessions and delegations end now, nobody signs in to it again. What it did stays on record.

    Raises
    ------
    UnknownOfficer, OwnAccount
        When there is no such officer; when somebody would close their own account.
    """
    if officer_id == actor_id:
        raise OwnAccount("Ông/Bà không thể tự khóa tài khoản của mình. Xin nhờ quản trị viên khác.")
    officer = _officer(session, officer_id)
    officer.is_active = False
    sign_in.end_all_sessions(session, officer_id, clock.now())
    delegations.end_all_of(session, actor_id, officer_id)
    record(session, actor_id, Action.OFFICER_DEACTIVATE, f"officer:{officer_id}")
    changes.changed(session, officer_id)


def reset_password(session: Session, actor_id: int | None, officer_id: int) -> str:
    """Replace a forgotten password by a one-time one, which is returned; all sessions of the officer end.

    Raises
    ------
    UnknownOfficer
        When there is no such officer.
    """
    officer = _officer(session, officer_id)
    password = passwords.new_one_time_password()
    officer.password_hash = passwords.hash_password(password)
    officer.must_change_password = True
    sign_in.end_all_sessions(session, officer_id, clock.now())
    record(session, actor_id, Action.OFFICER_PASSWORD_RESET, f"officer:{officer_id}")
    return password


def reset_second_factor(session: Session, actor_id: int | None, officer_id: int) -> None:
    """Take the second factor off an account whose telephone and recovery codes are lost; all its sessions end.

    Raises
    ------
    UnknownOfficer, OwnAccount
        When there is no such officer; one's own is taken off on one's own page.
    """
    if officer_id == actor_id:
        raise OwnAccount("Xin tắt xác thực hai bước của chính mình tại trang Tài khoản.")
    _officer(session, officer_id)
    second_factor.take_off(session, actor_id, officer_id)
    sign_in.end_all_sessions(session, officer_id, clock.now())


def change_password(
    session: Session, officer_id: int, present: str | None, new: str, *, lifetime: timedelta, device: str = ""
) -> str:
    """Change an officer's own password; the secret of the one session that goes on, under a new name.

    ``present`` may be None only while a one-time password waits to be changed: it was typed a moment ago.

    Raises
    ------
    UnknownOfficer, WrongPassword, WeakPassword
        When the account is gone, the present password is wrong, or the new one breaks a rule or is the old one.
    """
    officer = _officer(session, officer_id)
    if not (present is None and officer.must_change_password) and not passwords.verify(
        officer.password_hash, present or ""
    ):
        raise WrongPassword("Mật khẩu hiện tại chưa đúng.")
    if reason := passwords.weakness(new, officer.username, officer.full_name):
        raise WeakPassword(reason)
    if passwords.verify(officer.password_hash, new):
        raise WeakPassword("Mật khẩu mới phải khác mật khẩu đang dùng.")
    officer.password_hash = passwords.hash_password(new)
    officer.must_change_password = False
    sign_in.end_all_sessions(session, officer_id, clock.now())
    record(session, officer_id, Action.OFFICER_PASSWORD_CHANGE, f"officer:{officer_id}")
    return sign_in.open_session(session, officer_id, lifetime=lifetime, now=clock.now(), device=device)


def _officer(session: Session, officer_id: int) -> Officer:
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.is_active:
        raise _unknown()
    return officer


def _unknown() -> UnknownOfficer:
    return UnknownOfficer("Không tìm thấy cán bộ này, hoặc Ông/Bà không quản lý cán bộ này.")
