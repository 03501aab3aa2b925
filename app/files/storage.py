"""Where encrypted files lie: a small interface, and a local folder behind it.

Nothing here knows what is in a file; what arrives is encrypted already, drafts included.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

READ_AT_ONCE = 256 * 1024
DAY_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{32}")
DRAFTS = "drafts"


class Storage(Protocol):
    """A place for files under random names. An unknown name raises ``FileNotFoundError``."""

    def put(self, name: str, content: Iterable[bytes]) -> None:
        """Store a whole file, or, when anything fails, nothing."""

    def replace(self, name: str, content: Iterable[bytes]) -> bool:
        """Put another content in place of the present one at once; False when the file was erased meanwhile."""

    def get(self, name: str) -> Iterator[bytes]:
        """The content, piece by piece."""

    def delete(self, name: str) -> None:
        """Remove a file; one that is gone stays gone."""

    def names(self) -> list[str]:
        """All names, sorted."""

    def stale(self, older_than_seconds: float) -> list[str]:
        """Names of files that have lain here at least so long, to the day."""

    def sweep(self, older_than_seconds: float) -> int:
        """Remove drafts that an interrupted process left; how many."""


class LocalFolder:
    """Files in a folder outside the web root, two levels deep, 0700/0600.

    Their dates tell the day and no time: a file that belongs to an anonymous case must not say when it came.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: Iterable[bytes]) -> None:
        """Write a draft, bring it to the disk, and give it its name in one step."""
        path = self._path(name)
        with self._draft(content) as draft:
            _make_folder(path.parent)
            path.hardlink_to(draft)  # never over another file
        _sync(path.parent)

    def replace(self, name: str, content: Iterable[bytes]) -> bool:
        """As ``put``, over a file that is still there."""
        path = self._path(name)
        with self._draft(content) as draft, self._locked():
            if not path.exists():
                return False
            draft.replace(path)
        _sync(path.parent)
        return True

    def get(self, name: str) -> Iterator[bytes]:
        """Open now, read when asked; a file replaced meanwhile is read as it was."""
        pieces = _read(self._path(name))
        next(pieces)  # opened at once, for whoever asks must hear of a missing file; closed also when nobody reads on
        return pieces

    def delete(self, name: str) -> None:
        """Remove the file."""
        path = self._path(name)
        with self._locked(), suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(path.name for path in self._folder.glob("[0-9a-f][0-9a-f]/*") if NAME.fullmatch(path.name))

    def stale(self, older_than_seconds: float) -> list[str]:
        """By the dates of the files."""
        now, found = time.clock_gettime(time.CLOCK_REALTIME), []
        for name in self.names():
            with suppress(FileNotFoundError):
                if now - self._path(name).stat().st_mtime >= older_than_seconds:
                    found.append(name)
        return found

    def sweep(self, older_than_seconds: float) -> int:
        """Remove old drafts, by the machine's own clock, which dated them."""
        gone = 0
        now = time.clock_gettime(time.CLOCK_REALTIME)
        for draft in self._folder.glob(f"{DRAFTS}/*"):
            with suppress(FileNotFoundError):
                if now - draft.stat().st_mtime >= older_than_seconds:
                    draft.unlink()
                    gone += 1
        return gone

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self._folder / name[:2] / name

    @contextmanager
    def _draft(self, content: Iterable[bytes]) -> Iterator[Path]:
        _make_folder(self._folder / DRAFTS)
        draft = self._folder / DRAFTS / secrets.token_hex(16)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for piece in content:
                    file.write(piece)
                file.flush()
                day = time.clock_gettime(time.CLOCK_REALTIME) // DAY_SECONDS * DAY_SECONDS
                os.utime(file.fileno(), (day, day))
                os.fsync(file.fileno())
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Erasing and replacing exclude each other: what was erased does not come back."""
        _make_folder(self._folder)
        with (self._folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _make_folder(folder: Path) -> None:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield b""
        while piece := file.read(READ_AT_ONCE):
            yield piece


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
