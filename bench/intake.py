"""A whole intake against the real server: every page of the door, three photographs of 12 megapixels, the code kept.

Prints the server's CPU for the pages and for the post with the photographs, the job's CPU afterwards (with the
confined processes it starts), and memory of both. Commits are durable.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from app import installation
from app.crypto import keeper
from app.db.session import Database
from app.files.gate.checking import Gate, check_waiting
from app.files.storage import LocalFolder
from app.files.store import FileStore
from bench.machine import cpu_seconds, describe, family, named, pss_mib
from bench.photos import PHOTOS, SIZE, peak_mib, photo, watched_children
from tests.factories.law import load_law
from tests.factories.surveys import make_survey
from tests.support.databases import Databases, address_of
from tests.support.door import Visitor, code_of, plain
from tests.support.door_http import HttpClient
from tests.support.keys import keeper_of_tests
from tests.support.servers import running_server

SETTINGS = {"LANGNGHE_LOG_LEVEL": "INFO", "LANGNGHE_SIMULATED_LIMITS": "off"}
PAGES = 14  # requests of an intake but the one with the photographs
ROUNDS = 5


def measure(kind: str, databases: Databases, photos: list[tuple[bytes, str]]) -> None:
    """Some intakes one after the other on one database, then the job on all their files."""
    with databases.cleaned(kind) as database, TemporaryDirectory(prefix="langnghe-bench-") as folder:
        with database.transaction() as session:
            installation.create(session, simulated=True)
        load_law(database)
        survey = make_survey(database)
        with running_server(address_of(database), Path(folder), SETTINGS) as server:

            def used() -> float:
                return cpu_seconds(family(server.pid) + (named("postgres") if kind == "postgresql" else []))

            _intake(server.url, survey.token, [], used)  # warm
            found = [_intake(server.url, survey.token, photos, used) for _ in range(ROUNDS)]
            memory, peak = pss_mib(family(server.pid)), max(peak_mib(pid) for pid in family(server.pid))
        pages, posts, seconds = (statistics.median(values) for values in zip(*found, strict=True))
        megabytes = sum(len(content) for content, _ in photos) / 2**20
        print(
            f"{kind:11} {PHOTOS} × {SIZE[0] * SIZE[1] / 1e6:.0f} megapixels, {megabytes:.1f} MiB · "
            f"CPU of the {PAGES} other requests {pages * 1000:.0f} ms, of the post with the photographs "
            f"{posts * 1000:.0f} ms ({seconds * 1000:.0f} ms of time) · server PSS {memory:.0f} MiB, "
            f"largest process at most {peak:.0f} MiB"
        )
        _job(kind, database, Path(folder))


def _intake(
    url: str, token: str, photos: list[tuple[bytes, str]], used: Callable[[], float]
) -> tuple[float, float, float]:
    """One intake: CPU seconds of the pages, CPU seconds of the post with files, its duration."""
    visitor = Visitor(HttpClient(url), token)  # type: ignore[arg-type]
    began = used()
    page = visitor.place(visitor.choose("petition", visitor.start()))
    before, started = used(), time.perf_counter()
    sent = {"files": [(BytesIO(content), name) for content, name in photos]} if photos else {}
    answer = visitor.post(page, go="1", **sent)
    seconds, after = time.perf_counter() - started, used()
    page = visitor.follow(answer)
    assert page.request.path == "/feedback/contact", plain(page)
    told = visitor.send(visitor.contact(page))
    assert code_of(told)
    visitor.follow(visitor.post(told))
    return used() - after + before - began, after - before, seconds


def _job(kind: str, database: Database, folder: Path) -> None:
    """The check of all files that the intakes left, each made anew in a confined process."""
    keeper.use(keeper_of_tests())
    before, cpu, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time(), time.perf_counter()
    with watched_children() as children_peak:
        done = check_waiting(Gate(database, FileStore(LocalFolder(folder / "files")), folder))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    own, seconds = time.process_time() - cpu, time.perf_counter() - wall
    assert done.accepted == PHOTOS * ROUNDS, done
    print(
        f"{kind:11} job for one such intake: CPU {(own + children) / ROUNDS * 1000:.0f} ms "
        f"({children / ROUNDS / PHOTOS * 1000:.0f} ms in each child), {seconds / ROUNDS * 1000:.0f} ms of time, "
        f"a child at most {max(children_peak):.0f} MiB"
    )


def main() -> None:
    """Measure both databases, or those named."""
    print(describe())
    photos = [(photo(number, "JPEG"), f"IMG_{number}.jpg") for number in range(PHOTOS)]
    with TemporaryDirectory(prefix="langnghe-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for kind in sys.argv[1:] or ("sqlite", "postgresql"):
                measure(kind, databases, photos)
        finally:
            databases.close()


if __name__ == "__main__":
    main()
