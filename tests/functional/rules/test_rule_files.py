"""Rules as files: they come back as they went, fill the form, and are refused with a reason."""

import json
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.calendar.days import DayUnit, Limit
from app.db.session import Database
from app.rules import queries
from app.rules.content import MATTERS
from app.rules.officer_lists import slug_of
from tests.factories.officers import token_of
from tests.functional.rules.pages import NEW, PAGES, count, form_of, petition, upload


@pytest.mark.parametrize("ending", ["rule.json", "facts.xlsx", "facts.csv"])
@pytest.mark.parametrize("kind", ["petition", "denunciation", "counting", "data_requests"])
def test_files_come_back_as_they_went(administrator: FlaskClient, law: Database, ending: str, kind: str) -> None:
    matter = next(one for one in MATTERS if slug_of(one) == kind)
    with law.reading() as session:
        version = queries.rule_on(session, matter.code, date(2026, 11, 21)).id
    made = administrator.get(f"{PAGES}/versions/{version}/{ending}")
    assert made.status_code == 200
    filled = upload(administrator, made.data, ending, kind)
    assert filled.status_code == 200, filled.text
    assert "Đã điền từ tệp" in filled.text
    plain, read = form_of(administrator.get(f"{PAGES}/{kind}/new").text), form_of(filled.text)
    assert {name: value for name, value in read.items() if name != "csrf_token"} == {
        name: value for name, value in plain.items() if name != "csrf_token"
    }


def test_a_file_that_was_changed_fills_the_form(administrator: FlaskClient, law: Database) -> None:
    version = petition(law, date(2026, 11, 21)).id
    whole = json.loads(administrator.get(f"{PAGES}/versions/{version}/rule.json").data)
    whole["content"]["resolve"] = {"value": 12, "unit": "working"}
    filled = upload(administrator, json.dumps(whole).encode(), "rule.json")
    assert (form_of(filled.text)["resolve"], form_of(filled.text)["resolve_unit"]) == ("12", "working")
    assert count(law) == 2
    saved = administrator.post(f"{PAGES}/petition/new", data=form_of(filled.text) | NEW)
    assert saved.status_code == 303
    assert petition(law, date(2027, 1, 1)).content.resolve == Limit(12, DayUnit.WORKING)


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"{", "x.json", "không đọc được"),
        (b"[" * 150_000, "x.json", "không đọc được"),
        (b"[]", "x.json", "không phải tệp quy định"),
        (b'{"format":"lang-nghe-rule-1","matter":"counting","content":{}}', "x.json", "Cách tính ngày"),
        (b'{"format":"lang-nghe-rule-1","matter":"kind:petition","content":{}}', "x.json", "Thiếu mục"),
        (
            b'{"format":"lang-nghe-rule-1","matter":"kind:petition","content":{"resolve":{"value":1e400,"unit":"working"}}}',
            "x.json",
            "số nguyên",
        ),
        (b'{"format":"lang-nghe-rule-1","matter":"kind:petition","content":{"sources":7}}', "x.json", "không đọc được"),
        (b"x" * 200_001, "x.json", "200 KB"),
        ("Mã mục,Giá trị\nresolve,20\n".encode(), "x.csv", "Thiếu mục"),
        ("Mã mục,Giá trị\nwhat,20\n".encode(), "x.csv", "không có mục “what”"),
        ("Mã mục,Giá trị\nresolve,20\nresolve,21\n".encode(), "x.csv", "hai lần"),
        (b"a,b\n1,2\n", "x.csv", "Thiếu cột"),
        (b"%PDF", "x.xlsx", "PDF"),
        (b"", "x.csv", "rỗng"),
    ],
)
def test_files_that_are_no_rule_are_refused_with_a_reason(
    administrator: FlaskClient, law: Database, data: bytes, name: str, message: str
) -> None:
    answer = upload(administrator, data, name)
    assert answer.status_code == 400
    assert message in answer.text
    assert count(law) == 2


def test_faults_in_a_table_stand_at_the_fields(administrator: FlaskClient, law: Database) -> None:
    version = petition(law, date(2026, 11, 21)).id
    made = administrator.get(f"{PAGES}/versions/{version}/facts.csv").data.decode("utf-8-sig")
    answer = upload(
        administrator,
        made.replace("\r\nresolve,Thời hạn giải quyết,20,", "\r\nresolve,Thời hạn giải quyết,nhiều,").encode(),
        "x.csv",
    )
    assert answer.status_code == 200
    assert "số nguyên" in answer.text
    assert 'value="nhiều"' in answer.text


def test_uploading_nothing_says_so(administrator: FlaskClient) -> None:
    token = token_of(administrator.get(f"{PAGES}/petition/new").text)
    answer = administrator.post(f"{PAGES}/petition/import", data={"csrf_token": token})
    assert (answer.status_code, "Xin chọn tệp" in answer.text) == (400, True)
    assert administrator.post(f"{PAGES}/petition/import").status_code == 400
