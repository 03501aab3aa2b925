"""The door with scripts on: chosen files are shown, a draft lives on the device when asked for and dies when sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.db.session import Database
from app.qr.models import Channel
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.door import CODE, PNG, Visitor, code_of, plain
from tests.support.door_http import HttpClient
from tests.support.servers import Server

TEXT = "Máy lấy số hỏng, phải chờ hai giờ."
KEY = "langnghe-draft"


@pytest.fixture
def survey(database: Database) -> Surveyed:
    load_law(database)
    return make_survey(database)


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    found = phone.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    yield found
    assert errors == []


def kept(page: Page) -> str | None:
    return page.evaluate(f"localStorage.getItem('{KEY}')")


def on(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button.go").last.click()


def test_a_draft_survives_a_dead_battery_and_is_gone_after_sending(
    page: Page, server: Server, survey: Surveyed, browser: Browser
) -> None:
    address = f"{server.url}/q/{survey.token}/feedback"
    page.goto(address)
    page.fill("textarea", "Máy lấy số")
    assert kept(page) is None  # nothing without being asked
    with page.expect_navigation():
        page.click("button[name=keep]")
    assert page.input_value("textarea") == "Máy lấy số"
    page.check("[data-draft-keep]")
    page.fill("textarea", TEXT)
    assert kept(page) == TEXT

    page.context.clear_cookies()  # hours later
    page.goto(address)
    assert page.input_value("textarea") == ""
    with page.expect_navigation():
        page.click("button[name=keep]")
    assert page.input_value("textarea") == TEXT
    for _ in ("what happened", "kind", "place", "files"):
        on(page)
    page.check("input[value=anonymous]")
    on(page)
    on(page)
    code = page.locator("p.code").first.inner_text()
    assert CODE.fullmatch(code)
    assert kept(page) is None
    stored = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_a_draft_can_be_thrown_away(page: Page, server: Server, survey: Surveyed) -> None:
    page.goto(f"{server.url}/feedback?draft=1")
    page.check("[data-draft-keep]")
    page.fill("textarea", TEXT)
    assert kept(page) == TEXT
    page.click("[data-draft-drop]")
    assert kept(page) is None
    expect(page.locator("[data-draft-status]")).to_have_text("Đã xóa bản nháp khỏi máy này.")
    page.fill("textarea", TEXT + " Thêm.")
    assert kept(page) is None


def test_a_shared_tablet_keeps_nothing(page: Page, server: Server, database: Database) -> None:
    load_law(database)
    survey = make_survey(database, channel=Channel.KIOSK)
    address = f"{server.url}/q/{survey.token}/feedback"
    page.goto(f"{address}?draft=1")
    assert page.locator("script, [data-draft], button[name=keep]").count() == 0
    page.fill("textarea", TEXT)
    on(page)
    page.goto(address)  # the next person
    assert page.input_value("textarea") == ""


def test_chosen_files_are_named_before_they_are_sent(page: Page, server: Server, survey: Surveyed) -> None:
    page.goto(f"{server.url}/q/{survey.token}/feedback")
    page.fill("textarea", TEXT)
    for _ in ("what happened", "kind", "place"):
        on(page)
    files = [
        {"name": "Ảnh <b>1</b>.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 1_500_000},
        {"name": "hai.pdf", "mimeType": "application/pdf", "buffer": b"x"},
    ]
    page.set_input_files("#files", files=files)
    shown = page.locator("[data-files-chosen]")
    expect(shown).to_contain_text("Ảnh <b>1</b>.jpg – 1,4 MB")
    assert shown.locator("b").count() == 0
    on(page)
    expect(page.locator("[role=alert]")).to_contain_text("hai.pdf")


def test_large_files_arrive_at_a_real_server_and_too_large_ones_get_a_page(
    server: Server, survey: Surveyed, database: Database
) -> None:
    """The reader of forms takes a real connection in other pieces than a test's; a body over the limit is read out."""
    visitor = Visitor(HttpClient(server.url), survey.token)
    page = visitor.files(
        visitor.place(visitor.choose("petition", visitor.start())), (PNG + b"x" * 9_000_000, "chín.png"), add="1"
    )
    assert "Đã thêm 1 tệp" in plain(page)
    large = PNG + b"x" * 22_000_000
    page = visitor.files(page, *[(large, f"{number}.png") for number in range(5)], add="1")
    assert "không tệp nào được nhận" in plain(page)
    assert "Đã thêm 1 tệp" in plain(page)
    page = visitor.files(page, (large, "hai mươi hai.png"))
    assert "hai mươi hai.png : Tệp lớn hơn 20 MB" in plain(page)
    assert code_of(visitor.send(visitor.contact(visitor.files(page))))


def test_the_first_page_is_one_request(page: Page, server: Server, survey: Surveyed) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (f"/q/{survey.token}/feedback", "/feedback"):
        asked.clear()
        page.goto(server.url + address, wait_until="networkidle")
        assert [one for one in asked if not one.endswith("/favicon.ico")] == [server.url + address]
