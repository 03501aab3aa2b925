"""The pages of dossiers, their files, the letter as a PDF, and the interface of the one-stop software."""

import io
import json
from collections.abc import Callable
from datetime import date
from io import BytesIO

import docx
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from sqlalchemy import func, select

from app.accounts.connections import services as connections
from app.accounts.connections.services import DOSSIERS
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.db.session import Database
from app.dossiers import api_views
from app.dossiers.models import ApologyLetter, Dossier, DossierCount, DossierImport
from app.dossiers.queries import Span, by_field, by_unit
from app.units.models import Unit
from tests.factories.dossiers import deliver, row
from tests.factories.law import load_law
from tests.factories.officers import make_officer, token_of
from tests.factories.units import make_unit
from tests.support.clock import SettableClock

SignIn = Callable[..., FlaskClient]
TODAY = date(2026, 11, 21)
TWO_TIERS = date(2025, 7, 1)
HEAD = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc,Trạng thái,Họ tên người nộp"
GOOD = "H15.50-261001-000001,A,01/10/2026,10/10/2026,11/10/2026,Đã trả kết quả,"
OWED = "H15.50-261001-000002,A,01/10/2026,20/11/2026,,Đang xử lý,Trần Thị Bưởi"


@pytest.fixture
def units(database: Database, clock: SettableClock) -> dict[str, Unit]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "Tỉnh Quảng Ngãi", code="P")
        one = make_unit(session, "Xã Mộ Đức", code="A", type_code="commune", parent=province, valid_from=TWO_TIERS)
        two = make_unit(session, "Xã Long Phụng", code="B", type_code="commune", parent=province, valid_from=TWO_TIERS)
        session.expunge_all()
    return {"P": province, "A": one, "B": two}


@pytest.fixture
def officer(signed_in_client: SignIn, units: dict[str, Unit]) -> FlaskClient:
    return signed_in_client(Role.HOME_AFFAIRS)


@pytest.fixture
def leader(signed_in_client: SignIn, units: dict[str, Unit]) -> FlaskClient:
    return signed_in_client(Role.UNIT_LEADER, units["A"])


def _upload(client: FlaskClient, text: str, name: str = "ho-so.csv"):
    page = client.get("/officer/dossiers/import")
    data = {"csrf_token": token_of(page.text), "file": (io.BytesIO(text.encode()), name)}
    return client.post("/officer/dossiers/import", data=data)


def _imported(client: FlaskClient, *lines: str) -> None:
    preview = _upload(client, "\n".join([HEAD, *lines])).headers["Location"]
    page = client.get(preview)
    assert client.post(preview, data={"csrf_token": token_of(page.text)}).status_code == 303, page.text


def test_a_file_is_previewed_then_imported_whole(officer: FlaskClient, database: Database) -> None:
    preview = _upload(officer, f"{HEAD}\n{GOOD}\n{OWED}").headers["Location"]
    assert "<strong>2</strong> hồ sơ" in officer.get(preview).text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0
    _imported(officer, GOOD, OWED)
    page = officer.get("/officer/dossiers").text
    assert "Xã Mộ Đức" in page
    assert "0,0\u00a0%" in page
    _imported(officer, "H15.50-261001-000003,A,01/10/2026,23/11/2026,,Đang xử lý,Trần Thị Bưởi")
    with database.reading() as session:  # the year is not over: what is due in two days is not late
        span = Span(date(2026, 1, 1), date(2026, 12, 31))
        assert [line.counts.open_late for line in by_unit(session, None, span, TODAY)] == [1]
        assert [counts.open_late for _, counts in by_field(session, None, span, TODAY)] == [1]
    with database.reading() as session:
        assert session.scalars(select(DossierImport.added).order_by(DossierImport.id)).all() == [2, 1]
        assert session.scalar(select(AuditEvent.id).where(AuditEvent.action == "dossier:import")) is not None


