"""A gateway on loopback that keeps the contract of docs/message-gateway.md, and can be told to behave badly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.messages.gateway import Gateway

KEY = "gateway-key-" * 3


@dataclass
class Telephones:
    """What was taken, once for each number, and how often anything was posted; ``status`` replaces the usual answer,
    ``retry_after`` goes with it."""

    url: str = ""
    status: int = 0
    retry_after: str = ""
    hang_up: bool = False
    posts: int = 0
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def transport(self) -> Gateway:
        """The transport that leads here."""
        return Gateway(self.url, KEY)


@contextmanager
def running_gateway() -> Iterator[Telephones]:
    """Listen on a free port until the block ends."""
    phones = Telephones()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            phones.posts += 1
            if self.headers["Authorization"] != f"Bearer {KEY}" or self.path != "/sms/messages":
                self._answer(401)
            elif phones.status:
                self._answer(phones.status)
            else:
                assert self.headers["Idempotency-Key"] == body["id"]
                is_known = phones.taken.setdefault(body["id"], body) is not body
                if phones.hang_up:
                    self.close_connection = True
                else:
                    self._answer(409 if is_known else 202)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            content = b'{"reference": "R-1"}'
            self.send_header("Content-Length", str(len(content)))
            if phones.retry_after:
                self.send_header("Retry-After", phones.retry_after)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the parent
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    phones.url = f"http://127.0.0.1:{server.server_port}/sms"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield phones
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
