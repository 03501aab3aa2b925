"""Lists and forms of administration in a real browser, phone and desktop: axe finds nothing, nothing scrolls sideways."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.lists import fill_lists
from tests.factories.officers import officer_client, sign_in, token_of
from tests.support.clock import SettableClock
from tests.support.lists import LISTS
from tools.look import VARIANTS, faults_of, serve

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(app: Flask, database: Database, clock: SettableClock) -> dict[str, str]:
    """Each page as the administrator meets it, empty and full."""
    empty = officer_client(app, database, "mot.minh")
    found = {f"{one.name}-empty": empty.get(one.path).text for one in LISTS}
    with database.transaction() as session:
        ward = fill_lists(session, clock)
    client = app.test_client()
    sign_in(client, "quan.tri")
    found |= {one.name: client.get(f"{one.path}{one.query}&sort={one.sort}").text for one in LISTS}
    others = {
        "unit": f"/officer/units/{ward.id}",
        "merge": f"/officer/units/{ward.id}/merge",
        "split": f"/officer/units/{ward.id}/split",
        "dissolve": f"/officer/units/{ward.id}/dissolve",
        "unit-new": "/officer/units/new",
        "import": "/officer/units/imports",
        "procedure": "/officer/procedures/1",
        "procedure-end": "/officer/procedures/1/end",
        "field": "/officer/procedures/fields/1",
        "round-form": "/officer/rounds/new",
        "round": "/officer/rounds/1",
        "unit-codes-one": f"/officer/codes/units/{ward.id}",
        "code": "/officer/codes/1",
        "retire": "/officer/codes/1/retire",
        "results": "/officer/results",
        "files": "/officer/exports",
        "thresholds": "/officer/audit-thresholds",
        "rights-several": "/officer/rights?unit=phuong",
    }
    for name, path in others.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[name] = answer.text
    auditor = officer_client(app, database, "kiem.tra", role=Role.AUDITOR)
    found |= {"log": auditor.get("/officer/audit").text, "anomalies": auditor.get("/officer/audit/anomalies").text}
    token = token_of(found["merge"])
    for name, other in {"merge-several": "phuong", "merge-preview": "xa dat mui"}.items():
        data = {"csrf_token": token, "other": other, "on": "01/01/2027"}
        found[name] = client.post(f"/officer/units/{ward.id}/merge", data=data).text
    return found


def test_accessible_and_inside_the_window(browser: Browser, pages: dict[str, str]) -> None:
    ways = VARIANTS["360"], VARIANTS["1366"]
    faults = {name: faults_of(browser, page, *ways) for name, page in pages.items()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_menu_and_filters_are_folded_on_a_phone_and_open_without_script(
    browser: Browser, pages: dict[str, str]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    try:
        serve(page, pages["units"])
        assert _height(page) <= 64
        assert not page.get_by_role("link", name="Mọi mã QR").first.is_visible()
        page.locator("summary", has_text="Mục lục").focus()
        page.keyboard.press("Enter")
        link = page.locator(".menu").get_by_role("link", name="Mọi mã QR")
        assert link.is_visible()
        other = page.locator(".menu").get_by_role("link", name="Nơi chưa có người")
        assert not other.is_visible()
        page.locator(".menu summary", has_text="Quản trị").focus()
        page.keyboard.press("Enter")
        assert other.is_visible()
        assert page.locator("nav[aria-label='Mục chính']:visible").count() == 1
        fields = page.get_by_role("search", name="Lọc").locator("input, select")
        assert not fields.locator("visible=true").count()
        page.locator("summary", has_text="Lọc").focus()
        page.keyboard.press("Enter")
        assert fields.locator("visible=true").count() >= 3
        page.set_viewport_size({"width": 1366, "height": 768})
        assert not page.locator("summary", has_text="Lọc").is_visible()
        page.emulate_media(media="print")
        assert not page.locator("header.side").is_visible()
    finally:
        context.close()


def test_a_wide_table_says_on_a_phone_that_it_scrolls(browser: Browser, pages: dict[str, str]) -> None:
    for width, shown in ((360, "block"), (1366, "none")):
        page = browser.new_page(viewport={"width": width, "height": 740})
        try:
            serve(page, pages["units"])
            hint = "getComputedStyle(document.querySelector('.scroll'), '::before').display"
            assert page.evaluate(hint) == shown
        finally:
            page.close()


def _height(page: Page) -> float:
    box = page.locator("header.side").bounding_box()
    assert box is not None
    return box["height"]
