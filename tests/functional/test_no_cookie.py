"""What every page has in common: no cookie before the first answer, strict headers, nothing inline, nothing foreign."""

import base64
import hashlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db.session import Database
from app.web.access import guard_of
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock
from tests.support.door import Visitor

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
INLINE = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)\s*=", re.IGNORECASE)
ADDRESS = re.compile(r"""\s(?:src|href|action|formaction|poster|srcset)\s*=\s*["']?\s*([^"'\s>]+)""", re.IGNORECASE)
FOREIGN = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
NAMESPACES = ("http://www.w3.org/",)
EXAMPLE = re.compile(r"<(?:any\((?P<any>[^,)]+)[^)]*\)|int):\w+>")


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    return make_survey(database)


def public_pages(app: Flask, survey: Surveyed) -> Iterator[str]:
    """Every public GET address with values that lead somewhere, and with values that do not."""
    client = app.test_client()
    tapped = Citizen(client, survey.token).tap(4)
    key = tapped.headers["Location"].rpartition("/")[2]
    for rule in app.url_map.iter_rules():
        guard = guard_of(app.view_functions[rule.endpoint])
        if guard is None or not guard.is_public or "GET" not in (rule.methods or ()):
            continue
        address = rule.rule
        known = {
            "<token>": survey.token,
            "<key>": key,
            "<unit_code>": survey.centre_code,
            "<path:filename>": "css/public.css",
            "<int:number>": "1",
        }
        unknown = dict.fromkeys(known, "X2345678")
        for values in (known, unknown):
            asked = EXAMPLE.sub(lambda found: found["any"] or "1", address)
            for name, value in values.items():
                asked = asked.replace(name, value)
            assert "<" not in asked, asked
            yield asked
    yield from ("/not-there", "/q/", "/results?period=nonsense", "/results?page=-1", f"/q/{survey.token}?lang=en")
    yield from (f"/results/{survey.centre_code}?period=nonsense", "/officer", "/officer/officers")


def test_no_public_get_sets_a_cookie(app: Flask, survey: Surveyed) -> None:
    for address in public_pages(app, survey):
        answer = app.test_client().get(address, buffered=True)
        assert "Set-Cookie" not in answer.headers, address
        assert answer.status_code < 500, address


def door_pages(app: Flask, database: Database, survey: Surveyed) -> list[TestResponse]:
    """Every page that a citizen opens on the way through the door, from a code and from the site, to the slip."""
    load_law(database)
    shown = []
    for token, kind in ((survey.token, "complaint"), ("", "denunciation")):
        visitor = Visitor(app.test_client(), token)
        visitor.whole_way(kind, unit_id=None if token else survey.centre_id)
        for path in ("/feedback/sent/slip", "/feedback/sent", "/feedback/files", "/feedback/check"):
            visitor.get(path)
        shown += visitor.seen
    return shown


def test_only_posts_of_the_door_set_a_cookie_which_holds_a_token_and_is_sent_to_the_door_only(
    app: Flask, database: Database, survey: Surveyed
) -> None:
    for page in door_pages(app, database, survey):
        cookies = page.headers.getlist("Set-Cookie")
        assert not cookies or page.request.method == "POST", page.request.path
        for cookie in cookies:
            name, *marks = (part.strip() for part in cookie.split(";"))
            assert re.fullmatch(r"door=[\w-]{43}", name), cookie
            assert {"HttpOnly", "SameSite=Strict"} <= set(marks)
            (path,) = (mark for mark in marks if mark.startswith("Path="))
            assert path in ("Path=/feedback", f"Path=/q/{survey.token}/feedback")


def test_pages_of_the_door_keep_the_rules_of_all_pages(app: Flask, database: Database, survey: Surveyed) -> None:
    for page in door_pages(app, database, survey):
        for name, value in HEADERS.items():
            assert page.headers.getlist(name) == [value], (page.request.path, name)
        check_policy(page.request.path, page)
        assert page.headers["Cache-Control"] == "no-store"
        if page.mimetype == "text/html":
            check_page(page.request.path, page.text)


def test_headers_stand_on_every_answer(app: Flask, survey: Surveyed) -> None:
    client = app.test_client()
    answers = {address: client.get(address, buffered=True) for address in public_pages(app, survey)}
    answers["wrong method"] = client.post("/results")
    answers["wrong type"] = client.post(f"/q/{survey.token}", json={})
    answers["too large"] = client.post(f"/q/{survey.token}", data={"q_comment": "x" * 4_000_000})
    answers["no form"] = client.post(f"/q/{survey.token}", data={"q_overall": "4"})
    assert {answer.status_code for answer in answers.values()} >= {200, 303, 400, 404, 405, 413, 415}
    for address, answer in answers.items():
        for name, value in HEADERS.items():
            assert answer.headers.getlist(name) == [value], (address, name)
        check_policy(address, answer)


def check_policy(address: str, answer: TestResponse) -> None:
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    directives = {name: values for name, *values in (part.split() for part in policy.split(";"))}
    assert directives["default-src"] == ["'none'"], address
    assert directives["script-src"] in (["'none'"], ["'self'"]), address
    assert directives["base-uri"] == ["'none'"], address
    assert directives["frame-ancestors"] == ["'none'"], address
    assert directives["form-action"] == ["'self'"], address
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(policy.replace(";", " ").split())
    if answer.mimetype == "text/html":
        blocks = STYLE.findall(answer.text)
        assert len(blocks) <= 1, address
        for block in blocks:
            digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in directives["style-src"], address


def test_public_pages_carry_exactly_one_style_block_and_the_survey_asks_for_no_file(
    app: Flask, survey: Surveyed
) -> None:
    for address in public_pages(app, survey):
        answer = app.test_client().get(address, buffered=True)
        if answer.mimetype == "text/html" and address.startswith(("/q/", "/Q/", "/results")):
            assert len(STYLE.findall(answer.text)) == 1, address
            assert address.startswith("/results") or "<link" not in answer.text, address


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(app: Flask, survey: Surveyed) -> None:
    for address in public_pages(app, survey):
        answer = app.test_client().get(address, buffered=True)
        if answer.mimetype == "text/html":
            check_page(address, answer.text)


def check_page(address: str, html: str) -> None:
    """No script of our own in the page, no style attribute, no handler, no address of another host."""
    assert not re.findall(r"<script(?![^>]*\ssrc=)", html, re.IGNORECASE), address
    assert not INLINE.search(html), (address, INLINE.search(html))
    assert "javascript:" not in html.lower(), address
    for found in ADDRESS.findall(html):
        assert not FOREIGN.match(found) or found.startswith(NAMESPACES), (address, found)


def test_pages_are_not_kept_by_browsers_and_files_may_be(app: Flask, client: FlaskClient, survey: Surveyed) -> None:
    assert client.get(f"/q/{survey.token}").headers["Cache-Control"] == "no-store"
    assert client.get("/not-there").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/css/public.css", buffered=True).headers["Cache-Control"]
