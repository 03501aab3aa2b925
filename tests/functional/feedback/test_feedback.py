"""A citizen writes to the unit behind a code; its officers read it."""

import re
import unicodedata
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from app.accounts.roles import Role
from app.db.session import Database
from app.feedback.models import Feedback
from app.qr.models import QrCode
from app.units.models import Unit
from tests.factories.officers import officer_client
from tests.factories.places import make_code, make_counter, make_unit, merge
from tests.support.clock import SettableClock

FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')
NUMBER = re.compile(r"PA-[2-9A-Z]{5}-[2-9A-Z]{5}")
TEXT = "Quầy mở muộn 30 phút.\nMong đơn vị xem lại."
LIST = "/officer/feedback"


@pytest.fixture
def place(database: Database, clock: SettableClock) -> dict[str, object]:
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        unit = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        other = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
        token = make_code(session, make_counter(session, unit, "3"))
        other_token = make_code(session, make_counter(session, other, "1", name="Đất đai"))
    return {"province": province, "unit": unit, "other": other, "token": token, "other_token": other_token}


def form_id_of(client: FlaskClient, token: object) -> str:
    found = FORM_ID.search(client.get(f"/q/{token}/feedback").text)
    assert found is not None
    return found[1]


def send(client: FlaskClient, token: object, text: str = TEXT, **more: str):
    return client.post(f"/q/{token}/feedback", data={"form_id": form_id_of(client, token), "text": text} | more)


def stored(database: Database) -> list[Feedback]:
    with database.reading() as session:
        return list(session.scalars(select(Feedback)))


def test_a_text_is_stored_and_its_number_shown_after_a_redirect(client: FlaskClient, database: Database, place) -> None:
    response = send(client, place["token"])
    assert response.status_code == 303
    assert not NUMBER.search(response.headers["Location"])
    page = client.get(response.headers["Location"])
    (row,) = stored(database)
    assert row.public_number in page.text
    assert NUMBER.fullmatch(row.public_number)
    assert (row.text, row.unit_id, row.received_on) == (TEXT, place["unit"].id, date(2026, 11, 21))
    assert "21/11/2026" in page.text
    assert "Quầy 3 – Hộ tịch" in page.text


def test_no_cookie_is_set_on_the_way(client: FlaskClient, place) -> None:
    response = send(client, place["token"])
    for one in (client.get(f"/q/{place['token']}/feedback"), response, client.get(response.headers["Location"])):
        assert "Set-Cookie" not in one.headers


def test_the_same_form_sent_again_gives_the_same_number(client: FlaskClient, database: Database, place) -> None:
    data = {"form_id": form_id_of(client, place["token"]), "text": TEXT}
    pages = {
        client.get(client.post(f"/q/{place['token']}/feedback", data=data).headers["Location"]).text for _ in range(3)
    }
    assert len(stored(database)) == 1
    assert {NUMBER.search(page)[0] for page in pages} == {stored(database)[0].public_number}


def test_the_same_form_with_another_text_loses_nothing(client: FlaskClient, database: Database, place) -> None:
    form_id = form_id_of(client, place["token"])
    address = f"/q/{place['token']}/feedback"
    client.post(address, data={"form_id": form_id, "text": TEXT})
    again = client.post(address, data={"form_id": form_id, "text": "Thêm một ý nữa."})
    assert again.status_code == 409
    assert "Thêm một ý nữa." in again.text
    fresh = FORM_ID.search(again.text)[1]
    assert client.post(address, data={"form_id": fresh, "text": "Thêm một ý nữa."}).status_code == 303
    assert len(stored(database)) == 2


@pytest.mark.parametrize("form_id", ["", "x", "A" * 48, "ủ" * 48])
def test_a_forged_form_keeps_the_text(client: FlaskClient, database: Database, place, form_id: str) -> None:
    response = client.post(f"/q/{place['token']}/feedback", data={"form_id": form_id, "text": TEXT})
    assert response.status_code == 400
    assert "Quầy mở muộn 30 phút." in response.text
    assert not stored(database)


def test_b6_a_form_serves_its_own_code_and_purpose_only(client: FlaskClient, database: Database, place) -> None:
    foreign = form_id_of(client, place["other_token"])
    assert client.post(f"/q/{place['token']}/feedback", data={"form_id": foreign, "text": TEXT}).status_code == 400
    key = send(client, place["token"]).headers["Location"].rpartition("/")[2]
    assert client.post(f"/q/{place['token']}/feedback", data={"form_id": key, "text": "Khác."}).status_code == 400
    assert client.get(f"/q/{place['other_token']}/feedback/sent/{key}").status_code == 404
    assert client.get(f"/q/{place['token']}/feedback/sent/{form_id_of(client, place['token'])}").status_code == 404


