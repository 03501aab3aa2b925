"""The list of cases: what stands on it, in which order, and what narrows it; all of it in the address."""

import re

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.calendar.words import day_words
from app.crypto.types import in_row
from app.feedback.cases.kinds import RequestKind
from app.feedback.cases.models import Case, CaseRequest
from app.feedback.following import services as following
from app.rules.kinds import Kind
from tests.functional.casework.conftest import Office, Send, send_answer
from tests.support.clock import SettableClock

LIST = "/officer/cases"


def numbers(client: FlaskClient, **query: str) -> list[str]:
    """The public numbers on the list, in order."""
    answer = client.get(LIST, query_string=query)
    assert answer.status_code == 200
    return re.findall(r'<h2><a href="/officer/cases/[0-9a-f]+">([^<]+)</a>', answer.text)


def test_due_first_then_without_a_date_and_last_what_is_closed(office: Office, clock: SettableClock) -> None:
    late = office.open().public_number
    clock.next_day(3)
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    closed = office.open()
    soon = office.open().public_number
    without = office.open(kind=Kind.SUGGESTION).public_number
    assert send_answer(leader, closed.case_id).status_code == 303
    with office.database.reading() as session:
        if session.scalar(select(Case.due_on).where(Case.public_number == without)) is None:
            assert numbers(leader) == [late, soon, without, closed.public_number]
    assert numbers(leader)[0] == late
    assert numbers(leader)[-1] == closed.public_number
    assert numbers(leader, sort="received")[-1] == late
    assert numbers(leader, state="closed") == [closed.public_number]
    assert closed.public_number not in numbers(leader, state="open")
    assert numbers(leader, state="received", kind="suggestion") == [without]


def test_search_knows_no_marks_and_what_was_asked_stays_in_the_form(office: Office, leader: FlaskClient) -> None:
    found = office.open(text="Bộ phận hộ tịch làm việc chậm trễ").public_number
    office.open(text="Không có chỗ để xe")
    assert numbers(leader, q="ho tich") == [found]
    assert numbers(leader, q="HỘ TỊCH") == [found]
    assert numbers(leader, q=found[-4:].lower()) == [found]
    page = leader.get(LIST, query_string={"q": "ho tich", "due": "soon"})
    assert 'value="ho tich"' in page.text
    assert '<option value="soon" selected>' in page.text
    assert "Không có việc nào phù hợp" in leader.get(LIST, query_string={"q": "khong thay"}).text


def test_late_and_soon_are_told_apart_and_said_in_words(
    office: Office, leader: FlaskClient, clock: SettableClock
) -> None:
    first = office.open().public_number
    assert numbers(leader, due="late") == numbers(leader, due="soon") == []
    clock.next_day(17)
    leader = office.officer("later", Role.UNIT_LEADER, office.places.commune)
    assert numbers(leader, due="soon") == [first]
    assert "ngày làm việc" in leader.get(LIST).text
    clock.next_day(10)
    leader = office.officer("latest", Role.UNIT_LEADER, office.places.commune)
    assert numbers(leader, due="late") == [first]
    assert "quá hạn" in leader.get(LIST).text
    assert "Vì sao ngày này?" in leader.get(LIST).text


def test_a_due_date_stands_with_its_weekday_and_why_wherever_a_case_is_handled(
    office: Office, leader: FlaskClient
) -> None:
    case = office.open()
    with office.database.reading() as session:
        due_on = session.scalar(select(Case.due_on).where(Case.id == case.case_id))
    assert due_on is not None
    for path in ("", f"/{case.case_id}", f"/{case.case_id}/answer", f"/{case.case_id}/transfer"):
        folded = re.findall(r"<summary>(.*?)</summary>\n<ol>(.*?)</ol>", leader.get(f"{LIST}{path}").text, re.DOTALL)
        found = [why for words, why in folded if day_words(due_on) in words and "Vì sao ngày này?" in words]
        assert [f"hết giờ làm việc {day_words(due_on)}" in why for why in found] == [True], path


def test_what_is_seldom_done_is_folded_behind_what_a_case_waits_for(office: Office, leader: FlaskClient) -> None:
    page = leader.get(f"{LIST}/{office.open().case_id}").text
    shown, folded, told = (page.index(words) for words in ("Nhận xử lý</a>", "<summary>Việc khác (", "Người dân viết"))
    assert shown < folded < page.index("Đổi loại đơn</a>") < told


