"""Commands for whoever runs the server."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.cli import commands
from app.accounts.models import RoleAssignment
from app.accounts.proof import second_factor
from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.officers import make_officer, sign_in

PASSWORD = re.compile(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b")


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(commands, list(arguments))


def test_create_admin_prints_a_password_that_works_once(app: Flask, client: FlaskClient, database: Database) -> None:
    result = run(app, "create-admin")
    assert result.exit_code == 0
    (password,) = PASSWORD.findall(result.output)
    response = sign_in(client, "quantri", password)
    assert response.status_code == 303
    assert client.get("/officer/officers").headers["Location"] == "/officer/password"
    with database.reading() as session:
        assert session.scalars(select(RoleAssignment.role)).all() == [Role.ADMINISTRATOR]


def test_a_trial_gets_both_roles(app: Flask, database: Database) -> None:
    assert run(app, "create-admin", "--username", "thu.nghiem", "--home-affairs").exit_code == 0
    with database.reading() as session:
        assert set(session.scalars(select(RoleAssignment.role))) == {Role.ADMINISTRATOR, Role.HOME_AFFAIRS}


def test_a_name_in_use_is_refused(app: Flask) -> None:
    run(app, "create-admin")
    result = run(app, "create-admin", "--username", "QuanTri")
    assert result.exit_code == 1
    assert "đã có người dùng" in result.output
    assert not PASSWORD.search(result.output)


def test_reset_password_replaces_the_old_one(app: Flask, client: FlaskClient) -> None:
    old = PASSWORD.search(run(app, "create-admin").output)
    new = PASSWORD.search(run(app, "reset-password", "quantri").output)
    assert old is not None
    assert new is not None
    assert sign_in(client, "quantri", old[0]).status_code == 400
    assert sign_in(client, "quantri", new[0]).status_code == 303


def test_reset_of_an_unknown_name_says_so(app: Flask) -> None:
    result = run(app, "reset-password", "khong.co")
    assert result.exit_code == 1
    assert "khong.co" in result.output


def test_the_second_factor_is_taken_off_when_nobody_else_can(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        officer = make_officer(session)
        session.flush()
        second_factor.take_off(session, None, officer.id)  # nothing to take off is no error
    assert run(app, "reset-second-factor", "Lan.Nguyen").exit_code == 0
    assert run(app, "reset-second-factor", "khong.co").exit_code == 1


def test_the_matrix_of_rights_is_printed(app: Flask) -> None:
    shown = run(app, "rights").output
    assert "| `officer:cases:read-contact` |" in shown
    assert "Lãnh đạo đơn vị" in shown
