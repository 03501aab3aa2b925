"""Split and dissolve through the pages, the other unit found by search, and what a preview says of codes, rounds, rights."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.db.session import Database
from app.units import queries
from app.units.models import Counter, Unit, UnitSuccession
from app.units.successions import SuccessionKind
from tests.factories.cases import make_case
from tests.factories.officers import make_officer, officer_client, token_of
from tests.factories.places import make_unit
from tests.factories.surveys import Surveyed, make_survey

ON = "01/01/2027"


@pytest.fixture
def place(database: Database) -> Surveyed:
    made = make_survey(database, counters=2)
    with database.transaction() as session:
        province = session.get(Unit, made.province_id)
        make_unit(session, "a", name="Phường Hồng Hà", parent=province)
        make_unit(session, "b", name="Phường Hồng Hải", parent=province)
        leader = session.get(Unit, made.commune_id)
        make_officer(session, "lanh.dao", role=Role.UNIT_LEADER, unit=leader, full_name="Vũ Lãnh Đạo")
    return made


@pytest.fixture
def admin(app: Flask, database: Database, place: Surveyed) -> FlaskClient:
    return officer_client(app, database)


def post(client: FlaskClient, address: str, **data: str):
    return client.post(address, data={"csrf_token": token_of(client.get("/officer/units").text), **data})


def test_the_other_unit_is_found_by_a_part_of_its_name_and_chosen(admin: FlaskClient, place: Surveyed) -> None:
    address = f"/officer/units/{place.commune_id}/merge"
    several = post(admin, address, other="hong ha", on=ON)
    assert several.status_code == 400
    assert several.text.count('type="radio" name="other"') == 3  # and the centre: it holds both words
    assert 'value="a"' in several.text
    assert f'value="{ON}"' in several.text
    nobody = post(admin, address, other="khong co", on=ON)
    assert nobody.status_code == 400
    assert "Không tìm thấy đơn vị này" in nobody.text
    preview = post(admin, address, other="hong hai", on=ON)
    assert preview.status_code == 200
    assert 'name="other" value="b"' in preview.text
    assert "Phường Hồng Hải" in preview.text


def test_a_preview_says_what_becomes_of_counters_codes_rounds_cases_and_rights(
    admin: FlaskClient, place: Surveyed, database: Database
) -> None:
    with database.transaction() as session:
        for _ in range(2):
            make_case(session, unit_id=place.commune_id)
    centre = post(admin, f"/officer/units/{place.centre_id}/dissolve", other="hong hai", on=ON)
    assert centre.status_code == 200
    for words in ("2 quầy đóng", "2 mã QR", "Đợt của đơn vị cấp trên vẫn hỏi", "31/12/2026"):
        assert words in centre.text
    ward = post(admin, f"/officer/units/{place.commune_id}/merge", other="b", on=ON)
    assert "1 cán bộ giữ vai trò" in ward.text
    assert "2 phản ánh, kiến nghị, khiếu nại đang chờ đơn vị này trả lời" in ward.text
    assert "Vũ Lãnh Đạo" in ward.text
    assert "1 đơn vị trực thuộc chuyển sang Phường Hồng Hải" in ward.text
    province = post(admin, f"/officer/units/{place.province_id}/dissolve", other="", on=ON)
    assert province.status_code == 400
    assert "Còn đơn vị trực thuộc" in province.text


def test_split_and_dissolve_are_previewed_then_done(admin: FlaskClient, place: Surveyed, database: Database) -> None:
    address = f"/officer/units/{place.centre_id}/split"
    one = post(admin, address, other_1="a", on=ON)
    assert one.status_code == 400
    twice = post(admin, address, other_1="a", other_2="phuong hong ha ", on=ON)
    assert twice.status_code == 400
    preview = post(admin, address, other_1="a", other_2="hong hai", on=ON)
    assert preview.status_code == 200
    with database.reading() as session:
        assert session.get(Unit, place.centre_id).valid_to is None
    done = post(admin, address, other_1="a", other_2="b", on=ON, confirmed="1")
    assert done.status_code == 303
    assert "Đã chia tách" in admin.get(done.headers["Location"]).text
    with database.reading() as session:
        assert session.get(Unit, place.centre_id).valid_to == date(2026, 12, 31)
        followers = select(UnitSuccession.kind).where(UnitSuccession.old_unit_id == place.centre_id)
        assert list(session.scalars(followers)) == [SuccessionKind.SPLIT, SuccessionKind.SPLIT]
        ends = select(Counter.valid_to).where(Counter.unit_id == place.centre_id)
        assert set(session.scalars(ends)) == {date(2026, 12, 31)}
        commune = place.commune_id
    ended = post(admin, f"/officer/units/{commune}/dissolve", other="", on="02/01/2027", confirmed="1")
    assert ended.status_code == 303
    with database.reading() as session:
        assert queries.successors(session, commune, date(2027, 1, 3)) == [commune]
    again = post(admin, f"/officer/units/{commune}/dissolve", other="", on="05/01/2027")
    assert again.status_code == 400


def test_c3_who_manages_a_part_ends_nothing_and_finds_nothing_outside(
    app: Flask, database: Database, place: Surveyed
) -> None:
    with database.transaction() as session:
        unit = session.get(Unit, place.commune_id)
    client = officer_client(app, database, "mot.phan", unit=unit)
    for kind in ("merge", "split", "dissolve"):
        assert client.get(f"/officer/units/{place.province_id}/{kind}").status_code == 404
    outside = post(client, f"/officer/units/{place.centre_id}/merge", other="hong hai", on=ON)
    assert outside.status_code == 400
    assert "Không tìm thấy đơn vị này" in outside.text
    assert client.get("/officer/procedures/new").status_code == 403
    assert client.get("/officer/procedures").status_code == 200


@pytest.mark.parametrize("value", ["", "\x00", "x" * 100_000, "' OR 1=1 --", "9" * 400, "\ud7ff%_\\"])
def test_odd_input_is_refused_and_never_an_error(admin: FlaskClient, place: Surveyed, value: str) -> None:
    for kind in ("merge", "split", "dissolve"):
        data = {"other": value, "other_1": value, "other_2": value, "on": value or ON}
        is_fine = kind == "dissolve" and value == ""  # nobody has to take over
        assert post(admin, f"/officer/units/{place.centre_id}/{kind}", **data).status_code == (200 if is_fine else 400)
    for path in ("new", "fields/new"):
        data = {"code": value, "name": value, "area": value, "level": value, "on": value}
        assert post(admin, f"/officer/procedures/{path}", **data).status_code in (303, 400)
    assert admin.post("/officer/procedures/new", data={"name": "x"}).status_code == 400


def test_procedures_and_fields_are_added_changed_and_ended(admin: FlaskClient, database: Database) -> None:
    made = post(
        admin, "/officer/procedures/new", code="1.001", name="Khai sinh", area="Hộ tịch", level="commune", on="1/7/2025"
    )
    assert made.status_code == 303
    assert "Đã lưu thủ tục" in admin.get(made.headers["Location"]).text
    taken = post(admin, "/officer/procedures/new", code="1.001", name="Gõ rồi", area="Hộ tịch", level="commune")
    assert taken.status_code == 400
    assert "Gõ rồi" in taken.text
    assert "đã có trong hệ thống" in taken.text
    form = admin.get("/officer/procedures/1").text
    assert 'value="01/07/2025"' in form
    assert 'name="code"' not in form
    changed = {"name": "Đăng ký khai sinh", "area": "Chứng thực", "level": "province", "on": ""}
    assert post(admin, "/officer/procedures/1", **changed).status_code == 303
    assert post(admin, "/officer/procedures/1/end", on="01/10/2026").status_code == 303
    assert "Đăng ký khai sinh" not in admin.get("/officer/procedures").text
    assert "Đăng ký khai sinh" in admin.get("/officer/procedures?state=ended&q=khai+sinh").text
    assert post(admin, "/officer/procedures/1/end", on="01/11/2026").status_code == 400
    assert post(admin, "/officer/procedures/fields/1", name="Tư pháp hộ tịch").status_code == 303
    assert "Tư pháp hộ tịch" in admin.get("/officer/procedures/fields?q=tu+phap").text
    same = post(admin, "/officer/procedures/fields/new", name="TƯ PHÁP HỘ TỊCH")
    assert same.status_code == 400
    assert admin.get("/officer/procedures/99").status_code == 404
