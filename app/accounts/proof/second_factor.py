"""The second factor of an officer: enrol, check, recover, take off. Callers own the transaction."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.accounts.proof import one_time_codes
from app.accounts.proof.models import RecoveryCode, SecondFactor
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.types import in_row


def is_enrolled(session: Session, officer_id: int) -> bool:
    """Whether a second factor is in use."""
    found = session.get(SecondFactor, officer_id)
    return found is not None and found.confirmed_at is not None


def codes_left(session: Session, officer_id: int) -> int:
    """How many recovery codes were not used yet."""
    unused = (RecoveryCode.officer_id == officer_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(unused)) or 0


def begin(session: Session, officer_id: int) -> None:
    """Make a secret to be confirmed by a first code; one that waits already stays, one in use too."""
    if session.get(SecondFactor, officer_id) is None:
        secret = in_row(one_time_codes.new_secret(), officer_id)
        session.add(SecondFactor(officer_id=officer_id, secret=secret, created_at=clock.now()))


def waiting_secret(session: Session, officer_id: int) -> str | None:
    """The secret that waits for its first code, to be shown; None when there is none or it is in use."""
    found = session.get(SecondFactor, officer_id)
    if found is None or found.confirmed_at is not None:
        return None
    return found.secret


def confirm(session: Session, officer_id: int, typed: str) -> list[str] | None:
    """Take the first code; the recovery codes, which are kept nowhere, or None when the code is wrong."""
    found = session.get(SecondFactor, officer_id, with_for_update=True)
    if found is None or found.confirmed_at is not None or not _accept(found, typed, clock.now()):
        return None
    found.confirmed_at = clock.now()
    record(session, officer_id, Action.FACTOR_ENROL, f"officer:{officer_id}")
    return _renew(session, officer_id)


def check(session: Session, officer_id: int, typed: str) -> bool:
    """Whether a code, or a recovery code, is right. Either works once; a refused one is on record."""
    found = session.get(SecondFactor, officer_id, with_for_update=True)
    if found is None or found.confirmed_at is None:
        return False
    if _accept(found, typed, clock.now()):
        return True
    spent = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.officer_id == officer_id,
            RecoveryCode.code_hash == one_time_codes.recovery_hash(officer_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    ).all()
    if spent:
        record(session, officer_id, Action.FACTOR_RECOVER, f"officer:{officer_id}")
        return True
    record(session, officer_id, Action.FACTOR_REFUSED, f"officer:{officer_id}")
    return False


def renew_codes(session: Session, officer_id: int) -> list[str]:
    """New recovery codes in place of all old ones; shown once, kept nowhere."""
    record(session, officer_id, Action.FACTOR_ENROL, f"officer:{officer_id}", {"recovery_codes": "renewed"})
    return _renew(session, officer_id)


def take_off(session: Session, actor_id: int | None, officer_id: int) -> None:
    """Forget secret and recovery codes; whoever has to have a second factor enrols anew at the next page."""
    session.execute(delete(SecondFactor).where(SecondFactor.officer_id == officer_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))
    record(session, actor_id, Action.FACTOR_RESET, f"officer:{officer_id}")


def _renew(session: Session, officer_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))
    codes = one_time_codes.new_recovery_codes()
    for code in codes:
        code_hash = one_time_codes.recovery_hash(officer_id, code)
        session.add(RecoveryCode(officer_id=officer_id, code_hash=code_hash, used_at=None))
    return codes


def _accept(factor: SecondFactor, typed: str, now: datetime) -> bool:
    """Check a code and, when right, let no code up to it be used again."""
    step = one_time_codes.matching_step(factor.secret, typed, now, factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True