def test_a_file_with_faults_imports_nothing_and_names_each(officer: FlaskClient, database: Database) -> None:
    preview = _upload(officer, "\n".join([HEAD, GOOD.replace(",A,", ",X,"), GOOD.replace("000001", "1")])).headers[
        "Location"
    ]
    page = officer.get(preview).text
    assert "2 lỗi" in page
    assert "Mã đơn vị" in page
    assert officer.post(preview, data={"csrf_token": token_of(page)}).headers["Location"] == preview
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0


@pytest.mark.parametrize("content", ["", "a,b\n1,2", "\x00\x01", "PK\x03\x04"], ids=["empty", "other", "binary", "cut"])
def test_a_file_that_is_no_table_is_refused_in_words(officer: FlaskClient, content: str) -> None:
    answer = _upload(officer, content)
    assert answer.status_code == 400
    assert 'class="errors"' in answer.text


def test_a_preview_belongs_to_its_officer(
    officer: FlaskClient, leader: FlaskClient, database: Database, units: dict[str, Unit]
) -> None:
    preview = _upload(officer, f"{HEAD}\n{GOOD}").headers["Location"]
    assert leader.get(preview).status_code == 404
    assert leader.post(preview, data={"csrf_token": token_of(leader.get("/officer/dossiers").text)}).status_code == 404


def test_a_leader_imports_and_sees_their_own_units_only(
    officer: FlaskClient, leader: FlaskClient, units: dict[str, Unit]
) -> None:
    other = GOOD.replace(",A,", ",B,")
    assert "1 lỗi" in leader.get(_upload(leader, f"{HEAD}\n{other}").headers["Location"]).text
    _imported(officer, other)
    assert "Long Phụng" in officer.get("/officer/dossiers").text
    assert "Long Phụng" not in leader.get("/officer/dossiers").text
    assert "Long Phụng" not in leader.get("/officer/dossiers/list.csv").text


def test_the_list_searches_filters_and_downloads(officer: FlaskClient, units: dict[str, Unit]) -> None:
    _imported(officer, GOOD, GOOD.replace(",A,", ",B,").replace("000001", "000009"))
    found = officer.get("/officer/dossiers?q=mo+duc").text
    assert "Xã Mộ Đức" in found
    assert "Xã Long Phụng" not in found.partition("theo đơn vị")[2]
    assert "Chưa có hồ sơ trong kỳ này" not in officer.get("/officer/dossiers?period=2026-10").text
    assert "Không có dòng nào" in officer.get("/officer/dossiers?period=2026-11&q=mo").text
    assert "Xã Mộ Đức" in officer.get("/officer/dossiers/list.csv?q=mo+duc").text
    assert officer.get("/officer/dossiers/list.xlsx").data[:2] == b"PK"
    assert officer.get("/officer/dossiers?period=%00&level=x&page=-1").status_code == 200


TOTALS = {
    "unit": "A",
    "first_on": "01/01/2025",
    "last_on": "31/12/2025",
    "received": "57570",
    "settled": "57570",
    "on_time": "56910",
    "late": "660",
    "source": "Báo cáo CCHC",
}


def _post(client: FlaskClient, address: str, data: dict[str, str]):
    return client.post(address, data={"csrf_token": token_of(client.get(address).text), **data})


def test_totals_are_entered_and_shown_as_printed(officer: FlaskClient, units: dict[str, Unit]) -> None:
    assert _post(officer, "/officer/dossiers/totals", TOTALS).status_code == 303
    page = officer.get("/officer/dossiers?period=2025").text
    assert "56.910" in page
    assert "98,9\u00a0%" in page
    assert "Số tổng hợp" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on_time": "56911"}, "nhiều hơn số đã giải quyết"),
        ({"unit": "không có"}, "Không tìm thấy đơn vị"),
        ({"unit": "xã"}, "Có nhiều đơn vị phù hợp"),
        ({"first_on": "31/02/2025"}, "Không có ngày"),
        ({"late": "-1"}, "số nguyên"),
        ({"late": "9" * 40}, "số nguyên"),
        ({"source": ""}, "nguồn"),
        ({"source": "x" * 301}, "300 ký tự"),
    ],
)
def test_totals_that_cannot_be_keep_what_was_typed(
    officer: FlaskClient, database: Database, change: dict[str, str], words: str
) -> None:
    answer = _post(officer, "/officer/dossiers/totals", TOTALS | change)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'value="57570"' in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DossierCount)) == 0


