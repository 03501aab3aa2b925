"""The other transport: several clients that post to a running server whose clock is a file."""

import http.client
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import local
from urllib.parse import urlsplit

from app.simulation.conversation import Ask, Reply
from app.simulation.visits import LANGUAGE, encoded, local_part, set_cookie

CLIENTS = 8
TIMEOUT_SECONDS = 30


class OverHttp:
    """Clients with a kept-alive connection each; made by ``over_http``."""

    def __init__(self, address: str, clock_file: Path, pool: ThreadPoolExecutor) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._clock_file = clock_file
        self._pool = pool
        self._own = local()
        self._opened: list[http.client.HTTPConnection] = []

    def set_clock(self, moment: datetime) -> None:
        """Write the server's clock whole, so that no worker reads half of it."""
        write_clock(self._clock_file, moment)

    def exchange(self, asks: Sequence[Ask]) -> list[Reply]:
        """All at once, as far as there are clients."""
        return list(self._pool.map(self._one, asks))

    def close(self) -> None:
        """End all connections."""
        for connection in self._opened:
            connection.close()

    def _one(self, ask: Ask) -> Reply:
        try:
            return self._send(ask)
        except (http.client.HTTPException, ConnectionError):
            # The server ended an idle connection. A post may be repeated: its form id is used once.
            self._connection().close()
            return self._send(ask)

    def _send(self, ask: Ask) -> Reply:
        connection = self._connection()
        headers = {"Accept-Language": LANGUAGE, **({"Cookie": ask.cookie} if ask.cookie else {})}
        if ask.form is None:
            connection.request("GET", ask.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", ask.path, body=encoded(ask.form), headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        location = response.getheader("Location")
        cookie = set_cookie(response.getheader("Set-Cookie"))
        return Reply(response.status, body, None if location is None else local_part(location), cookie)

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if found is None:
            found = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
            self._own.connection = found
            self._opened.append(found)
        return found


@contextmanager
def over_http(address: str, clock_file: Path, clients: int = CLIENTS) -> Iterator[OverHttp]:
    """A server at ``address`` as a transport; ``clock_file`` is the one its settings name."""
    with ThreadPoolExecutor(clients) as pool, closing(OverHttp(address, clock_file, pool)) as transport:
        yield transport


def write_clock(path: Path, moment: datetime) -> None:
    """Set a clock file, in one step."""
    draft = path.with_suffix(".new")
    draft.write_text(moment.isoformat(), encoding="ascii")
    draft.replace(path)
