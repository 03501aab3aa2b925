"""`make soak`: minutes of answers against a real server whose workers are killed now and then.

Afterwards every answer that was thanked for is in the database exactly once, and memory has not grown without end.
"""

import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app import installation
from app.crypto.day_keys import DayKeys
from app.survey.models import TodaysResponse
from app.survey.staged import Staged
from bench.flow import SETTINGS, flow
from bench.machine import describe, family, pss_mib
from tests.factories.surveys import make_survey
from tests.support.databases import KINDS, Databases, address_of
from tests.support.servers import running_server

CLIENTS = 4
KILL_EVERY_SECONDS = 7


def people(url: str, tokens: tuple[str, ...], stop: Event) -> tuple[int, int]:
    """Flows finished and flows broken off by one client until told to stop."""
    parts = urlsplit(url)
    done = broken = 0
    while not stop.is_set():
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            for _ in range(20):
                flow(connection, random.choice(tokens))
                done += 1
        except (HTTPException, OSError, RuntimeError):
            broken += 1
        finally:
            connection.close()
    return done, broken


def soak(kind: str, databases: Databases, seconds: float) -> bool:
    """One database kind; whether every count is as it must be."""
    with databases.cleaned(kind) as database, TemporaryDirectory(prefix="langnghe-soak-") as folder:
        with database.transaction() as session:
            installation.create(session, simulated=True)
        survey = make_survey(database, counters=10)
        with running_server(address_of(database), Path(folder), SETTINGS) as server:
            stop, kills, until = Event(), 0, time.monotonic() + seconds
            with ThreadPoolExecutor(CLIENTS) as pool:
                clients = [pool.submit(people, server.url, survey.tokens, stop) for _ in range(CLIENTS)]
                while time.monotonic() < until:
                    time.sleep(min(KILL_EVERY_SECONDS, max(0.0, until - time.monotonic())))
                    workers = family(server.pid)[1:]
                    if workers:
                        os.kill(random.choice(workers), signal.SIGKILL)
                        kills += 1
                memory = pss_mib(family(server.pid))
                stop.set()
                done, broken = (sum(counts) for counts in zip(*(client.result() for client in clients), strict=True))
        with database.reading() as session:
            stored = session.scalar(select(func.count()).select_from(TodaysResponse)) or 0
            keys = DayKeys(Path(folder) / "day-keys")
            rows = session.execute(select(TodaysResponse.form_id, TodaysResponse.answered_on, TodaysResponse.payload))
            opened = (Staged.from_bytes(keys.decrypt(day, payload, form)) for form, day, payload in rows)
            whole = sum(one.has_details for one in opened)
    # A broken flow may have stored its tap (and its details) without the client having seen the thanks.
    is_right = done <= whole <= stored <= done + broken
    print(
        f"{kind:11} {done} flows thanked, {broken} broken by {kills} kills; stored {stored}, with details {whole}: "
        f"{'right' if is_right else 'WRONG'}; PSS {memory:.0f} MiB"
    )
    return bool(is_right)


def main() -> int:
    """Soak both databases for the minutes given (10 by default)."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(describe())
    with TemporaryDirectory(prefix="langnghe-soak-") as folder:
        databases = Databases(Path(folder))
        try:
            results = [soak(kind, databases, minutes * 60 / len(KINDS)) for kind in KINDS]
        finally:
            databases.close()
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
