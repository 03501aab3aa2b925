"""The keys of this process: read once, read anew when they have changed.

A rotation adds a key and makes it active while web workers run. A worker notices in two ways: it looks at the place
of the keys again before it encrypts (at most once a second), and it reads all keys anew when a value bears a number
it does not know.
"""

import time

from app.crypto.errors import KeysMissingError, UnknownKeyError
from app.crypto.ring import KeyRing, key_id_of
from app.crypto.sources import KeySource

LOOK_AGAIN_SECONDS = 1.0


class Keeper:
    """Holds the ring of one source."""

    def __init__(self, source: KeySource) -> None:
        self.source = source
        self._ring: KeyRing | None = None
        self._stamp: object = None
        self._looked = 0.0

    def ring(self) -> KeyRing:
        """The ring to encrypt with; at most a second old."""
        now = time.monotonic()
        if self._ring is not None and now - self._looked < LOOK_AGAIN_SECONDS:
            return self._ring
        self._looked = now
        if self._ring is None or self._changed():
            return self.reread()
        return self._ring

    def ring_with(self, key_id: int) -> KeyRing:
        """The ring to decrypt with: read anew when the key is not in it.

        Raises
        ------
        UnknownKeyError
            When the key is not there either.
        """
        ring = self._ring or self.reread()
        if key_id not in ring:
            ring = self.reread()
            if key_id not in ring:
                raise UnknownKeyError(key_id)
        return ring

    def reread(self) -> KeyRing:
        """Read all keys from their source."""
        stamp = self._stamp_now()  # taken first: a change while reading is then seen the next time
        self._ring = self.source.load()
        self._stamp = stamp
        return self._ring

    def encrypt(self, data: bytes, bound_to: bytes) -> bytes:
        """Encrypt with the active key."""
        return self.ring().encrypt(data, bound_to)

    def decrypt(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Undo ``encrypt``; raises what ``KeyRing.decrypt`` raises."""
        return self.ring_with(key_id_of(sealed)).decrypt(sealed, bound_to)

    def _changed(self) -> bool:
        return self._stamp_now() != self._stamp

    def _stamp_now(self) -> object:
        try:
            return self.source.stamp()
        except OSError:
            return self._stamp  # the folder is out of reach for a moment: what was read goes on


_keeper: list[Keeper] = []


def use(keeper: Keeper) -> None:
    """Let this process use these keys."""
    _keeper[:] = [keeper]


def current() -> Keeper:
    """The keys of this process; raises ``KeysMissingError`` where none were handed over."""
    if not _keeper:
        raise KeysMissingError("This process was given no encryption keys.")
    return _keeper[0]
