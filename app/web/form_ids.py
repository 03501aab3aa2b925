"""Signed one-time form ids (pure).

A public page that posts carries a form id: sixteen random bytes, the minute it was made, and a signature over both
together with the purpose and what the form is bound to (a token). It needs no cookie, tells a replay from a second
answer, stops posts that did not come from our page, and cannot serve another purpose or another counter.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

SIGNATURE_BYTES = 15
LENGTH = 48  # characters of base64: 16 random bytes, 5 bytes of seconds, 15 of signature


class BadFormId(Exception):
    """The form id is missing, damaged, forged, or made for something else."""


@dataclass(frozen=True, slots=True)
class FormId:
    """A form id whose signature holds."""

    value: bytes
    issued_at: datetime

    def age_seconds(self, now: datetime) -> int:
        """Seconds since the page was made; negative when clocks disagree."""
        return int((now - self.issued_at).total_seconds())


def make(secret: bytes, purpose: str, bound_to: str, now: datetime, value: bytes | None = None) -> str:
    """Text of a new form id, ``LENGTH`` characters; ``value`` carries the id of an earlier step on."""
    body = (value or secrets.token_bytes(16)) + struct.pack(">Q", int(now.timestamp()))[3:]
    return base64.urlsafe_b64encode(body + _sign(secret, purpose, bound_to, body)).decode("ascii")


def read(secret: bytes, purpose: str, bound_to: str, text: str) -> FormId:
    """Check the signature and open a form id.

    Raises
    ------
    BadFormId
        Whatever is wrong with it; nothing more is told.
    """
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadFormId from error
    body, signature = raw[:21], raw[21:]
    if len(text) != LENGTH or not hmac.compare_digest(signature, _sign(secret, purpose, bound_to, body)):
        raise BadFormId
    seconds = struct.unpack(">Q", b"\0\0\0" + body[16:])[0]
    return FormId(body[:16], datetime.fromtimestamp(seconds, UTC))


def _sign(secret: bytes, purpose: str, bound_to: str, body: bytes) -> bytes:
    message = b"\0".join((purpose.encode(), bound_to.encode(), body))
    return hashlib.blake2b(message, key=secret[:64], digest_size=SIGNATURE_BYTES, person=b"langnghe-form").digest()
