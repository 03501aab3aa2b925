"""Signing in and out. Names with an id (B3, B5 …) are lines of the security test list."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import Officer, OfficerSession, RoleAssignment, SignInAttempt
from app.audit.models import AuditEvent
from app.config import Config
from app.db.session import Database
from tests.factories.officers import PASSWORD, make_officer, officer_client, sign_in, token_of
from tests.support.clock import SettableClock

WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."
TOO_MANY = "Đã thử đăng nhập quá nhiều lần."


@pytest.fixture
def officer(database: Database, clock: SettableClock) -> Officer:
    with database.transaction() as session:
        return make_officer(session)


def cookies_of(response) -> list[str]:
    return response.headers.getlist("Set-Cookie")


def secret_of(response) -> str:
    return next(cookie for cookie in cookies_of(response) if cookie.startswith("officer=")).split(";")[0][8:]


def attempts(database: Database) -> list[SignInAttempt]:
    with database.reading() as session:
        return list(session.scalars(select(SignInAttempt).order_by(SignInAttempt.id)))


def test_an_officer_signs_in_and_reaches_the_first_page(client: FlaskClient, officer: Officer) -> None:
    assert client.get("/officer").headers["Location"].startswith("/officer/sign-in?next=")
    response = sign_in(client, wanted="/officer/officers")
    assert (response.status_code, response.headers["Location"]) == (303, "/officer/officers")
    page = client.get("/officer/officers")
    assert page.status_code == 200
    assert "Nguyễn Thị Lan" in page.text
    assert "Đăng xuất" in page.text


def test_the_name_is_taken_in_any_case_and_with_spaces(client: FlaskClient, officer: Officer) -> None:
    assert sign_in(client, " Lan.NGUYEN ").status_code == 303


def test_the_password_is_the_same_in_decomposed_unicode(client: FlaskClient, officer: Officer) -> None:
    assert sign_in(client, password=unicodedata.normalize("NFD", PASSWORD)).status_code == 303


def test_the_cookie_is_for_the_server_and_officer_pages_only(client: FlaskClient, officer: Officer) -> None:
    cookies = cookies_of(sign_in(client))
    assert {cookie.split("=")[0] for cookie in cookies} == {"officer", "officer_device"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/officer" in cookie
        assert "Secure" not in cookie  # this site runs on http


def test_no_get_sets_a_cookie(client: FlaskClient, app: Flask, database: Database) -> None:
    signed_in = officer_client(app, database)
    for browser in (client, signed_in):
        for address in ("/", "/officer", "/officer/sign-in", "/officer/password", "/officer/officers"):
            assert not cookies_of(browser.get(address)), address


@pytest.mark.usefixtures("real_hashing")
def test_only_hashes_are_kept(client: FlaskClient, officer: Officer, database: Database) -> None:
    secret = secret_of(sign_in(client))
    with database.reading() as session:
        stored = session.scalars(select(OfficerSession)).one()
        assert secret.encode() not in stored.secret_hash
        assert session.scalars(select(Officer)).one().password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/officer/",
        "//example.org/officer/x",
        "/\\example.org",
        "/officer\\..\\x",
        "javascript:alert(1)",
        "/results",
        "/officer/\r\nX: y",
        "http://[",
    ],
)
def test_nobody_is_sent_elsewhere(client: FlaskClient, officer: Officer, wanted: str) -> None:
    page = client.get("/officer/sign-in")
    data = {"csrf_token": token_of(page.text), "user_name": "lan.nguyen", "password": PASSWORD, "next": wanted}
    assert client.post("/officer/sign-in", data=data).headers["Location"] == "/officer"


def test_b2_unknown_name_and_wrong_password_look_the_same(client: FlaskClient, officer: Officer) -> None:
    unknown = sign_in(client, "khong.co", "mot mat khau sai")
    wrong = sign_in(client, "lan.nguyen", "mot mat khau sai")
    assert unknown.status_code == wrong.status_code == 400
    assert WRONG in wrong.text

    def bare(text: str) -> str:
        without_token = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
        return without_token.replace("khong.co", "?").replace("lan.nguyen", "?")

    assert bare(unknown.text) == bare(wrong.text)
    assert set(unknown.headers.keys()) == set(wrong.headers.keys())


def test_a_deactivated_officer_is_refused_like_a_stranger(
    client: FlaskClient, officer: Officer, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Officer, officer.id).is_active = False
    response = sign_in(client)
    assert response.status_code == 400
    assert WRONG in response.text


@pytest.mark.parametrize("token", ["", "forged", "A" * 48, "ủ" * 48])
def test_a_post_without_our_form_is_refused_and_keeps_the_name(
    client: FlaskClient, officer: Officer, token: str
) -> None:
    data = {"csrf_token": token, "user_name": "lan.nguyen", "password": PASSWORD}
    response = client.post("/officer/sign-in", data=data)
    assert response.status_code == 400
    assert 'value="lan.nguyen"' in response.text
    assert PASSWORD not in response.text
    assert not cookies_of(response)


def test_a_post_that_the_browser_says_comes_from_another_site_is_refused(client: FlaskClient, officer: Officer) -> None:
    response = sign_in(client, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not cookies_of(response)


def test_an_old_form_is_refused(client: FlaskClient, officer: Officer, clock: SettableClock) -> None:
    token = token_of(client.get("/officer/sign-in").text)
    clock.advance(hours=13)
    data = {"csrf_token": token, "user_name": "lan.nguyen", "password": PASSWORD}
    assert client.post("/officer/sign-in", data=data).status_code == 400


def test_b3_a_forged_address_header_does_not_dodge_the_limit(client: FlaskClient, officer: Officer) -> None:
    forged = [
        "1.2.3.4",
        "5.6.7.8, 9.9.9.9",
        "[2001:db8::1]:443",
        "2001:db8::2",
        "1.2.3.4:80",
        "",
        "x",
        "::ffff:1.1.1.1",
    ]
    for number in range(10):
        sign_in(client, password="sai", headers={"X-Forwarded-For": forged[number % len(forged)]})
    for header in forged:
        response = sign_in(client, headers={"X-Forwarded-For": header})
        assert response.status_code == 429
        assert TOO_MANY in response.text


def test_b4_a_limit_locks_out_neither_the_owner_elsewhere_nor_others_here(
    client: FlaskClient, app: Flask, officer: Officer, database: Database
) -> None:
    with database.transaction() as session:
        make_officer(session, "binh.tran", full_name="Trần Bình")
    for _ in range(12):
        guess = sign_in(client, password="sai")
    assert guess.status_code == 429
    elsewhere = app.test_client()
    assert sign_in(elsewhere, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 303
    assert sign_in(client, "binh.tran").status_code == 303


def test_b4_a_known_browser_signs_in_while_strangers_guess_from_everywhere(
    client: FlaskClient, app: Flask, officer: Officer
) -> None:
    assert sign_in(client).status_code == 303
    for number in range(35):
        sign_in(app.test_client(), password="sai", environ_base={"REMOTE_ADDR": f"10.0.{number}.1"})
    stranger = sign_in(app.test_client(), environ_base={"REMOTE_ADDR": "10.1.0.1"})
    assert stranger.status_code == 429
    assert sign_in(client).status_code == 303


def test_b4_a_limit_ends_after_an_hour_without_guesses(
    client: FlaskClient, app: Flask, officer: Officer, clock: SettableClock
) -> None:
    for number in range(31):
        sign_in(client, password="sai", environ_base={"REMOTE_ADDR": f"10.0.{number}.1"})
    assert sign_in(client, environ_base={"REMOTE_ADDR": "10.1.0.1"}).status_code == 429
    clock.advance(minutes=61)
    assert sign_in(client, environ_base={"REMOTE_ADDR": "10.1.0.2"}).status_code == 303


def test_b5_a_refused_attempt_leaves_a_committed_row(client: FlaskClient, officer: Officer, database: Database) -> None:
    sign_in(client, password="sai")
    sign_in(client, "khong.co", "sai")
    rows = attempts(database)
    assert [row.succeeded for row in rows] == [False, False]
    assert all(b"lan" not in row.account_key and len(row.account_key) == 16 for row in rows)
    with database.reading() as session:
        events = session.execute(select(AuditEvent.subject).where(AuditEvent.action == "session:refuse")).scalars()
        assert list(events) == [f"officer:{officer.id}", "officer:unknown"]


def test_b5_an_attempt_beyond_the_limit_leaves_a_row_too(
    client: FlaskClient, officer: Officer, database: Database
) -> None:
    for _ in range(11):
        sign_in(client, password="sai")
    assert len(attempts(database)) == 11


def test_b6_a_session_ends_by_itself(
    client: FlaskClient, officer: Officer, config: Config, clock: SettableClock
) -> None:
    sign_in(client)
    clock.advance(hours=config.session_hours, minutes=-1)
    assert client.get("/officer/officers").status_code == 200
    clock.advance(minutes=2)
    assert client.get("/officer/officers").status_code == 303


def test_b6_a_sign_in_form_serves_no_other_purpose(client: FlaskClient, app: Flask, database: Database) -> None:
    signed_in = officer_client(app, database)
    foreign = token_of(client.get("/officer/sign-in").text)
    assert signed_in.post("/officer/sign-out", data={"csrf_token": foreign}).status_code == 400
    assert signed_in.get("/officer/officers").status_code == 200


def test_b7_every_sign_in_gives_a_new_session_and_ends_the_old_one(
    client: FlaskClient, app: Flask, officer: Officer
) -> None:
    first = secret_of(sign_in(client))
    second = secret_of(sign_in(client))
    assert first != second
    thief = app.test_client()
    thief.set_cookie("officer", first)
    assert thief.get("/officer/officers").status_code == 303


def test_b7_a_session_secret_given_from_outside_is_never_taken_over(client: FlaskClient, officer: Officer) -> None:
    client.set_cookie("officer", "planted", path="/officer")
    assert secret_of(sign_in(client)) != "planted"


def test_b7_signing_out_needs_a_post_with_the_token(client: FlaskClient, officer: Officer) -> None:
    sign_in(client)
    assert client.get("/officer/sign-out").status_code == 405
    assert client.post("/officer/sign-out").status_code == 400
    page = client.get("/officer/officers")
    assert page.status_code == 200
    response = client.post("/officer/sign-out", data={"csrf_token": token_of(page.text)})
    assert response.status_code == 303
    assert client.get("/officer/officers").status_code == 303


def test_b7_a_session_signed_out_is_dead_on_the_server(client: FlaskClient, app: Flask, officer: Officer) -> None:
    secret = secret_of(sign_in(client))
    client.post("/officer/sign-out", data={"csrf_token": token_of(client.get("/officer/officers").text)})
    thief = app.test_client()
    thief.set_cookie("officer", secret)
    assert thief.get("/officer/officers").status_code == 303


def test_the_token_of_one_session_is_worth_nothing_in_another(app: Flask, database: Database) -> None:
    one = officer_client(app, database, "mot.mot")
    two = officer_client(app, database, "hai.hai")
    foreign = token_of(one.get("/officer/officers").text)
    assert two.post("/officer/sign-out", data={"csrf_token": foreign}).status_code == 400


def test_old_sessions_and_attempts_are_forgotten(
    client: FlaskClient, officer: Officer, database: Database, clock: SettableClock
) -> None:
    sign_in(client)
    clock.advance(days=31)
    sign_in(client)
    assert len(attempts(database)) == 1
    with database.reading() as session:
        kept = session.scalars(select(OfficerSession)).all()
        assert [row.created_at > clock() - timedelta(days=1) for row in kept] == [True]


def test_the_front_page_leads_to_results_and_sign_in(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/results"' in page.text
    assert 'href="/officer/sign-in"' in page.text


def test_under_https_cookies_are_secure(config: Config, officer: Officer, make_app: Callable[[Config], Flask]) -> None:
    client = make_app(replace(config, public_url="https://langnghe.example.vn")).test_client()
    response = sign_in(client, base_url="https://langnghe.example.vn")
    assert response.status_code == 303
    assert all("Secure" in cookie for cookie in cookies_of(response))


def test_an_officer_without_a_role_is_told_so(app: Flask, database: Database, officer: Officer) -> None:
    client = app.test_client()
    sign_in(client)
    with database.transaction() as session:
        services.end_role(session, None, officer.id, session.scalars(select(RoleAssignment.id)).one())
    page = client.get("/officer")
    assert page.status_code == 200
    assert "chưa được giao vai trò" in page.text
    assert client.get("/officer/officers").status_code == 403