LETTER = {
    "sent_on": "20/11/2026",
    "new_due_on": "01/12/2026",
    "document": "12/TXL",
    "signed_by": "Nguyễn Văn An",
    "reason": "Chờ xác minh #hồ sơ *đất* \\ đai",
}


def _letter_address(client: FlaskClient, database: Database) -> str:
    _imported(client, OWED)
    with database.reading() as session:
        return f"/officer/dossiers/{session.scalars(select(Dossier.id)).one()}/letter"


def test_a_letter_is_owed_printed_sent_and_recorded(leader: FlaskClient, database: Database) -> None:
    address = _letter_address(leader, database)
    register = "/officer/dossiers/letters"
    assert "Quá hạn gửi" in leader.get(register).text
    assert "còn nợ <strong>1</strong> thư ở 1 đơn vị, trong đó 1 thư đã quá hạn" in leader.get(register).text
    assert "còn nợ <strong>0</strong> thư" in leader.get(f"{register}?until=18/11/2026").text
    assert "không đọc được" in leader.get(f"{register}?until=31/11/2026").text
    assert leader.get(f"{register}/list.csv?until=31/11/2026").status_code == 303
    page = leader.get(address).text
    for words in (
        "Trần Thị Bưởi",
        "Hạn gửi thư: hết thứ Năm, 19/11/2026 · Vì sao ngày này?",
        "<li>Hồ sơ hẹn trả thứ Sáu, 20/11/2026.</li>",
        "phải gửi trước ngày ấy 1 ngày, theo ",
    ):
        assert words in page
    assert _post(leader, address, LETTER).status_code == 303
    assert "Đã gửi muộn" in leader.get("/officer/dossiers/letters?state=sent_late").text
    assert "Không có dòng nào" in leader.get("/officer/dossiers/letters?state=owed").text
    text = _text_of(leader.get(f"{address}.pdf").data)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỈNH QUẢNG NGÃI", "XÃ MỘ ĐỨC", "Trần Thị Bưởi",
                  "#hồ sơ *đất* \\ đai", "01/12/2026", "Số: ……"):  # fmt: skip
        assert words in text
    written = docx.Document(BytesIO(leader.get(f"{address}.docx").data))
    assert any("#hồ sơ *đất* \\ đai" in paragraph.text for paragraph in written.paragraphs)
    with database.reading() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject.like("dossier:%"))).all()
        assert sorted(actions) == ["dossier:read", "dossier:send-letter"]
        recorded = json.dumps([one.detail for one in session.scalars(select(AuditEvent))], ensure_ascii=False)
        assert "Bưởi" not in recorded


def _text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"new_due_on": "20/11/2026"}, "sau ngày hẹn cũ"),
        ({"sent_on": "22/11/2026"}, "tương lai"),
        ({"reason": ""}, "lý do"),
        ({"signed_by": ""}, "người ký"),
    ],
)
def test_a_letter_that_cannot_be_keeps_what_was_typed(
    leader: FlaskClient, database: Database, change: dict[str, str], words: str
) -> None:
    answer = _post(leader, _letter_address(leader, database), LETTER | change)
    assert answer.status_code == 400
    assert words in answer.text
    assert "12/TXL" in answer.text


def test_letters_of_other_units_do_not_exist(
    signed_in_client: SignIn, officer: FlaskClient, leader: FlaskClient, database: Database, units: dict[str, Unit]
) -> None:
    address = _letter_address(leader, database)
    assert officer.get(address).status_code == 403  # Home Affairs counts letters, it does not write them
    assert address not in officer.get("/officer/dossiers/letters").text
    assert address in leader.get("/officer/dossiers/letters").text
    neighbour = signed_in_client(Role.UNIT_LEADER, units["B"])
    unknown = neighbour.get("/officer/dossiers/999999/letter")
    for path in (address, f"{address}.pdf"):
        refused = neighbour.get(path)
        assert (refused.status_code, "Bưởi" in refused.text) == (404, False)
    assert unknown.status_code == 404
    assert "H15.50" not in neighbour.get("/officer/dossiers/letters").text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApologyLetter)) == 1


