"""The main entries: each role sees what it may open, and what it sees opens."""

import re

import pytest
from flask import Flask, url_for

from app.accounts.roles import PERMISSIONS, Role
from app.db.session import Database
from app.web.navigation import ENTRIES
from app.web.permissions import Permission
from tests.factories.officers import officer_client
from tests.factories.places import make_unit

NAVIGATION = re.compile(r'<nav aria-label="Mục chính">(.*?)</nav>', re.DOTALL)


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_exactly_what_it_may_open(app: Flask, database: Database, role: Role) -> None:
    with database.transaction() as session:
        unit = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
    client = officer_client(app, database, role=role, unit=unit)
    found = NAVIGATION.search(client.get("/officer/password").text)
    assert found is not None
    shown = re.findall(r'href="([^"]+)"', found[1])
    with app.test_request_context():
        addresses = {url_for(endpoint): permission for _, _, endpoint, permission in ENTRIES}
    assert shown == [address for address, permission in addresses.items() if permission in PERMISSIONS[role]]
    assert {address: client.get(address).status_code for address in shown} == dict.fromkeys(shown, 200)
    others = addresses.keys() - set(shown)
    assert {address: client.get(address).status_code for address in others} == dict.fromkeys(others, 403)
    start = client.get("/officer")
    assert start.headers["Location"] in shown
    # Whoever handles cases begins with the work of the day.
    assert (start.headers["Location"] == "/officer/today") == (Permission.CASES_HANDLE in PERMISSIONS[role])
    assert 'aria-current="page"' in NAVIGATION.search(client.get(start.headers["Location"]).text)[1]
