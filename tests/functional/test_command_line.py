"""What a new user types: `flask` before there is anything, and after."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """As after a clone: no setting but a data folder of its own, which does not exist."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LANGNGHE_", "FLASK_"))}
    kept.pop("DATABASE_URL", None)
    return {**kept, "LANGNGHE_DATA_DIR": str(tmp_path / "var")}


@pytest.fixture
def flask(environment: dict[str, str]) -> Run:
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env={**environment, **settings}, capture_output=True, text=True, check=False, timeout=120
        )

    return run


@pytest.mark.server
def test_a_real_installation_from_nothing(flask: Run, tmp_path: Path) -> None:
    before = flask("jobs", "list")
    assert before.returncode == 1
    assert "flask init" in before.stderr
    assert "Traceback" not in before.stderr

    made = flask("init", "--production")
    assert made.returncode == 0, made.stderr
    assert made.stdout.count("Mật khẩu:") == 1
    assert "quantri" in made.stdout

    again = flask("init", "--production")
    assert again.returncode == 0, again.stderr
    assert "Mật khẩu" not in again.stdout

    assert "newest revision" in flask("db", "current").stdout
    assert "close-days" in flask("jobs", "list").stdout
    assert flask("jobs", "run", "purge").returncode == 0
    assert {path.name for path in (tmp_path / "var").glob("*.db")} == {"langnghe.db"}


@pytest.mark.server
def test_a_schema_that_is_not_the_newest_is_named_with_its_remedy(flask: Run) -> None:
    assert flask("init", "--production").returncode == 0
    assert flask("db", "downgrade", "0008").returncode == 0
    refused = flask("jobs", "list")
    assert refused.returncode == 1
    assert "flask db upgrade" in refused.stderr
    assert flask("db", "upgrade").returncode == 0
    assert flask("jobs", "list").returncode == 0


@pytest.mark.server
def test_a_wrong_setting_is_named_without_a_traceback(flask: Run) -> None:
    refused = flask("init", LANGNGHE_SMALL_NUMBERS="3")
    assert refused.returncode == 1
    assert "LANGNGHE_SMALL_NUMBERS" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_command_serves_pages_and_jobs_and_stops_them_both(
    flask: Run, environment: dict[str, str], number: signal.Signals
) -> None:
    assert flask("init", "--production").returncode == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    serving = subprocess.Popen(
        [sys.executable, "-m", "app.serve"],
        cwd=ROOT,
        env={**environment, "LANGNGHE_BIND": bind, "LANGNGHE_PUBLIC_URL": f"http://{bind}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert serving.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = serving.stdout.readline()
            assert line, said
            said += line
        assert f"http://{bind}/results" in said
        with urllib.request.urlopen(f"http://{bind}/readyz", timeout=10) as answer:
            assert answer.status == 200
        children = _children(serving.pid)
        assert len(children) == 2
        serving.send_signal(number)
        assert serving.wait(30) == 0
        _wait_until_gone(children)
    finally:
        serving.terminate()
        serving.wait(30)
        serving.stdout.close()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)
