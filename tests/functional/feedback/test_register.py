"""Staff write down what somebody says: marked as such, the slip for the citizen, and no way back to the case."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.db.session import Database
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import Case, CaseFile, Reporter
from app.rules.kinds import Kind
from app.units.models import Unit
from tests.factories.law import load_law
from tests.factories.officers import officer_client, token_of
from tests.factories.places import make_counter, make_unit
from tests.support.clock import SettableClock
from tests.support.door import CODE, PNG, code_of, fields_of, number_of, plain

PAGE = "/officer/cases/register"
TEXT = "Ông ấy kể: hẹn trả kết quả ba lần mà chưa có."


@pytest.fixture
def units(database: Database, clock: SettableClock) -> dict[str, Unit]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        unit = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        other = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
        make_counter(session, unit, "3")
    return {"province": province, "unit": unit, "other": other}


@pytest.fixture
def clerk(app: Flask, database: Database, units) -> FlaskClient:
    return officer_client(app, database, "quay.mot", role=Role.COUNTER_CLERK, unit=units["unit"])


def entry(client: FlaskClient, **fields: object) -> dict[str, object]:
    page = client.get(PAGE)
    assert page.status_code == 200, plain(page)
    typed = {"channel": "walk_in", "kind": "petition", "unit": "2201", "text": TEXT, "who": "anonymous"}
    return {**fields_of(page), **typed, **fields}


def add(client: FlaskClient, **fields: object):
    return client.post(PAGE, data=entry(client, **fields), content_type="multipart/form-data")


def stored(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(session.scalars(select(Case)))


def test_what_was_said_becomes_a_marked_case_with_a_slip(clerk: FlaskClient, database: Database, units) -> None:
    answer = add(clerk, happened_on="20/11/2026")
    assert answer.status_code == 303, plain(answer)
    assert CODE.search(answer.headers["Location"]) is None
    slip = clerk.get(answer.headers["Location"])
    (case,) = stored(database)
    assert (case.channel, case.kind, case.text) == (Channel.WALK_IN, Kind.PETITION, TEXT)
    assert case.registered_by is not None
    assert case.public_number == number_of(slip)
    assert "BIÊN NHẬN" in slip.text
    assert TEXT not in slip.text
    pdf = clerk.get(f"{PAGE}/slip.pdf")
    assert pdf.data.startswith(b"%PDF")
    with database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.CASE_REGISTER)).one()
    assert event.subject == f"case:{case.id}"
    done = clerk.post(f"{PAGE}/slip", data={"csrf_token": token_of(slip.text)})
    assert done.status_code == 303
    assert clerk.get(f"{PAGE}/slip").status_code == 404


def test_f3_the_clerk_cannot_open_the_case_afterwards(
    clerk: FlaskClient, app: Flask, database: Database, units
) -> None:
    slip = clerk.get(add(clerk).headers["Location"])
    (case,) = stored(database)
    address = f"/officer/cases/{case.id}"
    for path in (address, "/officer/cases", f"{address}/contact", f"{address}/files/1"):
        assert clerk.get(path).status_code in (403, 404), path
    entitled = officer_client(app, database, "xu.ly", role=Role.CASE_OFFICER, unit=units["unit"])
    assert TEXT in entitled.get(address).text
    assert clerk.get(slip.request.path).status_code == 200  # until it is handed over


def test_the_slip_is_for_the_officer_who_wrote_it_down(clerk: FlaskClient, app: Flask, database, units) -> None:
    add(clerk)
    cookie = clerk.get_cookie("register", path=PAGE)
    other = officer_client(app, database, "quay.hai", role=Role.COUNTER_CLERK, unit=units["unit"])
    other.set_cookie("register", cookie.value, path=PAGE)
    assert other.get(f"{PAGE}/slip").status_code == 404


def test_the_same_page_sent_twice_opens_one_case(clerk: FlaskClient, database: Database, units) -> None:
    data = entry(clerk)
    codes = set()
    for _ in range(3):
        answer = clerk.post(PAGE, data=data)
        codes.add(code_of(clerk.get(answer.headers["Location"])))
    assert len(stored(database)) == len(codes) == 1


def test_with_a_name_and_files(clerk: FlaskClient, database: Database, units) -> None:
    files = [(BytesIO(PNG), "anh.png"), (BytesIO(b"MZ not a picture"), "virus.exe")]
    answer = add(clerk, who="named", name="Trần Thị B", phone="0912 345 678", agree="1", files=files)
    slip = clerk.get(answer.headers["Location"])
    assert "virus.exe" in slip.text
    assert "Trần Thị B" not in slip.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CaseFile)) == 1
        assert session.scalars(select(Reporter)).one().name == "Trần Thị B"
    assert not stored(database)[0].is_anonymous


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Xin ghi nội dung"),
        ({"text": "ngắn"}, "ít nhất 10 ký tự"),
        ({"text": "ữ" * 5001}, "dài quá 1 ký tự"),
        ({"channel": ""}, "đến bằng cách nào"),
        ({"channel": "website"}, "đến bằng cách nào"),
        ({"kind": "denunciation"}, "Tố cáo không ghi ở đây"),
        ({"unit": "2202"}, "Không tìm thấy đơn vị này trong phạm vi"),
        ({"unit": ""}, "Xin nhập mã hoặc tên đơn vị"),
        ({"counter": "999"}, "Quầy này không thuộc"),
        ({"happened_on": "30/02/2026"}, "ngày/tháng/năm"),
        ({"happened_on": "22/11/2026"}, "chưa đến"),
        ({"who": "named"}, "Xin ghi họ và tên"),
        ({"who": ""}, "Xin chọn gửi ẩn danh"),
        ({"page": "x" * 48}, "đã mở từ lâu"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    clerk: FlaskClient, database: Database, units, fields: dict[str, str], words: str
) -> None:
    answer = add(clerk, **{"phone": "0912", **fields})
    assert answer.status_code == 400
    assert words in plain(answer)
    assert fields.get("text", TEXT)[:4000] in answer.text
    assert 'value="0912"' in answer.text
    assert not stored(database)


def test_personal_data_in_the_text_are_asked_about(clerk: FlaskClient, database: Database, units) -> None:
    answer = add(clerk, text="Gọi lại số 0912 345 678 giúp tôi")
    assert answer.status_code == 422
    assert "số điện thoại" in answer.text
    assert add(clerk, text="Gọi lại số 0912 345 678 giúp tôi", send_as_is="1").status_code == 303


def test_a_complaint_without_form_is_information(clerk: FlaskClient, database: Database, units) -> None:
    assert add(clerk, kind="complaint").status_code == 303
    assert not stored(database)[0].meets_form


def test_others_may_not_write_down(app: Flask, database: Database, units, client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 303
    auditor = officer_client(app, database, "kiem.toan", role=Role.AUDITOR)
    assert auditor.get(PAGE).status_code == 403
    clerk = officer_client(app, database, "quay.ba", role=Role.COUNTER_CLERK, unit=units["unit"])
    assert clerk.post(PAGE, data=entry(clerk) | {"csrf_token": "x"}).status_code == 400
    assert not stored(database)


def test_no_denunciation_can_be_written_down_and_the_page_says_where_to_go(clerk: FlaskClient, units) -> None:
    page = clerk.get(PAGE)
    assert "Tố cáo không ghi ở đây" in page.text
    assert not re.search(r'value="denunciation"', page.text)
