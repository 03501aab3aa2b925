"""Who can be reached, where, and how much they want to be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.models import Officer
from app.messages.states import Channel


@dataclass(frozen=True, slots=True)
class Reach:
    """An address that was proven."""

    officer_id: int
    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """An address as its officer sees it; ``masked`` is all that others see."""

    channel: Channel
    address: str
    level: Level
    verified_at: datetime | None
    code_until: datetime | None

    @property
    def masked(self) -> str:
        """Enough to recognise it, not enough to write there."""
        return mask(self.address)


def mask(address: str) -> str:
    """``an•••@tinh.gov.vn``, ``+84•••678``."""
    name, at, host = address.partition("@")
    return f"{name[:2]}•••@{host}" if at else f"{address[:3]}•••{address[-3:]}"


def of_officer(session: Session, officer_id: int) -> dict[Channel, ContactLine]:
    """The addresses of an officer."""
    rows = session.scalars(select(OfficerContact).where(OfficerContact.officer_id == officer_id))
    return {
        row.channel: ContactLine(row.channel, row.address, row.level, row.verified_at, row.code_until) for row in rows
    }


def of_officers(session: Session, officer_ids: Collection[int]) -> dict[int, dict[Channel, ContactLine]]:
    """The same for many."""
    rows = session.scalars(select(OfficerContact).where(OfficerContact.officer_id.in_(officer_ids)))
    found: dict[int, dict[Channel, ContactLine]] = {}
    for row in rows:
        line = ContactLine(row.channel, row.address, row.level, row.verified_at, row.code_until)
        found.setdefault(row.officer_id, {})[row.channel] = line
    return found


def reachable(session: Session, *, single: bool) -> Mapping[int, list[Reach]]:
    """The proven addresses of active officers who want a digest, or (``single``) single messages as well."""
    levels = [Level.EACH] if single else [Level.EACH, Level.DIGEST]
    rows = session.scalars(
        select(OfficerContact)
        .join(Officer, Officer.id == OfficerContact.officer_id)
        .where(Officer.is_active, OfficerContact.verified_at.is_not(None), OfficerContact.level.in_(levels))
        .order_by(OfficerContact.officer_id, OfficerContact.channel)
    )
    found: dict[int, list[Reach]] = {}
    for row in rows:
        found.setdefault(row.officer_id, []).append(Reach(row.officer_id, row.channel, row.address))
    return found


def is_current(session: Session, officer_id: int, channel: Channel, address: str, *, single: bool) -> bool:
    """Whether a message that waits may still go to an address: it is the officer's own and wanted."""
    found = session.get(OfficerContact, (officer_id, channel))
    officer = session.get(Officer, officer_id)
    if found is None or officer is None or not officer.is_active or found.verified_at is None:
        return False
    return found.address == address and (found.level is Level.EACH or (found.level is Level.DIGEST and not single))
