"""What a browser uploads lies in plain on no disk, not even for the time of a request.

The framework would put parts beyond half a megabyte into a plain temporary file, which a crash or a stolen disk
gives away. Here they go to a nameless file, encrypted with a key that exists only in this process and request.
"""

import io
import secrets
import tempfile
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from flask import Request

MOST_IN_MEMORY = 256 * 1024
BLOCK_BYTES = 16


class Spool(io.RawIOBase):
    """A file that is written once, from its start to its end, and then read anywhere."""

    def __init__(self, most_in_memory: int = MOST_IN_MEMORY) -> None:
        super().__init__()
        self._most_in_memory = most_in_memory
        self._key = AES256(secrets.token_bytes(32))
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._size = self._place = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes, at the end."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place of the next reading or writing."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("There is nothing before the start of a file.")
        self._place = start + offset
        return self._place

    def write(self, data: Any) -> int:
        """Append. Writing anywhere else would encrypt twice alike, and is refused."""
        if self._place != self._size:
            raise io.UnsupportedOperation("This file is only written at its end.")
        plain = bytes(data)
        if self._file is None and self._size + len(plain) > self._most_in_memory:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this one
            self._file.write(self._transformed(bytes(self._memory), 0))
            self._memory.clear()
        if self._file is None:
            self._memory += plain
        else:
            self._file.seek(self._size)
            self._file.write(self._transformed(plain, self._size))
        self._size += len(plain)
        self._place = self._size
        return len(plain)

    def readinto(self, buffer: Any) -> int:
        """Read on from the present place."""
        wanted = min(len(buffer), max(0, self._size - self._place))
        if self._file is None:
            found = bytes(self._memory[self._place : self._place + wanted])
        else:
            self._file.seek(self._place)
            found = self._transformed(self._file.read(wanted), self._place)
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def readall(self) -> bytes:
        """The rest, in one piece."""
        rest = bytearray(max(0, self._size - self._place))
        self.readinto(rest)
        return bytes(rest)

    def close(self) -> None:
        """Let go of everything."""
        if self._file is not None:
            self._file.close()
        self._memory = bytearray()
        super().close()

    def _transformed(self, data: bytes, at: int) -> bytes:
        """Encrypted or decrypted, which is the same: the stream of the key from this place on, laid over the data."""
        block, inside = divmod(at, BLOCK_BYTES)
        cipher = Cipher(self._key, CTR(block.to_bytes(BLOCK_BYTES, "big"))).encryptor()
        return (cipher.update(bytes(inside) + data) + cipher.finalize())[inside:]


class UploadRequest(Request):
    """A request whose uploads are spooled as above."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Spool()  # type: ignore[return-value]  # all of it that a form parser and its readers use
