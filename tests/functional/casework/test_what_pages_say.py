"""D2, D3, A12, F2, F3: what stands in heads and addresses, script in any text, and who sent a case."""

import html
import re

import pytest

from app.accounts.roles import Role
from app.crypto.types import in_row
from app.feedback.cases.reporters import Contact
from app.files.gate.models import CheckedFile
from app.units.models import Counter, Unit
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, Send, send_answer
from tests.support.crawling import crawl

SCRIPT = "<script>alert('X1')</script>\"'"
NASTY = ("'", '"><script>alert(1)</script>', "\x00", "x" * 5000, "-1", "9" * 30, "%' OR 1=1 --", "{{7*7}}", "\u202e٣")
NAMES = ("q", "page", "unit", "kind", "state", "due", "mine", "sort", "done", "request", "version", "seen")


def test_d2_a_script_in_any_text_of_a_case_is_shown_as_text(office: Office, act: Send) -> None:
    files = (office.file(),)
    with office.database.transaction() as session:
        session.get_one(CheckedFile, files[0]).declared_name = in_row(SCRIPT, files[0])
        for name in session.get_one(Unit, office.places.commune).names:
            name.name = f"Phường {SCRIPT}"
        session.get_one(Counter, office.places.counter).name = SCRIPT
    contact = Contact(SCRIPT, "0912345678", "a@example.vn", SCRIPT)
    case_id = office.open(text=SCRIPT, contact=contact, file_ids=files).case_id
    key = office.tell(text=SCRIPT)
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.province)
    for name, typed in (
        ("requalify", {"kind": "suggestion", "reason": SCRIPT}),
        ("ask", {"text": SCRIPT, "answer_until": "2026-12-01"}),
        ("withdraw-question", {}),
        ("pause", {"document": SCRIPT}),
        ("resume", {}),
        ("set-private", {"reason": SCRIPT}),
    ):
        answer = act(leader, case_id, name, **typed)
        assert answer.status_code in (200, 303)
        assert "<script>alert" not in answer.text
    assert send_answer(leader, case_id, text=SCRIPT).status_code == 303
    pages = ("/officer/cases", f"/officer/cases/{case_id}", f"/officer/cases/{case_id}/contact")
    told = ("/officer/denunciations", f"/officer/denunciations/{key}", f"/officer/denunciations/{key}/keep")
    for address in (*pages, *told):
        text = leader.get(address).text
        assert "<script>alert" not in text.lower(), address
        assert address.endswith("keep") or SCRIPT in html.unescape(text), address


@pytest.mark.parametrize("place", ["", "/{case}", "/{case}/ask", "/{case}/decide", "/{case}/contact"])
def test_d3_d8_no_query_breaks_a_page_of_casework_or_comes_back_raw(office: Office, place: str) -> None:
    case_id = office.open(contact=CONTACT).case_id
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    for value in NASTY:
        for names in (NAMES, ("q",), ("request",)):
            address = "/officer/cases" + place.format(case=case_id)
            answer = leader.get(address, query_string=dict.fromkeys(names, value))
            assert answer.status_code in (200, 404), (names, value[:20])
            assert "<script>alert" not in answer.text.lower()


def test_a12_heads_addresses_and_referrers_say_nothing_of_a_case(office: Office) -> None:
    opened = office.open(text="zqxdau trong nội dung", contact=CONTACT)
    key = office.tell(text="zqxdau trong tin")
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.province)
    pages = (f"/officer/cases/{opened.case_id}", f"/officer/cases/{opened.case_id}/contact")
    for address in (*pages, f"/officer/cases/{opened.case_id}/answer", f"/officer/denunciations/{key}"):
        answer = leader.get(address)
        head = answer.text[: answer.text.index("</head>")]
        assert "zqxdau" not in head
        assert opened.public_number not in head
        assert "meta property" not in head
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        for link in re.findall(r'href="([^"]+)"', answer.text):
            assert opened.public_number not in link
            assert "zqxdau" not in link


def test_f3_who_sent_a_case_shows_nowhere_to_whoever_may_see_it_without_that_right(office: Office, act: Send) -> None:
    files = (office.file(),)
    opened = office.open(
        contact=Contact("Zqxdanh Văn Tên", "0987654321", "zqxdanh@example.vn", "Số 1 Zqxdanh"), file_ids=files
    )
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    leader.get(f"/officer/cases/{opened.case_id}/contact")
    act(leader, opened.case_id, "take-up")
    send_answer(leader, opened.case_id)
    for role in (Role.HOME_AFFAIRS, Role.AUDITOR):
        said = crawl(office.officer(role.value, role), ["/officer", "/officer/audit", "/officer/cases"])
        assert len(said) > 10
        for address, text in said.items():
            assert "zqxdanh" not in text.lower(), address
            assert "0987654321" not in text, address
            assert "Ẩn Danh" not in text, address


def test_f2_names_of_who_opened_a_case_are_for_home_affairs_only(office: Office) -> None:
    case_id = office.open().case_id
    office.officer("leader", Role.UNIT_LEADER, office.places.commune).get(f"/officer/cases/{case_id}")
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune).get(f"/officer/cases/{case_id}").text
    affairs = office.officer("affairs", Role.HOME_AFFAIRS).get(f"/officer/cases/{case_id}").text
    assert "Lãnh đạo đơn vị: 1 người" in handler
    for name in ("Ai xem được, vì sao", "Ai đã mở"):
        assert name in handler
    assert "Nguyễn Thị Lan" not in handler[handler.index("Ai xem được") :]
    assert "Nguyễn Thị Lan (Lãnh đạo đơn vị): lần đầu" in affairs


def test_b9_headers_that_say_who_somebody_is_are_believed_from_nobody(office: Office) -> None:
    office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    names = ("Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-User", "From")
    headers = dict.fromkeys(names, "leader") | {"Authorization": "Basic bGVhZGVyOngK"}
    answer = office.app.test_client().get("/officer/cases", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/officer/sign-in")


def test_g4_a_giant_or_many_sided_post_is_refused_and_changes_nothing(office: Office) -> None:
    case_id = office.open().case_id
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    assert send_answer(leader, case_id, text="x" * (13 * 1024 * 1024)).status_code == 413
    many = {f"field{number}": "x" for number in range(2000)}
    assert send_answer(leader, case_id, **many).status_code in (400, 413)
    assert "Mới nhận" in leader.get(f"/officer/cases/{case_id}").text
