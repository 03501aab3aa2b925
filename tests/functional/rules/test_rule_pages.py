"""The rules in the browser: side by side, a new version with preview, withdrawal, files, rights; what was typed stays."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.calendar.days import DayUnit, Limit
from app.calendar.sources import Status
from app.db.session import Database
from app.rules import queries
from app.rules.content import MATTERS, Identity
from app.rules.kinds import Kind
from app.rules.officer_lists import slug_of
from tests.factories.officers import token_of
from tests.factories.units import make_unit
from tests.functional.rules.pages import NEW, PAGES, count, draft, form_of, petition
from tests.support.clock import SettableClock


def test_the_list_says_what_holds_and_what_is_to_be_checked(administrator: FlaskClient) -> None:
    page = administrator.get(PAGES).text
    for matter in MATTERS:
        assert matter.title in page
    assert "Trang này để làm gì?" in page
    found = administrator.get(f"{PAGES}?q=to+cao").text
    assert "Luật Tố cáo 25/2018/QH14" in found
    assert "Luật Khiếu nại 2011 sửa đổi" not in found
    assert administrator.get(f"{PAGES}/list.csv").status_code == 200


@pytest.mark.parametrize("slug", [slug_of(matter) for matter in MATTERS])
def test_every_matter_shows_its_versions_side_by_side_and_has_a_form(administrator: FlaskClient, slug: str) -> None:
    assert administrator.get(f"{PAGES}/{slug}").status_code == 200
    page = administrator.get(f"{PAGES}/{slug}/new")
    assert page.status_code == 200
    preview = draft(administrator, slug, act="preview")
    assert preview.status_code == 200, preview.text
    assert "Xem trước: chưa lưu" in preview.text
    assert "Không mục nào thay đổi" in preview.text


def test_differences_between_versions_are_marked(administrator: FlaskClient) -> None:
    page = administrator.get(f"{PAGES}/complaint").text
    assert page.count("Từ 01/0") == 2
    assert "đang áp dụng" in page
    assert "đã thay" in page
    assert re.search(r"▲</span> Hướng dẫn thêm", page)
    assert not re.search(r"▲</span> Thời hạn giải quyết<", page)
    assert "Luật Khiếu nại 2011, Điều 28 (Theo nguồn thứ cấp)" in page
    assert "Chưa kiểm chứng" in administrator.get(f"{PAGES}/denunciation").text


def test_a_version_shows_what_the_citizen_reads(administrator: FlaskClient, law: Database) -> None:
    version = petition(law, date(2026, 11, 21)).id
    page = administrator.get(f"{PAGES}/versions/{version}").text
    assert "Người dân đọc" in page
    assert "Trong 20 ngày kể từ ngày nhận." in page
    assert "Không bắt buộc." in page
    assert administrator.get(f"{PAGES}/versions/9999").status_code == 404


def test_a_preview_tells_what_changes_and_saves_nothing(administrator: FlaskClient, law: Database) -> None:
    answer = draft(
        administrator, act="preview", resolve="15", resolve_unit="working", identity="required", example_on="02/01/2027"
    )
    assert answer.status_code == 200
    text = answer.text
    assert "3 mục thay đổi" not in text
    assert "2 mục thay đổi" in text
    assert "20 ngày [Thông tư 02/2017" in text
    assert "15 ngày làm việc [Thông tư 02/2017" in text
    assert "Hạn của một vụ việc bắt đầu ngày 02/01/2027" in text
    assert "thứ Sáu, 22/01/2027" in text  # both end on that Friday: 20 days and 15 working days
    assert "Trong 15 ngày làm việc kể từ ngày nhận." in text
    assert "Cần họ tên và cách liên hệ." in text
    assert form_of(text)["resolve"] == "15"
    assert count(law) == 2


def test_a_saved_version_holds_from_its_day_and_is_recorded(administrator: FlaskClient, law: Database) -> None:
    answer = draft(
        administrator, resolve="15", resolve_unit="working", resolve_document="TT 1/2026", status="verified-2"
    )
    assert (answer.status_code, answer.location) == (303, f"{PAGES}/petition?done=added")
    assert "sắp áp dụng" in administrator.get(answer.location).text
    before, after = petition(law, date(2026, 12, 31)), petition(law, date(2027, 1, 1))
    assert (before.content.resolve, after.content.resolve) == (Limit(20, DayUnit.CALENDAR), Limit(15, DayUnit.WORKING))
    assert (after.status, after.reason, after.content.sources["resolve"].document) == (
        *(Status.VERIFIED_2, "Thông tư mới", "TT 1/2026"),
    )
    with law.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.RULE_ADD.value)).one()
    assert event.reason == "Thông tư mới"
    assert event.old_value is not None
    assert event.new_value is not None
    assert event.old_value["resolve_fact"].startswith("20 ngày [")
    assert event.new_value["resolve_fact"] == "15 ngày làm việc [TT 1/2026 (Đã đối chiếu văn bản)]"
    assert event.detail["matter"] == "kind:petition"


def test_identity_can_change_and_is_recorded(administrator: FlaskClient, law: Database) -> None:
    """A field named "identity" is no personal datum here, and the record must take it."""
    assert draft(administrator, identity="required").status_code == 303
    assert petition(law, date(2027, 1, 1)).content.identity is Identity.REQUIRED


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"valid_from": "20/11/2026"}, "valid_from", "từ hôm nay trở đi"),
        ({"valid_from": ""}, "valid_from", "không đúng dạng"),
        ({"valid_from": "31/11/2027"}, "valid_from", "Không có ngày"),
        ({"reason": ""}, "reason", "Xin ghi lý do"),
        ({"reason": "x" * 301}, "reason", "dài quá"),
        ({"legal_basis": ""}, "legal_basis", "Xin ghi căn cứ"),
        ({"status": "sure"}, "status", "Xin chọn mức"),
        ({"resolve": ""}, "resolve", "Thiếu mục “Thời hạn giải quyết”"),
        ({"resolve": "0"}, "resolve", "Số ngày phải từ 1"),
        ({"resolve": "hai mươi"}, "resolve", "số nguyên"),
        ({"resolve": "99999"}, "resolve", "Số ngày phải từ 1"),
        ({"resolve_unit": "weeks"}, "resolve", "đơn vị phải là"),
        ({"meaning_en": ""}, "meaning_vi", "cả tiếng Việt và tiếng Anh"),
        ({"meaning_vi": "x" * 1001}, "meaning_vi", "dài quá 1000"),
        ({"identity": "maybe"}, "identity", "chọn một mục"),
        ({"must_answer": "perhaps"}, "must_answer", "có hoặc không"),
        ({"extensions_complex": "-1"}, "extensions_complex", "số nguyên"),
        ({"resolve_document": "x" * 301}, "resolve", "Căn cứ của mục này"),
        ({"resolve_status": "sure"}, "resolve", "Căn cứ của mục này"),
        ({"example_on": "x"}, "example_on", "không đúng dạng"),
        ({"valid_from": "01/01/2027", "act": "save"}, "", "Không có gì thay đổi"),
    ],
)
def test_faults_stand_at_their_fields_and_what_was_typed_stays(
    administrator: FlaskClient, law: Database, wrong: dict[str, str], field: str, message: str
) -> None:
    answer = draft(administrator, guidance_vi="Điều tôi đã gõ", **wrong) if field else draft(administrator, **wrong)
    assert answer.status_code == 400
    assert message in answer.text
    if field:
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        kept = form_of(answer.text)
        assert kept["guidance_vi"] == "Điều tôi đã gõ"
        assert {name: value for name, value in kept.items() if name in wrong and name != "act"} == {
            name: ("" if name.endswith(("_unit", "_status")) or value in ("sure", "maybe", "perhaps") else value)
            for name, value in wrong.items()
        }
    assert count(law) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"resolve": "9" * 9000},
        {"resolve": "٢٠"},
        {"name_vi": "\0"},
        {"name_vi": "\ud800".encode("utf-8", "surrogatepass")},
        {"kind": "denunciation"},
        {"kind": ""},
        {"csrf_token": "x"},
        {"resolve": ["1", "2"]},
        {"act": "delete"},
    ],
)
def test_nothing_sent_breaks_the_page(administrator: FlaskClient, law: Database, odd: dict[str, object]) -> None:
    form = form_of(administrator.get(f"{PAGES}/petition/new").text) | NEW
    answer = administrator.post(f"{PAGES}/petition/new", data=form | odd)
    assert answer.status_code in (200, 303, 400)
    assert administrator.post(f"{PAGES}/petition/new", data={}).status_code == 400
    assert count(law) <= 3
    with law.reading() as session:
        assert {one.content.kind for one in queries.history(session, "kind:petition")} == {Kind.PETITION}


def test_a_coming_version_is_withdrawn_by_another_row(
    administrator: FlaskClient, law: Database, clock: SettableClock
) -> None:
    draft(administrator, resolve="15")
    version = petition(law, date(2027, 1, 1)).id
    page = administrator.get(f"{PAGES}/versions/{version}")
    token = {"csrf_token": token_of(page.text)}
    without = administrator.post(f"{PAGES}/versions/{version}/withdraw", data=token)
    assert (without.status_code, "Xin ghi lý do" in without.text) == (400, True)
    long = administrator.post(f"{PAGES}/versions/{version}/withdraw", data=token | {"reason": "x" * 301})
    assert (long.status_code, "dài quá" in long.text) == (400, True)
    done = administrator.post(f"{PAGES}/versions/{version}/withdraw", data=token | {"reason": "Nhập nhầm"})
    assert done.status_code == 303
    assert petition(law, date(2027, 1, 1)).content.resolve == Limit(20, DayUnit.CALENDAR)
    assert "đã rút" in administrator.get(f"{PAGES}/petition").text
    again = administrator.post(f"{PAGES}/versions/{version}/withdraw", data=token | {"reason": "x"})
    assert (again.status_code, "đã được rút" in again.text) == (400, True)
    with law.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == Action.RULE_WITHDRAW.value)).one().reason
        assert queries.rule_version(session, version).withdrawn_at is not None


def test_a_version_that_holds_is_not_withdrawn(administrator: FlaskClient, law: Database) -> None:
    version = petition(law, date(2026, 11, 21)).id
    page = administrator.get(f"{PAGES}/versions/{version}").text
    assert "Rút phiên bản" not in page
    answer = administrator.post(
        f"{PAGES}/versions/{version}/withdraw", data={"csrf_token": token_of(page), "reason": "x"}
    )
    assert (answer.status_code, "đã có hiệu lực" in answer.text) == (400, True)
    unknown = administrator.post(f"{PAGES}/versions/9999/withdraw", data={"csrf_token": token_of(page), "reason": "x"})
    assert unknown.status_code == 404


def test_a_new_version_may_begin_as_a_copy_of_an_old_one(administrator: FlaskClient, law: Database) -> None:
    old = petition(law, date(2026, 1, 1)).id
    copied = form_of(administrator.get(f"{PAGES}/petition/new?copy={old}").text)
    assert "xác định danh tính" not in copied["guidance_vi"]
    assert administrator.get(f"{PAGES}/counting/new?copy={old}").status_code == 404
    assert administrator.get(f"{PAGES}/petition/new?copy=x").status_code == 200


def test_saving_long_after_the_password_keeps_what_was_typed(
    administrator: FlaskClient, law: Database, clock: SettableClock
) -> None:
    form = form_of(administrator.get(f"{PAGES}/petition/new").text)
    clock.advance(minutes=11)
    answer = administrator.post(f"{PAGES}/petition/new", data=form | NEW | {"guidance_vi": "Điều tôi đã gõ"})
    assert answer.status_code == 403
    assert "vẫn còn" in answer.text
    assert form_of(answer.text)["guidance_vi"] == "Điều tôi đã gõ"
    assert count(law) == 2


def test_who_may_only_read_changes_nothing(auditor: FlaskClient, law: Database) -> None:
    page = auditor.get(f"{PAGES}/petition")
    assert page.status_code == 200
    assert "Lập phiên bản mới" not in page.text
    assert auditor.get(f"{PAGES}/petition/new").status_code == 403
    token = {"csrf_token": token_of(page.text)}
    for address in ("petition/new", "petition/import", "versions/1/withdraw"):
        assert auditor.post(f"{PAGES}/{address}", data=token | NEW).status_code == 403
    assert count(law) == 2


def test_an_administrator_of_a_part_of_the_tree_changes_nothing_for_all(
    law: Database, signed_in_client: Callable[..., FlaskClient]
) -> None:
    with law.transaction() as session:
        unit = make_unit(session)
    local = signed_in_client(role=Role.ADMINISTRATOR, unit=unit)
    token = {"csrf_token": token_of(local.get(f"{PAGES}/petition").text)}
    assert local.get(f"{PAGES}/petition/new").status_code == 403
    for address in ("petition/new", "petition/import", "versions/1/withdraw"):
        assert local.post(f"{PAGES}/{address}", data=token | NEW).status_code == 403


def test_home_affairs_may_change_rules(law: Database, signed_in_client: Callable[..., FlaskClient]) -> None:
    assert draft(signed_in_client(role=Role.HOME_AFFAIRS), resolve="15").status_code == 303


def test_a_term_can_be_tried(administrator: FlaskClient) -> None:
    page = administrator.get(f"{PAGES}/trial").text
    assert "Thử tính một thời hạn" in page
    tried = administrator.get(
        f"{PAGES}/trial?received=09/02/2026&days=5&unit=working&pause_from=12/02/2026+09:00&pause_until=24/02/2026+15:00"
    ).text
    assert "Hạn: thứ Năm, 26/02/2026" in tried
    assert "Nghỉ Tết Nguyên đán" in tried
    assert "thêm 3 ngày làm việc" in tried
    standing = administrator.get(
        f"{PAGES}/trial?received=16/11/2026&days=5&unit=calendar&pause_from=18/11/2026&more=5"
    ).text
    assert "đang tạm dừng" in standing


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("received=x&days=5&unit=working", "không đúng dạng"),
        ("received=01/01/2027&days=x&unit=working", "một số từ 1"),
        ("received=01/01/2027&days=0&unit=working", "một số từ 1"),
        ("received=01/01/2027&days=5&unit=weeks", "ngày hoặc ngày làm việc"),
        ("received=01/01/2027&days=5&unit=working&pause_from=x", "không đúng dạng"),
        ("received=01/01/2027&days=5&unit=working&pause_from=02/01/2027+25:00", "Không có giờ"),
        ("received=01/01/2027&days=5&unit=working&pause_from=02/01/2027&pause_until=01/01/2027", "không được trước"),
        ("received=01/01/2027&days=5&unit=working&pause_from=02/01/2027&pause_until=01/01/2099", "quá lâu"),
        ("received=01/01/2027&days=5&unit=working&version=99", "không có phiên bản"),
        ("received=01/01/2027&days=5&unit=working&more=x", "một số từ 1"),
    ],
)
def test_a_trial_with_faults_says_where(administrator: FlaskClient, query: str, message: str) -> None:
    answer = administrator.get(f"{PAGES}/trial?{query}")
    assert answer.status_code == 400
    assert message in answer.text


def test_without_rules_pages_say_so(signed_in_client: Callable[..., FlaskClient]) -> None:
    client = signed_in_client(role=Role.ADMINISTRATOR)
    assert client.get(PAGES).status_code == 200
    assert client.get(f"{PAGES}/petition").status_code == 200
    assert client.get(f"{PAGES}/petition/new").status_code == 404
    assert client.get(f"{PAGES}/trial").status_code == 200
    assert client.get(f"{PAGES}/trial?received=01/01/2027&days=5&unit=working").status_code == 400


def test_a_preview_reckons_from_the_first_day_and_drops_marks_of_what_was_checked_before(
    administrator: FlaskClient, law: Database
) -> None:
    shown = draft(administrator, act="preview", resolve="15", resolve_unit="working", example_on="21/11/2026").text
    assert "Hạn của một vụ việc bắt đầu ngày 01/01/2027" in shown
    assert "Dấu “Đã đối chiếu văn bản” của bản cũ" in shown
    again = form_of(shown)
    assert again["resolve_status"] == "unverified"
    assert again["unmarked"] == "resolve status"
    assert again["status"] == "unverified"
    checked = administrator.post(f"{PAGES}/petition/new", data=again | {"act": "preview", "resolve_status": "verified"})
    assert form_of(checked.text)["resolve_status"] == "verified"
