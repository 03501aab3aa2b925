"""A case that another system sends, opened as every other, once. Callers own the transaction."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.connections.models import ExchangeKey
from app.feedback.cases.errors import ContactNeeded
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import ExchangeCase
from app.feedback.exchange import attributes, repeats
from app.feedback.exchange.offers import Offer, offer_of
from app.feedback.exchange.reading import Posted, Refused
from app.feedback.exchange.repeats import Sending
from app.feedback.intake.services import Opened, Report, open_case
from app.units import queries as units


@dataclass(frozen=True, slots=True)
class Sent:
    """The case of a report; ``code`` is "" where it is not told again; ``is_new``: no other POST had opened it."""

    public_number: str
    code: str
    is_new: bool


def send(session: Session, key: ExchangeKey, sending: Sending, told: Posted, on: date) -> Sent:
    """Open a case for a system with a key, or find the one that the same report opened just before.

    Raises
    ------
    Refused
        404 for a service that is not offered to this key, 400 where the law asks who sends this kind, 422 where the
        report bears the name of another.
    """
    key.last_used_on = on
    found = repeats.before(session, sending)
    if found is not None:
        return Sent(found.public_number, found.code, is_new=False)
    offer = offer_of(session, told.service_code, on)
    if offer is None or offer.unit_id not in units.subtree_ids(session, key.unit_id, on):
        raise Refused(404, "service_code was not found")
    salt = repeats.new_salt(sending)
    opened = _open(session, offer, told, on, None if salt is None else sending.code(salt))
    session.add(ExchangeCase(case_id=opened.case_id, key_id=key.id))
    repeats.remember(session, sending, salt, opened.case_id)
    return Sent(opened.public_number, opened.code, is_new=True)


def _open(session: Session, offer: Offer, told: Posted, on: date, code: str | None) -> Opened:
    report = Report(
        kind=offer.kind,
        kind_asked=offer.kind,
        text=told.text,
        concerned_unit_id=offer.unit_id,
        counter_id=attributes.counter_of(session, offer, told.counter, on),
        happened_on=attributes.day_of(told.happened_on, on),
        channel=Channel.OTHER_SYSTEM,
        contact=told.contact,
    )
    try:
        return open_case(session, report, code=code)
    except ContactNeeded as error:
        raise Refused(400, str(error.message)) from None
