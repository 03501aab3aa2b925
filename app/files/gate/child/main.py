"""The child: reads a file from one pipe, writes what became of it to the other.

First a line of JSON, ``{"refused": code}`` or ``{"size": n}``, then the new file. Whatever ends it before the last byte
(a damaged file, its limits, a signal) shows in its exit status or in too few bytes, and nothing is taken over.
"""

import json
import sys

from app.files.gate.child import confinement
from app.files.gate.child.refused import UNREADABLE, Refused


def main() -> None:
    """``kind``, the most pixels and the most pages stand on the command line."""
    kind, most_pixels, most_pages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    confinement.limit_resources()
    sys.setrecursionlimit(500)
    if kind == "pdf":
        from app.files.gate.child import documents

        documents.prepare()
    else:
        from app.files.gate.child import images

        images.prepare(kind)
    confinement.close_the_door(with_threads=kind == "heic")  # its decoder insists on one
    data = sys.stdin.buffer.read()
    try:
        made = documents.remake(data, most_pages) if kind == "pdf" else images.remake(data, kind, most_pixels)
    except Refused as refused:
        say({"refused": refused.code})
    except Exception:  # noqa: BLE001 - libraries raise anything at all over damaged files; this process ends here
        say({"refused": UNREADABLE})
    else:
        if confinement.has_missed_something():
            say({"refused": UNREADABLE})
        else:
            say({"size": len(made)}, made)


def say(head: dict[str, object], body: bytes = b"") -> None:
    """Answer: the line, then the new file."""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()
