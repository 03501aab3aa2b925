"""Who sent an identified case: kept apart from it, encrypted, erased on a day; a tombstone without a person stays."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.blind_index import blind_index, phone_digits
from app.crypto.types import in_row
from app.feedback.cases import history
from app.feedback.cases.access import Viewer
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseRequest, Reporter
from app.feedback.cases.readings import subject
from app.rules.queries import retention_on

PHONE_PURPOSE = "reporter.phone"


@dataclass(frozen=True, slots=True)
class Contact:
    """What a sender says about themselves, and the notice they agreed to, word for word. Empty means not said.

    ``wants_notices``: they asked to be told by message when something happens.
    """

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    notice: str = ""
    wants_notices: bool = False

    @property
    def can_be_reached(self) -> bool:
        """Whether there is a name and a way to write or call."""
        return bool(self.name and (self.phone or self.email or self.address))


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a reporter, or would."""

    case_id: str
    public_number: str
    erase_on: date
    erased_on: date | None
    batch: str | None


def store_contact(session: Session, case: Case, contact: Contact) -> None:
    """Keep who sent a case, until some time after it is closed."""
    session.add(
        Reporter(
            case_id=case.id,
            name=_sealed(contact.name, case),
            phone=_sealed(contact.phone, case),
            phone_index=phone_index(contact.phone) if contact.phone else None,
            email=_sealed(contact.email, case),
            address=_sealed(contact.address, case),
            notice_hash=hashlib.sha256(contact.notice.encode()).digest(),
            wants_notices=contact.wants_notices and bool(contact.phone or contact.email),
            erase_on=erase_day(session, case),
        )
    )


def phone_index(phone: str) -> bytes:
    """What a telephone number is found by."""
    return blind_index(PHONE_PURPOSE, phone, normalise=phone_digits)


def erase_day(session: Session, case: Case) -> date:
    """The day on which contact data of a case are due to go; before it is closed, as if it were closed on its term."""
    closed = case.closed_on or max(case.due_on or clock.local_date(), clock.local_date())
    return closed + timedelta(days=retention_on(session, closed).content.contact_after_closing.value)


def set_erase_day(session: Session, case: Case) -> None:
    """Reckon the day anew: a case was closed, or opened again."""
    found = session.get(Reporter, case.id)
    if found is not None and found.erased_on is None:
        found.erase_on = erase_day(session, case)


def erase(session: Session, case: Case, by: Viewer | None, batch: str, *, role: str | None = None) -> Tombstone | None:
    """Empty every personal column and leave the day and the batch; None where there is nobody to erase."""
    found = session.get(Reporter, case.id, with_for_update=True)
    if found is None:
        return None
    if found.erased_on is None:
        found.name = found.phone = found.phone_index = found.email = found.address = None
        found.wants_notices = False
        found.erased_on, found.batch = clock.local_date(), batch
        history.append(session, case, Event.CONTACT_ERASED, shown=True, by=by, role=role, detail={"batch": batch})
        record(
            session,
            None if by is None else by.officer_id,
            Action.CASE_ERASE_CONTACT,
            subject(case.id),
            {"batch": batch},
            case.unit_id,
        )
    return Tombstone(case.id, case.public_number, found.erase_on, found.erased_on, found.batch)


def erase_due(session: Session, today: date, *, dry_run: bool) -> list[Tombstone]:
    """Erase who sent cases closed long ago, in one batch, or tell whom that would be.

    Nobody is erased while a case is open or while a sender's request about it waits.
    """
    waits = exists().where(CaseRequest.case_id == Case.id, CaseRequest.decision.is_(None))
    due: tuple[ColumnElement[bool], ...] = (
        Reporter.erased_on.is_(None),
        Reporter.erase_on <= today,
        Case.state == State.CLOSED,
        ~waits,
    )
    rows = session.execute(
        select(Case, Reporter.erase_on).join(Reporter, Reporter.case_id == Case.id).where(*due).order_by(Case.id)
    ).all()
    if dry_run:
        return [Tombstone(case.id, case.public_number, erase_on, None, None) for case, erase_on in rows]
    batch = new_batch(today)
    return [stone for case, _erase_on in rows if (stone := erase(session, case, None, batch)) is not None]


def new_batch(today: date) -> str:
    """A number for what is erased together."""
    return f"{today:%Y%m%d}-{secrets.token_hex(3)}"


def _sealed(value: str, case: Case) -> str | None:
    return in_row(value, case.id) if value else None
