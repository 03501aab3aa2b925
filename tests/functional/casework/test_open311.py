"""Open311: services, public answers, sending with a key; JSON and XML tell the same, and nothing that is not public."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.connections import services as keys
from app.accounts.connections.services import CASES
from app.accounts.roles import Role
from app.audit.services import record
from app.audit.tags import Action
from app.feedback.cases.kinds import Outcome, State
from app.feedback.cases.models import Case, Reporter
from app.feedback.exchange.written import as_xml
from app.feedback.publishing.models import PublicAnswer
from app.rules.kinds import Kind
from tests.factories.officers import make_officer, token_of
from tests.functional.casework.conftest import Office
from tests.support.clock import SettableClock

BASE = "/open311/v2"
Queries = tuple[dict[str, str], ...]
TEXT = "Đèn trước cổng trụ sở hỏng đã hai tuần"


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return office.app.test_client()


def _key(office: Office, unit_id: int, name: str = "Cổng 1022") -> str:
    with office.database.transaction() as session:
        officer = make_officer(session, f"khoa.{unit_id}")
        session.flush()
        return keys.make(session, CASES, officer.id, name, unit_id)[1]


def _publish(office: Office, case_id: str, key: str, **words: str) -> None:
    """A public copy as the unit made it."""
    with office.database.transaction() as session:
        session.execute(
            update(Case)
            .where(Case.id == case_id)
            .values(state=State.CLOSED, outcome=Outcome.SOLVED, closed_on=SettableClock().today)
        )
        told = {"title": "Đèn hỏng", "question": "Đèn trước cổng hỏng", "answer": "Đã thay đèn."} | words
        session.add(
            PublicAnswer(id=key, case_id=case_id, unit_id=office.places.commune, kind=Kind.PETITION, version=1,
                         outcome=Outcome.SOLVED, answered_month=SettableClock().today.replace(day=1), is_shown=True,
                         folded="den hong", **told)
        )  # fmt: skip


def _get(client: FlaskClient, path: str, wanted: int = 200, **query: str) -> Any:
    return _asked(client, path, wanted, query)


def _asked(client: FlaskClient, path: str, wanted: int, query: Mapping[str, str]) -> Any:
    answer = client.get(f"{BASE}/{path}.json", query_string=query)
    assert answer.status_code == wanted, answer.text
    assert "Set-Cookie" not in answer.headers
    return json.loads(answer.data)


def test_services_and_discovery_tell_the_same_in_both_forms(office: Office, client: FlaskClient) -> None:
    found = _get(client, "services", jurisdiction_id="C1")
    assert [one["service_code"] for one in found] == ["petition-C1", "suggestion-C1"]
    assert len(_get(client, "services")) == 6
    assert not [one for one in _get(client, "services") if "complaint" in one["service_code"]]
    tree = ET.fromstring(client.get(f"{BASE}/services.xml?jurisdiction_id=C1").data)
    assert [one.findtext("service_code") for one in tree.findall("service")] == ["petition-C1", "suggestion-C1"]
    defined = _get(client, "services/petition-C1")
    assert [(one["code"], one["datatype"], one["order"]) for one in defined["attributes"]] == [
        ("counter", "singlevaluelist", 1),
        ("happened_on", "datetime", 2),
    ]
    assert not any(one["required"] for one in defined["attributes"])
    tree = ET.fromstring(client.get(f"{BASE}/services/petition-C1.xml").data)
    assert tree.findtext("attributes/attribute/values/value/key") == defined["attributes"][0]["values"][0]["key"] == "1"
    assert len(_get(client, "services/petition-C2")["attributes"]) == 1  # no counters there
    told = _get(client, "discovery")
    assert told["endpoints"][0]["url"].endswith("/open311/v2")
    tree = ET.fromstring(client.get(f"{BASE}/discovery.xml").data)
    assert [one.text for one in tree.findall("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]
    assert tree.findtext("changeset") == told["changeset"] == told["endpoints"][0]["changeset"]
    with office.database.transaction() as session:
        record(session, None, Action.UNIT_RENAME, "unit:1")
    assert _get(client, "discovery")["changeset"] > told["changeset"]
    assert _get(client, "tokens/none", 403)[0]["code"] == 403
    for path in ("services/denunciation-C1", "services/petition-XX", "requests/none", "nowhere"):
        assert _get(client, path, 404)[0]["code"] == 404
    assert _get(client, "services", 404, jurisdiction_id="nowhere")[0]["description"]


def test_a11_only_what_is_public_just_now_is_read_and_nothing_else_of_the_case(
    office: Office, client: FlaskClient
) -> None:
    hidden = office.open(text="MARK-original words nobody may read")
    office.open(text="MARK-never published")
    _publish(office, hidden.case_id, "k1x2y3")
    found = _get(client, "requests")
    assert [one["service_request_id"] for one in found] == ["k1x2y3"]
    assert found[0]["status"] == "closed"
    assert "Đã thay đèn" in found[0]["status_notes"]
    assert found[0]["requested_datetime"] is None
    assert "MARK" not in json.dumps(found)
    assert hidden.public_number not in json.dumps(found)
    assert _get(client, "requests/k1x2y3") == found
    assert _get(client, "requests", status="open") == _get(client, "requests", jurisdiction_id="C2") == []
    assert _get(client, "requests", service_code="petition-C1,petition-C2") == found
    assert _get(client, "requests", end_date="2020-01-01T00:00:00Z") == []
    _get(client, f"requests/{hidden.public_number}", 404)
    with office.database.transaction() as session:
        session.get_one(Case, hidden.case_id).is_private = True
    assert _get(client, "requests") == []
    _get(client, "requests/k1x2y3", 404)


def test_sending_opens_a_case_that_only_its_own_key_may_ask_about(office: Office, client: FlaskClient) -> None:
    mine, other = _key(office, office.places.province), _key(office, office.places.commune, "Ứng dụng khác")
    typed = {"api_key": mine, "service_code": "petition-C1", "description": TEXT, "address_string": "Cổng chính",
             "lat": "20.95", "long": "107.07", "device_id": "abc", "first_name": "Bình", "last_name": "Nguyễn",
             "phone": "0912 345 678"}  # fmt: skip
    answer = client.post(f"{BASE}/requests.json", data=typed)
    assert answer.status_code == 201, answer.text
    told = json.loads(answer.data)[0]
    number = told["service_request_id"]
    assert "Không lưu: device_id, lat, long." in told["service_notice"]
    assert re.search(r"chỉ hiện một lần: \S{8,}", told["service_notice"])
    with office.database.reading() as session:
        case = session.scalars(select(Case).where(Case.public_number == number)).one()
        assert TEXT in case.text
        assert "Nơi xảy ra: Cổng chính" in case.text
        assert (case.unit_id, case.kind, case.is_anonymous) == (office.places.commune, Kind.PETITION, False)
        assert session.get_one(Reporter, case.id).name == "Nguyễn Bình"
    standing = _get(client, f"requests/{number}", api_key=mine)[0]
    assert (standing["status"], standing["description"]) == ("open", None)
    assert standing["expected_datetime"]
    assert _get(client, "requests", service_request_id=number, api_key=mine)[0]["service_request_id"] == number
    assert _get(client, f"tokens/{number}", api_key=mine)[0]["service_request_id"] == number
    # Who asks for numbers gets those, whatever else is asked: as the norm has it.
    fitting: Queries = (
        {
            "service_request_id": number,
            "status": "closed",
            "end_date": "2020-01-01",
            "jurisdiction_id": "C2",
            "page": "9",
        },
        {},
        {"status": "open"},
        {"start_date": "2026-11-20T17:00:00Z"},
        {"service_code": "petition-C1", "jurisdiction_id": "C1"},
    )
    for query in fitting:
        found = _asked(client, "requests", 200, {"api_key": mine} | query)
        assert [one["service_request_id"] for one in found] == [number]
    other_than: Queries = (
        {"status": "closed"},
        {"service_code": "suggestion-C1"},
        {"jurisdiction_id": "C2"},
        {"page": "2"},
        {"end_date": "2020-01-01"},
        {"start_date": f"{SettableClock().today.isoformat()}T17:00:00Z"},  # midnight of the day after, here
    )
    for query in other_than:
        assert _asked(client, "requests", 200, {"api_key": mine} | query) == []
    for key, one, token in ((other, 404, 404), ("", 404, 403), ("lno_wrong", 403, 403)):
        _get(client, f"requests/{number}", one, api_key=key)
        _get(client, f"tokens/{number}", token, api_key=key)
        if key != "lno_wrong":
            assert _get(client, "requests", service_request_id=number, api_key=key) == []
    _get(client, "requests", 403, api_key="lno_wrong")


def test_what_another_system_sent_is_known_as_such_and_named_to_whoever_may_know(
    office: Office, client: FlaskClient, leader: FlaskClient
) -> None:
    typed = {"api_key": _key(office, office.places.province), "service_code": "petition-C1", "description": TEXT}
    number = json.loads(client.post(f"{BASE}/requests.json", data=typed).data)[0]["service_request_id"]
    other = office.open().public_number
    with office.database.reading() as session:
        case_id = session.scalars(select(Case.id).where(Case.public_number == number)).one()
    watcher = office.officer("noi-vu", Role.HOME_AFFAIRS)
    for who in (leader, watcher):
        assert "Hệ thống khác: Cổng 1022" in who.get(f"/officer/cases/{case_id}").text
    listed = leader.get("/officer/cases?channel=api").text
    assert number in listed
    assert other not in listed
    assert number not in leader.get("/officer/cases?channel=website").text
    page = leader.get("/officer/case-exports?channel=api").text
    posted = leader.post("/officer/case-exports?channel=api", data={"csrf_token": token_of(page), "format": "json"})
    link = re.search(r'href="(/officer/case-exports/[0-9a-f]{24})"', leader.get(posted.headers["Location"]).text)
    assert link is not None
    made = json.loads(leader.get(link[1]).data)
    assert [(row["number"], row["channel"], row["system"]) for row in made["rows"]] == [
        (number, "Hệ thống khác", "Cổng 1022")
    ]
    assert any("cách gửi: Hệ thống khác" in note["text"] for note in made["notes"])


def test_own_cases_and_public_answers_share_the_pages(office: Office, client: FlaskClient) -> None:
    mine = _key(office, office.places.province)
    typed = {"api_key": mine, "service_code": "petition-C1"}
    for number in range(3):
        sent = client.post(f"{BASE}/requests.json", data=typed | {"description": f"{TEXT} {number}"})
        assert sent.status_code == 201
    _publish(office, office.open().case_id, "k1x2y3")
    pages = [_get(client, "requests", api_key=mine, page_size="2", page=str(page)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 0]
    assert pages[1][1]["service_request_id"] == "k1x2y3"


def test_what_cannot_be_is_told_in_the_form_of_the_norm_and_says_what_to_do(
    office: Office, client: FlaskClient
) -> None:
    key = _key(office, office.places.commune)
    typed = {"api_key": key, "service_code": "petition-C1", "description": TEXT}
    as_json = client.post(f"{BASE}/requests.json", json=typed)
    assert as_json.status_code == 415
    assert "x-www-form-urlencoded" in json.loads(as_json.data)[0]["description"]
    in_address = client.post(f"{BASE}/requests.json", query_string={"api_key": key}, data=typed | {"api_key": ""})
    assert "a field of the form" in json.loads(in_address.data)[0]["description"]
    for method, path, status in (
        ("PUT", "requests.json", 405),
        ("DELETE", "requests.json", 405),
        ("GET", "x.json", 404),
    ):
        answer = client.open(f"{BASE}/{path}", method=method)
        assert (answer.status_code, json.loads(answer.data)[0]["code"]) == (status, status)
    assert ET.fromstring(client.get(f"{BASE}/anything").data).findtext("error/code") == "404"
    for given, words in (
        ({"first_name": "Bình"}, "phone or email is required"),
        ({"phone": "0912 345 678"}, "first_name or last_name is required"),
        ({"phone": "abc", "first_name": "Bình"}, "phone is no telephone number"),
    ):
        told = json.loads(client.post(f"{BASE}/requests.json", data=typed | given).data)[0]["description"]
        assert words in told
        assert told.isascii()


REFUSED: tuple[tuple[dict[str, Any], int], ...] = (
    ({"api_key": ""}, 403),
    ({"api_key": "lno_wrong"}, 403),
    ({"service_code": ""}, 400),
    ({"service_code": "petition-P1"}, 404),  # above the unit of the key
    ({"service_code": "complaint-C1"}, 404),
    ({"service_code": "petition-\x00"}, 404),
    ({"description": "ngắn"}, 400),
    ({"description": "a" * 6000}, 400),
    ({"email": "khong-phai-thu"}, 400),
    ({"first_name": "Chỉ có tên"}, 400),
    ({"media_url": "http://10.0.0.1/x.jpg"}, 400),
    ({"attribute[x]": "1"}, 400),
    ({"description": ["Một lời kể đủ dài", "và thêm lời nữa"]}, 400),
    ({"jurisdiction_id": "nowhere"}, 404),
)


def test_a7_what_the_norm_does_not_know_is_refused_in_its_form(office: Office, client: FlaskClient) -> None:
    typed = {"api_key": _key(office, office.places.commune), "service_code": "petition-C1", "description": TEXT}
    for change, status in REFUSED:
        answer = client.post(f"{BASE}/requests.xml", data=typed | change)
        assert answer.status_code == status, (change, answer.text)
        error = ET.fromstring(answer.data).find("error")
        assert error is not None
        assert error.findtext("code") == str(status)
    with office.database.reading() as session:
        assert session.scalars(select(Case)).all() == []


def test_odd_questions_are_answered_in_the_form_of_the_norm(client: FlaskClient) -> None:
    for query in ("x=1", "status=late", "start_date=31/12", "page=0", "page_size=9999", "page=1&page=2",
                  "start_date=0001-01-01T00:00:00%2B14:00",
                  "service_request_id=" + ",".join(map(str, range(60)))):  # fmt: skip
        assert client.get(f"{BASE}/requests.json?{query}").status_code == 400, query
    for query in (
        "start_date=2026-01-01T00:00:00+07:00",
        "service_request_id=%00,a",
        "service_code=%ff-%00",
        "page=2",
        "service_code=a&service_code=b",
        "status=open&status=closed",
    ):
        assert client.get(f"{BASE}/requests.json?{query}").status_code == 200, query


def test_d9_xml_is_well_formed_whatever_people_wrote() -> None:
    odd = "a\x00\x0b]]>&<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;\ud800\ufffe</description>"
    tree = ET.fromstring(as_xml([{"description": odd, "lat": None, "open": True}], "requests", "request"))
    told = tree.findtext("request/description")
    assert told is not None
    assert "&x;" in told
    assert tree.findtext("request/open") == "true"


def test_keys_are_shown_once_and_end_at_once(office: Office, client: FlaskClient) -> None:
    officer = office.officer("noi-vu", Role.HOME_AFFAIRS)
    page = officer.get("/officer/exchange-keys")
    made = officer.post(
        "/officer/exchange-keys", data={"csrf_token": token_of(page.text), "name": "Cổng 1022", "unit": "C1"}
    )
    found = re.search(r"lno_[\w-]+", made.text)
    assert found is not None
    assert found[0] not in officer.get("/officer/exchange-keys").text
    typed = {"api_key": found[0], "service_code": "suggestion-C1", "description": TEXT}
    assert client.post(f"{BASE}/requests.json", data=typed).status_code == 201
    page = officer.get("/officer/exchange-keys")
    assert "dùng gần nhất" in page.text
    ended = officer.post("/officer/exchange-keys/1/revoke", data={"csrf_token": token_of(page.text)})
    assert ended.status_code == 303
    assert client.post(f"{BASE}/requests.json", data=typed).status_code == 403
    with office.database.reading() as session:
        assert keys.opened_by(session, CASES, found[0]) is None
    assert (
        office.officer("ngoai", Role.UNIT_LEADER, office.places.commune).get("/officer/exchange-keys").status_code
        == 403
    )
