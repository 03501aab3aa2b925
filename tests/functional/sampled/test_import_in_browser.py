"""An officer imports a survey with a real browser without JavaScript, on a phone: every page passes axe and fits."""

from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.db.session import Database
from app.survey.sampled.models import SampledAnswer
from tests.factories.officers import PASSWORD, make_officer
from tests.factories.sampled import make_sampled_round
from tests.support.servers import Server
from tools.look import VARIANTS, faults_of

FILE = Path(__file__).resolve().parents[2] / "reference" / "statistics" / "data" / "sipas_a.csv"
DESIGN = {
    "commune": "Tầng",
    "village": "Cụm (đơn vị chọn mẫu bậc 1)",
    "N_villages": "Tổng thể bậc 1: số cụm của tầng (hoặc số người của tầng nếu không chọn cụm)",
    "M_dossiers": "Tổng thể bậc 2: số người của cụm",
}


def check(browser: Browser, page: Page) -> None:
    assert faults_of(browser, page.content(), VARIANTS["360"], VARIANTS["1366"]) == [], page.url


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def test_upload_columns_values_yes(browser: Browser, server: Server, database: Database) -> None:
    place = make_sampled_round(database)
    with database.transaction() as session:
        make_officer(session, role=Role.HOME_AFFAIRS)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{server.url}/officer/rounds/{place.round_id}/imports")
        page.fill("input[name=user_name]", "lan.nguyen")
        page.fill("input[name=password]", PASSWORD)
        press(page, "Đăng nhập")
        check(browser, page)

        page.get_by_label("Tệp phiếu").set_input_files(FILE)
        press(page, "Tiếp tục")
        check(browser, page)
        for column, words in DESIGN.items():
            page.get_by_label(column, exact=True).select_option(label=words)
        press(page, "Xem trước")
        assert "Chưa có gì được nhập" in page.content()
        check(browser, page)

        page.get_by_label("M", exact=True).select_option(label="1 – Nam")
        page.get_by_label("F", exact=True).select_option(label="2 – Nữ")
        press(page, "Đọc lại theo bảng này")
        check(browser, page)
        page.get_by_label("Lưu cách đọc với tên").fill("Phiếu mẫu")
        press(page, "Nhập toàn bộ")
        assert "Đã nhập toàn bộ tệp." in page.content()
        check(browser, page)
    finally:
        context.close()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SampledAnswer)) == 648
