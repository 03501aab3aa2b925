"""A citizen with a real browser and without JavaScript: scan, tap, sixteen answers by keyboard, thanks, feedback."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.feedback.cases.models import Case, CitizenSession
from app.survey.models import TodaysResponse
from app.survey.staged import Staged
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import CRITERIA
from tests.support.door import CODE
from tests.support.servers import Server
from tools.look import VARIANTS, faults_of

LEVELS = 5


@pytest.fixture
def survey(database: Database) -> Surveyed:
    load_law(database)
    return make_survey(database)


@pytest.fixture(params=["vi-VN", "en-GB"])
def plain(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of a phone whose owner has switched scripts off."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale=request.param, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def check(browser: Browser, page: Page) -> None:
    """Axe finds nothing in this state of the page, on a phone and on a desk; nothing scrolls sideways."""
    assert faults_of(browser, page.content(), VARIANTS["360"], VARIANTS["1366"]) == [], page.url


def press(page: Page, selector: str) -> None:
    page.locator(selector).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def go_through_the_door(browser: Browser, plain: Page) -> None:
    """From the thank-you page to the code and on, page by page; an empty text and a wrong day are put right.

    Pages as they stand are looked at in tests/browser; here those whose state only comes from this way.
    """
    press(plain, "a[href*='/feedback']")
    plain.locator("textarea").fill("   ")  # the browser itself refuses an empty one
    press(plain, "main form button.go")
    assert plain.locator("[role=alert]").count() == 1
    check(browser, plain)
    plain.locator("textarea").fill("Thiếu ghế ngồi chờ")
    plain.locator("input[value=own_right]").check()
    for _ in ("what happened", "kind", "guidance"):
        press(plain, "main form button.go")
    assert "/feedback/place" in plain.url
    plain.locator("#happened_on").fill("31/02/2026")
    press(plain, "main form button.go")
    assert plain.locator("#happened_on").input_value() == "31/02/2026"
    check(browser, plain)
    plain.locator("#happened_on").fill("")
    press(plain, "main form button.go")
    plain.set_input_files("#files", files=[{"name": "tep.exe", "mimeType": "application/pdf", "buffer": b"MZ"}])
    press(plain, "main form button.go")
    assert "tep.exe" in plain.locator("[role=alert]").inner_text()
    check(browser, plain)
    press(plain, "main form button.go:not(.hide)")
    plain.locator("input[value=anonymous]").check()
    press(plain, "main form button.go")
    check(browser, plain)
    plain.go_back()
    plain.go_forward()
    press(plain, "main form button.go")
    assert plain.url.split("?")[0].endswith("/feedback/sent")
    assert CODE.fullmatch(plain.locator("p.code").first.inner_text())
    check(browser, plain)
    plain.reload()
    assert plain.locator("p.code").count() == 2
    press(plain, "main form button.go")
    assert "/feedback/thanks" in plain.url


def test_the_whole_way_by_keyboard_without_script(
    browser: Browser, plain: Page, server: Server, survey: Surveyed, database: Database
) -> None:
    language = "?lang=en" if plain.context.browser and "en" in plain.evaluate("navigator.language") else ""
    plain.goto(f"{server.url}/q/{survey.token}{language}")
    assert plain.locator("html").get_attribute("lang") == ("en" if language else "vi")
    check(browser, plain)

    press(plain, "button[name=q_overall][value='4']")
    assert "/more/" in plain.url
    check(browser, plain)
    for number, name in enumerate(CRITERIA):
        plain.locator(f"#{name}-1").focus()
        plain.keyboard.press("Space")
        for _ in range(number % LEVELS):
            plain.keyboard.press("ArrowRight")
        assert plain.locator(f"#{name}-{number % LEVELS + 1}").is_checked()

    # What looks like a telephone number is pointed out first; nothing typed is lost.
    plain.locator("textarea").fill("Gọi tôi số 0912345678")
    press(plain, "main form button:not([name])")
    check(browser, plain)
    assert plain.locator("textarea").input_value() == "Gọi tôi số 0912345678"
    assert plain.locator(f"#{CRITERIA[1]}-2").is_checked()
    plain.locator("textarea").fill("Cán bộ tận tình")
    press(plain, "main form button:not([name])")
    assert plain.url.split("?")[0] == f"{server.url}/q/{survey.token}/thanks"
    check(browser, plain)

    go_through_the_door(browser, plain)

    plain.goto(f"{server.url}/q/{survey.token}{language}")  # the same device once more
    check(browser, plain)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TodaysResponse)) == 1
        assert session.scalars(select(Case.text)).all() == ["Thiếu ghế ngồi chờ"]
        assert session.scalars(select(CitizenSession)).all() == []
        row = session.scalars(select(TodaysResponse)).one()
        keys = DayKeys(server.log.parent / "day-keys")
        assert Staged.from_bytes(keys.decrypt(row.answered_on, row.payload, row.form_id)).has_details


def test_pages_that_say_no_are_accessible_too(browser: Browser, plain: Page, server: Server, survey: Surveyed) -> None:
    for path in (
        "/q/UNKNOWN2",
        "/not-there",
        f"/q/{survey.token}/more/x",
        "/results",
        f"/results/{survey.centre_code}",
    ):
        plain.goto(server.url + path)
        check(browser, plain)
