"""Walks over every page that a browser gets to, and keeps what they said."""

import html
import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.web.access import guard_of

LINK = re.compile(r"""\s(?:href|action)="([^"]+)""")
# What differs from one drawing of the same page to the next.
CHANGING = re.compile(
    r'name="(?:csrf_token|form_id|page|seen|version)" value="[^"]*"|Mã để báo lỗi: \w+|\d{1,2}:\d{2}(?::\d{2})?'
)
NUMBERS = re.compile(r"[0-9a-f]{12,}|\d+")
PARAMETER = re.compile(r"<(?:(?P<converter>[a-z_]+)(?:\((?P<choices>[^)]*)\))?:)?(?P<name>[a-z_]+)>")
QUERY_VALUES = re.compile(r"=[^&]*")
SAME_ROWS = re.compile(r"[?&]sort=|\.xlsx\b")  # the rows of the plain list and of its CSV once more
MOST_OF_A_SHAPE = 2


def addresses(app: Flask, values: dict[str, str], *, only: Callable[[str], bool] = lambda _rule: True) -> list[str]:
    """Every GET address of the program with these values as parameters."""
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or guard_of(app.view_functions[rule.endpoint]) is None:
            continue
        if rule.rule.startswith("/static") or "sign-out" in rule.rule or not only(rule.rule):
            continue
        found.extend(_filled(rule.rule, values))
    return found


def crawl(client: FlaskClient, starts: Iterable[str]) -> dict[str, str]:
    """What every page and file says that can be reached by GET from these; changing parts of forms are left out.

    Of addresses that differ in numbers only, or in the values they ask for, a few are opened; lists in another order
    and the same rows in another format are not.
    """
    wanted = dict.fromkeys(starts)
    waiting, said = deque(wanted), dict[str, str]()
    shapes: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        shape = NUMBERS.sub("#", QUERY_VALUES.sub("=", address))
        if address in said or SAME_ROWS.search(address):
            continue
        if address not in wanted:
            if shapes[shape] >= MOST_OF_A_SHAPE:
                continue
            shapes[shape] += 1
        answer = client.get(address, buffered=True)
        assert answer.status_code < 500, address
        said[address] = f"{answer.status_code} {answer.headers.get('Location', '')} {_text(answer)}"
        if answer.mimetype == "text/html":
            waiting.extend(_links(answer.text))
        elif location := answer.headers.get("Location"):
            waiting.append(location)
    return said


def visit(client: FlaskClient, starts: Iterable[str]) -> dict[str, str]:
    """The same for these addresses alone; no link is followed."""
    said: dict[str, str] = {}
    for address in dict.fromkeys(starts):
        answer = client.get(address, buffered=True)
        assert answer.status_code < 500, address
        said[address] = f"{answer.status_code} {answer.headers.get('Location', '')} {_text(answer)}"
    return said


def _links(text: str) -> Iterable[str]:
    for link in map(html.unescape, LINK.findall(text)):
        parts = urlsplit(link)
        if parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static"):
            continue
        yield parts.path + (f"?{parts.query}" if parts.query else "")


def _text(answer: object) -> str:
    data: bytes = answer.data  # type: ignore[attr-defined]
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"\n".join(packed.read(name) for name in packed.namelist())
    return CHANGING.sub("", html.unescape(data.decode("utf-8", "replace")))


def _filled(rule: str, values: dict[str, str]) -> Iterable[str]:
    """The rule with values in place of its parameters; with an ``any(…)``, once for each choice."""
    choice = next((match for match in PARAMETER.finditer(rule) if match["converter"] == "any"), None)
    if choice is None:
        yield PARAMETER.sub(lambda match: values.get(match["name"], "1"), rule)
        return
    for one in choice["choices"].split(","):
        yield from _filled(rule.replace(choice[0], one.strip("'\" ")), values)