@pytest.fixture
def key(database: Database, units: dict[str, Unit]) -> str:
    with database.transaction() as session:
        maker = make_officer(session, "ket.noi")
        return connections.make(session, DOSSIERS, maker.id, "Một cửa xã Mộ Đức", units["A"].id)[1]


def _call(client: FlaskClient, key: str, body: object):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/interface/dossiers", data=raw, headers={"Authorization": f"Bearer {key}"})


ONE = {"code": "H15.50-261001-000001", "unit": "A", "received": "2026-10-01", "due": "2026-10-10", "status": "open"}


def test_the_software_delivers_with_its_key(client: FlaskClient, key: str, database: Database) -> None:
    body = {"dossiers": [{**ONE, "procedure": "9.9", "status": "Đang xử lý"}]}
    first, again = _call(client, key, body), _call(client, key, body)
    assert first.get_json() == {"added": 1, "changed": 0, "unchanged": 0, "unknown_procedures": ["9.9"]}
    assert again.get_json()["unchanged"] == 1
    with database.reading() as session:
        assert session.scalars(select(DossierImport.officer_id)).all() == [None, None]


def test_too_many_deliveries_are_told_when_to_come_again(
    client: FlaskClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_views, "PER_KEY", parse("1/minute"))
    answers = [_call(client, key, {"dossiers": [ONE]}) for _ in range(2)]
    assert [(one.status_code, one.headers.get("Retry-After")) for one in answers] == [(200, None), (429, "60")]


def test_the_key_speaks_of_its_own_units_only_and_dies_when_revoked(
    client: FlaskClient, key: str, database: Database
) -> None:
    refused = _call(client, key, {"dossiers": [ONE, {**ONE, "code": "H15.50-261001-000002", "unit": "B"}]})
    assert refused.status_code == 422
    assert [fault["dossier"] for fault in refused.get_json()["faults"]] == [2]
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 0
        connections.revoke(session, DOSSIERS, 1, 1)
    assert _call(client, key, {"dossiers": [ONE]}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"dossiers": []}', b'{"dossiers": [1]}', b'{"dossiers": [{"code": 1}]}',
     b'{"dossiers": [{"x": "y"}]}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "list", "null", "none", "number", "typed", "unknown", "bytes", "deep"],
)  # fmt: skip
def test_what_is_no_delivery_is_refused_in_words(client: FlaskClient, key: str, body: bytes) -> None:
    answer = _call(client, key, body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_without_the_right_key_nothing_is_taken(client: FlaskClient, key: str, app: Flask) -> None:
    assert _call(client, "lnh_" + "x" * 43, {"dossiers": [ONE]}).status_code == 401
    assert client.post("/interface/dossiers", data=b"{}").status_code == 401
    assert _call(client, key, b"x" * (6 * 1024 * 1024)).status_code == 413


def test_a_key_is_shown_once(officer: FlaskClient, client: FlaskClient, units: dict[str, Unit]) -> None:
    made = _post(officer, "/officer/dossiers/keys", {"name": "Một cửa", "unit": "A"})
    assert made.status_code == 200
    text = made.text.partition('<strong class="figure">')[2].partition("<")[0]
    assert _call(client, text, {"dossiers": [ONE]}).status_code == 200
    listed = officer.get("/officer/dossiers/keys").text
    assert text not in listed
    assert "Một cửa" in listed
    assert officer.post("/officer/dossiers/keys/1/revoke", data={"csrf_token": token_of(listed)}).status_code == 303
    assert _call(client, text, {"dossiers": [ONE]}).status_code == 401


def test_the_factory_delivers_as_the_pages_do(database: Database, units: dict[str, Unit]) -> None:
    with database.transaction() as session:
        maker = make_officer(session, "nguoi.nhap")
        assert deliver(session, maker.id, [row(1, "A", "01/10/2026")], TODAY).added == 1
