"""Several processes that send at one moment. Run as a script it is one of them: standard library only, quick to start.

A sender reads one line of JSON (host, port, path, body), opens its connection, says that it is ready, waits for a
second line, sends, and prints what it got.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Got:
    """What came back; redirects are not followed."""

    status: int
    location: str
    body: str


def ask(url: str, path: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Got:
    """One request of this process: a GET, or a POST of a form."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        return _exchange(connection, path, None if data is None else urlencode(data), headers or {})
    finally:
        connection.close()


def send_together(url: str, path: str, bodies: Sequence[Mapping[str, str]]) -> list[Got]:
    """Post each body from a process of its own, all let go at one moment."""
    parts = urlsplit(url)
    senders = [
        subprocess.Popen([sys.executable, "-I", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in bodies
    ]
    try:
        for sender, body in zip(senders, bodies, strict=True):
            _tell(sender, json.dumps([parts.hostname, parts.port, path, urlencode(body)]))
        assert [sender.stdout.readline() for sender in senders if sender.stdout] == ["ready\n"] * len(senders)
        for sender in senders:
            _tell(sender, "go")
        return [Got(*json.loads(sender.communicate(timeout=60)[0])) for sender in senders]
    finally:
        for sender in senders:
            sender.kill()
            sender.communicate()


def _tell(sender: "subprocess.Popen[str]", line: str) -> None:
    assert sender.stdin is not None
    sender.stdin.write(f"{line}\n")
    sender.stdin.flush()


def _exchange(connection: HTTPConnection, path: str, body: str | None, headers: Mapping[str, str]) -> Got:
    connection.request("GET" if body is None else "POST", path, body, {**(FORM if body is not None else {}), **headers})
    got = connection.getresponse()
    return Got(got.status, got.headers.get("Location", ""), got.read().decode())


def _be_a_sender() -> None:
    host, port, path, body = json.loads(sys.stdin.readline())
    connection = HTTPConnection(host, port, timeout=30)
    connection.connect()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    got = _exchange(connection, path, body, {})
    sys.stdout.write(json.dumps([got.status, got.location, got.body]))


if __name__ == "__main__":
    _be_a_sender()
