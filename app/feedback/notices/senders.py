"""How the sender of a case is told, if they asked to be: one way, the first that works."""

from app.accounts.contacts.services import normal
from app.feedback.cases.models import Reporter
from app.messages import addresses
from app.messages.addresses import BadAddress
from app.messages.states import Channel

Way = tuple[Channel, str]


def way_to(reporter: Reporter) -> Way | None:
    """E-mail where it is an address that mail can go to, else the telephone; None: they did not ask, or cannot be."""
    if not reporter.wants_notices or reporter.erased_on is not None:
        return None
    for channel, typed in ((Channel.EMAIL, reporter.email), (Channel.PHONE, reporter.phone)):
        try:
            return channel, addresses.check(channel, normal(channel, typed or ""))
        except BadAddress:
            continue
    return None
