"""A browser without script for ``Visitor``, against a real server: cookies by path, forms, files, no following."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import Headers


@dataclass
class Answer:
    """What came back, in the shape of Flask's test answers."""

    status_code: int
    headers: Headers
    data: bytes
    request: SimpleNamespace

    @property
    def text(self) -> str:
        """The body."""
        return self.data.decode()


@dataclass
class HttpClient:
    """One browser. ``marks`` are headers sent with every request."""

    url: str
    marks: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path, None, {})

    def post(self, path: str, data: Mapping[str, Any]) -> Answer:
        """Send a form; with files among the values as a browser does."""
        if any(is_files(values) for values in data.values()):
            body, kind = multipart(data)
            return self._send("POST", path, body, {"Content-Type": kind})
        body = urlencode(data, doseq=True).encode()
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        sent = "; ".join(
            f"{name}={value}"
            for (name, where), value in self.cookies.items()
            if value and f"{parts.path}/".startswith(f"{where.rstrip('/')}/")
        )
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.timeout)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            more = {"Cookie": sent} if sent else {}
            connection.request(method, target, body=body, headers={**self.marks, **headers, **more})
            answer = connection.getresponse()
            found = Answer(
                answer.status,
                Headers(answer.getheaders()),
                answer.read(),
                SimpleNamespace(path=parts.path, method=method),
            )
        finally:
            connection.close()
        for cookie in found.headers.getlist("Set-Cookie"):
            pair, *marks = (part.strip() for part in cookie.split(";"))
            name, _, value = pair.partition("=")
            where = next((mark[5:] for mark in marks if mark.startswith("Path=")), "/")
            self.cookies[name, where] = value
        return found


def is_files(values: object) -> bool:
    """Whether a field holds files: pairs of an open file and a name."""
    return isinstance(values, list) and bool(values) and isinstance(values[0], tuple)


def multipart(data: Mapping[str, Any]) -> tuple[bytes, str]:
    """A form with files as a browser sends it, and its type. Built in memory: Flask's own leaves a file open."""
    boundary = f"----{secrets.token_hex(12)}"
    parts = []
    for name, values in data.items():
        for value in values if isinstance(values, list) else [values]:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
            if isinstance(value, tuple):
                content, file_name = value
                shown = file_name.replace('"', "%22").replace("\n", "%0A")
                parts.append(f'{head}; filename="{shown}"\r\n\r\n'.encode() + content.read() + b"\r\n")
            else:
                parts.append(f"{head}\r\n\r\n{value}\r\n".encode())
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
