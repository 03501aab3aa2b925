"""Signing in through the identity provider: what is remembered meanwhile, and which officer comes back.

An officer exists here first; the provider makes none. At the first such sign-in the claimed user name, compared as
ours are (so another case is no twin), finds the officer, and the provider's lasting name for the person is kept with
the account. From then on only that name counts: a user name given to somebody else there opens nothing here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import keys, passwords, queries
from app.accounts.models import Officer
from app.accounts.proof.models import Invitation, SingleSignOnLink, SingleSignOnStart
from app.accounts.proof.provider import Person
from app.audit.services import record
from app.audit.tags import Action

LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that was sent off to the provider."""

    nonce: str
    code_verifier: str
    next_path: str


def start(session: Session, state: str, started: Started, now: datetime) -> None:
    """Remember a sign-in under the hash of its state; forgotten ones go."""
    session.execute(delete(SingleSignOnStart).where(SingleSignOnStart.created_at < now - LONGEST))
    session.add(
        SingleSignOnStart(
            state_hash=keys.session_hash(state),
            nonce=started.nonce,
            code_verifier=started.code_verifier,
            next_path=started.next_path[:300],
            created_at=now,
        )
    )


def take(session: Session, state: str, now: datetime) -> Started | None:
    """What was remembered under a state, which is worth nothing afterwards; None when there is nothing or too late."""
    row = session.execute(
        delete(SingleSignOnStart)
        .where(SingleSignOnStart.state_hash == keys.session_hash(state))
        .returning(
            SingleSignOnStart.nonce,
            SingleSignOnStart.code_verifier,
            SingleSignOnStart.next_path,
            SingleSignOnStart.created_at,
        )
    ).first()
    if row is None or row.created_at < now - LONGEST:
        return None
    return Started(row.nonce, row.code_verifier, row.next_path)


def officer_of(session: Session, issuer: str, person: Person, now: datetime) -> Officer | None:
    """The officer a person is; linked at the first time. None for a stranger, a closed account, another's link."""
    linked = session.scalar(
        select(Officer)
        .join(SingleSignOnLink, SingleSignOnLink.officer_id == Officer.id)
        .where(SingleSignOnLink.issuer == issuer, SingleSignOnLink.subject == person.subject)
    )
    if linked is not None:
        return linked if linked.is_active else None
    officer = queries.officer_by_username(session, keys.normalise_username(person.claimed_name))
    if officer is None or not officer.is_active or session.get(SingleSignOnLink, officer.id) is not None:
        return None
    session.add(SingleSignOnLink(officer_id=officer.id, issuer=issuer, subject=person.subject, linked_at=now))
    if officer.must_change_password:  # no password of their own yet, and none is needed now
        officer.password_hash = passwords.hash_of_nobody()
        officer.must_change_password = False
        session.execute(delete(Invitation).where(Invitation.officer_id == officer.id))
    record(session, officer.id, Action.SINGLE_SIGN_ON_LINK, f"officer:{officer.id}")
    return officer
