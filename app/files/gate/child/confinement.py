"""The walls of the process that decodes what strangers sent, put up by itself before it reads the first byte.

It gets no environment, no key, no address of a database and no name of a file: the content comes through one pipe and
leaves through another. From here on it cannot open, delete or look for a file, open a socket, start a process or a
program, signal another one, or gain rights; it has a ceiling of memory and of time. A normal user can do all this.
"""

import codecs
import contextlib
import ctypes
import resource
import signal
import sys

from app.files.gate.child import system_calls

MOST_BYTES = 1536 * 1024 * 1024
LONGEST_CPU_SECONDS = 30
_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE, _SET_NO_NEW_PRIVILEGES = 1, 4, 38


def limit_resources() -> None:
    """Before the decoders are loaded: memory, time, no traces."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_CPU_SECONDS, LONGEST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        system.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        system.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


_CODECS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "latin-1", "ascii", "charmap", "cp1252", "mac-roman"),
    *("cp437", "unicode-escape", "raw-unicode-escape", "idna"),
)
_missed: list[str] = []


def has_missed_something() -> bool:
    """Whether a library wanted to load a part of itself behind the closed door.

    Some catch what comes of that, and go on with less: an entry that could not be read counts as absent then. What
    was made that way is not to be trusted.
    """
    return bool(_missed)


def _watch(event: str, _arguments: object) -> None:
    if event in ("import", "open"):
        _missed.append(event)


def close_the_door(*, with_threads: bool = False) -> None:
    """Once they are loaded: nothing can be opened any more. What is open, the pipes, stays so."""
    for name in _CODECS:
        codecs.lookup(name)
    sys.addaudithook(_watch)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if not with_threads:  # a thread counts as a process here
        with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if sys.platform == "linux":
        system_calls.refuse_all_but_these(with_threads=with_threads)
