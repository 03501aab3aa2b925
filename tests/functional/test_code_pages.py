"""Codes from the first one issued to the last one retired, through the pages of officers."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.qr.models import Channel, QrCode
from app.qr.services import count_scan, issue
from app.units.models import Unit
from tests.factories.officers import token_of
from tests.factories.units import make_counter, make_unit
from tests.support.clock import SettableClock


@dataclass
class Place:
    province: Unit
    ward: Unit
    other: Unit


@pytest.fixture
def place(database: Database, clock: SettableClock) -> Place:
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ninh")
        ward = make_unit(session, "Phường Hồng Gai", type_code="ward", parent=province, valid_from=date(2025, 7, 1))
        make_counter(session, ward.id, number="1", name="Hộ tịch")
        make_counter(session, ward.id, number="2", name="Đất đai")
        other = make_unit(session, "Tỉnh Bắc Ninh")
        make_counter(session, other.id)
    return Place(province, ward, other)


@pytest.fixture
def admin(signed_in_client, place: Place) -> FlaskClient:
    return signed_in_client()


def post(client: FlaskClient, address: str, **data: str):
    token = token_of(client.get("/officer/codes").text)
    return client.post(address, data={"csrf_token": token, **data})


def issued(client: FlaskClient, database: Database, unit: Unit) -> list[QrCode]:
    done = post(client, f"/officer/codes/units/{unit.id}/issue", channel="qr")
    assert done.status_code == 303
    return codes(database)


def codes(database: Database) -> list[QrCode]:
    with database.reading() as session:
        return list(session.scalars(select(QrCode).order_by(QrCode.id)))


def acts(database: Database, action: Action) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action.value)))


def decoded(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        picture: np.ndarray = page.render(scale=2, grayscale=True).to_numpy()
        found += [code.text for code in zxingcpp.read_barcodes(picture.reshape(picture.shape[:2]).copy())]
    document.close()
    return found


def test_list_shows_units_with_counters_and_what_is_missing(admin: FlaskClient, place: Place) -> None:
    page = admin.get("/officer/codes").text
    assert "Phường Hồng Gai" in page
    assert "Tỉnh Quảng Ninh" not in page  # it has no counter of its own
    assert "Tỉnh Bắc Ninh" not in admin.get("/officer/codes?q=hong+gai").text
    assert "Không có dòng nào phù hợp" in admin.get("/officer/codes?q=khongco").text


def test_issue_gives_every_counter_one_code_and_no_second_one(
    admin: FlaskClient, database: Database, place: Place
) -> None:
    assert "Còn 2 quầy chưa có mã nào" in admin.get(f"/officer/codes/units/{place.ward.id}").text
    first = issued(admin, database, place.ward)
    assert len(first) == 2
    again = post(admin, f"/officer/codes/units/{place.ward.id}/issue", channel="qr")
    assert "không cần cấp thêm" in admin.get(again.headers["Location"]).text
    assert [code.id for code in codes(database)] == [code.id for code in first]
    assert {event.subject for event in acts(database, Action.CODE_ISSUE)} == {f"code:{code.id}" for code in first}


def test_issued_code_leads_citizens_to_a_page(admin: FlaskClient, database: Database, place: Place) -> None:
    code = issued(admin, database, place.ward)[0]
    page = admin.get(f"/officer/codes/{code.id}").text
    assert "localhost/q/" in page
    assert "Phường Hồng Gai" in admin.application.test_client().get(f"/q/{code.token}").text


def test_unknown_channel_is_refused(admin: FlaskClient, database: Database, place: Place) -> None:
    refused = post(admin, f"/officer/codes/units/{place.ward.id}/issue", channel="radio")
    assert refused.status_code == 400
    assert "Xin chọn một trong hai cách dùng." in refused.text
    assert codes(database) == []


def test_scans_of_the_last_days_are_shown(
    admin: FlaskClient, database: Database, place: Place, clock: SettableClock
) -> None:
    code = issued(admin, database, place.ward)[0]
    with database.transaction() as session:
        count_scan(session, code.id, clock.today, 1234)
        count_scan(session, code.id, clock.today - timedelta(days=6), 1)
        count_scan(session, code.id, clock.today - timedelta(days=7), 5000)
    cells = re.findall(r'class="num">([\d.]+)<', admin.get(f"/officer/codes/units/{place.ward.id}").text)
    assert cells[:2] == ["1.234", "1.235"]
    page = admin.get(f"/officer/codes/{code.id}").text
    assert "21/11/2026" in page
    assert "14 ngày gần đây: 6.235 lượt" in page
    assert "1.235" in admin.get("/officer/codes").text


def test_rotating_keeps_the_old_code_for_the_days_of_grace(
    admin: FlaskClient, database: Database, place: Place, clock: SettableClock
) -> None:
    old = issued(admin, database, place.ward)[0]
    done = post(admin, f"/officer/codes/{old.id}/rotate", grace_days=" 10 ")
    assert done.status_code == 303
    new = codes(database)[-1]
    assert done.headers["Location"] == f"/officer/codes/{new.id}?done=rotated"
    assert "Xin in thẻ mới" in admin.get(done.headers["Location"]).text
    assert "dùng đến hết 01/12/2026" in admin.get(f"/officer/codes/{old.id}").text
    (event,) = acts(database, Action.CODE_ROTATE)
    assert event.detail["replaced_by"] == new.id
    assert event.unit_id == place.ward.id
    public = admin.application.test_client()
    assert public.get(f"/q/{old.token}").status_code == 200
    clock.set_local(date(2026, 12, 2))
    assert f"/officer/codes/{old.id}" not in admin.get(f"/officer/codes/units/{place.ward.id}").text


@pytest.mark.parametrize("typed", ["", "mười", "-1", "1000", "3,5", "٣"])
def test_wrong_days_of_grace_come_back_as_typed(
    admin: FlaskClient, database: Database, place: Place, typed: str
) -> None:
    old = issued(admin, database, place.ward)[0]
    refused = post(admin, f"/officer/codes/{old.id}/rotate", grace_days=typed)
    assert refused.status_code == 400
    assert "từ 0 đến 366" in refused.text
    assert f'name="grace_days" type="text" value="{typed}"' in refused.text
    assert len(codes(database)) == 2


def test_days_beyond_a_year_and_a_code_already_replaced_are_refused(
    admin: FlaskClient, database: Database, place: Place
) -> None:
    old = issued(admin, database, place.ward)[0]
    too_long = post(admin, f"/officer/codes/{old.id}/rotate", grace_days="367")
    assert too_long.status_code == 400
    assert "phải từ 0 đến 366" in too_long.text
    post(admin, f"/officer/codes/{old.id}/rotate", grace_days="5")
    twice = post(admin, f"/officer/codes/{old.id}/rotate", grace_days="5")
    assert twice.status_code == 409
    assert "đã được thay bằng mã khác" in twice.text
    assert len(codes(database)) == 3


def test_retiring_asks_first_and_can_issue_another_at_once(
    admin: FlaskClient, database: Database, place: Place, clock: SettableClock
) -> None:
    old = issued(admin, database, place.ward)[0]
    assert "Ngừng dùng mã QR số" in admin.get(f"/officer/codes/{old.id}/retire").text
    assert codes(database)[0].retired_on is None
    done = post(admin, f"/officer/codes/{old.id}/retire", issue_new="1")
    retired, new = codes(database)[0], codes(database)[-1]
    assert done.headers["Location"] == f"/officer/codes/{new.id}?done=replaced"
    assert retired.retired_on == clock.today
    assert (new.counter_id, new.channel) == (old.counter_id, Channel.QR)
    assert len(acts(database, Action.CODE_RETIRE)) == 1
    post(admin, f"/officer/codes/{old.id}/retire")
    assert len(acts(database, Action.CODE_RETIRE)) == 1
    assert "Đã ngừng" in admin.get(f"/officer/codes/units/{place.ward.id}?retired=1").text


@pytest.mark.parametrize("kind", ["poster", "tent", "stickers"])
def test_cards_of_one_counter_hold_its_address(admin: FlaskClient, database: Database, place: Place, kind: str) -> None:
    code = issued(admin, database, place.ward)[0]
    answer = admin.get(f"/officer/codes/{code.id}/cards.pdf?kind={kind}")
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert set(decoded(answer.data)) == {f"HTTP://LOCALHOST/Q/{code.token}"}
    (event,) = acts(database, Action.CODE_PRINT)
    assert event.detail["kind"] == kind


def test_cards_of_a_unit_hold_all_its_counters_and_no_kiosk(
    admin: FlaskClient, database: Database, place: Place
) -> None:
    made = issued(admin, database, place.ward)
    post(admin, f"/officer/codes/units/{place.ward.id}/issue", channel="kiosk")
    answer = admin.get(f"/officer/codes/units/{place.ward.id}/cards.pdf?kind=poster")
    assert decoded(answer.data) == [f"HTTP://LOCALHOST/Q/{code.token}" for code in made]
    (event,) = acts(database, Action.CODE_PRINT)
    assert event.detail["codes"] == [code.id for code in made]


def test_pictures_of_a_code_are_read_by_a_reader(admin: FlaskClient, database: Database, place: Place) -> None:
    code = issued(admin, database, place.ward)[0]
    assert admin.get(f"/officer/codes/{code.id}/picture.png").data.startswith(b"\x89PNG")
    drawn = admin.get(f"/officer/codes/{code.id}/picture.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert "Quầy 1 – Hộ tịch" in drawn.text
    assert len(acts(database, Action.CODE_PRINT)) == 2


def test_what_cannot_be_printed_says_why(admin: FlaskClient, database: Database, place: Place) -> None:
    none = admin.get(f"/officer/codes/units/{place.ward.id}/cards.pdf?kind=poster")
    assert none.status_code == 409
    assert "chưa có mã nào để in" in none.text
    code = issued(admin, database, place.ward)[0]
    assert admin.get(f"/officer/codes/{code.id}/cards.pdf?kind=flag").status_code == 404
    post(admin, f"/officer/codes/{code.id}/retire")
    assert admin.get(f"/officer/codes/{code.id}/cards.pdf?kind=poster").status_code == 409
    other_site = admin.get(f"/officer/codes/{code.id}/picture.png", headers={"Sec-Fetch-Site": "cross-site"})
    assert other_site.status_code == 403


def test_a_post_without_token_changes_nothing(admin: FlaskClient, database: Database, place: Place) -> None:
    code = issued(admin, database, place.ward)[0]
    for address, data in (
        (f"/officer/codes/units/{place.other.id}/issue", {"channel": "qr"}),
        (f"/officer/codes/{code.id}/rotate", {"grace_days": "5"}),
        (f"/officer/codes/{code.id}/retire", {}),
    ):
        assert admin.post(address, data=data).status_code == 400
    assert len(codes(database)) == 2
    assert codes(database)[0].retired_on is None


def test_a_code_of_another_unit_is_as_unknown_as_a_missing_one(
    signed_in_client, database: Database, place: Place, clock: SettableClock
) -> None:
    with database.transaction() as session:
        counter = make_counter(session, place.other.id, number="9")
        foreign = issue(session, counter.id, today=clock.today)
    officer = signed_in_client(role=Role.CASE_OFFICER, unit=place.province)
    for path in ("/officer/codes/{}", "/officer/codes/{}/cards.pdf?kind=poster", "/officer/codes/{}/picture.svg"):
        assert_alike(officer.get(path.format(foreign.id)), officer.get(path.format(99999)))
    for path in ("/officer/codes/units/{}", "/officer/codes/units/{}/cards.pdf?kind=tent"):
        assert_alike(officer.get(path.format(place.other.id)), officer.get(path.format(99999)))
    assert "Tỉnh Bắc Ninh" not in officer.get("/officer/codes").text
    assert officer.get(f"/officer/codes/units/{place.ward.id}").status_code == 200


def test_who_may_only_read_prints_and_changes_nothing(signed_in_client, database: Database, place: Place) -> None:
    code = issued(signed_in_client(), database, place.ward)[0]
    officer = signed_in_client(role=Role.CASE_OFFICER, unit=place.ward)
    page = officer.get(f"/officer/codes/{code.id}").text
    assert "Đổi mã" not in page
    assert officer.get(f"/officer/codes/{code.id}/cards.pdf?kind=tent").status_code == 200
    assert post(officer, f"/officer/codes/{code.id}/rotate", grace_days="5").status_code == 403
    assert post(officer, f"/officer/codes/units/{place.ward.id}/issue", channel="qr").status_code == 403


def test_an_administrator_of_one_province_does_not_touch_another(
    signed_in_client, database: Database, place: Place
) -> None:
    admin = signed_in_client(role=Role.ADMINISTRATOR, unit=place.province)
    assert post(admin, f"/officer/codes/units/{place.ward.id}/issue", channel="qr").status_code == 303
    assert post(admin, f"/officer/codes/units/{place.other.id}/issue", channel="qr").status_code == 404
    assert len(codes(database)) == 2


def assert_alike(one, other) -> None:
    assert one.status_code == other.status_code == 404
    number = re.compile(r"\b[0-9a-f-]{8,}\b")  # the number of the request
    assert number.sub("", one.text) == number.sub("", other.text)
