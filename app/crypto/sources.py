"""Where the keys come from: a folder, a folder of wrapped keys and a command that unwraps them, or the environment.

The folder (0700, files 0600) holds one file a key, ``0001.key`` (64 hexadecimal digits), ``index.key`` for blind
indexes, and ``active`` with the number of the key that encrypts. With a key command the files are ``0001.wrapped``
and ``index.wrapped``: whatever ``COMMAND wrap`` printed when it was given the digits on standard input; ``COMMAND
unwrap`` is given that and prints the digits. The command runs without a shell, once a key and process.
"""

import os
import secrets
import shlex
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from app.crypto.errors import KeysMissingError, KeysUnreadableError
from app.crypto.ring import KEY_BYTES, KeyRing

COMMAND_SECONDS = 30
INDEX = "index"
RETIRED = "retired"


class KeySource(Protocol):
    """A place that keys are read from."""

    @property
    def where(self) -> str:
        """The place, for people."""

    def load(self) -> KeyRing:
        """Read all keys; raises ``KeysMissingError`` or ``KeysUnreadableError``."""

    def stamp(self) -> object:
        """A value that changes when the keys have changed; cheap."""


class EnvironmentKeys:
    """Keys given by a setting: ``active=2 index=<64 digits> 1=<64 digits> 2=<64 digits>``."""

    where = "the setting LANGNGHE_ENCRYPTION_KEYS"

    def __init__(self, text: str) -> None:
        self._text = text

    def load(self) -> KeyRing:
        """Read all keys; the message of an error names the part that is wrong, never its value."""
        parts = dict(part.partition("=")[::2] for part in self._text.split())
        active, index = parts.pop("active", ""), parts.pop(INDEX, "")
        if not active.isdecimal() or not all(name.isdecimal() for name in parts):
            raise KeysUnreadableError(f"{self.where} must look like active=1 index=… 1=…")
        keys = {int(name): _digits(text.encode(), f"key {name} in {self.where}") for name, text in parts.items()}
        return KeyRing(int(active), keys, _digits(index.encode(), f"the index key in {self.where}"))

    def stamp(self) -> object:
        """Never changes: a new environment means a new process."""
        return None


class KeyFolder:
    """Keys in files, wrapped when there is a command."""

    def __init__(self, folder: Path, command: str = "") -> None:
        self.folder = folder
        self._command = shlex.split(command)
        self._suffix = ".wrapped" if command else ".key"
        self._unwrapped: dict[bytes, bytes] = {}

    @property
    def where(self) -> str:
        """The folder, for people."""
        return str(self.folder)

    def exists(self) -> bool:
        """Whether there is a ring; what is written last decides."""
        return self._active.is_file()

    def load(self) -> KeyRing:
        """Read all keys; wrapped ones are unwrapped once in a process."""
        if not self.exists():
            raise KeysMissingError(f"There are no encryption keys in {self.folder}.")
        try:
            active = int(self._active.read_text(encoding="ascii"))
        except ValueError as error:
            raise KeysUnreadableError(f"{self._active} must hold the number of a key.") from error
        keys = {int(path.stem): self._read(path) for path in self.folder.glob(f"[0-9]*{self._suffix}")}
        index = self.folder / f"{INDEX}{self._suffix}"
        if not index.is_file():
            raise KeysMissingError(f"The key of the blind indexes, {index}, is missing.")
        return KeyRing(active, keys, self._read(index))

    def stamp(self) -> object:
        """Changes with every key added, activated or retired: each of them renames a file into the folder."""
        found = self.folder.stat()
        return found.st_mtime_ns, found.st_ino

    def create(self) -> bool:
        """Make the folder with a first key; gives False when there is a ring already."""
        if self.exists():
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (INDEX, self._name(1)):
            with suppress(FileExistsError):  # left by a creation that was interrupted
                self._write_key(name)
        self.activate(1)
        return True

    def add(self, key_id: int) -> None:
        """Make a new key of this number, not yet active; one that is there stays."""
        with suppress(FileExistsError):
            self._write_key(self._name(key_id))

    def activate(self, key_id: int) -> None:
        """Let this key encrypt from now on."""
        draft = self._draft("active", f"{key_id}\n".encode("ascii"))
        draft.replace(self._active)
        _sync(self.folder)

    def retire(self, key_id: int, *, destroy: bool) -> None:
        """Take a key out of the ring: into the folder of retired keys, or overwritten and removed."""
        path = self.folder / f"{self._name(key_id)}{self._suffix}"
        with suppress(FileNotFoundError):
            if destroy:
                with path.open("r+b") as file:
                    file.write(secrets.token_bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            else:
                (self.folder / RETIRED).mkdir(mode=0o700, exist_ok=True)
                path.replace(self.folder / RETIRED / path.name)
        _sync(self.folder)

    @property
    def _active(self) -> Path:
        return self.folder / "active"

    def _name(self, key_id: int) -> str:
        return f"{key_id:04}"

    def _write_key(self, name: str) -> None:
        """Put a new key in its place at once: no half-written key is ever read, none is ever replaced."""
        path = self.folder / f"{name}{self._suffix}"
        if path.exists():
            raise FileExistsError(path)
        content = f"{secrets.token_hex(KEY_BYTES)}\n".encode("ascii")
        draft = self._draft(name, self._run("wrap", content) if self._command else content)
        try:
            path.hardlink_to(draft)
        finally:
            draft.unlink()
        _sync(self.folder)

    def _draft(self, name: str, content: bytes) -> Path:
        draft = self.folder / f"{name}.{secrets.token_hex(6)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return draft

    def _read(self, path: Path) -> bytes:
        if path.stat().st_mode & 0o077:
            raise KeysUnreadableError(f"{path} is open to other users; run: chmod 600 {path}")
        content = path.read_bytes()
        if not self._command:
            return _digits(content, str(path))
        if content not in self._unwrapped:
            self._unwrapped[content] = _digits(self._run("unwrap", content), f"the unwrapped {path.name}")
        return self._unwrapped[content]

    def _run(self, act: str, content: bytes) -> bytes:
        """What the command prints. Its error output goes to ours; no message quotes its input or output."""
        try:
            done = subprocess.run(  # noqa: S603 - the command is a setting of whoever runs the server
                [*self._command, act], input=content, stdout=subprocess.PIPE, check=False, timeout=COMMAND_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KeysUnreadableError(f"The key command could not {act} a key: {type(error).__name__}.") from None
        if done.returncode != 0 or not done.stdout:
            raise KeysUnreadableError(f"The key command could not {act} a key: status {done.returncode}.")
        return done.stdout


def new_environment_key() -> str:
    """A key as the setting takes it."""
    return secrets.token_hex(KEY_BYTES)


def environment_text(active: int, index: str, keys: Mapping[int, str]) -> str:
    """The setting that holds these keys."""
    return " ".join((f"active={active}", f"index={index}", *(f"{key_id}={text}" for key_id, text in keys.items())))


def _digits(content: bytes, what: str) -> bytes:
    """A key from its digits; the message never quotes them."""
    text = content.strip()
    with suppress(ValueError):
        if len(text) == 2 * KEY_BYTES:
            return bytes.fromhex(text.decode("ascii"))
    raise KeysUnreadableError(f"{what} is not a key: {2 * KEY_BYTES} hexadecimal digits are expected.")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
