"""One's own account: sessions, warnings, invitations, and the password once more (B6, B7)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.proof import invitations
from app.accounts.proof.devices import device_words
from app.accounts.proof.models import Invitation
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.db.session import Database
from tests.factories.officers import PASSWORD, make_officer, officer_client, sign_in, token_of
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def officer(database: Database, clock: SettableClock) -> Officer:
    with database.transaction() as session:
        return make_officer(session)


def invite(database: Database, officer: Officer) -> str:
    with database.transaction() as session:
        return "/officer/invitation/" + invitations.invite(session, None, officer.id)


def join(client: FlaskClient, address: str, new: str = "sáu chiếc thuyền nan", repeated: str | None = None):
    data = {"csrf_token": token_of(client.get(address).text), "new": new, "repeated": repeated or new}
    return client.post(address, data=data)


def test_devices_in_two_words() -> None:
    assert device_words(FIREFOX) == "Firefox, Linux"
    assert device_words(EDGE) == "Edge, Windows"
    assert device_words("<script>") == "Trình duyệt không rõ"


def test_sessions_are_listed_and_ended(app: Flask, officer: Officer) -> None:
    one, two = app.test_client(), app.test_client()
    sign_in(one, headers={"User-Agent": FIREFOX})
    sign_in(two, headers={"User-Agent": EDGE})
    page = one.get("/officer/account").text
    assert "Firefox, Linux" in page
    assert "Edge, Windows" in page
    keys = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    assert len(keys) == 1  # one's own present session has no such button
    assert keys[0] not in one.get_cookie("officer", path="/officer").value
    answer = one.post("/officer/account/sessions/end", data={"csrf_token": token_of(page), "session": keys[0]})
    assert answer.status_code == 303
    assert two.get("/officer").headers["Location"].startswith("/officer/sign-in")
    assert one.get("/officer/account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(app: Flask, database: Database, officer: Officer) -> None:
    victim = app.test_client()
    sign_in(victim)
    other = officer_client(app, database, "khac.nguoi")
    sign_in(app.test_client())
    keys = re.findall(r'name="session" value="([0-9a-f]{64})"', victim.get("/officer/account").text)
    token = token_of(other.get("/officer/account").text)
    for key in (*keys, "", "zz", "0" * 64):
        other.post("/officer/account/sessions/end", data={"csrf_token": token, "session": key})
    other.post("/officer/account/sessions/end-others", data={"csrf_token": token})
    assert victim.get("/officer/account").status_code == 200


def test_all_others_are_ended_at_once(app: Flask, officer: Officer) -> None:
    browsers = [app.test_client() for _ in range(3)]
    for one in browsers:
        sign_in(one)
    token = token_of(browsers[0].get("/officer/account").text)
    browsers[0].post("/officer/account/sessions/end-others", data={"csrf_token": token})
    assert [one.get("/officer/account").status_code for one in browsers] == [200, 303, 303]


def test_wrong_tries_and_new_browsers_are_shown_at_the_next_sign_in(app: Flask, officer: Officer) -> None:
    known = app.test_client()
    assert sign_in(known).headers["Location"] == "/officer"
    for _ in range(3):
        sign_in(app.test_client(), password="sai", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    sign_in(app.test_client(), headers={"User-Agent": EDGE})
    answer = sign_in(known)
    assert answer.headers["Location"] == "/officer/account"
    page = known.get("/officer/account").text
    assert "trình duyệt mới: Edge, Windows" in page
    assert "Sai, không vào được" in page


def test_failures_since_the_sign_in_before(app: Flask, officer: Officer) -> None:
    known = app.test_client()
    sign_in(known)
    for _ in range(3):
        sign_in(app.test_client(), password="sai", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert sign_in(known).headers["Location"] == "/officer/account"
    assert "Có 3 lần nhập sai" in known.get("/officer/account").text
    assert sign_in(known).headers["Location"] == "/officer"


def test_b6_an_invitation_serves_once_and_opening_it_changes_nothing(
    app: Flask, officer: Officer, database: Database
) -> None:
    address = invite(database, officer)
    client = app.test_client()
    for _ in range(3):  # a mail scanner, a curious neighbour
        page = client.get(address)
        assert page.status_code == 200
        assert not page.headers.getlist("Set-Cookie")
    assert join(client, address).status_code == 303
    assert client.get(address).status_code == 410
    assert client.post(address, data={"csrf_token": "x"}).status_code in (400, 410)
    assert sign_in(client, password="sáu chiếc thuyền nan").status_code == 303
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 400


def test_b6_only_the_newest_counts_and_not_for_ever(
    app: Flask, officer: Officer, database: Database, clock: SettableClock
) -> None:
    old, new = invite(database, officer), invite(database, officer)
    client = app.test_client()
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    clock.advance(days=8)
    assert client.get(new).status_code == 410
    assert client.get("/officer/invitation/nonsense").status_code == 410


def test_b8_the_secret_of_an_invitation_is_kept_as_a_hash(officer: Officer, database: Database) -> None:
    secret = invite(database, officer).rpartition("/")[2]
    with database.reading() as session:
        row = session.scalars(select(Invitation)).one()
        events = session.scalars(select(AuditEvent)).all()
    assert secret.encode() not in row.secret_hash
    assert secret not in str([(event.subject, event.detail) for event in events])
    assert row.expires_at - row.created_at == timedelta(days=7)


def test_a_weak_password_leaves_the_invitation_good(app: Flask, officer: Officer, database: Database) -> None:
    address = invite(database, officer)
    client = app.test_client()
    assert join(client, address, "ngắn").status_code == 400
    assert join(client, address, repeated="một câu khác hẳn").status_code == 400
    assert join(client, address).status_code == 303


def test_an_invitation_ends_open_sessions(app: Flask, officer: Officer, database: Database) -> None:
    client = app.test_client()
    sign_in(client)
    join(app.test_client(), invite(database, officer))
    assert client.get("/officer/account").status_code == 303


def test_sensitive_acts_ask_for_the_password_again_after_ten_minutes(
    app: Flask, database: Database, clock: SettableClock
) -> None:
    client = officer_client(app, database)
    with database.transaction() as session:
        made = make_officer(session, "mot.nguoi", role=Role.SURVEYOR, unit=make_unit(session, "22"))
    page = f"/officer/officers/{made.id}"
    token = token_of(client.get(page).text)
    clock.advance(minutes=9)
    assert client.post(f"{page}/invite", data={"csrf_token": token}).status_code == 200
    clock.advance(minutes=2)
    answer = client.post(f"{page}/invite", data={"csrf_token": token})
    assert answer.headers["Location"] == f"/officer/confirm?next=/officer/officers/{made.id}"
    asked = client.get(answer.headers["Location"])
    assert 'name="next" value="/officer/officers/' in asked.text
    data = {"csrf_token": token, "password": "sai", "next": page}
    assert client.post("/officer/confirm", data=data).status_code == 400
    data["password"] = PASSWORD
    assert client.post("/officer/confirm", data=data).headers["Location"] == page
    assert client.post(f"{page}/invite", data={"csrf_token": token}).status_code == 200
    with database.reading() as session:
        actions = list(session.scalars(select(AuditEvent.action)))
    assert {"session:confirm", "session:refuse-confirm"} <= set(actions)


def test_confirming_leads_nowhere_else(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    token = token_of(client.get("/officer/account").text)
    data = {"csrf_token": token, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/officer/confirm", data=data).headers["Location"] == "/officer"


def test_guesses_of_the_password_there_are_slowed(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    token = token_of(client.get("/officer/account").text)
    codes = [
        client.post("/officer/confirm", data={"csrf_token": token, "password": "x"}).status_code for _ in range(11)
    ]
    assert codes == [400] * 10 + [429]
