"""A real ClamAV daemon of our own: one signature of ours, a free loopback port, ended by its process id."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.files.gate.scanner import Scanner
from tests.support.processes import tied

SIGNATURE = "LangNghe.Test.Marker"
KNOWN = b"langnghe-harmless-test-pattern-7f3a91"
"""What the daemon takes for malware, anywhere in a file."""
START_SECONDS = 60


@contextmanager
def running_clamd(port: int = 0, most: str = "25M") -> Iterator[Scanner]:
    """Start the daemon without the official database, which is nowhere to be had offline."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(program).is_file():
        raise RuntimeError("clamd is not installed; run `make setup-tests`.")
    home = Path(tempfile.mkdtemp(prefix="langnghe-clamd-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        scanner = Scanner("127.0.0.1", port or free_port())
        config = _configured(home, scanner.port, most)
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                tied([program, "--foreground", f"--config-file={config}"]), stdout=log, stderr=log, cwd="/"
            )
        _wait(home, scanner, process)
        yield scanner
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _configured(home: Path, port: int, most: str) -> Path:
    for name in ("signatures", "temporary"):
        (home / name).mkdir()
    (home / "signatures" / "own.ndb").write_text(f"{SIGNATURE}:0:*:{KNOWN.hex()}\n", encoding="ascii")
    lines = [
        f"DatabaseDirectory {home / 'signatures'}",
        f"TemporaryDirectory {home / 'temporary'}",
        f"TCPSocket {port}",
        "TCPAddr 127.0.0.1",
        f"StreamMaxLength {most}",
        "MaxThreads 2",
        "SelfCheck 86400",
        *(["User root"] if os.geteuid() == 0 else []),
    ]
    config = home / "clamd.conf"
    config.write_text("\n".join(lines) + "\n", encoding="ascii")
    return config


def _wait(home: Path, scanner: Scanner, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if scanner.is_there():
            return
        time.sleep(0.05)
    raise RuntimeError(f"clamd did not start:\n{(home / 'log').read_text(errors='replace')[-2000:]}")