def test_an_old_page_keeps_the_text(client: FlaskClient, place, clock: SettableClock) -> None:
    form_id = form_id_of(client, place["token"])
    clock.advance(hours=25)
    response = client.post(f"/q/{place['token']}/feedback", data={"form_id": form_id, "text": TEXT})
    assert response.status_code == 400
    assert "Quầy mở muộn" in response.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Xin Ông/Bà viết nội dung"),
        (" \n\t ", "Xin Ông/Bà viết nội dung"),
        ("\x00\x07", "Xin Ông/Bà viết nội dung"),
        ("ữ" * 5001, "dài quá 1 ký tự"),
        ("x" * 1_000_000, "dài quá"),
    ],
)
def test_bad_texts_are_named_and_kept(client: FlaskClient, database: Database, place, text: str, words: str) -> None:
    response = send(client, place["token"], text)
    assert response.status_code == 400
    assert words in response.text
    assert text.strip("\x00\x07 \n\t") in response.text
    assert not stored(database)


def test_lengths_are_characters_after_normalising(client: FlaskClient, database: Database, place) -> None:
    assert send(client, place["token"], unicodedata.normalize("NFD", "ữ" * 5000)).status_code == 303
    assert stored(database)[0].text == "ữ" * 5000


def test_control_characters_are_dropped(client: FlaskClient, database: Database, place) -> None:
    send(client, place["token"], "Chờ\x00 lâu\x1b\r\nquá\u202e")
    assert stored(database)[0].text == "Chờ lâu\nquá"


def test_broken_utf8_and_wrong_content_types_are_refused(client: FlaskClient, database: Database, place) -> None:
    address = f"/q/{place['token']}/feedback"
    body = f"form_id={form_id_of(client, place['token'])}&text=Ch%E1".encode()
    broken = client.post(address, data=body, content_type="application/x-www-form-urlencoded")
    assert broken.status_code == 400
    assert client.post(address, data="{}", content_type="application/json").status_code == 415
    assert not stored(database)


def test_what_looks_personal_is_asked_about_first(client: FlaskClient, database: Database, place) -> None:
    text = "Gọi tôi số 0912 345 678."
    first = send(client, place["token"], text)
    assert first.status_code == 422
    assert "số điện thoại" in first.text
    assert text in first.text
    assert not stored(database)
    assert send(client, place["token"], text, send_as_is="1").status_code == 303


def test_a_filled_trap_is_asked_again(client: FlaskClient, database: Database, place) -> None:
    response = send(client, place["token"], website="https://example.org")
    assert response.status_code == 400
    assert "Quầy mở muộn" in response.text
    assert not stored(database)


def test_a_flood_is_slowed_and_keeps_the_text(client: FlaskClient, database: Database, place) -> None:
    codes = [send(client, place["token"], f"Ý kiến {number}").status_code for number in range(95)]
    assert codes[:90] == [303] * 90
    last = send(client, place["token"], "Ý kiến cuối cùng")
    assert last.status_code == 429
    assert "Ý kiến cuối cùng" in last.text


def test_b4_two_hundred_people_behind_one_address_get_through(client: FlaskClient, database: Database, place) -> None:
    with database.transaction() as session:
        tokens = [make_code(session, make_counter(session, place["unit"], f"B{number}")) for number in range(8)]
    assert {send(client, tokens[number % 8], f"Ý kiến {number}").status_code for number in range(200)} == {303}


def test_a_retired_code_still_takes_feedback(client: FlaskClient, database: Database, place, clock) -> None:
    with database.transaction() as session:
        session.scalars(select(QrCode).where(QrCode.token == place["token"])).one().retired_on = clock.today
    assert send(client, place["token"]).status_code == 303
    assert len(stored(database)) == 1


def test_an_unknown_code_is_not_found(client: FlaskClient, place) -> None:
    for token in ("2222222222222222", "x", "a" * 500):
        assert client.get(f"/q/{token}/feedback").status_code == 404
        assert client.post(f"/q/{token}/feedback", data={"text": TEXT}).status_code == 404


def test_the_english_page_leads_on_in_english(client: FlaskClient, place) -> None:
    page = client.get(f"/q/{place['token']}/feedback?lang=en").text
    assert 'lang="en"' in page
    data = {"form_id": FORM_ID.search(page)[1], "text": "Long wait."}
    response = client.post(f"/q/{place['token']}/feedback?lang=en", data=data)
    assert response.headers["Location"].endswith("?lang=en")
    assert client.get(response.headers["Location"]).status_code == 200


