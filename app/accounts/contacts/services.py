"""Enter, prove, choose and drop an address; put messages to officers into the outbox. Callers own the transaction.

An address gets nothing but a code until the officer has typed that code in. The record of acts is told which channel,
never which address.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts.errors import NoContact, TooSoon
from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.contacts.queries import Reach
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.blind_index import blind_index, phone_digits, plain_words
from app.crypto.types import in_row
from app.messages import addresses
from app.messages.services import VALID_FOR, enqueue
from app.messages.states import Channel

CODE_LIVES = timedelta(minutes=30)
BETWEEN_CODES = timedelta(minutes=1)
MOST_TRIES = 5
CODE_PURPOSE = "officer_contact.code"
NO_CONTACT = "Ông/Bà chưa ghi địa chỉ này."
WRONG_CODE = "Mã chưa đúng, đã quá 30 phút hoặc đã nhập sai quá 5 lần. Xin nhập lại, hoặc lấy mã mới."
TOO_SOON = "Vừa gửi một mã. Xin đợi một phút rồi lấy mã mới."


def enter(session: Session, by: int, officer_id: int, channel: Channel, typed: str) -> str:
    """Take an address, unproven, and send it a code; the same address again changes nothing. Gives it as stored.

    Raises
    ------
    BadAddress
        When nothing can be sent there.
    """
    address = addresses.check(channel, normal(channel, typed))
    found = session.get(OfficerContact, (officer_id, channel), with_for_update=True)
    if found is not None and found.address == address:
        return address
    now = clock.now()
    if found is None:
        found = OfficerContact(officer_id=officer_id, channel=channel, level=Level.DIGEST, tries=0)
        session.add(found)
    found.address, found.verified_at = in_row(address, officer_id), None
    found.entered_at, found.entered_by = now, by
    _send_code(session, found, address, now)
    record(session, by, Action.CONTACT_ENTER, f"officer:{officer_id}", {"channel": channel.value})
    return address


def send_code_again(session: Session, officer_id: int, channel: Channel) -> None:
    """Send a new code in place of the old one.

    Raises
    ------
    NoContact, TooSoon
        When there is nothing to prove, or a code was sent a moment ago.
    """
    found = _own(session, officer_id, channel)
    now = clock.now()
    if found.code_until is not None and found.code_until - CODE_LIVES + BETWEEN_CODES > now:
        raise TooSoon(TOO_SOON)
    if found.verified_at is None:
        _send_code(session, found, found.address, now)


def confirm(session: Session, officer_id: int, channel: Channel, typed: str) -> bool:
    """Prove an address with its code. A wrong try is counted, so callers commit whatever this gives."""
    found = _own(session, officer_id, channel)
    if found.verified_at is not None:
        return True
    if found.code_mark is None or found.code_until is None or found.code_until < clock.now():
        return False
    if found.tries >= MOST_TRIES:
        return False
    found.tries += 1
    if not hmac.compare_digest(found.code_mark, _mark(found, "".join(typed.split()))):
        return False
    found.verified_at, found.code_mark, found.code_until = clock.now(), None, None
    record(session, officer_id, Action.CONTACT_PROVE, f"officer:{officer_id}", {"channel": channel.value})
    return True


def choose(session: Session, officer_id: int, channel: Channel, level: Level) -> None:
    """Say how much to be told there."""
    found = _own(session, officer_id, channel)
    if found.level is not level:
        found.level = level
        detail = {"channel": channel.value, "level": level.value}
        record(session, officer_id, Action.CONTACT_CHOOSE, f"officer:{officer_id}", detail)


def drop(session: Session, by: int, officer_id: int, channel: Channel) -> None:
    """Forget an address. What waits for it is not sent: the worker asks whether it still holds."""
    session.delete(_own(session, officer_id, channel))
    record(session, by, Action.CONTACT_DROP, f"officer:{officer_id}", {"channel": channel.value})


def tell(
    session: Session,
    reaches: Iterable[Reach],
    template: str,
    values: Mapping[str, str],
    *,
    about: str | None,
    once: str,
    not_before: datetime | None = None,
    valid_for: timedelta = VALID_FOR,
) -> int:
    """Put a message for each address into the outbox, once for each key; how many are new."""
    count = 0
    for reach in reaches:
        number = enqueue(
            session,
            reach.channel,
            template,
            reach.address,
            values,
            about=about,
            once=f"{once}:{reach.officer_id}:{reach.channel.value}",
            not_before=not_before,
            valid_for=valid_for,
        )
        count += number is not None
    return count


def normal(channel: Channel, typed: str) -> str:
    """An address as it is stored: no blanks, a telephone number with the code of the country."""
    text = "".join(typed.split())
    if channel is Channel.EMAIL:
        return text
    if text.startswith("+") and not text.startswith("+84"):
        return "+" + "".join(sign for sign in text if sign.isascii() and sign.isdecimal())
    digits = phone_digits(text)
    return f"+84{digits[1:]}" if digits.startswith("0") else text


def _send_code(session: Session, contact: OfficerContact, address: str, now: datetime) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    contact.code_mark, contact.code_until, contact.tries = _mark(contact, code), now + CODE_LIVES, 0
    enqueue(session, contact.channel, "contact-code", address, {"code": code}, valid_for=CODE_LIVES)


def _mark(contact: OfficerContact, code: str) -> bytes:
    return blind_index(CODE_PURPOSE, f"{contact.officer_id} {contact.channel.value} {code[:20]}", normalise=plain_words)


def _own(session: Session, officer_id: int, channel: Channel) -> OfficerContact:
    found = session.get(OfficerContact, (officer_id, channel), with_for_update=True)
    if found is None:
        raise NoContact(NO_CONTACT)
    return found
