"""Passwords known from breaches, in a file of SHA-1 hashes as it is widely given out, looked up without loading it.

One line a password, sorted: the hash in 40 hexadecimal signs, a colon, how often it was seen. Such a file may have
tens of gigabytes; a look-up reads some dozens of lines of it. No network is used and nothing leaves the machine.
"""

import hashlib
import re
from pathlib import Path
from typing import IO

from app.config import ConfigError
from app.errors import Conflict

_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]{1,12})?")
LONGEST_LINE = 64
SAMPLES = 64


class BadFileError(Exception):
    """The file cannot be used; the message says why."""


class NotChecked(Conflict):
    """A new password could not be held against the file."""


class BreachedPasswords:
    """The file of an installation."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self) -> None:
        """Look at both ends and at places between them.

        Raises
        ------
        BadFileError
            When the file cannot be read, has another form, or is not sorted.
        """
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
                places = sorted({0, *(size * part // SAMPLES for part in range(1, SAMPLES))})
                lines = [line for place in places if (line := _line_from(file, place))]
        except OSError as error:
            raise BadFileError(f"cannot be read ({error.strerror}).") from error
        if not lines or any(_LINE.fullmatch(line) is None for line in lines):
            raise BadFileError("must hold lines such as 40 hexadecimal signs, a colon and a number.")
        hashes = [line[:40].upper() for line in lines]
        if hashes != sorted(hashes):
            raise BadFileError("must be sorted by hash.")

    def knows(self, password: str) -> bool:
        """Whether the password stands in the file. A file that is gone or broken since the start raises OSError."""
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with self._path.open("rb") as file:
            low, high = 0, file.seek(0, 2)
            # The wanted line, if any, begins at low or behind it, and before high.
            while low < high:
                middle = (low + high) // 2
                line = _line_from(file, middle)
                if line and line[:40].upper() < wanted:
                    low = middle + 1
                else:
                    high = middle
            return _line_from(file, low)[:40].upper() == wanted


def _line_from(file: IO[bytes], place: int) -> bytes:
    """The first whole line that begins at a place or behind it; empty at the end."""
    if place:
        file.seek(place - 1)
        file.readline(LONGEST_LINE)
    else:
        file.seek(0)
    return file.readline(LONGEST_LINE).strip()


_in_use: list[BreachedPasswords] = []


def use(path: Path | None) -> None:
    """Hold new passwords of this process against a file from now on, or against none.

    Raises
    ------
    ConfigError
        When the file cannot be used.
    """
    _in_use.clear()
    if path is None:
        return
    found = BreachedPasswords(path)
    try:
        found.check()
    except BadFileError as error:
        raise ConfigError(f"LANGNGHE_BREACHED_PASSWORDS {error}") from error
    _in_use.append(found)


def is_breached(password: str) -> bool:
    """Whether a password stands in the file of this installation; False where there is none.

    Raises
    ------
    NotChecked
        When the file has gone since the start: no password is taken unchecked.
    """
    try:
        return any(one.knows(password) for one in _in_use)
    except OSError as error:
        raise NotChecked("Chưa kiểm tra được mật khẩu mới. Xin báo quản trị hệ thống rồi làm lại sau.") from error
