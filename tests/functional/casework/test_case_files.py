"""Files of cases: taken one by one, the policy asked anew each time, and to a stranger they do not exist."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.crypto.types import in_row
from app.feedback.cases.kinds import RequestKind
from app.feedback.cases.models import CaseExclusion, CaseRequest
from app.files.gate.models import FileState
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import PICTURE, Office, Send, hidden, send_answer
from tests.support.clock import SettableClock

WAYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Range": "bytes=0-3"}),
    ("GET", {"Range": "bytes=-1", "If-Range": '"x"'}),
)


def answers(client: FlaskClient, address: str) -> list[tuple[int, bytes, dict[str, str]]]:
    """Status, body and headers for each way to ask; what differs with every answer is left out."""
    found = []
    for method, headers in WAYS:
        answer = client.open(address, method=method, headers=headers, buffered=True)
        kept = {key: value for key, value in answer.headers.items() if key not in ("Date", "X-Request-Id")}
        body = answer.data.replace(address.encode(), b"")
        found.append((answer.status_code, without_request_id(body), kept))
    return found


def without_request_id(body: bytes) -> bytes:
    return re.sub(rb"[0-9a-f]{6,}", b"", body)


@pytest.fixture
def case_id(office: Office) -> str:
    return office.open(file_ids=(office.file(), office.file(FileState.WAITING), office.file(FileState.REFUSED))).case_id


def excluded(office: Office, case_id: str, name: str) -> FlaskClient:
    client = office.officer(name, Role.CASE_OFFICER, office.places.commune)
    with office.database.transaction() as session:
        officer_id = session.scalars(select(Officer.id).where(Officer.username == name)).one()
        now = SettableClock()()
        session.add(CaseExclusion(case_id=case_id, officer_id=officer_id, rule="concerned", since=now))
    return client


def test_a1_the_file_goes_to_who_may_see_the_case_whole_and_as_a_download(
    office: Office, leader: FlaskClient, case_id: str
) -> None:
    answer = leader.get(f"/officer/cases/{case_id}/files/1", buffered=True)
    assert answer.data == PICTURE
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="anh-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with office.database.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "case:read-file")).all()
    assert [(event.subject, event.detail) for event in events] == [(f"case:{case_id}", {"number": 1})]


def test_a1_who_may_not_know_the_sender_opens_no_file_of_somebody_who_gave_a_name(office: Office) -> None:
    watcher = office.officer("watcher", Role.HOME_AFFAIRS, office.places.commune)
    named = office.open(file_ids=(office.file(),), contact=CONTACT).case_id
    page = watcher.get(f"/officer/cases/{named}")
    assert page.status_code == 200
    assert "chỉ người được xem họ tên, liên hệ mới mở được" in page.text
    assert f"/officer/cases/{named}/files/1" not in page.text
    assert answers(watcher, f"/officer/cases/{named}/files/1") == answers(watcher, f"/officer/cases/{'0' * 24}/files/1")
    unnamed = office.open(file_ids=(office.file(),)).case_id
    assert watcher.get(f"/officer/cases/{unnamed}/files/1", buffered=True).data == PICTURE


@pytest.mark.parametrize("who", ["other unit", "excluded", "other case", "no permission"])
def test_a1_refused_like_a_file_that_does_not_exist(office: Office, case_id: str, who: str) -> None:
    address = f"/officer/cases/{case_id}/files/1"
    nowhere = f"/officer/cases/{'0' * 24}/files/1"
    if who == "other unit":
        client = office.officer("stranger", Role.UNIT_LEADER, office.places.other)
    elif who == "excluded":
        client = excluded(office, case_id, "concerned")
    elif who == "no permission":
        client = office.officer("clerk", Role.COUNTER_CLERK, office.places.commune)
    else:  # the file asked for under the address of another case that may be seen
        client = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
        address = f"/officer/cases/{office.open().case_id}/files/1"
    refused, unknown = answers(client, address), answers(client, nowhere)
    assert refused == unknown
    assert {status for status, _, _ in refused} == ({403} if who == "no permission" else {404})
    assert not any(PICTURE[4:12] in body for _, body, _ in refused)


def test_a1_without_a_session_every_address_leads_to_the_sign_in(office: Office, case_id: str) -> None:
    client = office.app.test_client()
    for address in (f"/officer/cases/{case_id}/files/1", f"/officer/cases/{'0' * 24}/files/1"):
        for method, headers in WAYS:
            answer = client.open(address, method=method, headers=headers)
            assert answer.status_code == 303
            assert answer.headers["Location"] in ("/officer/sign-in", f"/officer/sign-in?next={address}")


def test_c8_waiting_and_refused_files_cannot_be_opened_by_anybody(
    office: Office, leader: FlaskClient, case_id: str
) -> None:
    missing = answers(leader, f"/officer/cases/{case_id}/files/99")
    for number in (2, 3):
        refused = answers(leader, f"/officer/cases/{case_id}/files/{number}")
        assert {status for status, _, _ in refused} == {404} == {status for status, _, _ in missing}
    page = leader.get(f"/officer/cases/{case_id}").text
    assert f"/officer/cases/{case_id}/files/1" in page
    assert f"/officer/cases/{case_id}/files/2" not in page
    assert "chưa mở được" in page
    assert "không nhận được" in page


def test_f3_what_a_sender_called_a_file_stands_nowhere(office: Office, leader: FlaskClient, case_id: str) -> None:
    page = leader.get(f"/officer/cases/{case_id}")
    answer = leader.get(f"/officer/cases/{case_id}/files/1", buffered=True)
    assert "Ẩn Danh" not in page.text
    assert "Ẩn Danh" not in str(answer.headers)


def test_a1_files_of_denunciations_follow_their_own_policy(office: Office, leader: FlaskClient) -> None:
    key = office.tell(file_ids=(office.file(),))
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    address = f"/officer/denunciations/{key}/files/1"
    assert above.get(address, buffered=True).data == PICTURE
    assert answers(leader, address) == answers(leader, f"/officer/denunciations/{'0' * 24}/files/1")
    assert answers(above, f"/officer/denunciations/{key}/files/2")[0][0] == 404
    assert answers(above, f"/officer/cases/{key}/files/1")[0][0] == 404


def test_a9_page_file_search_and_acts_are_lost_with_the_case_in_an_open_session(
    office: Office, leader: FlaskClient, act: Send
) -> None:
    case = office.open(file_ids=(office.file(),))
    assert act(leader, case.case_id, "take-up").status_code == 303
    addresses = [f"/officer/cases/{case.case_id}{more}" for more in ("", "/files/1", "/contact", "/answer")]
    assert {leader.get(one, buffered=True).status_code for one in addresses} == {200}
    half_written = hidden(leader.get(addresses[-1]).text) | {"outcome": "solved", "answer-1": "Lời", "step": "save"}
    move_up(office, case.case_id, act)
    assert {leader.get(one, buffered=True).status_code for one in addresses} == {404}
    assert leader.post(addresses[-1], data=half_written).status_code == 404
    for query in ("", "q=quay", f"q={case.public_number}", "mine=1", "sort=unit"):
        text = leader.get(f"/officer/cases?{query}").text
        assert case.case_id not in text
        assert "Quầy mở muộn" not in text
    assert "Chưa có phản ánh" in leader.get("/officer/cases").text


def move_up(office: Office, case_id: str, act: Send) -> None:
    """The sender asks for a second look, and the level above takes the case over."""
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    assert (
        send_answer(above, case_id, outcome="not_accepted", text="Không.", refusal="Đúng quy định.").status_code == 303
    )
    with office.database.transaction() as session:
        session.add(
            CaseRequest(
                case_id=case_id,
                number=1,
                kind=RequestKind.SECOND_STAGE,
                unit_id=office.places.province,
                reason=in_row("Xin cấp trên xem", case_id),
                asked_on=SettableClock().today,
            )
        )
    taken = act(above, case_id, "decide", request="1", decision="accepted", words="Nhận xem xét.")
    assert taken.status_code == 303
