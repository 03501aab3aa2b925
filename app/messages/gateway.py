"""An SMS or Zalo gateway as an HTTP adapter; the contract it keeps stands in docs/message-gateway.md.

One request a message, no redirects, the address from the settings only. The gateway knows a message by its number and
takes it once, so an unknown end is tried again.
"""

import http.client
import json
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.messages.transports import Ending, Parcel, Tried

SECONDS = 20
LONGEST_ANSWER = 64 * 1024
AGAIN = frozenset({408, 425, 429})


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
                return _understood(answer.status, answer.read(LONGEST_ANSWER))
        except (OSError, http.client.HTTPException):
            return Tried(Ending.UNKNOWN, "no-answer")


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _understood(status: int, body: bytes) -> Tried:
    if status in {200, 201, 202, 409}:  # 409: it has this message already
        return Tried(Ending.ACCEPTED, reference=_reference(body))
    if status in AGAIN or status >= 500:
        return Tried(Ending.TEMPORARY, f"refused-{status}")
    return Tried(Ending.PERMANENT, f"refused-{status}")


def _reference(body: bytes) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    reference = said.get("reference") if isinstance(said, dict) else None
    return reference[:120] if isinstance(reference, str) and reference.isprintable() else None
