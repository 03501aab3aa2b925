"""What officers see of their own account: sessions, sign-ins, what is worth a warning."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import OfficerSession, SignInAttempt

SHOWN = 20


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session that is open now; ``key`` names it in the form that ends it and opens nothing."""

    key: str
    device: str
    created_at: datetime
    expires_at: datetime
    is_present: bool


@dataclass(frozen=True, slots=True)
class Alerts:
    """What happened before the present sign-in: wrong tries since the one before, new browsers lately."""

    failures: int
    new_devices: tuple[SignInAttempt, ...]

    def __bool__(self) -> bool:
        return bool(self.failures or self.new_devices)


def open_sessions(session: Session, officer_id: int, present: bytes, now: datetime) -> list[SessionLine]:
    """The sessions of an officer that are open, newest first."""
    rows = session.scalars(
        select(OfficerSession)
        .where(
            OfficerSession.officer_id == officer_id,
            OfficerSession.revoked_at.is_(None),
            OfficerSession.expires_at > now,
            OfficerSession.awaits.is_(None),
        )
        .order_by(OfficerSession.created_at.desc())
    )
    return [
        SessionLine(row.secret_hash.hex(), row.device or "", row.created_at, row.expires_at, row.secret_hash == present)
        for row in rows
    ]


def attempts(session: Session, officer_id: int) -> list[SignInAttempt]:
    """The last tries to sign in to an account, newest first."""
    query = select(SignInAttempt).where(SignInAttempt.officer_id == officer_id)
    return list(session.scalars(query.order_by(SignInAttempt.id.desc()).limit(SHOWN)))


def alerts(session: Session, officer_id: int, now: datetime) -> Alerts:
    """What the officer should be told at this sign-in.

    A browser is news for a week, except the first one of an account and the one just used.
    """
    rows = session.scalars(
        select(SignInAttempt).where(SignInAttempt.officer_id == officer_id).order_by(SignInAttempt.id.desc()).limit(200)
    ).all()
    successes = [at for at, row in enumerate(rows) if row.succeeded]
    latest, before = [*successes, len(rows), len(rows)][:2]
    failures = sum(not row.succeeded for row in rows[latest:before])
    recent = (rows[at] for at in successes[:-1] if rows[at].attempted_at > now - timedelta(days=7))
    return Alerts(failures, tuple(row for row in recent if row.is_new_device))
