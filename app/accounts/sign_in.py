"""Signing in and out, on a database session.

Two steps, so that hashing (30 ms) never holds the write lock that citizens' answers wait for: ``check`` reads,
``finish`` writes. ``finish`` never raises for a refused attempt: its row must be committed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import keys, passwords, queries
from app.accounts.models import Officer, OfficerSession, SignInAttempt
from app.audit.services import record
from app.audit.tags import Action

FAILURES_WINDOW = timedelta(hours=1)
MOST_FAILURES = 30
"""Failures on one account within the window, from wherever they come, after which unknown browsers have to wait."""
KEEP_ATTEMPTS = timedelta(days=30)


class Outcome(StrEnum):
    """What became of an attempt. A wrong password and an unknown name are one outcome."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A checked attempt, ready to be recorded."""

    account_key: bytes
    outcome: Outcome
    officer_id: int | None = None
    password_hash: str = ""


def check(
    session: Session,
    account_key: bytes,
    username: str,
    password: str,
    *,
    now: datetime,
    is_within_limits: bool,
    is_known_device: bool,
) -> Attempt:
    """Check a name and a password; writes nothing.

    ``is_within_limits`` is the caller's verdict on the account as seen from this network. The wider limit on the
    account as a whole does not touch browsers that signed in to it before (``is_known_device``), so that nobody can
    lock an officer out by guessing.
    """
    officer = queries.officer_by_username(session, keys.normalise_username(username))
    officer_id = None if officer is None else officer.id
    failures = queries.failures_since(session, account_key, now - FAILURES_WINDOW)
    if not is_within_limits or (failures >= MOST_FAILURES and not is_known_device):
        return Attempt(account_key, Outcome.TOO_MANY, officer_id)
    password_hash = officer.password_hash if officer is not None and officer.is_active else None
    if not passwords.verify(password_hash, password):
        return Attempt(account_key, Outcome.WRONG, officer_id)
    return Attempt(account_key, Outcome.ACCEPTED, officer_id, password_hash or "")


def finish(session: Session, attempt: Attempt, *, old_secret: str, lifetime: timedelta, now: datetime) -> str | None:
    """Record an attempt, and open a session if it was accepted; the new session's secret, or None.

    The session of the browser's old cookie ends: a sign-in always gives a new secret.
    """
    officer = session.get(Officer, attempt.officer_id) if attempt.outcome is Outcome.ACCEPTED else None
    # Between the two steps the account may have been deactivated or its password changed.
    is_accepted = officer is not None and officer.is_active and officer.password_hash == attempt.password_hash
    session.add(SignInAttempt(account_key=attempt.account_key, attempted_at=now, succeeded=is_accepted))
    subject = f"officer:{attempt.officer_id or 'unknown'}"
    if officer is None or not is_accepted:
        record(session, None, Action.SIGN_IN_REFUSED, subject, {"outcome": attempt.outcome.value})
        return None
    _forget_old(session, now)
    end_session(session, keys.session_hash(old_secret), now)
    record(session, officer.id, Action.SIGN_IN, subject)
    return open_session(session, officer.id, lifetime=lifetime, now=now)


def open_session(session: Session, officer_id: int, *, lifetime: timedelta, now: datetime) -> str:
    """A new session of an officer; its secret, which is kept nowhere else."""
    secret = keys.new_session_secret()
    session.add(
        OfficerSession(
            secret_hash=keys.session_hash(secret),
            officer_id=officer_id,
            created_at=now,
            expires_at=now + lifetime,
            revoked_at=None,
        )
    )
    return secret


def end_session(session: Session, secret_hash: bytes, now: datetime) -> None:
    """End one session; an unknown or ended one stays as it is."""
    session.execute(
        update(OfficerSession)
        .where(OfficerSession.secret_hash == secret_hash, OfficerSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_all_sessions(session: Session, officer_id: int, now: datetime) -> None:
    """End every session of an officer, wherever they are signed in."""
    session.execute(
        update(OfficerSession)
        .where(OfficerSession.officer_id == officer_id, OfficerSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def sign_out(session: Session, officer_id: int, secret_hash: bytes, now: datetime) -> None:
    """End the session of a browser and record it."""
    end_session(session, secret_hash, now)
    record(session, officer_id, Action.SIGN_OUT, f"officer:{officer_id}")


def _forget_old(session: Session, now: datetime) -> None:
    """Drop what has no use any more, of all accounts; sign-ins are rare enough to do it then."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.attempted_at < now - KEEP_ATTEMPTS))
    session.execute(delete(OfficerSession).where(OfficerSession.expires_at < now))
