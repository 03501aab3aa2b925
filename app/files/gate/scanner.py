"""A small client of ClamAV's daemon: the content goes there over TCP, never as a file."""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
LONGEST_ANSWER = 4096
PIECE_LENGTH = struct.Struct(">I")


class ScannerDown(Exception):
    """The scanner is not there, or could not give a verdict: what waits goes on waiting."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where the daemon listens."""

    host: str
    port: int

    def is_there(self) -> bool:
        """Whether the daemon answers."""
        try:
            return self._ask(b"zPING\0", ()) == "PONG"
        except ScannerDown:
            return False

    def found_in(self, content: Iterable[bytes]) -> str | None:
        """The name of what the scanner knows this content as, None for nothing; raises ``ScannerDown``."""
        verdict = self._ask(b"zINSTREAM\0", content).removeprefix("stream: ")
        if verdict == "OK":
            return None
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")
        raise ScannerDown(verdict)

    def _ask(self, command: bytes, content: Iterable[bytes]) -> str:
        try:
            with socket.create_connection((self.host, self.port), CONNECT_SECONDS) as line:
                line.settimeout(ANSWER_SECONDS)
                line.sendall(command)
                with suppress(BrokenPipeError, ConnectionResetError):  # its answer says why it hung up
                    for piece in content:
                        if piece:
                            line.sendall(PIECE_LENGTH.pack(len(piece)) + piece)
                    if command != b"zPING\0":
                        line.sendall(PIECE_LENGTH.pack(0))
                return _answer(line)
        except OSError as error:
            raise ScannerDown(type(error).__name__) from error


def _answer(line: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0"):
        piece = line.recv(LONGEST_ANSWER)
        if not piece or len(found) > LONGEST_ANSWER:
            raise ScannerDown("no answer")
        found += piece
    return found.rstrip(b"\0").decode("utf-8", "replace").strip()
