"""The duty roster by its pages: lines added, ended, withdrawn, imported; what they do to cases; who may see them."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.conflicts.models import CounterDuty
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.factories.officers import token_of
from tests.functional.casework.conftest import Office, Send, hidden

NASTY = ("", " ", "\x00", "x" * 5000, "<b>'\"", "31/02/2026", "9" * 40, "\u202e")


def page_of(office: Office) -> str:
    return f"/officer/duty/counters/{office.places.counter}"


def put(client: FlaskClient, office: Office, **typed: object) -> Any:
    token = token_of(client.get(page_of(office)).text)
    data = {"csrf_token": token, "who": "", "shift": "day", "first": "01/07/2025", "last": ""} | typed
    shown = client.post(page_of(office), data=data)
    return client.post(page_of(office), data=data | {"step": "final"}) if 'value="final"' in shown.text else shown


def line_ids(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.scalars(select(CounterDuty.id).order_by(CounterDuty.entered_at, CounterDuty.id)))


def excluded(office: Office, case_id: str) -> set[str]:
    with office.database.reading() as session:
        rows = session.execute(
            select(Officer.username)
            .join(CaseExclusion, CaseExclusion.officer_id == Officer.id)
            .where(CaseExclusion.case_id == case_id, CaseExclusion.lifted_at.is_(None))
        )
        return {row.username for row in rows}


def test_a_line_is_added_ended_and_withdrawn_and_cases_follow(office: Office, leader: FlaskClient) -> None:
    clerk = office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    above = office.officer("lanh.dao.tinh", Role.UNIT_LEADER, office.places.province)
    case_id = office.open().case_id
    address = f"/officer/cases/{case_id}"
    assert clerk.get(address).status_code == 200
    assert put(leader, office, who="tu.quay", days=["1", "2", "6"]).status_code == 303
    # The clerk is out, and with one head only the head who typed the line as well: the case went up.
    assert excluded(office, case_id) == {"tu.quay", "leader"}
    assert [one.get(address).status_code for one in (clerk, leader, above)] == [404, 404, 200]
    assert "Chuyển đơn vị xử lý" in above.get(address).text
    meanwhile = office.open().case_id  # in the same minute
    said = leader.get(page_of(office)).text
    assert "T2, T3, T7" in said
    assert "Đang trực" in said
    (line_id,) = line_ids(office)
    token = token_of(said)
    for wrong in ("", "01/01/2026", "x"):
        answer = leader.post(f"/officer/duty/lines/{line_id}/end", data={"csrf_token": token, "last": wrong})
        assert answer.status_code == 400, wrong
    ended = leader.post(f"/officer/duty/lines/{line_id}/end", data={"csrf_token": token, "last": "30/11/2026"})
    assert ended.status_code == 303
    assert "30/11/2026" in leader.get(page_of(office)).text
    token = token_of(above.get(page_of(office)).text)
    withdrawing = {"csrf_token": token, "step": "final"}
    assert above.post(f"/officer/duty/lines/{line_id}/withdraw", data=withdrawing).status_code == 303
    assert "Đã rút" in leader.get(page_of(office)).text
    assert above.post(f"/officer/duty/lines/{line_id}/withdraw", data=withdrawing).status_code == 400
    # The case was there before the line: both have it again, by themselves, and it is back. What came meanwhile stays.
    assert excluded(office, case_id) == set()
    assert [one.get(address).status_code for one in (clerk, leader, above)] == [200, 200, 200]
    assert "Dòng lịch trực ghi nhầm làm đơn chuyển lên đã được rút" in clerk.get(address).text
    assert excluded(office, meanwhile) == {"tu.quay", "leader"}
    assert "dòng lịch trực ghi nhầm đã được rút" in above.get(address).text
    # A right line brings it back.
    assert put(leader, office, who="tu.quay").status_code == 303
    assert excluded(office, case_id) == {"tu.quay", "leader"}


def test_a5_no_line_that_the_head_of_the_accused_enters_or_withdraws_opens_a_case_to_them(
    office: Office, leader: FlaskClient
) -> None:
    """A head who is not excluded enters the line of somebody whom it excludes, and withdraws it at once."""
    clerk = office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    kind = {"kind": Kind.COMPLAINT, "contact": CONTACT}  # a first complaint is the head's
    before = office.open(**kind).case_id
    assert put(leader, office, who="tu.quay").status_code == 303
    after = office.open(**kind).case_id
    (line_id,) = line_ids(office)
    withdrawing = {"csrf_token": token_of(leader.get(page_of(office)).text), "step": "final"}
    told = leader.post(f"/officer/duty/lines/{line_id}/withdraw", data=withdrawing)
    assert "do cấp trên của người ấy quyết định" in leader.get(told.location).text
    for case_id in (before, after):
        assert leader.get(f"/officer/cases/{case_id}").status_code == 200
        assert (excluded(office, case_id), clerk.get(f"/officer/cases/{case_id}").status_code) == ({"tu.quay"}, 404)


def test_what_a_line_would_do_is_counted_before_among_the_cases_one_knows_and_told_after(
    office: Office, leader: FlaskClient, act: Send
) -> None:
    clerk = office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    above = office.officer("lanh.dao.tinh", Role.UNIT_LEADER, office.places.province)
    mine, other = office.open(), office.open()
    assert act(clerk, mine.case_id, "take-up").status_code == 303
    with office.database.transaction() as session:
        session.get_one(Case, other.case_id).is_private = True
    case_officer = office.officer("binh.vo", Role.CASE_OFFICER, office.places.commune)
    typed = {"csrf_token": token_of(leader.get(page_of(office)).text), "who": "tu.quay", "shift": "day"}
    typed |= {"first": "01/07/2025", "last": ""}
    shown = leader.post(page_of(office), data=typed)
    assert (shown.status_code, line_ids(office), excluded(office, mine.case_id)) == (200, [], set())
    assert "2 đơn có thêm người không còn được xem; 2 đơn chuyển lên cấp trên" in shown.text
    assert "tu.quay" in leader.post(page_of(office), data=typed | {"step": "change"}).text
    assert line_ids(office) == []
    done = leader.post(page_of(office), data=typed | {"step": "final"})
    assert "2 đơn chuyển lên cấp trên" in leader.get(done.location).text
    assert "Trong các đơn Ông/Bà được xem, không đơn nào" in leader.get(f"{page_of(office)}?done=added&up=x").text
    (line_id,) = line_ids(office)
    back = {"csrf_token": token_of(above.get(page_of(office)).text)}
    asked = above.post(f"/officer/duty/lines/{line_id}/withdraw", data=back)
    assert "2 đơn có người lại được xem; 2 đơn trở về" in asked.text
    assert excluded(office, mine.case_id) == {"tu.quay", "leader"}
    taken = hidden(above.get(f"/officer/cases/{other.case_id}/take-up").text)
    assert above.post(f"/officer/cases/{other.case_id}/take-up", data=taken).status_code == 303
    told = above.post(f"/officer/duty/lines/{line_id}/withdraw", data=back | {"step": "final"})
    assert "1 đơn trở về đơn vị đã giữ trước đây" in above.get(told.location).text
    with office.database.reading() as session:
        found, kept = session.get_one(Case, mine.case_id), session.get_one(Case, other.case_id)
        clerk_id = session.scalars(select(Officer.id).where(Officer.username == "tu.quay")).one()
        assert (found.unit_id, found.assignee_id) == (office.places.commune, clerk_id)
        assert kept.unit_id == office.places.province  # somebody above took it up meanwhile
    assert case_officer.get(f"/officer/cases/{mine.case_id}").status_code == 200


def test_a5_whoever_gets_an_account_is_excluded_in_the_same_act_from_what_concerns_them(
    office: Office, leader: FlaskClient
) -> None:
    assert put(leader, office, who="Bùi Thị Hoa").status_code == 303
    by_name = office.open(counter_id=None, text="Hôm ấy anh Trần Văn Tý bảo tôi về.").case_id
    by_roster, beside = office.open().case_id, office.open(counter_id=None).case_id
    elsewhere = office.open(unit_id=office.places.other, counter_id=None, text="Trần Văn Tý ở đây.").case_id
    office.officer("o.day", Role.CASE_OFFICER, office.places.other)
    administrator = office.officer("quan.tri", Role.ADMINISTRATOR)
    for username, name in (("ty.tran", "Trần Văn Tý"), ("hoa.bui", "BÙI THỊ HOA")):
        token = token_of(administrator.get("/officer/officers/new").text)
        typed = {"csrf_token": token, "username": username, "full_name": name, "role": "case_officer", "unit": "C1"}
        assert administrator.post("/officer/officers/new", data=typed).status_code == 200
    assert excluded(office, by_name) == {"ty.tran"}
    assert excluded(office, by_roster) == {"hoa.bui", "leader"}
    assert excluded(office, beside) == excluded(office, elsewhere) == set()
    with office.database.reading() as session:
        ty = session.scalars(select(Officer.id).where(Officer.username == "ty.tran")).one()
    address = f"/officer/officers/{ty}"
    typed = {"csrf_token": token_of(administrator.get(address).text), "role": "case_officer", "unit": "C2"}
    assert administrator.post(f"{address}/roles", data=typed).status_code == 303
    assert excluded(office, elsewhere) == {"ty.tran", "leader"}  # the head of the other place they have


def test_whoever_may_be_meant_by_a_last_name_is_pointed_out_to_whoever_hands_the_case_out(
    office: Office, leader: FlaskClient
) -> None:
    office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    case_id = office.open(text="Cô Quay hẹn tôi ba lần mà không có kết quả.").case_id
    assert excluded(office, case_id) == set()
    assert "có thể là: Nguyễn Thị Tu Quay (“cô Quay”)" in leader.get(f"/officer/cases/{case_id}/assign").text
    beside = office.open(text="Quay đi quay lại ba lần mà không có kết quả.").case_id
    assert "có thể là" not in leader.get(f"/officer/cases/{beside}/assign").text


def test_nobody_changes_the_line_about_themselves_and_strangers_learn_nothing(
    office: Office, leader: FlaskClient
) -> None:
    assert put(leader, office, who="leader").status_code == 303
    (line_id,) = line_ids(office)
    token = token_of(leader.get(page_of(office)).text)
    assert leader.post(f"/officer/duty/lines/{line_id}/withdraw", data={"csrf_token": token}).status_code == 409
    assert "Ghi ngày cuối" not in leader.get(page_of(office)).text
    stranger = office.officer("nguoi.la", Role.UNIT_LEADER, office.places.other)
    unknown = stranger.get("/officer/duty/counters/999999")
    hidden = stranger.get(page_of(office))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    theirs = {"csrf_token": token_of(stranger.get("/officer/duty").text), "last": "30/11/2026"}
    for line in (line_id, "0" * 24, "x'y", "\x00"):
        assert stranger.post(f"/officer/duty/lines/{line}/end", data=theirs).status_code == 404
        assert stranger.post(f"/officer/duty/lines/{line}/withdraw", data=theirs).status_code == 404
    assert "Quầy 1" not in stranger.get("/officer/duty").text
    officer = office.officer("can.bo", Role.CASE_OFFICER, office.places.commune)
    assert officer.get("/officer/duty").status_code == 403
    # A guessed user name of another place stays what was typed.
    assert put(leader, office, who="nguoi.la").status_code == 303
    with office.database.reading() as session:
        typed = session.scalars(select(CounterDuty).where(CounterDuty.officer_id.is_(None))).one()
        assert typed.person_name == "nguoi.la"


def test_nothing_typed_into_the_roster_breaks_it(office: Office, leader: FlaskClient) -> None:
    for name in ("who", "days", "shift", "first", "last"):
        for value in NASTY:
            answer = put(leader, office, **{"who": "Bà Hoa", name: value})
            assert answer.status_code in (303, 400), (name, value[:20])
            assert name != "first" or answer.status_code == 400
    assert put(leader, office, who="Giữ lại", first="31/02/2026").text.count("Giữ lại") >= 1
    assert leader.post(page_of(office), data={"who": "x"}).status_code == 400


def test_a_roster_from_a_table_is_shown_first_and_taken_whole_or_not_at_all(
    office: Office, leader: FlaskClient
) -> None:
    office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    office.officer("noi.vu", Role.HOME_AFFAIRS)
    case_id = office.open().case_id
    head = "Mã đơn vị,Số quầy,Người trực,Thứ,Buổi,Từ ngày,Đến hết ngày\n"
    bad = head + "C1,1,tu.quay,T9,Cả ngày,01/07/2025,\nC2,1,Ai đó,,,01/07/2025,\nC1,1,Bà Hoa,,Tối,x,\n"

    def upload(text: str) -> Any:
        data = {
            "csrf_token": token_of(leader.get("/officer/duty/import").text),
            "file": (io.BytesIO(text.encode("utf-8-sig")), "lich.csv"),
        }
        return leader.post("/officer/duty/import", data=data, content_type="multipart/form-data")

    preview = leader.get(upload(bad).headers["Location"])
    assert "Tệp có 4 lỗi" in preview.text
    assert "Nhập toàn bộ" not in preview.text
    assert upload("a,b\n1,2\n").status_code == 400
    address = upload(head + "C1,1,tu.quay,T2-T6,Buổi sáng,01/07/2025,\nC1,1,Bà Hoa,,,01/07/2025,31/12/2026\n").headers[
        "Location"
    ]
    said = leader.get(address).text
    assert "<strong>2</strong> dòng" in said
    assert "1 đơn có thêm người không còn được xem; 1 đơn chuyển lên cấp trên" in said
    assert line_ids(office) == []
    done = leader.post(address, data={"csrf_token": token_of(said)})
    assert "Đã nhập lịch trực. Trong các đơn Ông/Bà được xem: 1 đơn có thêm người" in leader.get(done.location).text
    assert len(line_ids(office)) == 2
    assert excluded(office, case_id) == {"tu.quay", "leader"}
    assert leader.post(address, data={"csrf_token": token_of(said)}).status_code == 404
    listed = leader.get("/officer/duty").text
    assert "Bà Hoa" in listed
    assert leader.get("/officer/duty/list.csv").text.count("Bà Hoa") == 1


def test_home_affairs_sees_exclusions_without_the_words_and_the_excluded_do_not(
    office: Office, leader: FlaskClient
) -> None:
    clerk = office.officer("tu.quay", Role.CASE_OFFICER, office.places.commune)
    above = office.officer("lanh.dao.tinh", Role.UNIT_LEADER, office.places.province)
    watcher = office.officer("noi.vu", Role.HOME_AFFAIRS)
    assert put(leader, office, who="tu.quay").status_code == 303
    opened = office.open(text="zqxdau người trực vắng mặt")
    page = watcher.get("/officer/exclusions").text
    assert page.count(opened.public_number) == 2
    assert "Trực ở quầy" in page or "Có tên trong lịch trực" in page
    assert "zqxdau" not in page
    assert opened.public_number in watcher.get("/officer/exclusions/list.csv").text
    assert opened.public_number not in watcher.get("/officer/exclusions?state=lifted").text
    assert [one.get("/officer/exclusions").status_code for one in (clerk, leader, above)] == [403] * 3
    form = above.get(f"/officer/cases/{opened.case_id}/lift-exclusion").text
    with office.database.reading() as session:
        officer_id = session.scalars(select(Officer.id).where(Officer.username == "tu.quay")).one()
        version = session.get_one(Case, opened.case_id).version
    typed = {"csrf_token": token_of(form), "version": str(version), "excluded": str(officer_id), "words": "Nghỉ phép."}
    assert f'value="{officer_id}"' in form
    assert above.post(f"/officer/cases/{opened.case_id}/lift-exclusion", data=typed).status_code == 303
    assert watcher.get("/officer/exclusions?state=lifted").text.count(opened.public_number) == 1
    assert "Nghỉ phép" not in watcher.get("/officer/exclusions?state=lifted").text
