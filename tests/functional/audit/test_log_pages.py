"""The auditor reads, searches and takes away the log, and changes nothing."""

import csv
import io
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import PERMISSIONS, Role
from app.audit.models import AuditEvent
from app.audit.services import record
from app.audit.tags import Action
from app.audit.values import PublicText
from app.audit.words import WORDS
from app.db.session import Database
from app.feedback.cases.models import CaseExclusion
from app.oversight.fact_words import spoken
from tests.factories.cases import make_case
from tests.factories.officers import make_officer, officer_client, token_of
from tests.factories.units import make_unit
from tests.support.clock import SettableClock


@pytest.fixture
def auditor(clock: SettableClock, signed_in_client) -> FlaskClient:
    return signed_in_client(Role.AUDITOR)


def acts(database: Database, action: Action) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action.value)))


def test_every_action_has_words() -> None:
    assert set(WORDS) == set(Action)


def test_the_auditor_may_read_the_log_and_change_nothing() -> None:
    held = PERMISSIONS[Role.AUDITOR]
    assert {permission.value.rpartition(":")[2] for permission in held} <= {"read"}
    assert "officer:audit:read" in held


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_others_do_not_see_the_log(app, database: Database, role: Role) -> None:
    with database.transaction() as session:
        unit = make_unit(session)
    client = officer_client(app, database, "someone", role=role, unit=unit)
    for address in ("/officer/audit", "/officer/audit/log.csv", "/officer/audit/log.xlsx", "/officer/audit/anomalies"):
        assert client.get(address).status_code == 403


def test_facts_are_said_with_days_as_people_write_them() -> None:
    told = spoken({"number": 1, "until": "2026-12-02", "code": "2026-13-45"})
    assert told == "số: 1; đến hết ngày: 02/12/2026; mã: 2026-13-45"


