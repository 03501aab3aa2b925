"""The pages of an answer in a real browser, phone and desktop: axe finds nothing, nothing scrolls sideways."""

import pytest
from playwright.sync_api import Browser

from app.accounts.roles import Role
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, hidden
from tests.functional.casework.test_answering import TEXT, answer_url, followed, write
from tools.look import VARIANTS, faults_of

pytestmark = pytest.mark.browser

LONG = (
    "Đơn vị đã kiểm tra camera ngày 12/11/2026 và xác nhận quầy mở lúc 8 giờ 05 phút, muộn 35 phút so với giờ niêm yết. "
    "Công chức trực quầy đã bị nhắc nhở bằng văn bản; từ 16/11/2026 quầy có người trực thay khi có việc đột xuất."
)
SOLVED = {"outcome": "partly_solved", "answer_1": LONG, "answer_2": "Không đủ căn cứ xác định; xin gọi 0912 345 678."}


@pytest.fixture
def pages(office: Office) -> dict[str, str]:
    """Each page with much on it, as its reader meets it."""
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    deputy = office.officer("deputy", Role.UNIT_LEADER, office.places.commune)
    templates = "/officer/reply-templates"
    new = hidden(leader.get(f"{templates}/new").text)
    wrong = leader.post(f"{templates}/new", data=new | {"unit": "C1", "title": "", "text": "{họ_tên}"})
    good = {
        "unit": "C1",
        "title": "Đã nhắc nhở, xin lỗi người dân",
        "text": "Về đơn {số_đơn} ngày {ngày_nhận}: " + LONG,
    }
    leader.post(f"{templates}/new", data=new | good)
    case = office.open(text=TEXT, kind=Kind.COMPLAINT, contact=CONTACT)
    page = f"/officer/cases/{case.case_id}"
    points = leader.get(f"{page}/set-points").text
    typed = {"points": "Quầy mở muộn ba mươi phút.\n\nCán bộ nói to tiếng."}
    leader.post(f"{page}/set-points", data=hidden(points) | typed)
    leader.post(f"{page}/notes", data=hidden(leader.get(page).text) | {"note": "Đã xem camera, giờ khớp."})
    mine = hidden(leader.get(answer_url(case)).text) | {"answer-1": "Lời của tôi", "into": "1", "step": "save"}
    helper = office.officer("helper", Role.CASE_OFFICER, office.places.commune)
    lacking = write(helper, case, "preview", answer_1=LONG, general="Kính gửi Ông/Bà,")
    stale = leader.post(answer_url(case), data=mine)
    write(leader, case, "preview", reason_2="1", **SOLVED)
    looked = leader.get(answer_url(case, "/preview")).text
    found = {
        "points": points,
        "one": leader.get(page).text,
        "lacking": lacking.text,
        "stale": stale.text,
        "preview": looked,
        "templates": leader.get(templates).text,
        "template": leader.get(f"{templates}/1").text,
        "template-wrong": wrong.text,
    }
    leader.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "submit"})
    found["approval"] = deputy.get(answer_url(case, "/approval")).text
    found["return"] = deputy.get(f"{page}/return-answer").text
    found["waiting"] = deputy.get(page).text
    deputy.post(answer_url(case, "/approval"), data=hidden(found["approval"]))
    return found | {"followed": followed(office, case)}


def test_the_pages_of_an_answer_are_accessible_and_inside_the_window(browser: Browser, pages: dict[str, str]) -> None:
    ways = VARIANTS["360"], VARIANTS["1366"]
    faults = {name: faults_of(browser, page, *ways) for name, page in pages.items()}
    assert {name: found for name, found in faults.items() if found} == {}
    assert "Ý này không được trả lời vì:" in pages["followed"]
