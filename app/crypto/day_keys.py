"""Keys that live one day (pure but for the files they are kept in).

Answers of a day not yet closed are encrypted with a key that lies in a file outside the database. Day closing
destroys the file; whatever the database still holds of that day (write-ahead log, free pages, backups, replicas) is
then noise, and no one can tell who answered before whom. See docs/adr/0005-day-keys.md.
"""

import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class DayKeyLostError(Exception):
    """The key of a day that still has answers is not there; they cannot be read any more."""


class DayKeys:
    """The keys in one folder, shared by all processes that take answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: tuple[date, AESGCM] | None = None

    def encrypt(self, day: date, data: bytes, bound_to: bytes) -> bytes:
        """Encrypt with the day's key, which is made when missing; only with the same ``bound_to`` it opens again."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(day, may_create=True).encrypt(nonce, data, bound_to)

    def decrypt(self, day: date, data: bytes, bound_to: bytes) -> bytes:
        """Undo ``encrypt``.

        Raises
        ------
        DayKeyLostError
            When the day's key file is gone.
        cryptography.exceptions.InvalidTag
            When the data were changed or belong to another row.
        """
        return self._cipher(day, may_create=False).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to)

    def destroy(self, day: date) -> None:
        """Overwrite and remove the day's key; nothing happens when it is gone already."""
        self._open = None
        path = self._path(day)
        with suppress(FileNotFoundError):
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()

    def days(self) -> list[date]:
        """The days whose keys still exist, oldest first."""
        return sorted(date.fromisoformat(path.stem) for path in self._folder.glob("????-??-??.key"))

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.key"

    def _cipher(self, day: date, *, may_create: bool) -> AESGCM:
        if self._open is not None and self._open[0] == day:
            return self._open[1]
        path = self._path(day)
        if not path.is_file():
            if not may_create:
                raise DayKeyLostError(day.isoformat())
            self._create(path)
        cipher = AESGCM(path.read_bytes())
        self._open = (day, cipher)
        return cipher

    def _create(self, path: Path) -> None:
        """Write the key beside its place and link it there: the first process wins, no half-written key is read."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(6)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
