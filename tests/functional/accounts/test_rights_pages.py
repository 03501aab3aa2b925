"""Pages of rights: who may what and why, lending a role, the yearly review."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer, RoleAssignment
from app.accounts.rights.models import RightsReview, RightsReviewLine, Verdict
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.db.session import Database
from app.units.models import Unit
from tests.factories.officers import make_officer, officer_client, sign_in, token_of
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

RIGHTS, LEND, REVIEW = "/officer/rights", "/officer/delegations", "/officer/rights/review"


@pytest.fixture
def units(database: Database) -> dict[str, Unit]:
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        ward = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        center = make_unit(session, "2201-TT", name="Trung tâm Bình Yên", parent=ward, type_code="one_stop")
        other = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
    return {"province": province, "ward": ward, "center": center, "other": other}


@pytest.fixture
def leader(app: Flask, database: Database, units: dict[str, Unit]) -> FlaskClient:
    with database.transaction() as session:
        make_officer(session, "lanh.dao", full_name="Lê Lãnh Đạo", role=Role.UNIT_LEADER, unit=units["ward"])
        make_officer(session, "xu.ly", full_name="Trần Xử Lý", role=Role.CASE_OFFICER, unit=units["center"])
        make_officer(session, "o.xa", full_name="Phạm Ở Xa", role=Role.CASE_OFFICER, unit=units["other"])
    client = app.test_client()
    sign_in(client, "lanh.dao")
    return client


def assignment(database: Database, username: str) -> int:
    with database.reading() as session:
        return session.scalars(
            select(RoleAssignment.id)
            .join(Officer, Officer.id == RoleAssignment.officer_id)
            .where(Officer.username == username)
        ).one()


def lend(client: FlaskClient, database: Database, clock: SettableClock, **given: str):
    data = {
        "csrf_token": token_of(client.get(LEND).text),
        "assignment": str(assignment(database, "lanh.dao")),
        "deputy": "O.Xa",
        "unit": "",
        "valid_from": clock.today.isoformat(),
        "valid_to": (clock.today + timedelta(days=3)).isoformat(),
        "reason": "nghỉ phép",
    }
    return client.post(LEND, data=data | given)


def test_who_may_see_this_and_why(leader: FlaskClient, database: Database, clock: SettableClock) -> None:
    lend(leader, database, clock)
    page = leader.get(f"{RIGHTS}?unit=2201-TT&permission=officer:cases:read").text
    for words in ("Lê Lãnh Đạo", "Trần Xử Lý", "Lãnh đạo đơn vị", "Phường Bình Yên", "Phạm Ở Xa"):
        assert words in page
    contact = leader.get(f"{RIGHTS}?unit=2201-TT&permission=officer:cases:approve").text
    assert "Trần Xử Lý" not in contact
    assert "Phạm Ở Xa" in contact


def test_other_units_do_not_exist_there(leader: FlaskClient) -> None:
    for unit in ("2202", "Hạ Long", "không có"):
        page = leader.get(RIGHTS, query_string={"unit": unit}).text
        assert "Không tìm thấy đơn vị này trong phạm vi" in page
        assert "Phạm Ở Xa" not in page


def test_a_deputy_sees_and_does_for_the_days_then_no_more(
    leader: FlaskClient, app: Flask, database: Database, clock: SettableClock
) -> None:
    deputy = app.test_client()
    sign_in(deputy, "o.xa")
    assert deputy.get(f"{RIGHTS}?unit=2201").status_code == 403
    assert lend(leader, database, clock).status_code == 303
    assert "Lê Lãnh Đạo" in deputy.get(f"{RIGHTS}?unit=2201").text
    assert "Đang hiệu lực" in leader.get(LEND).text
    assert deputy.get(REVIEW).status_code == 403  # confirming rights is not lent
    clock.advance(days=4)
    sign_in(deputy, "o.xa")
    assert deputy.get(f"{RIGHTS}?unit=2201").status_code == 403


def test_a_delegation_is_taken_back_by_its_lender_only(
    leader: FlaskClient, app: Flask, database: Database, clock: SettableClock
) -> None:
    lend(leader, database, clock)
    deputy = app.test_client()
    sign_in(deputy, "o.xa")
    token = token_of(deputy.get(LEND).text)
    assert deputy.post(f"{LEND}/1/end", data={"csrf_token": token}).status_code == 404
    assert leader.post(f"{LEND}/1/end", data={"csrf_token": token_of(leader.get(LEND).text)}).status_code == 303
    assert deputy.get(f"{RIGHTS}?unit=2201").status_code == 403
    with database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("delegation:%"))).all()
    assert sorted(acts, reverse=True) == ["delegation:start", "delegation:end"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"deputy": "khong.co"}, "Không có cán bộ nào"),
        ({"deputy": "lanh.dao"}, "chọn một cán bộ khác"),
        ({"unit": "2202"}, "Không tìm thấy đơn vị này trong phạm vi"),
        ({"assignment": "999"}, "chính mình đang giữ"),
        ({"assignment": ""}, "chính mình đang giữ"),
        ({"valid_to": "2020-01-01"}, "đứng trước ngày bắt đầu"),
        ({"valid_to": "2099-01-01"}, "dài nhất là ba tháng"),
        ({"valid_to": "x"}, "Xin chọn ngày kết thúc."),
        ({"reason": ""}, "Xin ghi lý do."),
    ],
)
def test_wrong_input_is_named(
    leader: FlaskClient, database: Database, clock: SettableClock, given: dict[str, str], words: str
) -> None:
    answer = lend(leader, database, clock, **given)
    assert answer.status_code == 400
    assert words in answer.text


def test_the_yearly_review_is_recorded_line_by_line(
    leader: FlaskClient, app: Flask, database: Database, clock: SettableClock, units: dict[str, Unit]
) -> None:
    page = leader.get(f"{REVIEW}/{units['ward'].id}").text
    assert "Trần Xử Lý" in page
    assert "Phạm Ở Xa" not in page
    wrong = assignment(database, "xu.ly")
    data = {"csrf_token": token_of(page), f"right-{wrong}": "object", "right-999": "object"}
    assert leader.post(f"{REVIEW}/{units['ward'].id}", data=data).status_code == 303
    with database.reading() as session:
        review = session.scalars(select(RightsReview)).one()
        lines = {line.assignment_id: line.verdict for line in session.scalars(select(RightsReviewLine))}
    assert review.unit_id == units["ward"].id
    assert lines == {assignment(database, "lanh.dao"): Verdict.KEEP, wrong: Verdict.OBJECT}
    administrator = officer_client(app, database, "quan.tri")
    shown = administrator.get(f"{RIGHTS}/reviews").text
    assert "Đề nghị bỏ" in shown
    assert "Trần Xử Lý" in shown
    assert "Trong hạn" in shown
    clock.advance(days=370)
    sign_in(administrator, "quan.tri")
    assert "Quá hạn" in administrator.get(f"{RIGHTS}/reviews").text
    assert "1 đơn vị chưa rà soát" in administrator.get("/officer/officers").text


def test_nobody_reviews_elsewhere(leader: FlaskClient, units: dict[str, Unit]) -> None:
    token = token_of(leader.get(REVIEW).text)
    for unit in ("other", "province"):
        assert leader.get(f"{REVIEW}/{units[unit].id}").status_code == 404
        assert leader.post(f"{REVIEW}/{units[unit].id}", data={"csrf_token": token}).status_code == 404
    assert leader.get(f"{REVIEW}/99999").status_code == 404
