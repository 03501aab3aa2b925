"""The key ring: keys with numbers, one of them active (pure).

A stored value is ``format (1 byte) | key number (2) | nonce (12) | data | tag (16)``: 31 bytes more than the data.
AES-256-GCM; the first three bytes and the place where the value belongs are authenticated with it. A nonce is random:
one key may encrypt 2**32 values before two equal nonces become as likely as 2**-32, so rotate long before.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.crypto.errors import KeysUnreadableError, NotEncryptedError, TamperedError, UnknownKeyError

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER = struct.Struct(">BH")
LARGEST_KEY_ID = 0xFFFF
OVERHEAD = HEADER.size + NONCE_BYTES + TAG_BYTES
CHECK_BYTES = 8


@dataclass(frozen=True)
class KeyRing:
    """Keys by number; ``active`` encrypts, all of them decrypt. ``index_key`` is for blind indexes alone."""

    active: int
    keys: Mapping[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    _ciphers: dict[int, AESGCM] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse keys of a wrong length, a wrong number, one key under two numbers, or an active key not there."""
        if self.active not in self.keys:
            raise KeysUnreadableError(f"The active key {self.active} is not in the key ring.")
        if not all(0 < key_id <= LARGEST_KEY_ID for key_id in self.keys):
            raise KeysUnreadableError(f"Keys are numbered from 1 to {LARGEST_KEY_ID}.")
        everything = [*self.keys.values(), self.index_key]
        if any(len(key) != KEY_BYTES for key in everything):
            raise KeysUnreadableError(f"A key must be {KEY_BYTES} bytes long.")
        if len(set(everything)) != len(everything):
            raise KeysUnreadableError("Two keys of the key ring are the same.")

    def __contains__(self, key_id: int) -> bool:
        return key_id in self.keys

    def encrypt(self, data: bytes, bound_to: bytes) -> bytes:
        """Encrypt with the active key; it opens again only with the same ``bound_to``."""
        header = HEADER.pack(FORMAT, self.active)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return header + nonce + self._cipher(self.active).encrypt(nonce, data, header + bound_to)

    def decrypt(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Undo ``encrypt``.

        Raises
        ------
        NotEncryptedError
            When the value has another form.
        UnknownKeyError
            When its key is not in the ring.
        TamperedError
            When it was changed, belongs elsewhere, or was made with another key of this number.
        """
        key_id = key_id_of(sealed)
        header, start = sealed[: HEADER.size], HEADER.size + NONCE_BYTES
        try:
            return self._cipher(key_id).decrypt(sealed[HEADER.size : start], sealed[start:], header + bound_to)
        except InvalidTag as error:
            raise TamperedError(f"An encrypted value (key {key_id}) does not open: changed or moved.") from error

    def key(self, key_id: int) -> bytes:
        """The key of that number; raises ``UnknownKeyError``."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKeyError(key_id) from None

    def check_value(self, key_id: int) -> bytes:
        """What tells, without giving it away, whether a key is the one that bore this number before."""
        return hmac.digest(self.key(key_id), b"langnghe key check", hashlib.sha256)[:CHECK_BYTES]

    def _cipher(self, key_id: int) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            cipher = self._ciphers[key_id] = AESGCM(self.key(key_id))
        return cipher


def header_of(key_id: int) -> bytes:
    """With what every value begins that was encrypted with this key."""
    return HEADER.pack(FORMAT, key_id)


def key_id_of(sealed: bytes) -> int:
    """The number of the key that encrypted a value; raises ``NotEncryptedError`` when it has another form."""
    if len(sealed) < OVERHEAD or sealed[0] != FORMAT:
        raise NotEncryptedError("A stored value that must be encrypted is not.")
    _, key_id = HEADER.unpack_from(sealed)
    return int(key_id)
