"""Officers who can sign in, and browsers in which they have."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import passwords, services
from app.accounts.models import Officer
from app.accounts.roles import Role
from app.db.session import Database
from app.units.models import Unit

PASSWORD = "ba cay cầu qua sông"
FULL_NAME = "Nguyễn Thị Lan"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def make_officer(
    session: Session,
    username: str = "lan.nguyen",
    *,
    role: Role = Role.ADMINISTRATOR,
    unit: Unit | None = None,
    full_name: str = "",
) -> Officer:
    """An officer whose password is ``PASSWORD``; nobody is called like somebody else by chance."""
    if not full_name:
        is_taken = session.scalar(select(Officer.id).where(Officer.full_name == FULL_NAME).limit(1)) is not None
        full_name = f"Nguyễn Thị {username.replace('.', ' ').title()}" if is_taken else FULL_NAME
    made = services.create_officer(
        session, None, username=username, full_name=full_name, role=role, unit_id=None if unit is None else unit.id
    )
    made.officer.password_hash = passwords.hash_password(PASSWORD)
    made.officer.must_change_password = False
    return made.officer


def officer_client(
    app: Flask,
    database: Database,
    username: str = "lan.nguyen",
    *,
    role: Role = Role.ADMINISTRATOR,
    unit: Unit | None = None,
) -> FlaskClient:
    """A browser in which a new officer has signed in."""
    with database.transaction() as session:
        make_officer(session, username, role=role, unit=unit)
    client = app.test_client()
    response = sign_in(client, username)
    assert response.status_code == 303, response.text
    return client


def sign_in(
    client: FlaskClient,
    username: str = "lan.nguyen",
    password: str = PASSWORD,
    *,
    wanted: str = "",
    headers: dict[str, str] | None = None,
    environ_base: dict[str, str] | None = None,
    base_url: str | None = None,
) -> TestResponse:
    """Open the sign-in page and send it."""
    page = client.get("/officer/sign-in", query_string={"next": wanted} if wanted else {}, base_url=base_url)
    data = {"csrf_token": token_of(page.text), "user_name": username, "password": password, "next": wanted}
    return client.post(
        "/officer/sign-in", data=data, headers=headers or {}, environ_base=environ_base or {}, base_url=base_url
    )


def token_of(html: str) -> str:
    """The token of the forms of a page (every officer page has one, to sign out with)."""
    found = TOKEN.search(html)
    assert found is not None, html
    return found[1]