def test_the_log_says_who_did_what_under_which_role_and_why(auditor: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        officer = make_officer(session, "hoa.tran", full_name="Trần Thị Hoa")
        unit = make_unit(session)
        record(
            session,
            officer.id,
            Action.UNIT_RENAME,
            f"unit:{unit.id}",
            {"on": date(2026, 11, 1)},
            unit.id,
            old={"name": PublicText("UBND xã Cũ")},
            new={"name": PublicText("UBND phường Mới")},
            reason="Theo nghị quyết sắp xếp",
            role="administrator",
        )
    page = auditor.get("/officer/audit").text
    for words in (
        "Trần Thị Hoa (Quản trị hệ thống)",
        "Đổi tên đơn vị",
        "cũ: tên: UBND xã Cũ",
        "mới: tên: UBND phường Mới",
        "Theo nghị quyết sắp xếp",
        "Trang này để làm gì?",
    ):
        assert words in page


@pytest.mark.parametrize(
    "query", ["Trần Thị Hoà", "tran thi hoa", "ĐỔI TÊN", "doi ten don vi", "nghi quyet", "Nghị Quyết", "phuong moi"]
)
def test_search_takes_words_with_and_without_marks(auditor: FlaskClient, database: Database, query: str) -> None:
    with database.transaction() as session:
        officer = make_officer(session, "hoa.tran", full_name="Trần Thị Hoà")
        new = {"name": PublicText("UBND phường Mới")}
        record(session, officer.id, Action.UNIT_RENAME, "unit:77", new=new, reason="Theo nghị quyết")
        record(session, None, Action.DAY_CLOSE, "day:today", {"answers": 3})
    page = auditor.get("/officer/audit", query_string={"q": query}).text
    assert "Đơn vị 77" in page
    assert "day:today" not in page


def test_filters_narrow_the_log(auditor: FlaskClient, database: Database, clock: SettableClock) -> None:
    clock.set_local(date(2026, 11, 20))
    with database.transaction() as session:
        unit = make_unit(session, code="06652")
        record(session, None, Action.CODE_ISSUE, "code:1", unit_id=unit.id)
    clock.set_local(date(2026, 11, 21), time(0, 30))
    with database.transaction() as session:
        record(session, None, Action.CODE_RETIRE, "code:2")

    def subjects(**query: str) -> set[str]:
        page = auditor.get("/officer/audit", query_string=query)
        assert page.status_code == 200
        words = {"code:1": "Mã QR số 1<", "code:2": "Mã QR số 2<"}
        return {subject for subject, said in words.items() if said in page.text}

    assert subjects() == {"code:1", "code:2"}
    assert subjects(action="code:issue") == {"code:1"}
    assert subjects(unit="06652") == {"code:1"}
    assert subjects(to="2026-11-20") == {"code:1"}
    assert subjects(**{"from": "2026-11-21"}) == {"code:2"}


@pytest.mark.parametrize(
    "query", [{"action": "x"}, {"actor": "nobody"}, {"unit": "x"}, {"from": "hôm qua"}, {"case": "PA-X\x00"}]
)
def test_filters_that_cannot_be_are_named(auditor: FlaskClient, query: dict[str, str]) -> None:
    page = auditor.get("/officer/audit", query_string=query)
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_an_auditor_of_some_units_sees_these_only(app, database: Database) -> None:
    with database.transaction() as session:
        own, other = make_unit(session), make_unit(session)
        record(session, None, Action.CODE_ISSUE, "code:1", unit_id=own.id)
        record(session, None, Action.CODE_ISSUE, "code:2", unit_id=other.id)
        record(session, None, Action.DAY_CLOSE, "day:today")
    client = officer_client(app, database, "local", role=Role.AUDITOR, unit=own)
    page = client.get("/officer/audit").text
    assert "Mã QR số 1<" in page
    assert "Mã QR số 2<" not in page
    assert "day:today" not in page


def test_reading_is_recorded_once_an_hour(auditor: FlaskClient, database: Database, clock: SettableClock) -> None:
    for _ in range(5):
        auditor.get("/officer/audit")
        clock.advance(minutes=5)
    (event,) = acts(database, Action.AUDIT_READ)
    assert event.role == "auditor"
    clock.advance(hours=1)
    auditor.get("/officer/audit?q=x")
    assert len(acts(database, Action.AUDIT_READ)) == 2


def test_the_log_as_a_file(auditor: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        record(session, None, Action.UNIT_RENAME, "unit:1", new={"name": PublicText('=HYPERLINK("x")')})
    response = auditor.get("/officer/audit/log.csv?action=unit:rename")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["Mã hành động"] for row in rows] == ["unit:rename"]
    assert rows[0]["Giá trị mới"].startswith("name: '=") or not rows[0]["Giá trị mới"].startswith("=")
    (event,) = acts(database, Action.AUDIT_EXPORT)
    assert (event.detail["rows"], event.detail["format"]) == (1, "csv")
    assert event.detail["filter"] == {"action": "unit:rename"}
    assert auditor.get("/officer/audit/log.xlsx").data[:2] == b"PK"


def test_what_stands_out(auditor: FlaskClient, database: Database, clock: SettableClock) -> None:
    clock.set_local(date(2026, 11, 20), time(23, 15))
    with database.transaction() as session:
        officer = make_officer(session, "night", full_name="Lê Văn Đêm")
        record(session, officer.id, Action.RESULTS_EXPORT, "round:1")
        for number in range(60):
            record(session, officer.id, Action.FEEDBACK_READ, f"feedback:{number}")
        for _ in range(20):
            record(session, None, Action.SIGN_IN_REFUSED, "officer:9", {"outcome": "wrong"})
    clock.set_local(date(2026, 11, 21))
    with database.transaction() as session:
        for _ in range(20):
            record(session, officer.id, Action.ANSWERS_EXPORT, "round:1")
    page = auditor.get("/officer/audit/anomalies").text
    for words in ("Tải tệp ban đêm", "Đọc hàng loạt", "Sai mật khẩu hoặc mã nhiều lần", "Tải nhiều tệp", "Lê Văn Đêm"):
        assert words in page
    assert "4 dấu hiệu" in page


def test_thresholds_have_a_history(app, database: Database, clock: SettableClock) -> None:
    with database.transaction() as session:
        for _ in range(5):
            record(session, None, Action.SIGN_IN_REFUSED, "officer:9", {"outcome": "wrong"})
    clock.next_day()
    administrator = officer_client(app, database, "admin1", role=Role.ADMINISTRATOR)
    token = token_of(administrator.get("/officer/audit-thresholds").text)
    data = {"csrf_token": token, "name": "refusals_per_hour", "value": "5"}
    refused = administrator.post("/officer/audit-thresholds", data=data)
    assert (refused.status_code, "Xin nhập lý do" in refused.text) == (400, True)
    sent = administrator.post("/officer/audit-thresholds", data={**data, "reason": "Thử bị dò, gọi 0912345678"})
    assert sent.status_code == 303
    (event,) = acts(database, Action.AUDIT_THRESHOLD_SET)
    assert (event.old_value, event.new_value, event.reason) == ({"value": 20}, {"value": 5}, "Thử bị dò, gọi […]")
    with database.transaction() as session:
        for _ in range(5):
            record(session, None, Action.SIGN_IN_REFUSED, "officer:8", {"outcome": "wrong"})
    auditor = officer_client(app, database, "auditor1", role=Role.AUDITOR)
    page = auditor.get("/officer/audit/anomalies").text
    assert "officer:8" in page
    assert "officer:9" not in page  # its day had the old threshold
    assert auditor.get("/officer/audit-thresholds").status_code == 403
    bad = administrator.post("/officer/audit-thresholds", data={**data, "value": "0", "reason": "x"})
    assert bad.status_code == 400


def test_a4_acts_on_a_case_are_found_by_its_number_but_not_by_who_is_excluded(
    auditor: FlaskClient, database: Database, clock: SettableClock
) -> None:
    with database.transaction() as session:
        unit = make_unit(session, code="06652")
        case = make_case(session, unit_id=unit.id)
        officer = make_officer(session, "hoa.tran", full_name="Trần Thị Hoa")
        record(session, officer.id, Action.CASE_CLOSE, f"case:{case.id}", {"outcome": "solved"}, unit.id)
        record(session, officer.id, Action.SIGN_IN, f"officer:{officer.id}")
    by_words = auditor.get("/officer/audit", query_string={"q": f"{case.public_number.lower()} "}).text
    page = auditor.get("/officer/audit", query_string={"case": f" {case.public_number.lower()} "})
    assert page.status_code == 200
    for text in (page.text, by_words):
        assert f"<td>Đơn {case.public_number}</td>" in text
    assert "Cán bộ Trần Thị Hoa" not in by_words
    assert "kết quả: Đã giải quyết" in page.text
    assert "Cán bộ Trần Thị Hoa" not in page.text
    assert "Cán bộ Trần Thị Hoa" in auditor.get("/officer/audit").text
    with database.transaction() as session:
        reader = session.scalars(select(Officer.id).where(Officer.id != officer.id)).one()
        session.add(CaseExclusion(case_id=case.id, officer_id=reader, rule="concerned", since=clock()))
    assert auditor.get("/officer/audit", query_string={"case": case.public_number}).status_code == 400
    for address in ("/officer/audit", "/officer/audit/log.csv"):
        text = auditor.get(address).text
        assert case.public_number not in text
        assert case.id not in text
