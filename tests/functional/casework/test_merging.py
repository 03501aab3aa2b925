"""Cases about the same matter: found, merged, answered each by its own act, taken apart; nobody sees more than before."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.feedback.cases.kinds import Outcome, State
from app.feedback.cases.models import Case, CaseEvent, CaseExclusion, CaseReply
from app.feedback.merging.models import CaseMerge
from app.rules.kinds import Kind
from app.web.permissions import Permission
from tests.factories.case_acts import EVERYTHING, close
from tests.factories.cases import CONTACT, viewer
from tests.factories.officers import make_officer, token_of
from tests.functional.casework.conftest import Office, hidden

LATE = "Quầy hộ tịch mở cửa muộn ba mươi phút, nhiều người phải chờ ngoài nắng."
LATE_TOO = "quay ho tich mo cua muon ba muoi phut, toi phai cho ngoai nang zqxdau"


@pytest.fixture
def handler(office: Office) -> FlaskClient:
    return office.officer("xu.ly", Role.CASE_OFFICER, office.places.commune)


def case(office: Office, case_id: str) -> Case:
    with office.database.reading() as session:
        return session.get_one(Case, case_id)


def merge(client: FlaskClient, case_id: str, **typed: str) -> Any:
    page = client.get(f"/officer/cases/{case_id}/merge")
    assert page.status_code == 200, page.text
    return client.post(f"/officer/cases/{case_id}/merge", data=hidden(page.text) | typed)


def unmerge(client: FlaskClient, office: Office, case_id: str) -> Any:
    token = token_of(client.get("/officer/cases").text)
    typed = {"csrf_token": token, "version": str(case(office, case_id).version)}
    return client.post(f"/officer/cases/{case_id}/unmerge", data=typed)


def exclude(office: Office, case_id: str, username: str) -> None:
    with office.database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == username)).one()
        since = session.get_one(Officer, officer).created_at
        session.add(CaseExclusion(case_id=case_id, officer_id=officer, rule="concerned", since=since))


def test_a8_two_cases_are_merged_answered_each_by_its_own_act_and_taken_apart(
    office: Office, handler: FlaskClient
) -> None:
    first, second = office.open(text=LATE), office.open(text=LATE_TOO)
    office.open(text="Thu thêm tiền photo giấy khai sinh.")
    due = case(office, second.case_id).due_on
    page = handler.get(f"/officer/cases/{second.case_id}/merge").text
    assert first.public_number in page
    assert page.count('name="leading"') == 1
    assert merge(handler, second.case_id).status_code == 400
    assert merge(handler, second.case_id, leading=first.case_id).status_code == 303
    assert first.public_number in handler.get(f"/officer/cases/{second.case_id}").text
    assert second.public_number in handler.get(f"/officer/cases/{first.case_id}").text
    assert merge(handler, second.case_id, leading=first.case_id).status_code == 409
    assert case(office, second.case_id).due_on == due
    with office.database.transaction() as session:
        who = viewer(make_officer(session, "leader.of.all").id, permissions=EVERYTHING)
        told_first = "Đã mở quầy đúng giờ. Đã gọi bà Trần Thị Bưởi, số 0912 345 678."
        close(session, who, first.case_id, Outcome.SOLVED, told_first)
    answers = f"/officer/cases/{first.case_id}/same-answer"
    listed = handler.get(answers).text
    assert second.public_number in listed
    offered = handler.post(
        f"/officer/cases/{second.case_id}/same-answer", data={"csrf_token": token_of(listed)}, follow_redirects=True
    )
    assert "Đã mở quầy đúng giờ." in offered.text
    assert "[…]" in offered.text
    assert not any(one in offered.text for one in ("Bưởi", "0912"))  # of somebody else
    assert case(office, second.case_id).state is State.RECEIVED  # a draft, nothing is sent
    assert "Mở bản nháp" in handler.get(answers).text
    again = handler.post(f"/officer/cases/{second.case_id}/same-answer", data={"csrf_token": token_of(listed)})
    assert again.status_code == 409
    with office.database.reading() as session:
        assert [one.case_id for one in session.scalars(select(CaseReply))] == [first.case_id]
        # Neither sender learns of the other, nor does anybody who sees one end only: no line tells of it.
        lines = session.scalars(select(CaseEvent.event).where(CaseEvent.case_id == second.case_id)).all()
        assert [str(one) for one in lines] == ["received"]
    told = handler.get(f"/officer/cases/{first.case_id}").text
    assert "gộp với đơn cùng việc" in told
    assert "tách khỏi đơn đã gộp" not in told
    assert unmerge(handler, office, second.case_id).status_code == 303
    assert "tách khỏi đơn đã gộp" in handler.get(f"/officer/cases/{second.case_id}").text
    assert first.public_number not in handler.get(f"/officer/cases/{second.case_id}").text
    assert unmerge(handler, office, second.case_id).status_code == 409
    with office.database.reading() as session:
        link = session.scalars(select(CaseMerge)).one()
        assert link.undone_at is not None


def test_a4_a7_a8_the_other_end_is_asked_about_and_shows_to_nobody_who_may_not_see_it(
    office: Office, handler: FlaskClient
) -> None:
    head = office.officer("truong", Role.UNIT_LEADER, office.places.commune)
    mine, secret = office.open(text=LATE), office.open(text=LATE_TOO)
    elsewhere = office.open(text=LATE, unit_id=office.places.other, counter_id=None)
    before = handler.get(f"/officer/cases/{mine.case_id}/merge").text
    assert secret.public_number in before
    exclude(office, secret.case_id, "xu.ly")
    page = handler.get(f"/officer/cases/{mine.case_id}/merge").text
    assert secret.public_number not in page
    assert "zqxdau" not in page
    said = set()
    for leading in (secret.case_id, elsewhere.case_id, "0" * 24, "'\x00", "x" * 5000):
        answer = merge(handler, mine.case_id, leading=leading)
        assert answer.status_code == 400
        said.update(re.findall(r"Không có đơn này[^<]*", answer.text))
    for number in (secret.public_number, elsewhere.public_number, "PA-00000-00000", "\x00", "x" * 5000, "Đơn"):
        answer = merge(handler, mine.case_id, number=number)
        assert answer.status_code == 400
        said.update(re.findall(r"Không có đơn này[^<]*", answer.text))
    assert len(said) == 1
    assert merge(handler, mine.case_id, leading=mine.case_id).status_code == 400
    # Who sees both merges them; for who sees one of them nothing has changed, and they cannot take it apart.
    plain = handler.get(f"/officer/cases/{mine.case_id}").text
    assert merge(head, mine.case_id, number=secret.public_number.lower()).status_code == 303
    after = handler.get(f"/officer/cases/{mine.case_id}").text
    assert secret.public_number not in after
    assert secret.case_id not in after
    assert "Đơn về cùng một việc" in plain
    assert "gộp với đơn cùng việc" not in after
    assert "gộp với đơn cùng việc" in head.get(f"/officer/cases/{mine.case_id}").text
    assert unmerge(handler, office, mine.case_id).status_code == 409
    assert handler.get(f"/officer/cases/{secret.case_id}/same-answer").status_code == 404
    assert unmerge(head, office, mine.case_id).status_code == 303
    clerk = office.officer("quay", Role.COUNTER_CLERK, office.places.commune)
    assert clerk.get(f"/officer/cases/{mine.case_id}/merge").status_code == 403
    assert Permission.CASES_MERGE in EVERYTHING


def test_g3_merging_is_refused_on_a_stale_form_in_chains_and_after_the_end(
    office: Office, handler: FlaskClient
) -> None:
    one, two, three = (office.open(text=f"{LATE} {number}") for number in range(3))
    stale = hidden(handler.get(f"/officer/cases/{two.case_id}/merge").text)
    assert merge(handler, two.case_id, leading=one.case_id).status_code == 303
    refused = handler.post(f"/officer/cases/{two.case_id}/merge", data=stale | {"leading": three.case_id})
    assert refused.status_code == 409
    assert merge(handler, three.case_id, leading=two.case_id).status_code == 400
    assert merge(handler, one.case_id, leading=three.case_id).status_code == 409
    extra = handler.post(f"/officer/cases/{three.case_id}/merge", data=stale | {"leading": one.case_id, "state": "x"})
    assert extra.status_code == 400
    with office.database.transaction() as session:
        who = viewer(make_officer(session, "leader.of.all").id, permissions=EVERYTHING)
        close(session, who, one.case_id)
    assert merge(handler, three.case_id, leading=one.case_id).status_code == 400


def test_a_case_on_another_legal_track_is_neither_proposed_nor_merged(office: Office, handler: FlaskClient) -> None:
    report = office.open(text=LATE)
    complaint = office.open(text=LATE_TOO, kind=Kind.COMPLAINT, contact=CONTACT)
    assert complaint.public_number not in handler.get(f"/officer/cases/{report.case_id}/merge").text
    refused = merge(handler, report.case_id, leading=complaint.case_id)
    assert refused.status_code == 400
    assert "khác loại" in refused.text
