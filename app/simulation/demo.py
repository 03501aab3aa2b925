"""``make demo``: the sample province, its answers posted over HTTP by several clients to the real server.

It has a database of its own in ``var/demo`` (or DATABASE_URL, if that is empty), made anew each time.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from datetime import time as time_of_day
from pathlib import Path

import click

from app import clock, installation
from app.analysis.day_closing import close_due_days
from app.config import Config, ConfigError, create_secret_key
from app.crypto.day_keys import DayKeys
from app.db import migrate
from app.db.models import Installation
from app.db.session import Database
from app.keys.start import create_keys, open_keys, record_creation
from app.simulation.case_handling import handle_all
from app.simulation.over_http import OverHttp, over_http, write_clock
from app.simulation.province import AGGREGATION, FORMULA
from app.simulation.trial import (
    TRUTH_FILE,
    Plan,
    by_month,
    day_after_month,
    is_wanted,
    prepare,
    progress,
    tell_officers,
    write_truth,
)
from app.simulation.visits import Tally, play

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 6_000
SEED = 2026
START_SECONDS = 30
STOP_SECONDS = 15


class NotEmptyError(Exception):
    """The database holds something, and the demonstration overwrites nothing of others."""


def main() -> int:
    """Run the demonstration with the settings of the environment."""
    folder = Path(os.environ.get("LANGNGHE_DATA_DIR", "var")).absolute() / "demo"
    environment = {**os.environ, "LANGNGHE_DATA_DIR": str(folder)}
    try:
        config = fresh_config(folder, environment)
        started = time.monotonic()
        total = run(config, environment)
    except (ConfigError, NotEmptyError) as error:
        click.echo(f"Error: {error}", err=True)
        return 2
    click.echo(
        f"\n{total.taps} phiếu ({total.details} phiếu có trả lời thêm) và {total.feedback} phản ánh đã gửi"
        f" qua biểu mẫu công khai bằng HTTP trong {time.monotonic() - started:.0f} giây.\n"
        f"Công thức của đợt: {FORMULA.value}, cách gộp: {AGGREGATION.value}. Toàn bộ là dữ liệu mô phỏng.\n"
        f"Giá trị thật của bộ sinh: {folder / TRUTH_FILE}\n"
        f"Để xem:  LANGNGHE_DATA_DIR={_shown(folder)} make run"
    )
    return 0


def fresh_config(folder: Path, environment: Mapping[str, str]) -> Config:
    """Settings of a demonstration in this folder, whose earlier demonstration is removed."""
    if (folder / TRUTH_FILE).is_file():  # only ever removes what a demonstration made
        shutil.rmtree(folder)
    create_secret_key(folder)
    return Config.from_env(environment)


def run(
    config: Config,
    environment: Mapping[str, str],
    *,
    people: int = PEOPLE,
    seed: int = SEED,
    most_communes: int | None = None,
) -> Tally:
    """Make province and answers in an empty database.

    Raises
    ------
    NotEmptyError
        When the database is a real one or holds units already.
    """
    database = Database(config.database_url)
    try:
        has_new_keys = create_keys(database, config)
        migrate.upgrade(database)
        open_keys(database, config)
        if has_new_keys:
            record_creation(database)
        with database.transaction() as session:
            if session.get(Installation, 1) is None:
                installation.create(session, simulated=True)
        if not is_wanted(database):
            message = "this database is not empty; give DATABASE_URL another one"
            raise NotEmptyError(message)
        plan = prepare(database, people=people, seed=seed, today=clock.local_date(), most_communes=most_communes)
        write_truth(config.data_dir, plan.truth())
        clock_file = config.data_dir / "simulated-clock"
        write_clock(clock_file, datetime.combine(plan.world.days[0], time_of_day(7), tzinfo=clock.VIETNAM))
        with running_server(environment, clock_file) as address, over_http(address, clock_file) as transport:
            total = _play(database, config, plan, transport)
        clock_file.unlink()
        click.echo("Tạo cán bộ mẫu và cho xử lý phản ánh của cả năm…")
        handle_all(database, first_day=plan.world.days[0], last_day=plan.world.days[-1], seed=seed)
        tell_officers(database)
        return total
    finally:
        database.dispose()


def _play(database: Database, config: Config, plan: Plan, transport: OverHttp) -> Tally:
    keys, least, today = DayKeys(config.day_key_dir), config.small_numbers.public, clock.local_date()
    total = Tally()
    with progress(len(plan.people)) as bar:
        for month in by_month(plan.batches):
            for batch in month:
                done = play(batch, transport)
                bar.update(done.taps)
                total += done
            close_due_days(database, keys, today=day_after_month(month, today), least=least)
    close_due_days(database, keys, today=today, least=least)
    return total


@contextmanager
def running_server(environment: Mapping[str, str], clock_file: Path) -> Iterator[str]:
    """The real web server on a free port, on the simulated clock and without limits; its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = {
            **environment,
            "LANGNGHE_PUBLIC_URL": address,
            "LANGNGHE_LOG_LEVEL": "ERROR",
            "LANGNGHE_KEPT_SECONDS": "300",
            "LANGNGHE_SIMULATED_CLOCK_FILE": str(clock_file),
            "LANGNGHE_SIMULATED_LIMITS": "off",
        }
        command = (sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "wsgi:application")
        process = subprocess.Popen(  # noqa: S603 - a fixed command
            command, cwd=ROOT, env=settings, pass_fds=(listener.fileno(),), start_new_session=True
        )
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    message = "the web server did not start"
    raise ConfigError(message)


def _shown(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)
