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
from app.accounts.proof import second_factor
from app.audit.services import record
from app.audit.tags import Action

FAILURES_WINDOW = timedelta(hours=1)
MOST_FAILURES = 30
"""Failures on one account within the window, from wherever they come, after which unknown browsers have to wait."""
KEEP_ATTEMPTS = timedelta(days=30)
KEEP_ENDED = timedelta(days=2)
"""So long it is known whose session has ended, for a form that comes too late (``kept``)."""
STEP_LIFETIME = timedelta(minutes=10)
SECOND_FACTOR = "second_factor"
"""What ``OfficerSession.awaits`` says while the code of the second factor is missing."""


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


@dataclass(frozen=True, slots=True)
class Browser:
    """What is known of the browser that signs in: a coarse word for it, whether it did so before, its old secret."""

    device: str
    is_known: bool
    old_secret: str = ""


def finish(session: Session, attempt: Attempt, browser: Browser, *, lifetime: timedelta, now: datetime) -> str | None:
    """Record an attempt, and open a session if it was accepted; the new session's secret, or None.

    The session of the browser's old cookie ends: a sign-in always gives a new secret. Where a second factor is in use
    the new session opens nothing but the page that asks for it, and not for long.
    """
    officer = session.get(Officer, attempt.officer_id) if attempt.outcome is Outcome.ACCEPTED else None
    # Between the two steps the account may have been deactivated or its password changed.
    is_accepted = officer is not None and officer.is_active and officer.password_hash == attempt.password_hash
    _note_attempt(session, attempt.account_key, attempt.officer_id, browser, is_accepted=is_accepted, now=now)
    subject = f"officer:{attempt.officer_id or 'unknown'}"
    if officer is None or not is_accepted:
        record(session, None, Action.SIGN_IN_REFUSED, subject, {"outcome": attempt.outcome.value})
        return None
    return admit(session, officer.id, browser, lifetime=lifetime, now=now)


def admit(session: Session, officer_id: int, browser: Browser, *, lifetime: timedelta, now: datetime) -> str:
    """Open a session for somebody who proved who they are; its secret. A second factor in use is asked for first."""
    _forget_old(session, now)
    end_session(session, keys.session_hash(browser.old_secret), now)
    if second_factor.is_enrolled(session, officer_id):
        return open_session(
            session, officer_id, lifetime=STEP_LIFETIME, now=now, device=browser.device, awaits=SECOND_FACTOR
        )
    record(session, officer_id, Action.SIGN_IN, f"officer:{officer_id}")
    return open_session(session, officer_id, lifetime=lifetime, now=now, device=browser.device)


def note_single_sign_on(session: Session, account_key: bytes, officer_id: int, browser: Browser, now: datetime) -> None:
    """Put a sign-in through the identity provider on the officer's own list."""
    _note_attempt(session, account_key, officer_id, browser, is_accepted=True, now=now)


def give_second_factor(
    session: Session, present: OfficerSession, typed: str, *, lifetime: timedelta, now: datetime
) -> str | None:
    """Check the code a session waits for; the secret of the session that takes its place, or None."""
    officer = session.get(Officer, present.officer_id)
    if officer is None or not officer.is_active:
        return None
    if not second_factor.check(session, officer.id, typed):
        _note_attempt(
            session, b"", officer.id, Browser(present.device or "", is_known=True), is_accepted=False, now=now
        )
        return None
    end_session(session, present.secret_hash, now)
    record(session, officer.id, Action.SIGN_IN, f"officer:{officer.id}", {"second_factor": True})
    return open_session(session, officer.id, lifetime=lifetime, now=now, device=present.device or "")


def _note_attempt(
    session: Session,
    account_key: bytes,
    officer_id: int | None,
    browser: Browser,
    *,
    is_accepted: bool,
    now: datetime,
) -> None:
    session.add(
        SignInAttempt(
            account_key=account_key,
            attempted_at=now,
            succeeded=is_accepted,
            officer_id=officer_id,
            device=browser.device,
            is_new_device=not browser.is_known,
        )
    )


def open_session(
    session: Session,
    officer_id: int,
    *,
    lifetime: timedelta,
    now: datetime,
    device: str = "",
    awaits: str | None = None,
) -> str:
    """A new session of an officer; its secret, which is kept nowhere else."""
    secret = keys.new_session_secret()
    session.add(
        OfficerSession(
            secret_hash=keys.session_hash(secret),
            officer_id=officer_id,
            created_at=now,
            expires_at=now + lifetime,
            revoked_at=None,
            authenticated_at=now,
            awaits=awaits,
            device=device[:60],
        )
    )
    return secret


def confirm_session(session: Session, secret_hash: bytes, now: datetime) -> None:
    """Note that the officer of a session has just proved who they are."""
    session.execute(
        update(OfficerSession).where(OfficerSession.secret_hash == secret_hash).values(authenticated_at=now)
    )


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
    session.execute(delete(OfficerSession).where(OfficerSession.expires_at < now - KEEP_ENDED))
