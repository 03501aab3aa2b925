"""The only place that asks the time.

Everything legal and statistical happens on local dates of Việt Nam; timestamps are kept in UTC. A simulated
database may run on a clock of its own (``use``); ``app/config.py`` refuses that for a real one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def _system() -> datetime:
    return datetime.now(UTC)


_source: list[Callable[[], datetime]] = [_system]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source[-1]()


def local_now() -> datetime:
    """The present moment on a Vietnamese wall clock."""
    return now().astimezone(VIETNAM)


def local_date() -> date:
    """Today's date in Việt Nam."""
    return local_now().date()


def seconds_to_midnight() -> int:
    """Whole seconds until the local date changes, at least one."""
    here = local_now()
    tomorrow = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), tzinfo=VIETNAM)
    return max(1, int((tomorrow - here).total_seconds()))


@contextmanager
def use(source: Callable[[], datetime]) -> Iterator[None]:
    """Run on another clock: tests and the generator of simulated answers."""
    _source.append(source)
    try:
        yield
    finally:
        _source.remove(source)


def follow_file(path: Path) -> None:
    """Take the time from a file holding one ISO timestamp, read anew at each question (simulated databases only)."""
    _source[:] = [lambda: datetime.fromisoformat(path.read_text(encoding="ascii").strip()).astimezone(UTC)]
