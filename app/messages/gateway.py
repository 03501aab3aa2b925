"""An SMS or Zalo gateway as an HTTP adapter; the contract it keeps stands in docs/message-gateway.md.

One request a message, no redirects, the address from the settings only. The gateway knows a message by its number and
takes it once, so an unknown end is tried again.
"""

import http.client
import json
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from app import clock
from app.messages.transports import Ending, Parcel, Tried

SECONDS = 20
LONGEST_ANSWER = 64 * 1024
AGAIN = frozenset({408, 425, 429})
ABOUT_US = frozenset({401, 403, 404, 405})
"""A wrong key or address: nothing is wrong with the message, so it waits until the settings are mended."""
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class Gateway:
    """Where the gateway listens, and the key both sides know."""

    url: str
    key: str = field(repr=False)
    knows_repeats = True

    def send(self, parcel: Parcel) -> Tried:
        """Hand one message to the gateway."""
        parts = urlsplit(self.url)
        body = {"id": parcel.message_id, "to": parcel.recipient, "text": parcel.text.short, "language": parcel.language}
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": parcel.message_id,
        }
        try:
            with closing(_connection(parts.scheme, parts.hostname or "", parts.port)) as connection:
                connection.request("POST", f"{parts.path.rstrip('/')}/messages", json.dumps(body), headers)
                answer = connection.getresponse()
                wait = asked_to_wait(answer.getheader("Retry-After") or "")
                return _understood(answer.status, answer.read(LONGEST_ANSWER), wait)
        except (OSError, http.client.HTTPException):
            return Tried(Ending.UNKNOWN, "no-answer")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def asked_to_wait(said: str) -> timedelta:
    """What ``Retry-After`` asks for, in seconds or as a moment, a day at most; nothing for anything else."""
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta(0)
    if until.tzinfo is None:  # RFC 9110 knows GMT only
        return timedelta(0)
    return min(max(until - clock.now(), timedelta(0)), LONGEST_WAIT)


def _understood(status: int, body: bytes, wait: timedelta) -> Tried:
    if status in {200, 201, 202, 409}:  # 409: it has this message already
        return Tried(Ending.ACCEPTED, reference=_reference(body))
    if status in ABOUT_US:
        return Tried(Ending.TEMPORARY, f"settings-{status}", wait=wait)
    if status in AGAIN or status >= 500:
        return Tried(Ending.TEMPORARY, f"later-{status}", wait=wait)
    return Tried(Ending.PERMANENT, f"refused-{status}")


def _reference(body: bytes) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    reference = said.get("reference") if isinstance(said, dict) else None
    return reference[:120] if isinstance(reference, str) and reference.isprintable() else None
