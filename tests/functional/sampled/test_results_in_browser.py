"""An officer reads a sampled round with a real browser without JavaScript: pages fit, pass axe, work by keyboard."""

from playwright.sync_api import Browser, Page

from app.accounts.roles import Role
from app.db.session import Database
from tests.factories.officers import PASSWORD, make_officer
from tests.factories.sampled import make_sampled_round
from tests.support.servers import Server
from tests.support.worked_example import FILE, VILLAGES
from tools.look import VARIANTS, faults_of

WORDS = {"stratum": "Tầng", "psu": "Cụm (đơn vị chọn mẫu bậc 1)"}


def check(browser: Browser, page: Page) -> None:
    assert faults_of(browser, page.content(), *VARIANTS.values()) == [], page.url


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    """Go on by keyboard."""
    page.get_by_role("link", name=words, exact=True).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def imported(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("input[name=user_name]", "lan.nguyen")
    page.fill("input[name=password]", PASSWORD)
    press(page, "Đăng nhập")
    page.get_by_label("Tệp phiếu").set_input_files(FILE)
    press(page, "Tiếp tục")
    for column, target in VILLAGES.items():
        page.get_by_label(column, exact=True).select_option(label=WORDS[target])
    press(page, "Xem trước")
    page.get_by_label("M", exact=True).select_option(label="1 – Nam")
    page.get_by_label("F", exact=True).select_option(label="2 – Nữ")
    press(page, "Đọc lại theo bảng này")
    press(page, "Nhập toàn bộ")


def test_from_the_list_to_the_unit_far_below(browser: Browser, server: Server, database: Database) -> None:
    place = make_sampled_round(database)
    with database.transaction() as session:
        make_officer(session, role=Role.HOME_AFFAIRS)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False)
    try:
        page = context.new_page()
        imported(page, f"{server.url}/officer/rounds/{place.round_id}/imports")
        page.goto(f"{server.url}/officer/results?round={place.round_id}")
        check(browser, page)
        follow(page, "Tỉnh Quảng Ninh")
        assert page.get_by_role("heading", level=1).inner_text() == "Kết quả khảo sát – Tỉnh Quảng Ninh"
        assert page.locator("#units-table-caption").is_visible()
        # The wide table scrolls by itself and can be reached by keyboard.
        table = page.get_by_role("region", name="Các đơn vị, theo chỉ số")
        table.focus()
        assert table.evaluate("one => one === document.activeElement")
        check(browser, page)
        follow(page, "Phường U03")
        assert "thấp hơn rõ rệt" in page.locator("section[aria-labelledby=standing-heading]").inner_text()
        check(browser, page)
        follow(page, "xem cách đọc hạng và khoảng")
        assert page.get_by_role("heading", name="Nếu đơn vị đứng cuối bảng").is_visible()
        check(browser, page)
    finally:
        context.close()
