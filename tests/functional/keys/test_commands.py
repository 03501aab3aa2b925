"""`flask keys` as an administrator types it, with a server running and with `kill -9`."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.keys.models import KeyRotation
from app.keys.start import uses
from tests.factories.law import load_law
from tests.factories.places import make_code
from tests.functional.keys.conftest import Installed
from tests.support.databases import address_of
from tests.support.door import Visitor
from tests.support.door_http import HttpClient
from tests.support.servers import Server

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.server


def environment(installed: Installed) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LANGNGHE_", "FLASK_"))}
    return {
        **kept,
        "DATABASE_URL": address_of(installed.database),
        "LANGNGHE_DATA_DIR": str(installed.config.data_dir),
        "LANGNGHE_SECRET_KEY": "test-" * 8,
    }


def flask(installed: Installed, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(installed), capture_output=True, text=True, check=False, timeout=120
    )


def test_status_rotate_and_retire_as_typed(installed: Installed) -> None:
    installed.write(600)
    first = flask(installed, "keys", "status")
    assert "khóa 1: đang mã hóa, 600 giá trị" in first.stdout, first.stderr
    assert "Đã có khóa" in flask(installed, "keys", "create").stdout
    done = flask(installed, "keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "600 giá trị được mã hóa lại" in done.stdout
    assert "SAO LƯU" in done.stdout
    second = flask(installed, "keys", "status").stdout
    assert "khóa 1: chỉ giải mã, 0 giá trị" in second
    assert "khóa 2: đang mã hóa, 600 giá trị" in second
    early = flask(installed, "keys", "retire", "1")
    assert early.returncode == 1
    assert "10 phút" in early.stderr
    assert "Traceback" not in early.stderr
    keys = [path.read_text().strip() for path in installed.config.key_dir.glob("*.key")]
    printed = first.stdout + done.stdout + done.stderr + second + early.stderr
    assert not any(key[:12] in printed for key in keys)
    assert re.fullmatch("[0-9a-f]{64}", flask(installed, "keys", "generate").stdout.strip())


def test_without_its_keys_only_what_mends_works(installed: Installed) -> None:
    installed.write(1)
    away = installed.config.key_dir.rename(installed.config.data_dir / "away")
    for command in (("jobs", "list"), ("keys", "status"), ("keys", "create"), ("init", "--production")):
        refused = flask(installed, *command)
        assert refused.returncode == 1
        assert "Bring it back from the backup of the keys" in refused.stderr
        assert "Traceback" not in refused.stderr
    away.rename(installed.config.key_dir)
    assert flask(installed, "jobs", "list").returncode == 0


def test_killed_with_sigkill_it_goes_on_where_it_was(installed: Installed) -> None:
    installed.write(12_000)
    before = installed.texts()
    command = [sys.executable, "-m", "flask", "keys", "rotate"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment(installed), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while _reached(installed) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    half = _counts(installed)
    assert half[1] > 0
    assert half[2] > 0
    assert installed.texts() == before  # this process held the old ring when the new key was made
    again = flask(installed, "keys", "rotate")
    assert again.returncode == 0, again.stderr
    assert "Tiếp tục lần đổi sang khóa 2" in again.stdout
    assert "12000 giá trị" in again.stdout
    assert _counts(installed) == {2: 12_000}
    assert installed.texts() == before


def test_citizens_write_on_while_a_server_with_the_old_keys_is_running(
    installed: Installed, start_server: Callable[..., Server]
) -> None:
    with installed.database.transaction() as session:
        token = make_code(session, _counter(session, installed))
        load_law(session)
    installed.write(3000)
    server = start_server(LANGNGHE_ENCRYPTION_KEYS="", LANGNGHE_SIMULATED_LIMITS="on")
    sent: list[int] = []
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            sent.append(_post(server.url, token, f"Ý kiến thứ {len(sent)} của tôi"))
            time.sleep(0.05)

    writer = threading.Thread(target=send)
    writer.start()
    try:
        time.sleep(0.5)
        done = flask(installed, "keys", "rotate")
        time.sleep(1.5)
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    assert len(sent) > 10
    assert set(sent) <= {200, 429}  # accepted, or slowed down by the ordinary limit
    assert _counts(installed) == {2: 3000 + sent.count(200)}
    (installed.config.key_dir / "0001.key").unlink()
    installed.reopen()
    assert len(installed.texts()) == 3000 + sent.count(200)


def _counter(session, installed: Installed):
    from app.units.models import Counter

    return session.get_one(Counter, installed.place[1])


def _post(base: str, token: str, words: str) -> int:
    """Through the door; 200 when the page with the code came."""
    try:
        return Visitor(HttpClient(base), token).whole_way("suggestion", text=words).status_code
    except AssertionError:
        return 500


def _reached(installed: Installed) -> str | None:
    with installed.database.reading() as session:
        return session.scalar(select(KeyRotation.reached).where(KeyRotation.place == "feedback.text"))


def _counts(installed: Installed) -> dict[int, int]:
    with installed.database.reading() as session:
        return dict(uses(session.connection(), installed.tools.store)["feedback.text"])
