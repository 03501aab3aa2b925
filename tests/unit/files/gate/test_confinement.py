"""The process that decodes: what it cannot do, and what is left when it dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.files.gate.kinds import Kind
from app.files.gate.refusals import FileRefused, Refusal
from app.files.gate.remaking import ROOT, remade
from tests.support import hostile

TRIES = """
import json, os, resource, socket, subprocess, sys
sys.path.insert(0, sys.argv[1])
from app.files.gate.child import confinement, documents, images
images.prepare("jpeg"), documents.prepare()
confinement.limit_resources()
{secret} = os.open("/dev/null", os.O_RDONLY)
confinement.close_the_door(with_threads={with_threads})
tries = {{
    "read a file": lambda: open("/etc/hostname"),
    "write a file": lambda: open({folder!r} + "/new", "w"),
    "delete a file": lambda: os.unlink({folder!r} + "/present"),
    "rename a file": lambda: os.rename({folder!r} + "/present", {folder!r} + "/other"),
    "make a folder": lambda: os.mkdir({folder!r} + "/folder"),
    "look for a file": lambda: os.stat({folder!r} + "/present"),
    "list a folder": lambda: os.listdir("/"),
    "open a socket": lambda: socket.socket(),
    "open a local socket": lambda: socket.socket(socket.AF_UNIX),
    "start a process": lambda: os.fork() or os._exit(0),
    "start a program": lambda: os.execv("/bin/true", ["/bin/true"]),
    "run a command": lambda: subprocess.run(["/bin/true"]),
    "signal its parent": lambda: os.kill({parent}, 0),
    "ask for more memory": lambda: bytearray(confinement.MOST_BYTES),
    "lift a limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
}}
done = []
for name, attempt in tries.items():
    try:
        attempt()
        done.append(name)
    except (OSError, MemoryError, ValueError, ImportError):
        pass
os.write(1, json.dumps(done).encode())
os._exit(0)
"""


def children() -> list[int]:
    """The confined processes this one has started and not yet buried (it may have other children)."""
    numbers = [
        int(number)
        for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")
        for number in path.read_text().split()
    ]
    return [number for number in numbers if "gate.child" in Path(f"/proc/{number}/cmdline").read_text()]


@pytest.mark.parametrize("with_threads", [False, True])
def test_c1_the_child_can_reach_nothing(tmp_path: Path, with_threads: bool) -> None:
    (tmp_path / "present").write_text("here")
    code = TRIES.format(folder=str(tmp_path), parent=os.getpid(), with_threads=with_threads, secret="kept")
    ended = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code, str(ROOT)], env={}, capture_output=True, timeout=60, check=True
    )
    assert json.loads(ended.stdout) == []
    assert [path.name for path in tmp_path.iterdir()] == ["present"]


def test_c1_the_child_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGNGHE_ENCRYPTION_KEYS", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    seen: dict[str, object] = {}

    def content() -> Iterator[bytes]:
        data = hostile.jpeg()
        yield data[:10]
        (child,) = children()
        deadline = time.monotonic() + 20
        while "app" not in Path(f"/proc/{child}/cmdline").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        seen["environment"] = Path(f"/proc/{child}/environ").read_bytes()
        seen["command"] = Path(f"/proc/{child}/cmdline").read_text().split("\0")[-5:]
        seen["folder"] = str(Path(f"/proc/{child}/cwd").readlink())
        seen["open"] = sorted(int(path.name) for path in Path(f"/proc/{child}/fd").iterdir())
        yield data[10:]

    with remade(content(), Kind.JPEG) as pieces:
        assert b"".join(pieces).startswith(b"\xff\xd8")
    assert seen["environment"] == b""
    assert seen["command"] == [str(ROOT), "jpeg", "64000000", "200", ""]
    assert seen["folder"] == "/"
    assert set(seen["open"]) - {0, 1, 2} <= {3}  # type: ignore[call-overload]
    assert children() == []


def test_c1_nothing_of_the_product_is_loaded_in_the_child() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import app.files.gate.child.main, app.files.gate.child.images, "
        "app.files.gate.child.documents; print(*sorted(name for name in sys.modules if name.startswith("
        "('app', 'flask', 'sqlalchemy', 'sqlite3', 'psycopg'))))"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60, check=True
    )
    assert set(ended.stdout.split()) == {
        *("app", "app.files", "app.files.gate", "app.files.gate.child", "app.files.gate.child.confinement"),
        *("app.files.gate.child.documents", "app.files.gate.child.embedded_images", "app.files.gate.child.images"),
        *("app.files.gate.child.main", "app.files.gate.child.objects", "app.files.gate.child.refused"),
        "app.files.gate.child.system_calls",
    }


@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM], ids=lambda one: one.name)
def test_c1_a_child_that_dies_refuses_the_file(with_signal: signal.Signals, empty_temporary_folder: Path) -> None:
    def content() -> Iterator[bytes]:
        data = hostile.jpeg(800, 600)
        yield data[:1000]
        (child,) = children()
        os.kill(child, with_signal)
        time.sleep(0.1)
        yield data[1000:]

    with pytest.raises(FileRefused) as caught, remade(content(), Kind.JPEG) as pieces:
        b"".join(pieces)
    assert caught.value.code is Refusal.UNREADABLE
    assert children() == []
    assert list(empty_temporary_folder.iterdir()) == []


def test_c6_a_child_that_hangs_is_ended(empty_temporary_folder: Path) -> None:
    def content() -> Iterator[bytes]:
        yield hostile.jpeg()[:500]
        time.sleep(0.6)

    started = time.monotonic()
    with pytest.raises(FileRefused) as caught, remade(content(), Kind.JPEG, seconds=0.3) as pieces:
        b"".join(pieces)
    assert caught.value.code is Refusal.TOOK_TOO_LONG
    assert time.monotonic() - started < 5
    assert children() == []
    assert list(empty_temporary_folder.iterdir()) == []


def test_c6_a_child_that_works_too_long_is_ended() -> None:
    large = hostile.saved(hostile.picture(4800, 4900), "PNG")
    with pytest.raises(FileRefused) as caught, remade([large], Kind.PNG, seconds=0.2) as pieces:
        b"".join(pieces)
    assert caught.value.code is Refusal.TOOK_TOO_LONG
    assert children() == []


def test_c9_the_child_leaves_nothing_when_all_goes_well(empty_temporary_folder: Path) -> None:
    for kind, data in ((Kind.JPEG, hostile.jpeg(3000, 2000)), (Kind.HEIC, hostile.heic())):
        with remade([data], kind) as pieces:
            assert b"".join(pieces)
    assert list(empty_temporary_folder.iterdir()) == []
    assert children() == []


def test_a_reader_that_loses_interest_leaves_no_child_behind() -> None:
    with remade([hostile.jpeg(3000, 2000)], Kind.JPEG) as pieces:
        next(pieces)
    assert children() == []
