"""Serves an installation on one machine: the web server and the job runner as two children, stopped together.

``python -m app.serve``. It does not load the application itself, so it starts at once and needs little memory.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import select

from app import clock
from app.config import Config, ConfigError
from app.db.session import Database
from app.qr.addresses import scan_address
from app.qr.models import QrCode
from app.qr.render import terminal

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:application"),
    (sys.executable, "-m", "flask", "jobs", "serve"),
)
STOP_SECONDS = 15


def addresses(config: Config) -> str:
    """What to open, as text for a terminal: a counter's page also as a code to scan."""
    base = config.public_url
    lines = [
        f"  Kết quả công khai:  {base}/results",
        f"  Cán bộ đăng nhập:   {base}/officer/sign-in",
    ]
    token = some_token(config)
    if token is None:
        return "\n".join(["", *lines, ""])
    address = scan_address(base, token)
    lines.insert(0, f"  Đánh giá tại quầy:  {base}/q/{token}")
    return "\n".join(["", terminal(address), *lines, ""])


def run(config: Config, announcement: str) -> int:
    """Start both children and wait; on SIGINT or SIGTERM, or when one of them ends, end both.

    Gives the exit status: zero when somebody asked to stop.
    """
    stop = _StopFlag()
    # Children in sessions of their own: Ctrl-C reaches this process only, which then ends them in order.
    environment = {name: value for name, value in os.environ.items() if name != "FLASK_RUN_FROM_CLI"}
    children: list[subprocess.Popen[bytes]] = []
    try:
        for command in COMMANDS:
            children.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))  # noqa: S603, PERF401
        if _answers(config, children, stop):
            click.echo(announcement)
            click.echo("  Ctrl-C để dừng.")
        while not stop.is_set and all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        _stop(children)
    return 0 if stop.is_set else 1


class _StopFlag:
    """Set by SIGINT and SIGTERM."""

    def __init__(self) -> None:
        self.is_set = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._set)

    def _set(self, _number: int, _frame: FrameType | None) -> None:
        self.is_set = True


def _answers(config: Config, children: Sequence[subprocess.Popen[bytes]], stop: _StopFlag) -> bool:
    """Wait for the first answer of the web server."""
    while not stop.is_set and all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(f"http://{config.bind}/healthz", timeout=2):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    return False


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def some_token(config: Config) -> str | None:
    """The token of some code in use, for trying out."""
    database = Database(config.database_url)
    try:
        with database.reading() as session:
            in_use = (QrCode.retired_on.is_(None)) | (QrCode.retired_on > clock.local_date())
            return session.scalar(select(QrCode.token).where(in_use, QrCode.grace_until.is_(None)).limit(1))
    finally:
        database.dispose()


def main() -> int:
    """Serve the installation that the settings name."""
    try:
        config = Config.from_env()
    except ConfigError as error:
        click.echo(f"Error: {error}", err=True)
        return 2
    return run(config, addresses(config))


if __name__ == "__main__":
    sys.exit(main())
