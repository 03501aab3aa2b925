"""The parent's side of the confined process: gives it a file through a pipe and takes the new one from the other."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO

from app.files.gate.kinds import Kind
from app.files.gate.limits import ORDINARY, Allowed
from app.files.gate.refusals import Refusal
from app.files.gate.words import refused

ROOT = Path(__file__).resolve().parents[3]
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.files.gate.child.{} import main; main()"
LONGEST_SECONDS = 60.0
MOST_PAGES = 200
MOST_MADE_BYTES = 64 * 1024 * 1024
LONGEST_LINE = 200
PIECE_BYTES = 64 * 1024


@contextmanager
def remade(content: Iterable[bytes], kind: Kind, *, seconds: float = LONGEST_SECONDS) -> Iterator[Iterator[bytes]]:
    """Gives the new file piece by piece; it must be read to its end, where it shows whether all of it came.

    Raises
    ------
    FileRefused
        When the child refuses the file, dies over it, or takes too long; also in the middle of the pieces.
    """
    allowed = ORDINARY.of(kind)
    arguments = (kind.value, str(allowed.most_pixels), str(MOST_PAGES))
    with confined("main", arguments, content, seconds=seconds, allowed=allowed) as made:
        yield made


@contextmanager
def confined(
    program: str,
    arguments: Sequence[str],
    content: Iterable[bytes],
    *,
    seconds: float = LONGEST_SECONDS,
    allowed: Allowed = ORDINARY,
) -> Iterator[Iterator[bytes]]:
    """Runs one of the programs of ``gate.child`` over a content; see ``remade``. A refusal names ``allowed``."""
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", START.format(program), str(ROOT), *arguments]
    with subprocess.Popen(  # noqa: S603 - a fixed command without a shell, an environment or a name of a file
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/", bufsize=0
    ) as process:
        watch = _Watch(process, seconds)
        try:
            yield _answer(process, watch, content, allowed)
        finally:
            watch.end()


class _Watch:
    """Ends the child when its time is over, whatever it is waiting for."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self.has_struck = False
        self._timer = Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def _strike(self) -> None:
        self.has_struck = True
        self._process.kill()

    def end(self) -> None:
        """Nothing of the child is left behind."""
        self._timer.cancel()
        self._process.kill()


def _answer(
    process: subprocess.Popen[bytes], watch: _Watch, content: Iterable[bytes], allowed: Allowed
) -> Iterator[bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):  # it died early; its answer tells, or its silence
        for piece in content:
            process.stdin.write(piece)
        process.stdin.close()
    size = _size_said(process.stdout, watch, allowed)
    while size > 0:
        piece = process.stdout.read(min(size, PIECE_BYTES))
        if not piece:
            raise _silent(watch)
        size -= len(piece)
        yield piece
    if process.wait() != 0:
        raise _silent(watch)


def _size_said(answer: IO[bytes], watch: _Watch, allowed: Allowed) -> int:
    line = b""
    while not line.endswith(b"\n"):
        sign = answer.read(1)
        if not sign or len(line) > LONGEST_LINE:
            raise _silent(watch)
        line += sign
    said = json.loads(line)
    if "refused" in said:
        raise refused(Refusal(said["refused"]), allowed)
    size = int(said["size"])
    if not 0 < size <= MOST_MADE_BYTES:
        raise refused(Refusal.UNREADABLE)
    return size


def _silent(watch: _Watch) -> Exception:
    return refused(Refusal.TOOK_TOO_LONG if watch.has_struck else Refusal.UNREADABLE)