def test_mine_is_what_i_took_up(office: Office, leader: FlaskClient, act: Send) -> None:
    mine = office.open()
    office.open()
    assert numbers(leader, mine="1") == []
    assert act(leader, mine.case_id, "take-up").status_code == 303
    assert numbers(leader, mine="1") == [mine.public_number]
    colleague = office.officer("colleague", Role.CASE_OFFICER, office.places.commune)
    assert numbers(colleague, mine="1") == []
    assert len(numbers(colleague)) == 2


WAITING = "Có đề nghị chờ quyết định"


def test_a_request_waiting_for_a_decision_stands_out_for_who_decides_and_is_found(
    office: Office, leader: FlaskClient, act: Send
) -> None:
    asked, done = office.open(), office.open()
    for case in (asked, done):
        send_answer(leader, case.case_id)
    without = office.open(kind=Kind.SUGGESTION).public_number
    assert WAITING not in leader.get(LIST).text
    with office.database.transaction() as session:
        following.ask_reopening(session, asked.case_id, "Còn thiếu")
    clerk = office.officer("clerk", Role.CASE_OFFICER, office.places.commune)
    neighbour = office.officer("neighbour", Role.UNIT_LEADER, office.places.other)
    page = leader.get(LIST).text
    assert page.count(WAITING) == 1
    assert "từ 21/11/2026, đã chờ 0 ngày làm việc" in page
    assert numbers(leader)[-1] == done.public_number
    assert set(numbers(leader)) == {asked.public_number, without, done.public_number}
    assert numbers(leader, asked="1") == numbers(leader, asked="1", state="closed") == [asked.public_number]
    assert numbers(leader, asked="1", q="khong co chu nay") == []
    for other in (clerk, neighbour):
        assert WAITING not in other.get(LIST).text
        assert numbers(other, asked="1") == []
    typed = {"decision": "refused", "words": "Đã trả lời đủ.", "request": "1"}
    assert act(leader, asked.case_id, "decide", **typed).status_code == 303
    assert WAITING not in leader.get(LIST).text
    assert numbers(leader, asked="1") == []


def test_a_request_to_the_superior_waits_for_the_superior_alone(office: Office, leader: FlaskClient) -> None:
    case = office.open()
    send_answer(leader, case.case_id, outcome="not_accepted", text="Không.", refusal="Đúng quy định.")
    with office.database.transaction() as session:
        session.add(
            CaseRequest(
                case_id=case.case_id,
                number=1,
                kind=RequestKind.SECOND_STAGE,
                unit_id=office.places.province,
                reason=in_row("Xin cấp trên xem", case.case_id),
                asked_on=SettableClock().today,
            )
        )
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    assert numbers(above, asked="1") == [case.public_number]
    assert WAITING in above.get(LIST).text
    assert numbers(leader, asked="1") == []
    assert WAITING not in leader.get(LIST).text


def test_pages_count_and_keep_the_filters(office: Office, leader: FlaskClient) -> None:
    for number in range(27):
        office.open(text=f"Việc số {number}")
    first = leader.get(LIST, query_string={"kind": "petition", "sort": "received"})
    assert "27 dòng" in first.text
    following = re.search(r'<a href="([^"]+)" rel="next"', first.text)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "kind=petition" in address
    assert "sort=received" in address
    second = leader.get(address)
    assert len(re.findall(r"<h2><a href", second.text)) == 2
    assert numbers(leader, page="99999") == []


def test_an_empty_list_says_what_will_come(leader: FlaskClient) -> None:
    assert "Chưa có phản ánh, kiến nghị" in leader.get(LIST).text


def test_nonsense_in_the_address_counts_as_not_said(office: Office, leader: FlaskClient) -> None:
    office.open()
    for name in ("kind", "state", "due", "mine", "asked", "sort"):
        for value in ("x", "", "0", "-1", "1e9", "٣", "'", "a" * 3000):
            assert len(numbers(leader, **{name: value})) == 1, (name, value)
    assert numbers(leader, unit="999999") == []


def test_looking_at_the_list_is_recorded_once_an_hour(
    office: Office, leader: FlaskClient, clock: SettableClock
) -> None:
    def count() -> int:
        with office.database.reading() as session:
            return session.scalar(select(func.count()).where(AuditEvent.action == "case:list")) or 0

    for _ in range(3):
        numbers(leader)
    assert count() == 1
    clock.advance(hours=2)
    numbers(leader)
    assert count() == 2
