"""Seconds from starting the server to its first page, and memory of the idle server."""

import statistics
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import cpu_seconds, describe, family, pss_mib
from tests.factories.surveys import make_survey
from tests.support.databases import Databases, address_of
from tests.support.servers import running_server

TIMES = 5


def main() -> None:
    """Start several times; the first start of all compiles and is left out."""
    print(describe())
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            with databases.cleaned("sqlite") as database:
                survey = make_survey(database)
                found = [_once(address_of(database), Path(folder), survey.token) for _ in range(TIMES + 1)][1:]
        finally:
            databases.close()
    seconds, cpu, memory = (statistics.median(values) for values in zip(*found, strict=True))
    print(f"start to first page: {seconds:.2f} s (limit 1.5), CPU {cpu:.2f} s; idle PSS {memory:.0f} MiB (medians)")


def _once(database_url: str, folder: Path, token: str) -> tuple[float, float, float]:
    started = time.perf_counter()
    with running_server(database_url, folder) as server:
        with urllib.request.urlopen(f"{server.url}/q/{token}", timeout=10) as page:
            page.read()
        seconds = time.perf_counter() - started
        processes = family(server.pid)
        return seconds, cpu_seconds(processes), pss_mib(processes)


if __name__ == "__main__":
    main()
