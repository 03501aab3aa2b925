"""The real server: gunicorn with several workers on a free loopback port, as users run it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.keys import TEST_KEYS
from tests.support.processes import tied

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, the process of its master, and what it has logged so far."""

    url: str
    pid: int
    log: Path


@contextmanager
def running_server(database_url: str, data_dir: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start ``gunicorn wsgi:application`` and wait for its first answer; it is ended by its process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LANGNGHE_")},
            "DATABASE_URL": database_url,
            "LANGNGHE_DATA_DIR": str(data_dir),
            "LANGNGHE_SECRET_KEY": "test-" * 8,
            "LANGNGHE_ENCRYPTION_KEYS": TEST_KEYS,
            "LANGNGHE_PUBLIC_URL": url,
            "LANGNGHE_SECOND_FACTOR": "off",
            **(settings or {}),
        }
        environment.pop("FLASK_RUN_FROM_CLI", None)
        with tempfile.NamedTemporaryFile(prefix="langnghe-server-", suffix=".log", dir=data_dir, delete=False) as log:
            process = subprocess.Popen(
                tied([sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "wsgi:application"]),
                cwd=ROOT,
                env=environment,
                pass_fds=(listener.fileno(),),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    server = Server(url, process.pid, Path(log.name))
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')[-4000:]}")
