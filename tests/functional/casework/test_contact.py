"""Who sent a case: apart from it, for few, each look recorded, erased for good."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.feedback.cases.models import Reporter
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, hidden, send_answer
from tests.support.clock import SettableClock

SAID = ("Nguyễn Văn Bình", "0912 345 678", "binh@example.vn", "12 Trần Phú")


def looks(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "case:read-contact")))


def test_each_look_is_recorded_and_nothing_stands_on_the_page_of_the_case(office: Office, leader: FlaskClient) -> None:
    case_id = office.open(contact=CONTACT).case_id
    page = leader.get(f"/officer/cases/{case_id}").text
    assert not any(words in page for words in SAID)
    for _ in range(2):
        shown = leader.get(f"/officer/cases/{case_id}/contact").text
        assert all(words in shown for words in SAID)
    assert looks(office) == [f"case:{case_id}"] * 2


@pytest.mark.parametrize(
    ("role", "is_here"),
    [
        (Role.HOME_AFFAIRS, False),
        (Role.ADMINISTRATOR, False),
        (Role.AUDITOR, False),
        (Role.COUNTER_CLERK, True),
        (Role.SURVEYOR, True),
        (Role.UNIT_LEADER, False),
    ],
)
def test_f3_without_the_right_the_page_does_not_exist(office: Office, role: Role, is_here: bool) -> None:
    case_id = office.open(contact=CONTACT).case_id
    place = office.places.commune if is_here else office.places.other
    client = office.officer(
        "other", role, None if role.value in ("home_affairs", "administrator", "auditor") else place
    )
    answer = client.get(f"/officer/cases/{case_id}/contact")
    assert answer.status_code in (403, 404)
    assert not any(words in answer.text for words in SAID)
    assert looks(office) == []


def test_erasing_needs_the_right_a_closed_case_and_the_password_again(
    office: Office, leader: FlaskClient, clock: SettableClock
) -> None:
    case = office.open(contact=CONTACT)
    address = f"/officer/cases/{case.case_id}/contact"
    assert "Xóa thông tin người gửi</button>" not in leader.get(address).text
    send_answer(leader, case.case_id)
    form = hidden(leader.get(address).text)
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    assert handler.post(f"{address}/erase", data=form).status_code == 403
    stale = leader.post(f"{address}/erase", data=form | {"version": "0"})
    assert stale.status_code == 409
    clock.advance(minutes=11)
    assert "/officer/confirm" in leader.post(f"{address}/erase", data=form).headers["Location"]
    clock.advance(minutes=-11)
    assert leader.post(f"{address}/erase", data=form).status_code == 303
    assert not any(words in leader.get(address).text for words in SAID)
    assert "đã được xóa ngày" in leader.get(f"/officer/cases/{case.case_id}").text
    with office.database.reading() as session:
        stone = session.get_one(Reporter, case.case_id)
        assert (stone.name, stone.phone, stone.phone_index, stone.email, stone.address) == (None,) * 5
        assert stone.erased_on == clock.today
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "case:erase-contact")).all()


def test_a_nameless_case_says_so_and_offers_nothing(office: Office, leader: FlaskClient) -> None:
    case_id = office.open().case_id
    page = leader.get(f"/officer/cases/{case_id}").text
    assert "Người gửi không cho biết mình là ai" in page
    assert f"{case_id}/contact" not in page
