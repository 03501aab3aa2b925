"""A citizen who goes through the door page by page, through HTTP only."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.door_http import is_files, multipart

FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')
ACTION = re.compile(r'<form[^>]*method="post" action="([^"]+)"')
CODE = re.compile(r"\b[2-9A-Z]{4}(?:-[2-9A-Z]{4}){4}\b")
NUMBER = re.compile(r"LN-[2-9A-Z]{5}-[2-9A-Z]{5}")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
TEXT = "Quầy mở muộn 30 phút, phải chờ ngoài nắng."


@dataclass
class Visitor:
    """One person with one browser at the door; ``token`` is the code scanned, empty for the page of the site."""

    client: FlaskClient
    token: str = ""
    query: str = ""
    seen: list[TestResponse] = field(default_factory=list)

    @property
    def first(self) -> str:
        """Address of the first page."""
        return (f"/q/{self.token}/feedback" if self.token else "/feedback") + self.query

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        self.seen.append(self.client.get(address))
        return self.seen[-1]

    def post(self, page: TestResponse, **fields: Any) -> TestResponse:
        """Send the form of a page; ``to``: the query of another address for it, as a button may name one."""
        where = action(page) if "to" not in fields else action(page).partition("?")[0] + str(fields.pop("to"))
        data = {**fields_of(page), **fields}
        if isinstance(self.client, FlaskClient) and any(is_files(values) for values in fields.values()):
            body, kind = multipart(data)
            self.seen.append(self.client.post(where, data=body, content_type=kind))
        else:
            self.seen.append(self.client.post(where, data=data))
        return self.seen[-1]

    def follow(self, answer: TestResponse) -> TestResponse:
        """Open where a post leads."""
        assert answer.status_code == 303, (answer.status_code, plain(answer)[:1500])
        return self.get(answer.headers["Location"])

    def start(self, text: str = TEXT, *about: str, **more: str) -> TestResponse:
        """Tell what happened; the page that follows."""
        return self.follow(self.post(self.get(self.first), text=text, about=list(about), **more))

    def choose(self, kind: str, page: TestResponse | None = None) -> TestResponse:
        """Choose a track, read its guidance if it has any; the page about the place."""
        shown = self.follow(self.post(page or self.get("/feedback/kind"), kind=kind))
        return self.follow(self.post(shown)) if shown.request.path == "/feedback/guidance" else shown

    def place(self, page: TestResponse, unit_id: int | None = None, **fields: str) -> TestResponse:
        """Say where and when; the page about files."""
        if unit_id is not None:
            page = self.follow(self.post(page, unit=str(unit_id)))
        return self.follow(self.post(page, **{"go": "1", **fields}))

    def files(self, page: TestResponse, *files: tuple[bytes, str], **fields: str) -> TestResponse:
        """Send files and go on (or stay, with ``add``)."""
        sent = {"files": [(BytesIO(content), name) for content, name in files]}
        return self.follow(self.post(page, **(fields or {"go": "1"}), **(sent if files else {})))

    def contact(self, page: TestResponse, **fields: str) -> TestResponse:
        """Anonymous unless fields say otherwise; the last page."""
        return self.follow(self.post(page, **(fields or {"who": "anonymous"})))

    def to_check(self, kind: str = "petition", *, unit_id: int | None = None, text: str = TEXT) -> TestResponse:
        """As fast as possible to the last page."""
        shown = self.files(self.place(self.choose(kind, self.start(text)), unit_id))
        return shown if kind == "denunciation" else self.contact(shown)

    def send(self, check: TestResponse) -> TestResponse:
        """Send; the page with the code."""
        return self.follow(self.post(check))

    def whole_way(self, kind: str = "petition", *, unit_id: int | None = None, text: str = TEXT) -> TestResponse:
        """From what happened to the page with the code."""
        return self.send(self.to_check(kind, unit_id=unit_id, text=text))


class _Form(HTMLParser):
    """What a browser would send with a press of a button without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = [value]
        elif tag == "textarea":
            self._area, self.fields[name] = name, [""]
        elif tag == "input" and name and given.get("type") not in ("file", "submit"):
            if given.get("type") not in ("checkbox", "radio"):
                self.fields[name] = [value]
            elif "checked" in given:
                self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data.removeprefix("\n") if not self.fields[self._area][0] else data


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    """The fields of a page with what stands in them."""
    form = _Form()
    form.feed(page.text)
    return form.fields


def form_id(page: TestResponse) -> str:
    """The form id of a page."""
    found = FORM_ID.search(page.text)
    assert found, plain(page)[:1500]
    return found[1]


def action(page: TestResponse) -> str:
    """Where the form of a page posts to."""
    found = ACTION.search(page.text)
    assert found, plain(page)[:1500]
    return html.unescape(found[1])


def code_of(page: TestResponse) -> str:
    """The code that a page shows."""
    found = CODE.search(page.text)
    assert found, plain(page)[:1500]
    return found[0]


def number_of(page: TestResponse) -> str:
    """The public number that a page shows."""
    found = NUMBER.search(page.text)
    assert found, plain(page)[:1500]
    return found[0]


def plain(page: TestResponse) -> str:
    """The words of a page."""
    text = re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
