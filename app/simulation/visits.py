"""Lets visitors talk with the public pages: many conversations at one moment, over any transport."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from flask import Flask

from app import clock
from app.simulation.conversation import Ask, Conversation, Outcome, Reply, visit
from app.simulation.visitors import Batch
from app.survey.pages import SurveyPages
from app.survey.views import EXTENSION

LANGUAGE = "vi-VN,vi;q=0.9"


class Transport(Protocol):
    """How requests reach the pages, and how the clock of the pages is set."""

    def set_clock(self, moment: datetime) -> None:
        """Move the clock that the pages ask."""

    def exchange(self, asks: Sequence[Ask]) -> list[Reply]:
        """Send requests that may run at the same time; their replies in the same order."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What visitors left behind."""

    taps: int = 0
    details: int = 0
    feedback: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.taps + other.taps, self.details + other.details, self.feedback + other.feedback)

    @staticmethod
    def of(outcomes: Sequence[Outcome]) -> "Tally":
        """Count outcomes."""
        found = Counter(name for one in outcomes for name in ("tapped", "details", "feedback") if getattr(one, name))
        return Tally(found["tapped"], found["details"], found["feedback"])


def play(batch: Batch, transport: Transport) -> Tally:
    """Let all visitors of a batch act, step by step on one clock.

    Raises
    ------
    UnexpectedPageError
        From the first conversation that met a page it cannot go on from.
    """
    waiting: dict[int, list[tuple[Conversation, Ask]]] = defaultdict(list)
    for visitor in batch.visitors:
        conversation = visit(visitor)
        first = next(conversation)
        waiting[first.at].append((conversation, first))
    outcomes: list[Outcome] = []
    while waiting:
        at = min(waiting)
        due = waiting.pop(at)
        transport.set_clock(batch.moment + timedelta(seconds=at))
        replies = transport.exchange([ask for _, ask in due])
        for (conversation, _), reply in zip(due, replies, strict=True):
            try:
                following = conversation.send(reply)
            except StopIteration as end:
                outcomes.append(end.value)
            else:
                waiting[following.at].append((conversation, following))
    return Tally.of(outcomes)


class InProcess:
    """Calls the application directly, on a clock of its own; made by ``in_process``."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._now = clock.now()

    def now(self) -> datetime:
        """The moment the pages are told."""
        return self._now

    def set_clock(self, moment: datetime) -> None:
        """Move that moment."""
        self._now = moment

    def exchange(self, asks: Sequence[Ask]) -> list[Reply]:
        """One after another."""
        return [self._one(ask) for ask in asks]

    def finish(self) -> None:
        """Write the counts of scans that the process still holds."""
        kept = self._app.extensions[EXTENSION]
        assert isinstance(kept, SurveyPages)
        kept.scans.write()

    def _one(self, ask: Ask) -> Reply:
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
            answered.append((status, headers))
            return lambda _data: None

        body = self._app.wsgi_app(_environ(ask), start_response)
        try:
            text = b"".join(body).decode()
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        status, headers = answered[-1]
        return Reply(int(status[:3]), text, _location(dict(headers)), set_cookie(dict(headers).get("Set-Cookie")))


@contextmanager
def in_process(app: Flask) -> Iterator[InProcess]:
    """The application as a transport, on a simulated clock until the end of the block."""
    transport = InProcess(app)
    with clock.use(transport.now):
        yield transport
        transport.finish()


def _environ(ask: Ask) -> dict[str, Any]:
    parts = urlsplit(ask.path)
    body = b"" if ask.form is None else encoded(ask.form)
    return {
        "REQUEST_METHOD": "GET" if ask.form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_LANGUAGE": LANGUAGE,
        "HTTP_COOKIE": ask.cookie,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "" if ask.form is None else "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def encoded(form: Mapping[str, str]) -> bytes:
    """A form as a browser posts it."""
    return urlencode(form).encode("ascii")


def set_cookie(header: str | None) -> str:
    """Name and value of a cookie that a page set, as a browser sends them back."""
    return (header or "").partition(";")[0]


def _location(headers: Mapping[str, str]) -> str | None:
    found = headers.get("Location")
    return None if found is None else local_part(found)


def local_part(address: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
