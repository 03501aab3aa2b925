"""The one way to keep a file: encrypted on the way in, under a random name, never plain on any disk.

The name is all that a table needs to hold, beside what people call the file. Access is decided by whoever owns that
row; a name opens nothing by itself, and no route serves the folder.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.crypto import keeper
from app.crypto.streams import HEAD_BYTES, decrypt_stream, encrypt_stream, file_key_id
from app.errors import Missing
from app.files.storage import Storage

PLACE = "files"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file once it is stored: its name, its plain size and its plain SHA-256."""

    name: str
    size: int
    checksum: str


class FileStore:
    """Encrypted files in a storage."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def save(self, content: Iterable[bytes]) -> StoredFile:
        """Store a file given piece by piece; when reading ``content`` fails, nothing of it stays."""
        name, measured = secrets.token_hex(16), _Measured(content)
        self.storage.put(name, encrypt_stream(keeper.current(), measured, _bound_to(name)))
        return StoredFile(name, measured.size, measured.checksum)

    def read(self, name: str) -> Iterator[bytes]:
        """The plain content, piece by piece.

        Raises
        ------
        Missing
            At once, when there is no such file.
        EncryptionError
            While reading, when the file was changed; a response that has begun must be broken off then.
        """
        return decrypt_stream(keeper.current(), self._sealed(name), _bound_to(name))

    def erase(self, name: str) -> None:
        """Remove a file for good; nothing happens when it is gone already.

        Blocks of a disk may outlive the file, encrypted: they are noise once the key they bear has been retired.
        """
        self.storage.delete(name)

    def names(self) -> list[str]:
        """All files, by name."""
        return self.storage.names()

    def key_id(self, name: str) -> int:
        """The number of the key that encrypts a file; raises ``Missing``."""
        start = b""
        for part in self._sealed(name):
            start += part
            if len(start) >= HEAD_BYTES:
                break
        return file_key_id(start[:HEAD_BYTES])

    def encrypt_anew(self, name: str) -> bool:
        """Encrypt a file with the active key; the plain pieces exist in memory only. False: it is gone."""
        try:
            return self.storage.replace(name, encrypt_stream(keeper.current(), self.read(name), _bound_to(name)))
        except Missing:
            return False

    def stale(self, older_than_seconds: float) -> list[str]:
        """Files that have lain here at least so long, by name."""
        return self.storage.stale(older_than_seconds)

    def sweep(self, older_than_seconds: float) -> int:
        """Remove what interrupted uploads left; how many drafts went."""
        return self.storage.sweep(older_than_seconds)

    def _sealed(self, name: str) -> Iterator[bytes]:
        try:
            return self.storage.get(name)
        except FileNotFoundError:
            raise Missing("Không tìm thấy tệp này.") from None


class _Measured:
    """Counts and sums what passes."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content = content
        self._sum = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._content:
            self._sum.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def checksum(self) -> str:
        return self._sum.hexdigest()


def _bound_to(name: str) -> bytes:
    return f"{PLACE}\x00{name}".encode()
