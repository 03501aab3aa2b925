"""The second factor: required roles must enrol before anything else, codes work once, recovery codes too (B10)."""

import re
from collections.abc import Callable
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import LargeBinary, literal, select, type_coerce, update

from app.accounts.models import OfficerSession, RoleAssignment, SignInAttempt
from app.accounts.proof.models import RecoveryCode, SecondFactor
from app.accounts.rights.delegations import Period, delegate
from app.accounts.roles import NEEDS_SECOND_FACTOR, Role
from app.audit.models import AuditEvent
from app.config import Config, ConfigError
from app.crypto.errors import TamperedError
from app.crypto.types import in_row
from app.db.models import Installation
from app.db.session import Database
from tests.factories.officers import make_officer, sign_in, token_of
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

SECRET = re.compile(r'<strong class="figure">([A-Z2-7 ]+)</strong>')
CODE = re.compile(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b")


@pytest.fixture
def app(config: Config, make_app: Callable[[Config], Flask]) -> Flask:
    return make_app(replace(config, second_factor="on"))


@pytest.fixture
def client(app: Flask, database: Database) -> FlaskClient:
    """An administrator who has signed in with the password alone."""
    with database.transaction() as session:
        make_officer(session)
    made = app.test_client()
    assert sign_in(made).status_code == 303
    return made


def post(client: FlaskClient, page: str, address: str, **data: str):
    return client.post(address, data={"csrf_token": token_of(client.get(page).text), **data})


def enrol(client: FlaskClient, clock: SettableClock) -> tuple[str, list[str]]:
    assert post(client, "/officer/second-factor/enrol", "/officer/second-factor/begin").status_code == 303
    found = SECRET.search(client.get("/officer/second-factor/enrol").text)
    assert found is not None
    secret = found[1].replace(" ", "")
    answer = post(client, "/officer/second-factor/enrol", "/officer/second-factor/enrol", code=now_code(secret, clock))
    assert answer.status_code == 200, answer.text
    return secret, CODE.findall(answer.text)


def now_code(secret: str, clock: SettableClock) -> str:
    return pyotp.TOTP(secret).at(clock())


def give(client: FlaskClient, code: str):
    return post(client, "/officer/second-factor", "/officer/second-factor", code=code)


def test_a_required_role_enrols_before_anything_else(client: FlaskClient, clock: SettableClock) -> None:
    for address in ("/officer", "/officer/officers", "/officer/account", "/officer/units", "/officer/confirm"):
        assert client.get(address).headers["Location"] == "/officer/second-factor/enrol", address
    _secret, codes = enrol(client, clock)
    assert len(set(codes)) == 10
    assert client.get("/officer/officers").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_which_roles_must(app: Flask, database: Database, role: Role) -> None:
    with database.transaction() as session:
        unit = make_unit(session, "22", type_code="province")
        make_officer(session, "ai.do", role=role, unit=unit)
    made = app.test_client()
    sign_in(made, "ai.do")
    is_sent = made.get("/officer/account").status_code == 303
    assert is_sent == (role in NEEDS_SECOND_FACTOR)


def test_the_password_alone_opens_nothing_afterwards(
    client: FlaskClient, app: Flask, clock: SettableClock, database: Database
) -> None:
    secret, _codes = enrol(client, clock)
    clock.advance(minutes=1)
    other = app.test_client()
    assert sign_in(other, wanted="/officer/officers").headers["Location"] == "/officer/officers"
    asked = other.get("/officer/officers").headers["Location"]
    assert asked.startswith("/officer/second-factor?next=")
    for address in ("/officer", "/officer/password", "/officer/account", "/officer/second-factor/enrol"):
        assert other.get(address).headers["Location"].startswith("/officer/second-factor?next="), address
    first = other.get_cookie("officer", path="/officer").value
    answer = give(other, now_code(secret, clock))
    assert answer.status_code == 303
    assert other.get_cookie("officer", path="/officer").value != first  # B7: renewed again
    assert other.get("/officer/officers").status_code == 200
    thief = app.test_client()
    thief.set_cookie("officer", first, path="/officer")
    assert thief.get("/officer").headers["Location"].startswith("/officer/sign-in")


def test_b10_a_code_is_not_taken_twice_nor_an_older_one_after_it(
    client: FlaskClient, app: Flask, clock: SettableClock
) -> None:
    secret, _codes = enrol(client, clock)
    used = now_code(secret, clock)
    other = app.test_client()
    sign_in(other)
    assert give(other, used).status_code == 400  # it enrolled
    clock.advance(seconds=60)
    earlier = pyotp.TOTP(secret).at(int(clock().timestamp()) - 30)
    assert give(other, now_code(secret, clock)).status_code == 303
    third = app.test_client()
    sign_in(third)
    assert give(third, earlier).status_code == 400
    assert give(third, now_code(secret, clock)).status_code == 400


def test_a_recovery_code_works_once_and_is_kept_as_a_hash(
    client: FlaskClient, app: Flask, clock: SettableClock, database: Database
) -> None:
    _secret, codes = enrol(client, clock)
    one, two = app.test_client(), app.test_client()
    sign_in(one)
    assert give(one, codes[3].lower().replace("-", " ")).status_code == 303
    sign_in(two)
    assert give(two, codes[3]).status_code == 400
    assert give(two, codes[4]).status_code == 303
    with database.reading() as session:
        rows = session.scalars(select(RecoveryCode)).all()
        assert sum(row.used_at is not None for row in rows) == 2
        assert all(len(row.code_hash) == 32 for row in rows)
        actions = list(session.scalars(select(AuditEvent.action)))
    assert actions.count("second-factor:recover") == 2
    assert "second-factor:refuse" in actions


def test_the_secret_is_encrypted_and_bound_to_its_officer(
    client: FlaskClient, clock: SettableClock, database: Database, config: Config
) -> None:
    secret, _codes = enrol(client, clock)
    with database.transaction() as session:
        row = session.scalars(select(SecondFactor)).one()
        assert row.secret == secret
        sealed = session.scalar(select(type_coerce(SecondFactor.secret, LargeBinary)))
        assert secret.encode() not in sealed
        other = make_officer(session, "nguoi.khac")
        session.add(SecondFactor(officer_id=other.id, secret=in_row("other", other.id), created_at=row.created_at))
        session.flush()
        session.execute(update(SecondFactor).values(secret=literal(sealed, LargeBinary)))  # theirs in place of ours
    with database.reading() as session, pytest.raises(TamperedError):
        session.scalars(select(SecondFactor)).all()


def test_guesses_are_slowed_and_on_record(client: FlaskClient, app: Flask, clock: SettableClock, database) -> None:
    enrol(client, clock)
    other = app.test_client()
    sign_in(other)
    answers = [give(other, "000000").status_code for _ in range(12)]
    assert answers[:9] == [400] * 9
    assert answers[-1] == 429
    with database.reading() as session:
        assert any(not row.succeeded for row in session.scalars(select(SignInAttempt)))
    assert client.get("/officer/officers").status_code == 200  # whoever is in stays in


def test_a_waiting_session_does_not_wait_long(client: FlaskClient, app: Flask, clock: SettableClock) -> None:
    secret, _codes = enrol(client, clock)
    other = app.test_client()
    sign_in(other)
    clock.advance(minutes=11)
    assert other.get("/officer/second-factor").headers["Location"].startswith("/officer/sign-in")
    assert secret


def test_taking_it_off_asks_for_the_password_again_and_leads_back_to_enrolling(
    client: FlaskClient, clock: SettableClock
) -> None:
    enrol(client, clock)
    clock.advance(minutes=11)
    token = token_of(client.get("/officer/account").text)
    answer = client.post("/officer/second-factor/take-off", data={"csrf_token": token})
    assert answer.headers["Location"].startswith("/officer/confirm")
    post(client, "/officer/account", "/officer/confirm", password="ba cay cầu qua sông")
    assert client.post("/officer/second-factor/take-off", data={"csrf_token": token}).status_code == 303
    assert client.get("/officer/officers").headers["Location"] == "/officer/second-factor/enrol"


def test_an_administrator_takes_it_off_a_colleague_whose_sessions_end(
    client: FlaskClient, app: Flask, clock: SettableClock, database: Database
) -> None:
    enrol(client, clock)
    with database.transaction() as session:
        made = make_officer(session, "mat.may")
    lost = app.test_client()
    sign_in(lost, "mat.may")
    enrol(lost, clock)
    answer = post(client, f"/officer/officers/{made.id}", f"/officer/officers/{made.id}/reset-second-factor")
    assert answer.status_code == 303
    assert lost.get("/officer").headers["Location"].startswith("/officer/sign-in")
    sign_in(lost, "mat.may")
    assert lost.get("/officer").headers["Location"] == "/officer/second-factor/enrol"


def test_it_cannot_be_switched_off_on_a_real_database(
    config: Config, database: Database, make_app: Callable[[Config], Flask], clock: SettableClock
) -> None:
    with database.transaction() as session:
        session.add(Installation(id=1, created_on=clock.today, is_simulated=False))
    with pytest.raises(ConfigError, match="SECOND_FACTOR"):
        make_app(replace(config, second_factor="off"))
    with database.transaction() as session:
        make_officer(session)
    made = make_app(replace(config, second_factor="auto")).test_client()
    sign_in(made)
    assert made.get("/officer").headers["Location"] == "/officer/second-factor/enrol"


def test_no_secret_stands_in_a_session_row(client: FlaskClient, clock: SettableClock, database: Database) -> None:
    enrol(client, clock)
    with database.reading() as session:
        rows = session.scalars(select(OfficerSession)).all()
    assert all(row.device is not None and len(row.device) <= 60 for row in rows)


def test_a_deputy_of_such_a_role_must_too_while_the_role_is_lent(
    app: Flask, database: Database, clock: SettableClock
) -> None:
    with database.transaction() as session:
        unit = make_unit(session, "22", type_code="province")
        lender = make_officer(session, "noi.vu", role=Role.HOME_AFFAIRS)
        deputy = make_officer(session, "thay.mat", role=Role.SURVEYOR, unit=unit)
        session.flush()
        held = session.scalars(select(RoleAssignment.id).where(RoleAssignment.officer_id == lender.id)).one()
        period = Period(clock.today, clock.today)
        delegate(session, lender.id, held, deputy.id, None, period, "nghỉ phép")
    made = app.test_client()
    sign_in(made, "thay.mat")
    assert made.get("/officer").headers["Location"] == "/officer/second-factor/enrol"
    clock.advance(days=1)
    sign_in(made, "thay.mat")
    assert made.get("/officer/account").status_code == 200
