"""Files of any size, encrypted piece by piece (pure).

``format (1 byte) | key number (2) | salt (32)``, then pieces of 64 KiB, each with its tag. Every file has a key of its
own, derived (HKDF-SHA256) from the numbered key and the salt. The nonce of a piece is its number and whether it is the
last one: a piece left out, repeated, moved or cut off at the end does not open, nor does a file under another name.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.crypto.errors import NotEncryptedError, TamperedError
from app.crypto.keeper import Keeper
from app.crypto.ring import HEADER, KEY_BYTES, NONCE_BYTES, TAG_BYTES, header_of

FORMAT = 1
SALT_BYTES = 32
HEAD_BYTES = HEADER.size + SALT_BYTES
PIECE_BYTES = 64 * 1024
SEALED_BYTES = PIECE_BYTES + TAG_BYTES


def encrypt_stream(keys: Keeper, source: Iterable[bytes], bound_to: bytes) -> Iterator[bytes]:
    """Encrypt what ``source`` gives, in pieces of any size; holds one piece at a time."""
    ring = keys.ring()
    head = header_of(ring.active) + secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(ring.key(ring.active), head)
    yield head
    for number, (piece, is_last) in enumerate(_pieces(source, PIECE_BYTES)):
        yield cipher.encrypt(_nonce(number, is_last=is_last), piece, head + bound_to)


def decrypt_stream(keys: Keeper, source: Iterable[bytes], bound_to: bytes) -> Iterator[bytes]:
    """Undo ``encrypt_stream``. Every piece is authentic when given; only the end tells that none is missing.

    Raises
    ------
    NotEncryptedError, UnknownKeyError, TamperedError
        The last one also in the middle or at the end: whoever passes pieces on must break off then.
    """
    parts = iter(source)
    start = b""
    while len(start) < HEAD_BYTES and (part := next(parts, None)) is not None:
        start += part
    head = start[:HEAD_BYTES]
    key_id = file_key_id(head)
    cipher = _cipher(keys.ring_with(key_id).key(key_id), head)
    for number, (piece, is_last) in enumerate(_pieces(_chain(start[HEAD_BYTES:], parts), SEALED_BYTES)):
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), piece, head + bound_to)
        except InvalidTag as error:
            raise TamperedError(f"An encrypted file (key {key_id}) was changed, cut short or renamed.") from error


def file_key_id(head: bytes) -> int:
    """The number of the key of a file, from its first bytes; raises ``NotEncryptedError``."""
    if len(head) < HEAD_BYTES or head[0] != FORMAT:
        raise NotEncryptedError("A stored file that must be encrypted is not.")
    _, key_id = HEADER.unpack_from(head)
    return int(key_id)


def _cipher(key: bytes, head: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=head[HEADER.size :], info=b"langnghe file").derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _pieces(source: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of exactly ``size`` but for the last, which is marked and, of nothing, empty."""
    waiting = bytearray()
    for part in source:
        waiting += part
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True
