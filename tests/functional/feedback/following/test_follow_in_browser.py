"""The whole way of a complaint without JavaScript, by keyboard, on a phone: send, keep the code, follow, answer, rate.

Each page is looked at by axe on a phone and on a desk, and nothing scrolls sideways.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app import clock
from app.db.session import Database
from app.feedback.cases.kinds import Decision
from app.feedback.cases.models import Case, CaseQuestion, CaseRating, CaseRequest
from tests.factories.case_acts import EVERYTHING, ask, close, decide, take_up
from tests.factories.cases import Viewer, viewer
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.surveys import Surveyed, make_survey
from tests.support import hostile
from tests.support.door import CODE
from tests.support.servers import Server
from tools.look import VARIANTS, faults_of

TEXT = "Máy lấy số hỏng, tôi phải chờ hai giờ mà không ai giải thích."


@pytest.fixture
def survey(database: Database) -> Surveyed:
    load_law(database)
    return make_survey(database)


@pytest.fixture
def handler(database: Database) -> Viewer:
    with database.transaction() as session:
        return viewer(make_officer(session, "xu.ly").id, permissions=EVERYTHING)


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A window of a phone whose owner has switched scripts off."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def look(browser: Browser, page: Page) -> None:
    assert faults_of(browser, page.content(), VARIANTS["360"], VARIANTS["1366"]) == [], page.url


def press(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sent_code(page: Page) -> str:
    """Through the door with nothing but its main buttons; the code of the last page."""
    page.fill("textarea", TEXT)
    for _ in ("what happened", "kind", "place"):
        press(page, "main form button.go")
    press(page, "main form button.go[name=go]")
    page.check("input[value=anonymous]")
    press(page, "main form button.go")
    press(page, "main form button.go")
    code = page.locator("p.code").first.inner_text()
    assert CODE.fullmatch(code)
    press(page, "main form button.go")  # "Tôi đã lưu mã"
    return code


def test_the_whole_way_without_script(
    browser: Browser,
    plain: Page,
    server: Server,
    survey: Surveyed,
    database: Database,
    handler: Viewer,
    language: str,
    tmp_path: Path,
) -> None:
    query = "" if language == "vi" else "?lang=en"
    plain.goto(f"{server.url}/q/{survey.token}/feedback{query}")
    code = sent_code(plain)
    with database.reading() as session:
        case_id = session.scalars(select(Case.id)).one()

    def does(act: Callable[..., object], *arguments: object) -> None:
        with database.transaction() as session:
            act(session, handler, case_id, *arguments)

    plain.goto(f"{server.url}/follow{query}")
    look(browser, plain)
    plain.fill("#code", code[:-1] + ("2" if code[-1] != "2" else "3"))
    press(plain, "main form button.go")
    assert plain.locator("[role=alert]").count() == 1
    look(browser, plain)
    plain.fill("#code", code.lower().replace("-", " "))
    press(plain, "main form button.go")
    assert plain.url == f"{server.url}/follow/case{query}"
    assert plain.locator("html").get_attribute("lang") == language
    look(browser, plain)

    does(take_up)
    does(ask, clock.local_date() + timedelta(days=5), "Ông/Bà đến lúc mấy giờ?")
    plain.goto(f"{server.url}/follow/case{query}")
    look(browser, plain)
    plain.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    look(browser, plain)
    press(plain, "form[action*='/follow/answer'] button")
    assert plain.locator("#answer-error").count() == 1
    look(browser, plain)
    picture = tmp_path / "quay.jpg"
    picture.write_bytes(hostile.jpeg())
    plain.fill("#answer", "Lúc 8 giờ.")
    plain.set_input_files("#answer-files", picture)
    press(plain, "form[action*='/follow/answer'] button")
    assert "done=answer" in plain.url
    look(browser, plain)

    does(close)
    plain.goto(f"{server.url}/follow/case{query}")
    look(browser, plain)
    plain.locator("#score-2").focus()
    plain.keyboard.press("Space")
    press(plain, "form[action*='/follow/rating'] button")
    assert "done=rating" in plain.url
    plain.locator("details:has(#reopening) summary").focus()
    plain.keyboard.press("Enter")
    plain.fill("#reopening", "Máy vẫn hỏng.")
    press(plain, "form[action*='/follow/reopening'] button")
    assert "done=reopening" in plain.url
    look(browser, plain)
    does(decide, Decision.REFUSED, "Máy đã được thay hôm qua.")
    plain.goto(f"{server.url}/follow/case{query}")
    assert "Máy đã được thay hôm qua." in plain.inner_text("main")
    look(browser, plain)
    press(plain, "form[action*='/follow/end'] button")
    assert "/follow?" in plain.url
    look(browser, plain)
    plain.goto(f"{server.url}/follow/case{query}")
    assert "why=ended" in plain.url

    with database.reading() as session:
        assert session.scalars(select(CaseQuestion.answer)).one() == "Lúc 8 giờ."
        assert session.scalars(select(CaseRating.score)).one() == 2
        assert session.scalars(select(CaseRequest.reason)).one() == "Máy vẫn hỏng."
    log = server.log.read_text(errors="replace")
    assert code not in log
    assert code.replace("-", "") not in log


def test_the_page_for_receipts(browser: Browser, plain: Page, server: Server, survey: Surveyed) -> None:
    plain.goto(f"{server.url}/receipts")
    look(browser, plain)
    plain.fill("#receipt", "Số: PA-1 | 0000")
    press(plain, "main form button.go")
    look(browser, plain)
    assert "Biên nhận bị cắt bớt" in plain.inner_text("main")
