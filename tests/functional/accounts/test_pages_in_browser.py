"""The pages of accounts and rights in a real browser, phone and desktop: axe finds nothing, nothing scrolls sideways."""

import re

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import RoleAssignment
from app.accounts.proof import invitations
from app.accounts.rights import delegations
from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.officers import make_officer, sign_in, token_of
from tests.factories.places import make_unit
from tests.support.clock import SettableClock
from tools.look import VARIANTS, faults_of

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(app: Flask, database: Database, clock: SettableClock) -> dict[str, str]:
    """Each page as an officer of many roles meets it."""
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        ward = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        who = make_officer(session, "lan.nguyen", role=Role.ADMINISTRATOR)
        services.assign_role(session, None, who.id, Role.UNIT_LEADER, ward.id)
        other = make_officer(session, "binh.tran", full_name="Trần Thanh Bình", role=Role.CASE_OFFICER, unit=ward)
        third = make_officer(session, "moi.den", full_name="Lê Mới Đến", role=Role.SURVEYOR, unit=ward)
        session.flush()
        held = session.scalars(
            select(RoleAssignment.id).where(
                RoleAssignment.officer_id == who.id, RoleAssignment.role == Role.UNIT_LEADER
            )
        ).one()
        period = delegations.Period(clock.today, clock.today)
        delegations.delegate(session, who.id, held, other.id, None, period, "nghỉ phép năm")
        address = "/officer/invitation/" + invitations.invite(session, None, third.id)
    stranger = app.test_client()
    client = app.test_client()
    found = {"sign-in": client.get("/officer/sign-in").text, "invitation": stranger.get(address).text}
    sign_in(client)
    sign_in(stranger, password="sai")
    sign_in(client)
    for name, path in {
        "account": "/officer/account",
        "confirm": "/officer/confirm",
        "officers": "/officer/officers",
        "officer": f"/officer/officers/{other.id}",
        "officer-new": "/officer/officers/new",
        "officers-import": "/officer/officers/import",
        "rights": "/officer/rights?unit=2201",
        "reviews": "/officer/rights/reviews",
        "own-reviews": "/officer/rights/review",
        "review": f"/officer/rights/review/{ward.id}",
        "delegations": "/officer/delegations",
    }.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[name] = answer.text
    token = token_of(found["account"])
    client.post("/officer/second-factor/begin", data={"csrf_token": token})
    found["enrol"] = client.get("/officer/second-factor/enrol").text
    secret = re.search(r'"figure">([A-Z2-7 ]+)<', found["enrol"])[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock())
    found["recovery"] = client.post("/officer/second-factor/enrol", data={"csrf_token": token, "code": code}).text
    found["invitations"] = client.post(f"/officer/officers/{third.id}/invite", data={"csrf_token": token}).text
    waiting = app.test_client()
    sign_in(waiting)
    found["second-factor"] = waiting.get("/officer/second-factor").text
    return found


def test_accessible_and_inside_the_window(browser: Browser, pages: dict[str, str]) -> None:
    ways = VARIANTS["360"], VARIANTS["1366"]
    faults = {name: faults_of(browser, page, *ways) for name, page in pages.items()}
    assert {name: found for name, found in faults.items() if found} == {}
