"""Complete flows against the real server: first page, tap, details page, details, thanks.

Prints server CPU per flow (all processes of the server, and of PostgreSQL), flows per second, and latency at eight
clients. Commits are durable: SQLite synchronous=FULL, PostgreSQL as it comes (fsync is off in the throw-away test
cluster, which the line says).
"""

import gzip
import http.client
import re
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from app import installation
from bench.machine import cpu_seconds, describe, family, named, pss_mib
from tests.support.databases import Databases, address_of
from tests.support.servers import running_server

CLIENTS = 8
FLOWS_EACH = 60
COUNTERS = 30
FORM_ID = re.compile(rb'name="form_id" value="([^"]+)"')
SETTINGS = {"LANGNGHE_LOG_LEVEL": "INFO", "LANGNGHE_SIMULATED_LIMITS": "off"}
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Measured:
    """Seconds of each request kind and of whole flows of one client."""

    flows: list[float]


def client(url: str, tokens: list[str], flows: int) -> Measured:
    """One client: flow after flow, each as another person."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    times = []
    for number in range(flows):
        started = time.perf_counter()
        flow(connection, tokens[number % len(tokens)])
        times.append(time.perf_counter() - started)
    return Measured(times)


def flow(connection: http.client.HTTPConnection, token: str) -> None:
    """One person's whole way."""
    form = _form_id(_get(connection, f"/q/{token}"))
    more = _post(connection, f"/q/{token}", {"form_id": form, "q_overall": "4"})
    key = _form_id(_get(connection, more))
    answers = {f"q_c{number}": "45"[number % 2] for number in range(24, 40)}
    thanks = _post(connection, more, {"form_id": key, "q_kind": "1", **answers})
    _get(connection, thanks)


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return body


def _post(connection: http.client.HTTPConnection, path: str, fields: dict[str, str]) -> str:
    connection.request("POST", path, urlencode(fields), HEADERS)
    response = connection.getresponse()
    response.read()
    if response.status != 303:
        raise RuntimeError(f"{path}: {response.status}")
    return response.headers["Location"]


def _form_id(body: bytes) -> str:
    found = FORM_ID.search(body)
    if found is None:
        raise RuntimeError("no form id on the page")
    return found[1].decode()


def measure(kind: str, databases: Databases, flows_each: int) -> None:
    """Run one database kind and print its line."""
    from tests.factories.surveys import make_survey

    with databases.cleaned(kind) as database, TemporaryDirectory(prefix="langnghe-bench-") as folder:
        with database.transaction() as session:
            installation.create(session, simulated=True)
        survey = make_survey(database, counters=COUNTERS)
        with running_server(address_of(database), Path(folder), SETTINGS) as server:
            tokens = [list(survey.tokens[place:]) + list(survey.tokens[:place]) for place in range(CLIENTS)]
            with ProcessPoolExecutor(CLIENTS) as pool:
                list(pool.map(client, [server.url] * CLIENTS, tokens, [COUNTERS] * CLIENTS))  # warm
                processes = serving(server.pid, kind)
                before, started = cpu_seconds(processes), time.perf_counter()
                found = list(pool.map(client, [server.url] * CLIENTS, tokens, [flows_each] * CLIENTS))
                seconds = time.perf_counter() - started
                used = cpu_seconds(serving(server.pid, kind)) - before
                memory = pss_mib(family(server.pid))
    times = sorted(value for one in found for value in one.flows)
    quantiles = statistics.quantiles(times, n=100)
    print(
        f"{kind:11} CPU {used / len(times) * 1000:5.2f} ms a flow (limit 5) · {len(times) / seconds:6.1f} flows/s · "
        f"p50 {quantiles[49] * 1000:.0f} p95 {quantiles[94] * 1000:.0f} p99 {quantiles[98] * 1000:.0f} ms a flow · "
        f"server PSS {memory:.0f} MiB (limit 200)"
    )


def serving(pid: int, kind: str) -> list[int]:
    """The processes that serve: gunicorn's, and those of PostgreSQL where it is used."""
    return family(pid) + (named("postgres") if kind == "postgresql" else [])


def main() -> None:
    """Measure both databases."""
    flows_each = int(sys.argv[1]) if len(sys.argv) > 1 else FLOWS_EACH
    print(describe())
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for kind in ("sqlite", "postgresql"):
                measure(kind, databases, flows_each)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
