"""Links by which an officer sets the first password. There is no mail: the administrator hands the link over.

Only the hash of the link's secret is kept. A link serves one officer, once, for some days; a newer one replaces it;
opening it changes nothing. Callers own the transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.accounts import keys, passwords, sign_in
from app.accounts.errors import BadInvitation, UnknownOfficer, WeakPassword
from app.accounts.models import Officer
from app.accounts.proof.models import Invitation
from app.audit.services import record
from app.audit.tags import Action

LIFETIME = timedelta(days=7)
KEPT = timedelta(days=90)


def invite(session: Session, actor_id: int | None, officer_id: int) -> str:
    """Make a new link for an officer; its secret. Older links of the officer are worth nothing from now on.

    Raises
    ------
    UnknownOfficer
        When there is no such officer, or the account is closed.
    """
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.is_active:
        raise UnknownOfficer("Không tìm thấy cán bộ này, hoặc Ông/Bà không quản lý cán bộ này.")
    now = clock.now()
    session.execute(
        delete(Invitation).where((Invitation.officer_id == officer_id) | (Invitation.expires_at < now - KEPT))
    )
    secret = keys.new_session_secret()
    session.add(
        Invitation(
            secret_hash=keys.session_hash(secret), officer_id=officer_id, created_at=now, expires_at=now + LIFETIME
        )
    )
    record(session, actor_id, Action.OFFICER_INVITE, f"officer:{officer_id}")
    return secret


def invited(session: Session, secret: str, now: datetime) -> Officer:
    """Whom a link is for. Changes nothing.

    Raises
    ------
    BadInvitation
        When the link opens nothing (any more).
    """
    officer = session.scalar(
        select(Officer)
        .join(Invitation, Invitation.officer_id == Officer.id)
        .where(
            Invitation.secret_hash == keys.session_hash(secret),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Officer.is_active,
        )
    )
    if officer is None:
        raise BadInvitation("Đường dẫn này đã dùng, đã hết hạn hoặc đã được thay. Xin liên hệ quản trị viên.")
    return officer


def accept(session: Session, secret: str, password: str) -> Officer:
    """Set the password and use the link up; sessions of the officer end. The officer then signs in as always.

    Raises
    ------
    BadInvitation, WeakPassword
        When the link opens nothing, or the password breaks a rule (the link then stays good).
    """
    now = clock.now()
    officer = invited(session, secret, now)
    if reason := passwords.weakness(password, officer.username, officer.full_name):
        raise WeakPassword(reason)
    used = session.execute(
        update(Invitation)
        .where(Invitation.secret_hash == keys.session_hash(secret), Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.officer_id)
    ).all()
    if not used:  # somebody used it at the same moment
        raise BadInvitation("Đường dẫn này đã dùng. Xin liên hệ quản trị viên.")
    officer.password_hash = passwords.hash_password(password)
    officer.must_change_password = False
    sign_in.end_all_sessions(session, officer.id, now)
    record(session, officer.id, Action.OFFICER_JOIN, f"officer:{officer.id}")
    return officer
