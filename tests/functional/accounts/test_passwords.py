"""Changing and resetting passwords."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import Officer
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.db.session import Database
from tests.factories.officers import PASSWORD, make_officer, officer_client, sign_in, token_of

NEW = "mười hai con giáp xếp hàng"


def change(client: FlaskClient, new: str = NEW, repeated: str | None = None, present: str | None = PASSWORD):
    token = token_of(client.get("/officer/password").text)
    data = {"csrf_token": token, "new": new, "repeated": new if repeated is None else repeated}
    return client.post("/officer/password", data=data if present is None else data | {"present": present})


def test_a_one_time_password_must_be_changed_first(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        made = services.create_officer(
            session, None, username="moi.vao", full_name="Mới Vào", role=Role.ADMINISTRATOR, unit_id=None
        )
    sign_in(client, "moi.vao", made.one_time_password)
    for address in ("/officer", "/officer/officers"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (303, "/officer/password")
    page = client.get("/officer/password").text
    assert 'name="present"' not in page
    assert "<nav" not in page
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
    assert change(client, present=None).status_code == 303
    assert "Firefox, Linux" in client.get("/officer/account").text
    assert client.get("/officer/officers").status_code == 200
    assert sign_in(client, "moi.vao", made.one_time_password).status_code == 400


def test_an_ordinary_change_needs_the_present_password(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    assert change(client, present=None).status_code == 400
    wrong = change(client, present="không phải")
    assert wrong.status_code == 400
    assert "Mật khẩu hiện tại chưa đúng." in wrong.text
    assert change(client).status_code == 303
    assert sign_in(app.test_client(), password=NEW).status_code == 303


def test_bad_new_passwords_are_named(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    for new, repeated, words in [
        ("cụt", None, "ít nhất 12 ký tự"),
        (NEW, NEW + "x", "chưa giống nhau"),
        (PASSWORD, None, "phải khác mật khẩu đang dùng"),
        ("Nguyễn Thị Lan 1990", None, "không được chứa tên"),
        ("123456789012", None, "quá phổ biến"),
        ("a" * 129, None, "dài quá 128"),
    ]:
        response = change(client, new, repeated)
        assert response.status_code == 400
        assert words in response.text
        assert new not in response.text


def test_b7_a_change_ends_every_other_session_and_renews_this_one(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    other = app.test_client()
    sign_in(other)
    before = client.get_cookie("officer", path="/officer")
    assert change(client).status_code == 303
    after = client.get_cookie("officer", path="/officer")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/officer/officers").status_code == 200
    assert other.get("/officer/officers").status_code == 303
    thief = app.test_client()
    thief.set_cookie("officer", before.value)
    assert thief.get("/officer/officers").status_code == 303


def test_b7_a_reset_ends_every_session_and_shows_the_password_once(app: Flask, database: Database) -> None:
    administrator = officer_client(app, database, "quan.tri")
    client = officer_client(app, database)
    with database.reading() as session:
        officer_id = session.scalars(select(Officer.id).where(Officer.username == "lan.nguyen")).one()
    address = f"/officer/officers/{officer_id}"
    token = token_of(administrator.get(address).text)
    shown = administrator.post(f"{address}/reset-password", data={"csrf_token": token})
    found = re.search(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b", shown.text)
    assert found is not None
    assert shown.headers["Cache-Control"] == "no-store"
    assert found[0] not in administrator.get(address).text
    assert client.get("/officer/officers").status_code == 303
    assert sign_in(client).status_code == 400
    assert sign_in(client, password=found[0]).status_code == 303
    assert client.get("/officer/officers").headers["Location"] == "/officer/password"


def test_guesses_of_the_present_password_are_slowed(app: Flask, database: Database) -> None:
    client = officer_client(app, database)
    for _ in range(10):
        assert change(client, present="đoán mò").status_code == 400
    response = change(client)
    assert response.status_code == 429
    assert "quá nhiều lần" in response.text


def test_changes_are_on_record_without_any_secret(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        make_officer(session, "khac.nua")
    change(officer_client(app, database))
    with database.reading() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert "officer:change-password" in {event.action for event in events}
    assert NEW not in str([(event.subject, event.detail) for event in events])
