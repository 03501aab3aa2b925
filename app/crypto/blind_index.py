"""Finding encrypted values by equality, without the database learning them.

Beside the encrypted column stands another of sixteen bytes: the HMAC-SHA256 of the normalised value under a key of
its own, cut to its first half. Equal values give equal bytes within one purpose and unrelated ones between purposes,
so a phone number of a reporter is not found among those of officers. Whoever steals the database without the key can
tell which rows hold the same value, and nothing else: use it for what is nearly unique (a telephone number), never
for words of a citizen, a sex or a ward, whose frequencies would tell them.

Sixteen bytes keep different values apart (two of a thousand million coincide with a chance of 10**-21); shorter ones
would hide more and find too much. The index key is not rotated with the others: a new one means writing every index
column anew from the decrypted values.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

from app.crypto import keeper

INDEX_BYTES = 16


def blind_index(purpose: str, value: str, *, normalise: Callable[[str], str]) -> bytes:
    """The bytes to store and to look for. ``purpose`` is ``table.column``; both sides must normalise alike."""
    message = purpose.encode() + b"\x00" + normalise(value).encode()
    return hmac.digest(keeper.current().ring().index_key, message, hashlib.sha256)[:INDEX_BYTES]


def plain_words(value: str) -> str:
    """One Unicode form, no difference of case or spaces; tone marks count."""
    return " ".join(unicodedata.normalize("NFC", value).casefold().split())


def phone_digits(value: str) -> str:
    """A Vietnamese telephone number as it is dialled at home: ``+84 912…``, ``0084912…`` and ``0912…`` are the same."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", value) if sign.isdecimal())
    for abroad in ("0084", "84"):
        if digits.startswith(abroad) and len(digits) - len(abroad) >= 9:
            return "0" + digits.removeprefix(abroad).lstrip("0")
    return digits


def mail_address(value: str) -> str:
    """An address without difference of case: two people never have addresses that differ only in that."""
    return unicodedata.normalize("NFKC", value).strip().casefold()
