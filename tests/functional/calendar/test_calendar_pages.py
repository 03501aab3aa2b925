"""The calendar in the browser: days, hours, imports, history, rights; what was typed stays."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.calendar import queries
from app.calendar.sources import Status
from app.db.session import Database
from app.feedback.cases import upkeep
from app.feedback.cases.models import Case
from tests.factories.cases import make_case
from tests.factories.officers import token_of
from tests.factories.units import make_unit
from tests.functional.calendar.pages import DAY, PAGES, TABLE, confirm, post, rows_of, upload, versions
from tests.support.clock import SettableClock


def test_the_list_shows_days_with_source_and_mark(administrator: FlaskClient) -> None:
    page = administrator.get(f"{PAGES}?year=2026").text
    assert "Ngày Văn hóa Việt Nam" in page
    assert "24/11/2026" in page
    assert "Nghị quyết 28/2026/QH16" in page
    assert "Theo nguồn thứ cấp" in page
    assert "T2-T6: 07:30-11:30, 13:30-17:00" in page
    assert "Trang này để làm gì?" in page
    assert "30/04/2027" not in page


@pytest.mark.parametrize("search", ["giỗ tổ", "gio to", "GIO TO HUNG VUONG", "26/04/2026"])
def test_search_with_and_without_marks(administrator: FlaskClient, search: str) -> None:
    page = administrator.get(PAGES, query_string={"q": search, "year": "2026"}).text
    assert "Ngày Giỗ Tổ Hùng Vương" in page
    assert "Quốc khánh" not in page


def test_the_list_has_pages_and_filters(administrator: FlaskClient) -> None:
    assert "Trang 1 trên 4" in administrator.get(PAGES).text
    assert "Trang 4 trên 4" in administrator.get(f"{PAGES}?page=99").text
    worked = administrator.get(f"{PAGES}?kind=working").text
    assert "Làm bù cho ngày nghỉ 31/08/2026" in worked
    assert "Quốc khánh</td>" not in worked
    assert "chưa có thông báo" in administrator.get(f"{PAGES}?status=projected&year=2027").text


def test_days_are_added_from_a_notice(administrator: FlaskClient, law: Database) -> None:
    answer = post(administrator, f"{PAGES}/new", DAY)
    assert (answer.status_code, answer.location) == (303, f"{PAGES}?done=saved&year=2027")
    assert "Đã lưu" in administrator.get(answer.location).text
    with law.reading() as session:
        now, before = queries.calendar(session), queries.calendar(session, 1)
        assert (now.version, before.version) == (2, 1)
        assert not now.is_working_day(date(2027, 2, 3))
        assert before.is_working_day(date(2027, 2, 3))
        assert now.days[date(2027, 2, 10)].status is Status.VERIFIED
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.CALENDAR_CHANGE.value)).one()
        assert event.reason == "Có thông báo nghỉ Tết"
        assert event.old_value is not None
        assert event.new_value is not None
        assert event.old_value["d2027_02_03"] == "usual"
        assert event.old_value["d2027_02_04"].startswith("off; Nghỉ Tết Nguyên đán; Thư viện holidays")
        assert event.new_value["d2027_02_03"] == "off; Nghỉ Tết Nguyên đán; Thông báo 1/TB-BNV; verified"


def test_what_moves_is_said_before_it_is_saved(administrator: FlaskClient, law: Database) -> None:
    with law.transaction() as session:
        unit = make_unit(session, "2201")
        for text in ("Chờ ba giờ.", "Quầy đóng cửa."):
            case = make_case(session, unit_id=unit.id, text=text)
        due = case.due_on
    assert due is not None
    day = {**DAY, "day": f"{due:%d/%m/%Y}", "until": ""}
    looked = post(administrator, f"{PAGES}/new", {**day, "act": "preview"})
    assert looked.status_code == 200
    assert "Hạn trả lời của 2 đơn đang mở sẽ đổi" in looked.text
    assert f"<td>{due:%d/%m/%Y}</td>" in looked.text
    assert 'value="save">Lưu</button>' in looked.text
    assert "Chờ ba giờ" not in looked.text
    with law.reading() as session:
        assert queries.latest_version(session) == 1
        assert set(session.scalars(select(Case.calendar_version))) == {1}
    other = post(administrator, f"{PAGES}/new", {**day, "day": "03/02/2027", "act": "preview"})
    assert "Không hạn trả lời nào" in other.text
    assert post(administrator, f"{PAGES}/new", {**day, "act": "save"}).status_code == 303
    upkeep.run(law, SettableClock().today)  # as the job does within the hour
    with law.reading() as session:
        later = session.scalars(select(Case.due_on)).first()
    assert later is not None
    assert later > due
    gone = f"{PAGES}/days/{due:%Y%m%d}"
    refused = post(administrator, gone, {"act": "preview", "reason": ""}, seen=2)
    assert refused.status_code == 400
    taken_back = post(administrator, gone, {"act": "preview", "reason": "Nhập nhầm"}, seen=2)
    assert "Hạn trả lời của 2 đơn đang mở sẽ đổi" in taken_back.text
    assert f"<td>{later:%d/%m/%Y}</td><td>{due:%d/%m/%Y}</td>" in taken_back.text
    assert 'value="save">Bỏ mục này</button>' in taken_back.text
    assert 'value="Nhập nhầm"' in taken_back.text
    table = f"Ngày,Loại,Tên,Số văn bản\n{later:%d/%m/%Y},Nghỉ,Nghỉ bão,CV 1\n".encode()
    preview = upload(administrator, table, "lich.csv").text
    assert 'value="preview">Xem hạn nào đổi</button>' in preview
    fields = {"rows": rows_of(preview), "reason": "Bão", "act": "preview"}
    moved = post(administrator, f"{PAGES}/import/confirm", fields, seen=2).text
    assert "Hạn trả lời của 2 đơn đang mở sẽ đổi" in moved
    assert 'value="save">Nhập 1 ngày</button>' in moved
    assert versions(law) == 2
    fields |= {"rows": rows_of(moved), "act": "save"}
    assert post(administrator, f"{PAGES}/import/confirm", fields, seen=2).status_code == 303
    assert versions(law) == 3
    assert post(administrator, gone, {"act": "save", "reason": "Nhập nhầm"}, seen=3).status_code == 303


def test_a_swapped_saturday_has_the_hours_of_monday_unless_others_are_written(
    administrator: FlaskClient, law: Database
) -> None:
    worked = DAY | {"kind": "working", "day": "06/03/2027", "until": "", "name": "Làm bù", "hours": ""}
    assert post(administrator, f"{PAGES}/new", worked).status_code == 303
    half = worked | {"day": "2027-03-13", "hours": "7h30 - 11h30"}
    assert post(administrator, f"{PAGES}/new", half, seen=2).status_code == 303
    with law.reading() as session:
        calendar = queries.calendar(session)
    assert [len(calendar.ranges(date(2027, 3, day))) for day in (6, 13, 20)] == [2, 1, 0]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"day": "31/02/2027"}, "day", "Không có ngày 31/02/2027"),
        ({"day": "hôm qua"}, "day", "không đúng dạng"),
        ({"day": ""}, "day", "Xin nhập ngày"),
        ({"day": "01/01/1850"}, "day", "nằm ngoài khoảng"),
        ({"until": "01/02/2027"}, "until", "từ ngày đầu trở đi"),
        ({"until": "01/12/2027"}, "until", "không quá 31 ngày"),
        ({"name": ""}, "name", "Xin ghi tên ngày"),
        ({"name": "x" * 121}, "name", "dài quá 120"),
        ({"source": ""}, "source", "Xin ghi số văn bản"),
        ({"source": "x" * 301}, "source", "dài quá 300"),
        ({"reason": " \u200b"}, "reason", "Xin ghi lý do"),
        ({"status": "sure"}, "status", "Xin chọn mức"),
        ({"kind": "holiday"}, "kind", "Xin chọn nghỉ hoặc làm bù"),
        ({"kind": "working", "until": "", "hours": "sáng"}, "hours", "Không hiểu giờ"),
        ({"kind": "working", "until": "", "hours": "T2: 8:00-9:00; T3: 9:00-10:00"}, "hours", "giờ của một ngày"),
    ],
)
def test_what_was_typed_stays_with_a_message_at_its_field(
    administrator: FlaskClient, law: Database, wrong: dict[str, str], field: str, message: str
) -> None:
    answer = post(administrator, f"{PAGES}/new", DAY | wrong)
    assert answer.status_code == 400
    assert message in answer.text
    assert f'href="#{field}"' in answer.text
    kept = DAY["name"] if field != "name" else DAY["source"]
    assert f'value="{kept}"' in answer.text
    assert versions(law) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"day": "9" * 5000},
        {"name": "\0\x01"},
        {"seen": "٣"},
        {"seen": "9" * 400},
        {"csrf_token": "other"},
        {"kind": ["off", "working"], "name": ["a", "b"]},
        {"day": "٠٣/٠٢/٢٠٢٧"},
        {"hours": "🦆" * 3000},
    ],
)
def test_nothing_sent_breaks_the_page(administrator: FlaskClient, odd: dict[str, object]) -> None:
    answer = post(administrator, f"{PAGES}/new", DAY | odd)
    assert answer.status_code in (303, 400)
    assert post(administrator, f"{PAGES}/new", {}).status_code == 400


def test_two_officers_do_not_overwrite_each_other(administrator: FlaskClient, law: Database) -> None:
    """G3: the page was drawn on version 1; somebody has made version 2 meanwhile."""
    assert post(administrator, f"{PAGES}/new", DAY).status_code == 303
    answer = post(administrator, f"{PAGES}/new", DAY | {"name": "Tên khác"}, seen=1)
    assert answer.status_code == 400
    assert "vừa được người khác sửa" in answer.text
    assert 'value="Tên khác"' in answer.text


def test_saying_the_same_again_is_no_version(administrator: FlaskClient, law: Database) -> None:
    post(administrator, f"{PAGES}/new", DAY)
    again = post(administrator, f"{PAGES}/new", DAY, seen=2)
    assert "Không có gì thay đổi" in again.text
    assert versions(law) == 2


def test_an_entry_is_taken_back_and_its_history_stays(administrator: FlaskClient, law: Database) -> None:
    page = administrator.get(f"{PAGES}/days/20261124").text
    assert "thứ Ba, 24/11/2026" in page
    answer = post(administrator, f"{PAGES}/days/20261124", {"reason": "Nghị quyết bị hủy"})
    assert answer.status_code == 303
    with law.reading() as session:
        assert queries.calendar(session).is_working_day(date(2026, 11, 24))
        assert not queries.calendar(session, 1).is_working_day(date(2026, 11, 24))
    page = administrator.get(f"{PAGES}/days/20261124").text
    assert "theo tuần thường" in page
    assert "Nghị quyết bị hủy" in page
    assert "Ngày Văn hóa Việt Nam" in page


def test_a_holiday_on_a_day_of_rest_points_to_the_day_in_lieu(administrator: FlaskClient) -> None:
    """Sunday 26/4/2026; 27/4 is off already, so the next working day is 28/4."""
    page = administrator.get(f"{PAGES}/days/20260426").text
    assert "nghỉ bù" in page
    assert "28/04/2026" in page
    assert "nghỉ bù vào" not in administrator.get(f"{PAGES}/days/20261124").text


@pytest.mark.parametrize("number", [0, 20260231, 20260303, 2147483647])
def test_days_without_an_entry_are_not_found(administrator: FlaskClient, number: int) -> None:
    assert administrator.get(f"{PAGES}/days/{number}").status_code == 404


def test_weekly_hours_change_from_a_day(administrator: FlaskClient, law: Database) -> None:
    data = {
        "valid_from": "01/01/2027",
        "hours": "T2-T6: 07:00-11:30, 13:30-17:00; T7: 07:30-11:30",
        "source": "QĐ 5/QĐ-UBND",
        "reason": "Làm việc sáng thứ Bảy",
    }
    assert post(administrator, f"{PAGES}/hours", data).status_code == 303
    with law.reading() as session:
        calendar = queries.calendar(session)
        assert calendar.is_working_day(date(2027, 1, 9))
        assert not calendar.is_working_day(date(2026, 12, 26))
        assert not queries.calendar(session, 1).is_working_day(date(2027, 1, 9))
    assert "T7: 07:30-11:30" in administrator.get(f"{PAGES}/hours").text
    for wrong in ({"hours": ""}, {"hours": "8-25"}, {"valid_from": "x"}, {"source": ""}, {"reason": ""}):
        answer = post(administrator, f"{PAGES}/hours", data | wrong, seen=2)
        assert answer.status_code == 400
        assert versions(law) == 2


def test_history_tells_who_and_why(administrator: FlaskClient) -> None:
    post(administrator, f"{PAGES}/new", DAY)
    page = administrator.get(f"{PAGES}/history").text
    assert "Nguyễn Thị Lan" in page
    assert "Có thông báo nghỉ Tết" in page
    assert "Lịch ban đầu của hệ thống" in page
    rows = list(csv.reader(io.StringIO(administrator.get(f"{PAGES}/history.csv").data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["2", "1"]


ADDRESSES = (f"{PAGES}/new", f"{PAGES}/hours", f"{PAGES}/import/confirm", f"{PAGES}/days/20261124")


def test_who_may_only_read_changes_nothing(auditor: FlaskClient, law: Database) -> None:
    page = auditor.get(PAGES)
    assert page.status_code == 200
    assert "Thêm ngày nghỉ" not in page.text
    assert 'action="/officer/calendar/hours"' not in auditor.get(f"{PAGES}/hours").text
    for address in ADDRESSES:
        assert auditor.post(address, data=DAY | {"csrf_token": token_of(page.text)}).status_code == 403
    assert versions(law) == 1


def test_an_administrator_of_a_part_of_the_tree_changes_nothing_for_all(
    law: Database, signed_in_client: Callable[..., FlaskClient]
) -> None:
    with law.transaction() as session:
        unit = make_unit(session)
    local = signed_in_client(role=Role.ADMINISTRATOR, unit=unit)
    page = local.get(PAGES)
    assert page.status_code == 200
    assert "Thêm ngày nghỉ" not in page.text
    assert local.get(f"{PAGES}/new").status_code == 403
    for address in ADDRESSES:
        answer = local.post(address, data=DAY | {"csrf_token": token_of(page.text), "seen": "1"})
        assert answer.status_code == 403
        assert "toàn hệ thống" in answer.text
    assert versions(law) == 1


def test_a_surveyor_does_not_see_the_calendar(law: Database, signed_in_client: Callable[..., FlaskClient]) -> None:
    with law.transaction() as session:
        unit = make_unit(session)
    assert signed_in_client(role=Role.SURVEYOR, unit=unit).get(PAGES).status_code == 403


def test_saving_long_after_the_password_keeps_what_was_typed(
    administrator: FlaskClient, law: Database, clock: SettableClock
) -> None:
    clock.advance(minutes=11)
    answer = post(administrator, f"{PAGES}/new", DAY)
    assert answer.status_code == 403
    assert "nhập vẫn còn" in answer.text
    assert f'value="{DAY["name"]}"' in answer.text
    preview = upload(administrator, TABLE.encode(), "lich.csv").text
    kept = confirm(administrator, preview)
    assert (kept.status_code, rows_of(kept.text)) == (403, rows_of(preview))
    assert post(administrator, f"{PAGES}/hours", {"hours": "8:00-9:00"}).status_code == 403
    assert post(administrator, f"{PAGES}/days/20261124", {"reason": "x"}).status_code == 403
    assert versions(law) == 1


def test_without_a_calendar_pages_say_so(signed_in_client: Callable[..., FlaskClient]) -> None:
    client = signed_in_client(role=Role.ADMINISTRATOR)
    assert "Chưa có ngày nào" in client.get(PAGES).text
    assert client.get(f"{PAGES}/history").status_code == 200
    assert client.get(f"{PAGES}/days/20261124").status_code == 404
