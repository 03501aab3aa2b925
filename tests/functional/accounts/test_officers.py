"""Administration of officers: roles, scopes, and what an administrator of a part of the tree may not see."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer, RoleAssignment
from app.accounts.roles import Role
from app.db.session import Database
from app.units.models import Unit
from tests.factories.officers import PASSWORD, make_officer, officer_client, sign_in, token_of
from tests.factories.places import make_unit
from tests.support.clock import SettableClock

ADDRESS = "/officer/officers"
MARK = "<script>alert('dấu')</script>"


@pytest.fixture
def units(database: Database, clock: SettableClock) -> dict[str, Unit]:
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        binh_yen = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        ha_long = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
        center = make_unit(session, "2201-TT", name="Trung tâm Bình Yên", parent=binh_yen, type_code="one_stop")
    return {"province": province, "binh_yen": binh_yen, "ha_long": ha_long, "center": center}


@pytest.fixture
def administrator(app: Flask, database: Database, units: dict[str, Unit]) -> FlaskClient:
    return officer_client(app, database, "quan.tri")


@pytest.fixture
def local(app: Flask, database: Database, units: dict[str, Unit]) -> FlaskClient:
    """An administrator of Bình Yên only."""
    return officer_client(app, database, "quan.binhyen", unit=units["binh_yen"])


def create(client: FlaskClient, **given: str):
    token = token_of(client.get(f"{ADDRESS}/new").text)
    data = {"csrf_token": token, "username": "binh.tran", "full_name": "Trần Bình", "role": "case_officer"}
    return client.post(f"{ADDRESS}/new", data=data | given)


def id_of(database: Database, username: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Officer.id).where(Officer.username == username)).one()


def act(client: FlaskClient, officer_id: int, name: str, **data: str):
    token = token_of(client.get(ADDRESS).text)
    return client.post(f"{ADDRESS}/{officer_id}/{name}", data=data | {"csrf_token": token})


def test_a_new_officer_sets_a_password_by_the_invitation_shown_once(administrator: FlaskClient, app: Flask) -> None:
    shown = create(administrator, unit="2201")
    assert shown.status_code == 200
    found = re.search(r"http://localhost(/officer/invitation/[\w-]{43})", shown.text)
    assert found is not None
    invited = app.test_client()
    data = {"csrf_token": token_of(invited.get(found[1]).text), "new": PASSWORD, "repeated": PASSWORD}
    assert invited.post(found[1], data=data).status_code == 303
    assert sign_in(invited, "binh.tran").status_code == 303
    page = administrator.get(ADDRESS).text
    assert "Trần Bình" in page
    assert "Cán bộ đơn vị – Phường Bình Yên" in page


def test_the_unit_may_be_given_by_a_part_of_its_name_without_marks(
    administrator: FlaskClient, database: Database, units: dict[str, Unit]
) -> None:
    assert create(administrator, unit="ha long").status_code == 200
    with database.reading() as session:
        assigned = session.scalars(select(RoleAssignment.unit_id).where(RoleAssignment.role == Role.CASE_OFFICER)).all()
    assert assigned == [units["ha_long"].id]


def test_several_units_with_the_name_are_offered(administrator: FlaskClient) -> None:
    response = create(administrator, unit="bình yên")
    assert response.status_code == 400
    assert 'type="radio" name="unit" value="2201"' in response.text
    assert 'type="radio" name="unit" value="2201-TT"' in response.text
    assert 'value="Trần Bình"' in response.text
    assert 'id="unit-typed" name="unit" value="bình yên"' in response.text  # none of them: type again


def test_a_unit_chosen_goes_before_what_still_stands_in_the_field(
    administrator: FlaskClient, database: Database, units: dict[str, Unit]
) -> None:
    assert create(administrator, unit=["2201", "bình yên"]).status_code == 200
    with database.reading() as session:
        assert session.scalar(select(RoleAssignment.id).where(RoleAssignment.role == Role.CASE_OFFICER)) is not None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"unit": ""}, "Vai trò này cần một đơn vị"),
        ({"unit": "không đâu có"}, "Không tìm thấy đơn vị này"),
        ({"role": "king", "unit": "2201"}, "Xin chọn một vai trò"),
        ({"username": "Trần Bình", "unit": "2201"}, "3 đến 60 ký tự"),
        ({"username": " QUAN.TRI ", "unit": "2201"}, "đã có người dùng"),
        ({"full_name": "", "unit": "2201"}, "Xin nhập họ và tên."),
    ],
)
def test_wrong_input_is_named_and_what_was_typed_stays(
    administrator: FlaskClient, given: dict[str, str], words: str
) -> None:
    response = create(administrator, **given)
    assert response.status_code == 400
    assert words in response.text
    assert 'name="username" type="text" value=' in response.text


def test_d2_a_script_in_a_name_is_shown_as_text(administrator: FlaskClient, database: Database) -> None:
    create(administrator, full_name=MARK, unit="2201")
    officer_id = id_of(database, "binh.tran")
    for address in (ADDRESS, f"{ADDRESS}?q=script", f"{ADDRESS}/{officer_id}", f"{ADDRESS}?q={MARK}"):
        page = administrator.get(address).text
        assert "&lt;script&gt;" in page
        assert "<script" not in page


def test_the_list_is_searched_without_marks_and_paged(
    administrator: FlaskClient, database: Database, units: dict[str, Unit]
) -> None:
    with database.transaction() as session:
        make_officer(session, "duong", full_name="Đường Văn Ẩn")
    assert "Đường Văn Ẩn" in administrator.get(f"{ADDRESS}?q=duong van an").text
    assert "Đường Văn Ẩn" not in administrator.get(f"{ADDRESS}?q=khong co").text
    for page in ("0", "-1", "x", "9" * 30):
        assert administrator.get(f"{ADDRESS}?page={page}").status_code == 200


def test_roles_are_given_and_ended_at_once(
    administrator: FlaskClient, app: Flask, database: Database, units: dict[str, Unit]
) -> None:
    client = officer_client(app, database, "binh.tran", role=Role.CASE_OFFICER, unit=units["binh_yen"])
    officer_id = id_of(database, "binh.tran")
    assert client.get(ADDRESS).status_code == 403
    assert act(administrator, officer_id, "roles", role="administrator", unit="").status_code == 303
    assert client.get(ADDRESS).status_code == 200
    with database.reading() as session:
        given = session.scalars(
            select(RoleAssignment.id).where(
                RoleAssignment.officer_id == officer_id, RoleAssignment.role == Role.ADMINISTRATOR
            )
        ).one()
    assert act(administrator, officer_id, f"roles/{given}/end").status_code == 303
    assert client.get(ADDRESS).status_code == 403


def test_a_deactivated_officer_is_out_at_once(administrator: FlaskClient, app: Flask, database: Database) -> None:
    client = officer_client(app, database, "binh.tran")
    assert client.get(ADDRESS).status_code == 200
    assert act(administrator, id_of(database, "binh.tran"), "deactivate").status_code == 303
    assert client.get(ADDRESS).status_code == 303
    assert "Đã khóa" in administrator.get(ADDRESS).text


def test_nobody_deactivates_themselves(administrator: FlaskClient, database: Database) -> None:
    assert act(administrator, id_of(database, "quan.tri"), "deactivate").status_code == 409


def test_every_act_needs_the_token(administrator: FlaskClient, database: Database) -> None:
    officer_id = id_of(database, "quan.tri")
    for name in ("deactivate", "reset-password", "roles", "roles/1/end"):
        for data in ({}, {"csrf_token": "0" * 64}):
            assert administrator.post(f"{ADDRESS}/{officer_id}/{name}", data=data).status_code == 400
    assert (
        administrator.post(
            f"{ADDRESS}/new", data={"username": "x.y.z", "full_name": "X", "role": "administrator"}
        ).status_code
        == 400
    )


def test_a5_an_officer_of_another_part_does_not_exist(
    local: FlaskClient, app: Flask, database: Database, units: dict[str, Unit]
) -> None:
    with database.transaction() as session:
        make_officer(session, "trong", full_name="Người Trong", role=Role.CASE_OFFICER, unit=units["center"])
        make_officer(session, "ngoai", full_name="Người Ngoài", role=Role.CASE_OFFICER, unit=units["ha_long"])
        make_officer(session, "so.noivu", full_name="Người Sở", role=Role.HOME_AFFAIRS)
    listed = local.get(ADDRESS).text
    assert "Người Trong" in listed
    assert "Người Ngoài" not in listed
    assert "Người Sở" not in listed
    missing = local.get(f"{ADDRESS}/999999")
    assert missing.status_code == 404
    assert local.get(f"{ADDRESS}/{id_of(database, 'trong')}").status_code == 200
    for username in ("ngoai", "so.noivu"):
        officer_id = id_of(database, username)
        stranger = local.get(f"{ADDRESS}/{officer_id}")
        assert stranger.status_code == 404
        assert _without_ids(stranger.text) == _without_ids(missing.text)
        for name in ("deactivate", "reset-password"):
            assert act(local, officer_id, name).status_code == 404


def test_whoever_manages_a_part_grants_nothing_beyond_it(local: FlaskClient) -> None:
    assert create(local, unit="2202").status_code == 400
    assert create(local, unit="").status_code == 400
    assert create(local, role="home_affairs", unit="2201").status_code == 400
    assert create(local, role="administrator", unit="2201").status_code == 400
    assert create(local, unit="2201-TT").status_code == 200


@pytest.mark.parametrize("role", [Role.HOME_AFFAIRS, Role.CASE_OFFICER])
def test_other_roles_have_no_way_in(app: Flask, database: Database, units: dict[str, Unit], role: Role) -> None:
    client = officer_client(app, database, "binh.tran", role=role, unit=units["binh_yen"])
    for address in (ADDRESS, f"{ADDRESS}/new", f"{ADDRESS}/1"):
        assert client.get(address).status_code == 403
    assert "Cán bộ</a>" not in client.get("/officer/password").text


def _without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{12}", "", text)
