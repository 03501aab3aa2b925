"""Rosters, exclusions and merged cases in a real browser, phone and desktop: axe finds nothing, nothing runs off."""

import io

import pytest
from playwright.sync_api import Browser

from app.accounts.roles import Role
from tests.functional.casework.conftest import Office, hidden
from tests.functional.casework.test_duty_roster import page_of, put
from tests.functional.casework.test_merging import LATE, LATE_TOO, merge
from tools.look import VARIANTS, faults_of

pytestmark = pytest.mark.browser

BAD = "Mã đơn vị,Số quầy,Người trực,Thứ,Buổi,Từ ngày,Đến hết ngày\nC1,1,tu.quay,T9,Tối,01/07/2025,\nC9,1,Bà Hoa,,,x,\n"


@pytest.fixture
def pages(office: Office) -> dict[str, str]:
    """Each page with much on it."""
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    office.officer("deputy", Role.UNIT_LEADER, office.places.commune)
    office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    watcher = office.officer("noi.vu", Role.HOME_AFFAIRS)
    above = office.officer("lanh.dao.tinh", Role.UNIT_LEADER, office.places.province)
    first, second = office.open(text=LATE), office.open(text=LATE_TOO)
    found = {
        "merge": leader.get(f"/officer/cases/{second.case_id}/merge").text,
        "merge-wrong": merge(leader, second.case_id, number="PA-00000-00000").text,
    }
    merge(leader, second.case_id, leading=first.case_id)
    found["led"] = leader.get(f"/officer/cases/{second.case_id}").text
    found["leading"] = leader.get(f"/officer/cases/{first.case_id}").text
    found["same-answer"] = leader.get(f"/officer/cases/{first.case_id}/same-answer").text
    put(leader, office, who="tu.quay", days=["1", "2", "3"])
    put(leader, office, who="Bà Nguyễn Thị Hoa", last="31/12/2026", shift="morning")
    put(leader, office, who="Ông Trần Văn Cũ", first="01/01/2024", last="31/12/2024")
    upload = hidden(leader.get("/officer/duty/import").text)
    file = (io.BytesIO(BAD.encode("utf-8-sig")), "lich.csv")
    preview = leader.post("/officer/duty/import", data=upload | {"file": file}, content_type="multipart/form-data")
    found |= {
        "roster": leader.get(page_of(office)).text,
        "roster-wrong": put(leader, office, who="", first="31/02/2026").text,
        "rosters": leader.get("/officer/duty").text,
        "import": leader.get("/officer/duty/import").text,
        "import-wrong": leader.get(preview.headers["Location"]).text,
        "exclusions": watcher.get("/officer/exclusions").text,
        "lift": above.get(f"/officer/cases/{first.case_id}/lift-exclusion").text,
        "moved": above.get(f"/officer/cases/{first.case_id}").text,
    }
    return found


def test_rosters_exclusions_and_merged_cases_are_accessible_and_inside_the_window(
    browser: Browser, pages: dict[str, str]
) -> None:
    ways = VARIANTS["360"], VARIANTS["1366"]
    faults = {name: faults_of(browser, page, *ways) for name, page in pages.items()}
    assert {name: found for name, found in faults.items() if found} == {}
