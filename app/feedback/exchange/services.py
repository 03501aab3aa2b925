"""A case that another system sends, opened as every other. Callers own the transaction."""

from datetime import date

from sqlalchemy.orm import Session

from app.accounts.connections.models import ExchangeKey
from app.feedback.cases.errors import ContactNeeded
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import ExchangeCase
from app.feedback.exchange.offers import offer_of
from app.feedback.exchange.reading import Posted, Refused
from app.feedback.intake.services import Opened, Report, open_case
from app.units import queries as units


def send(session: Session, key: ExchangeKey, told: Posted, on: date) -> Opened:
    """Open a case for a system with a key; the result holds the sender's code, once.

    Raises
    ------
    Refused
        404 for a service that is not offered to this key, 400 where the law asks who sends this kind.
    """
    offer = offer_of(session, told.service_code, on)
    if offer is None or offer.unit_id not in units.subtree_ids(session, key.unit_id, on):
        raise Refused(404, "service_code was not found")
    report = Report(
        kind=offer.kind,
        kind_asked=offer.kind,
        text=told.text,
        concerned_unit_id=offer.unit_id,
        channel=Channel.OTHER_SYSTEM,
        contact=told.contact,
    )
    try:
        opened = open_case(session, report)
    except ContactNeeded as error:
        raise Refused(400, str(error.message)) from None
    session.add(ExchangeCase(case_id=opened.case_id, key_id=key.id))
    key.last_used_on = on
    return opened