def test_officers_see_their_units_only(client: FlaskClient, app: Flask, database: Database, place) -> None:
    send(client, place["token"], "Chuyện ở Bình Yên")
    send(client, place["other_token"], "Chuyện ở Hạ Long")
    local = officer_client(app, database, "binh.yen", role=Role.CASE_OFFICER, unit=place["unit"])
    province = officer_client(app, database, "so.noivu", role=Role.HOME_AFFAIRS)
    administrator = officer_client(app, database, "quan.tri")
    assert "Chuyện ở Bình Yên" in local.get(LIST).text
    for address in (LIST, f"{LIST}?q=chuyen", f"{LIST}?page=2"):
        assert "Hạ Long" not in local.get(address).text
    both = province.get(LIST).text
    assert "Chuyện ở Bình Yên" in both
    assert "Chuyện ở Hạ Long" in both
    assert administrator.get(LIST).status_code == 403
    assert client.get(LIST).status_code == 303


def test_a_unit_of_others_and_no_unit_are_refused_alike(
    client: FlaskClient, app: Flask, database: Database, place
) -> None:
    send(client, place["other_token"])
    local = officer_client(app, database, "binh.yen", role=Role.CASE_OFFICER, unit=place["unit"])
    pages = [local.get(f"{LIST}?unit={asked}") for asked in (place["other"].id, 999999, "x", "1 OR 1=1")]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r"[0-9a-f]{12}", "", page.text) for page in pages}) == 1


def test_search_ignores_marks_and_finds_numbers(client: FlaskClient, app: Flask, database: Database, place) -> None:
    send(client, place["token"], "Đợi lâu 100% thời gian")
    send(client, place["token"], "Cán bộ niềm nở")
    officer = officer_client(app, database, "so.noivu", role=Role.HOME_AFFAIRS)
    found = officer.get(f"{LIST}?q=doi lau").text
    assert "Đợi lâu" in found
    assert "niềm nở" not in found
    number = next(row.public_number for row in stored(database) if "niềm nở" in row.text)
    assert "niềm nở" in officer.get(f"{LIST}?q={number}").text
    assert "niềm nở" not in officer.get(LIST, query_string={"q": "%"}).text
    assert "Đợi lâu" in officer.get(f"{LIST}?unit={place['unit'].id}").text


def test_d2_a_script_in_a_text_is_shown_as_text(client: FlaskClient, app: Flask, database: Database, place) -> None:
    mark = "<script>alert(1)</script>"
    assert "<script" not in send(client, place["token"], mark, form_id="x").text
    send(client, place["token"], mark)
    officer = officer_client(app, database, "so.noivu", role=Role.HOME_AFFAIRS)
    page = officer.get(LIST, query_string={"q": "<script>"}).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_what_was_sent_to_a_unit_that_ended_is_read_by_its_successor(
    client: FlaskClient, app: Flask, database: Database, place, clock: SettableClock
) -> None:
    send(client, place["token"], "Trước sắp xếp")
    clock.next_day(30)
    with database.transaction() as session:
        new = make_unit(session, "2203", name="Phường Mới", parent=place["province"])
        merge(session, session.get_one(Unit, place["unit"].id), new, clock.today - timedelta(days=1))
    page = client.get(f"/q/{place['token']}/feedback").text
    assert "Phường Mới" in page
    assert "Phường Bình Yên" not in page
    assert send(client, place["token"], "Sau sắp xếp").status_code == 303
    successor = officer_client(app, database, "phuong.moi", role=Role.CASE_OFFICER, unit=new)
    listed = successor.get(LIST).text
    assert "Trước sắp xếp" in listed
    assert "Sau sắp xếp" in listed
    stranger = officer_client(app, database, "ha.long", role=Role.CASE_OFFICER, unit=place["other"])
    assert "sắp xếp" not in stranger.get(LIST).text


def test_f6_the_table_has_no_place_for_time_address_device_contact_or_answer(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("feedback")}
    assert columns == {"public_number", "form_id", "unit_id", "counter_id", "received_on", "text"}


def test_f6_rows_carry_no_order_of_arrival(client: FlaskClient, database: Database, place) -> None:
    if database.is_sqlite:
        with database.reading() as session:
            schema = session.connection().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'feedback'")
            assert "WITHOUT ROWID" in schema.scalar_one()
    for number in range(12):
        send(client, place["token"], f"Thứ tự {number:02}")
    listed = [row.text for row in sorted(stored(database), key=lambda row: row.public_number)]
    assert listed != sorted(listed)
