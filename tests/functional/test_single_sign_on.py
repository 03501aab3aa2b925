"""Single sign-on against a real OpenID Connect provider, run as a process on loopback."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.proof.models import SingleSignOnLink, SingleSignOnStart
from app.audit.models import AuditEvent
from app.config import Config, SingleSignOn
from app.db.session import Database
from tests.factories.officers import make_officer, token_of
from tests.support.identity_provider import running_provider

PEOPLE = (
    {"sub": "p-1", "preferred_username": "LAN.Nguyen"},
    {"sub": "p-2", "preferred_username": "lan.nguyen"},
    {"sub": "p-3", "preferred_username": "nguoi.la"},
)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with running_provider(*PEOPLE) as address:
        yield address


@pytest.fixture
def app(config: Config, provider: str, make_app: Callable[[Config], Flask], database: Database) -> Flask:
    with database.transaction() as session:
        make_officer(session)
    return make_app(replace(config, single_sign_on=SingleSignOn(provider, "langnghe", "a secret")))


def begin(client: FlaskClient, wanted: str = "") -> str:
    page = client.get("/officer/sign-in")
    answer = client.post("/officer/single-sign-on", data={"csrf_token": token_of(page.text), "next": wanted})
    assert answer.status_code == 303
    return answer.headers["Location"]


def consent(address: str, person: str) -> str:
    """Say at the provider who we are; the path it sends the browser back to."""
    data = urlencode({"sub": person}).encode()
    try:
        build_opener(_NoRedirect).open(Request(address, data=data))
    except OSError as answer:
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"
    raise AssertionError("no redirect")


def come_in(app: Flask, person: str, wanted: str = ""):
    client = app.test_client()
    return client, client.get(consent(begin(client, wanted), person))


def test_an_officer_signs_in_and_is_linked_whatever_the_case_of_the_name(app: Flask, database: Database) -> None:
    client, answer = come_in(app, "p-1", "/officer/officers")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/officer/officers")
    assert "Nguyễn Thị Lan" in client.get("/officer/officers").text
    with database.reading() as session:
        assert session.scalars(select(Officer.username)).all() == ["lan.nguyen"]  # B10: no twin
        assert session.scalars(select(SingleSignOnLink.subject)).all() == ["p-1"]
        assert "single-sign-on:link" in session.scalars(select(AuditEvent.action)).all()


def test_the_request_carries_state_nonce_and_a_hashed_verifier(app: Flask, database: Database, provider: str) -> None:
    sent = parse_qs(urlsplit(begin(app.test_client())).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["response_type"] == ["code"]
    assert sent["redirect_uri"] == ["http://localhost/officer/single-sign-on/return"]
    with database.reading() as session:
        row = session.scalars(select(SingleSignOnStart)).one()
    assert row.nonce == sent["nonce"][0]
    assert row.code_verifier not in str(sent)
    assert sent["state"][0].encode() not in row.state_hash


def test_another_person_with_the_same_name_is_refused_once_linked(app: Flask) -> None:
    come_in(app, "p-1")
    client, answer = come_in(app, "p-2")
    assert answer.headers["Location"] == "/officer/sign-in?done=no-match"
    assert client.get("/officer/officers").headers["Location"].startswith("/officer/sign-in")


def test_a_stranger_gets_no_account(app: Flask, database: Database) -> None:
    _client, answer = come_in(app, "p-3")
    assert answer.headers["Location"] == "/officer/sign-in?done=no-match"
    with database.reading() as session:
        assert len(session.scalars(select(Officer)).all()) == 1


def test_a_closed_account_stays_closed(app: Flask, database: Database) -> None:
    come_in(app, "p-1")
    with database.transaction() as session:
        session.scalars(select(Officer)).one().is_active = False
    assert come_in(app, "p-1")[1].headers["Location"] == "/officer/sign-in?done=no-match"


def test_b6_a_state_works_once_and_in_its_own_browser_only(app: Flask) -> None:
    client = app.test_client()
    back = consent(begin(client), "p-1")
    thief = app.test_client()
    assert thief.get(back).headers["Location"] == "/officer/sign-in?done=failed"
    assert client.get(back).headers["Location"] == "/officer"
    assert client.get(back).headers["Location"] == "/officer/sign-in?done=failed"
    planted = app.test_client()
    planted.set_cookie("officer_start", parse_qs(urlsplit(back).query)["state"][0], path="/officer/single-sign-on")
    assert planted.get(back).headers["Location"] == "/officer/sign-in?done=failed"


def test_b6_a_code_of_another_sign_in_fails_at_the_verifier_and_nonce(app: Flask) -> None:
    one, two = app.test_client(), app.test_client()
    mine, theirs = consent(begin(one), "p-1"), consent(begin(two), "p-1")
    codes = [parse_qs(urlsplit(address).query)["code"][0] for address in (mine, theirs)]
    assert one.get(mine.replace(codes[0], codes[1])).headers["Location"] == "/officer/sign-in?done=failed"


@pytest.mark.parametrize("query", ["", "state=x&code=y", "error=access_denied", "state=&code="])
def test_a_return_nobody_asked_for_is_refused(app: Flask, query: str) -> None:
    answer = app.test_client().get(f"/officer/single-sign-on/return?{query}")
    assert answer.headers["Location"] == "/officer/sign-in?done=failed"


def test_the_return_of_another_provider_is_refused(app: Flask) -> None:
    client = app.test_client()
    back = consent(begin(client), "p-1") + "&iss=https%3A%2F%2Fevil.example"
    assert client.get(back).headers["Location"] == "/officer/sign-in?done=failed"


def test_b7_the_session_is_new_and_b10_the_second_factor_is_still_asked_for(app: Flask, database: Database) -> None:
    from app.accounts.proof import second_factor

    with database.transaction() as session:
        officer = session.scalars(select(Officer)).one()
        second_factor.begin(session, officer.id)
        session.flush()
        from app import clock
        from app.accounts.proof.models import SecondFactor

        session.get_one(SecondFactor, officer.id).confirmed_at = clock.now()
    client, answer = come_in(app, "p-1")
    assert answer.status_code == 303
    assert client.get("/officer/officers").headers["Location"].startswith("/officer/second-factor")


def test_a_provider_that_is_down_costs_a_message(config: Config, make_app: Callable[[Config], Flask]) -> None:
    client = make_app(replace(config, single_sign_on=SingleSignOn("http://127.0.0.1:9", "a", "b"))).test_client()
    answer = client.post("/officer/single-sign-on", data={"csrf_token": token_of(client.get("/officer/sign-in").text)})
    assert answer.headers["Location"] == "/officer/sign-in?done=failed"
    assert "Đăng nhập chung chưa thành công" in client.get(answer.headers["Location"]).text


def test_off_by_default(client: FlaskClient, config: Config, make_app: Callable[[Config], Flask]) -> None:
    off = make_app(config).test_client()
    assert "hệ thống chung" not in off.get("/officer/sign-in").text
    assert off.post("/officer/single-sign-on").status_code == 404
    assert off.get("/officer/single-sign-on/return").status_code == 404


def test_forms_may_lead_to_the_provider_from_officer_pages_only(app: Flask, provider: str) -> None:
    client = app.test_client()
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in ("/officer/sign-in", "/results")}
    assert f"form-action 'self' {provider};" in policies["/officer/sign-in"]
    assert "form-action 'self';" in policies["/results"]
    assert re.search(r'action="/officer/single-sign-on"', client.get("/officer/sign-in").text)
