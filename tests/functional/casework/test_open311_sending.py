"""Open311, the part that writes: sent twice is told once, limits, attributes, and no 500 whatever is sent."""

import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import parse
from sqlalchemy import func, select

from app.accounts.connections.services import CASES, make
from app.feedback.cases.keys import code_index
from app.feedback.cases.models import Case
from app.feedback.exchange import edge
from app.feedback.exchange.models import ExchangeSending
from app.jobs.purge import purge
from tests.factories.officers import make_officer
from tests.functional.casework.conftest import Office
from tests.support.clock import SettableClock
from tests.support.examples import examples

REQUESTS = "/open311/v2/requests"
TEXT = "Đèn trước cổng trụ sở hỏng đã hai tuần"
CODE = re.compile(r"chỉ hiện một lần: (\S+)\.")


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return office.app.test_client()


def _typed(office: Office, name: str = "Cổng 1022", **more: str) -> dict[str, str]:
    """A report with a key of its own."""
    with office.database.transaction() as session:
        officer = make_officer(session, f"khoa.{name.encode().hex()[:20]}")
        session.flush()
        key = make(session, CASES, officer.id, name, office.places.province)[1]
    return {"api_key": key, "service_code": "petition-C1", "description": TEXT} | more


def _send(client: FlaskClient, typed: Mapping[str, str], name: str = "") -> tuple[int, str, str]:
    """The status, the number, and the code ("" where none was told)."""
    headers = {"Idempotency-Key": name} if name else {}
    answer = client.post(f"{REQUESTS}.json", data=typed, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    (told,) = json.loads(answer.data)
    code = CODE.search(told["service_notice"])
    return answer.status_code, told["service_request_id"], "" if code is None else code[1]


@pytest.fixture
def key(office: Office) -> str:
    return _typed(office)["api_key"]


def _cases(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_report_sent_again_under_its_name_is_told_the_same_and_opens_no_second_case(
    office: Office, client: FlaskClient, clock: SettableClock
) -> None:
    typed = _typed(office)
    first = _send(client, typed, "report-1")
    assert first[0] == 201
    assert _send(client, typed, '"report-1"') == first
    assert _cases(office) == 1
    with office.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert case.code_index == code_index(first[2])
        row = session.scalars(select(ExchangeSending)).one()
        kept = row.mark + row.report_mark + (row.salt or b"")
        assert (len(kept), row.expires_at.minute, row.expires_at.second) == (48, 0, 0)
    wrong = client.post(
        f"{REQUESTS}.xml", data=typed | {"phone": "0912345678"}, headers={"Idempotency-Key": "report-1"}
    )
    assert wrong.status_code == 400  # a telephone number without a name is refused before the name of the report counts
    other = client.post(
        f"{REQUESTS}.xml", data=typed | {"description": f"{TEXT}."}, headers={"Idempotency-Key": "report-1"}
    )
    assert (other.status_code, ET.fromstring(other.data).findtext("error/code")) == (422, "422")
    for bad in ("a b", "é", "x" * 256):
        assert client.post(f"{REQUESTS}.json", data=typed, headers={"Idempotency-Key": bad}).status_code == 400
    # Another name is another report, and so is the same name of another system.
    numbers = {first[1], _send(client, typed, "report-2")[1], _send(client, _typed(office, "Ứng dụng"), "report-1")[1]}
    assert len(numbers) == _cases(office) == 3
    clock.advance(hours=24)
    assert _send(client, typed, "report-1") == first
    clock.advance(hours=24)
    with office.database.transaction() as session:
        assert "exchange_sending 3" in purge(session)
    assert _send(client, typed, "report-1")[1] not in numbers


def test_the_same_words_within_minutes_are_told_the_number_but_never_the_code_again(
    office: Office, client: FlaskClient, clock: SettableClock
) -> None:
    typed = _typed(office)
    status, number, code = _send(client, typed)
    assert (status, bool(code)) == (201, True)
    again = client.post(f"{REQUESTS}.xml", data=typed)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert ET.fromstring(again.data).findtext("request/service_request_id") == number
    assert code not in again.text
    assert _send(client, typed) == (200, number, "")
    assert _send(client, typed | {"description": f"{TEXT}!"})[0] == 201
    assert _send(client, typed, "somebody-else")[0] == 201
    assert _send(client, _typed(office, "Ứng dụng khác"))[0] == 201
    clock.advance(minutes=21)
    assert _send(client, typed)[1] != number
    assert _cases(office) == 5
    with office.database.reading() as session:  # what is past its time went with the next report
        assert session.scalar(select(func.count()).select_from(ExchangeSending)) == 2


def test_a_report_sent_twice_at_once_opens_one_case(office: Office) -> None:
    typed = _typed(office)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: _send(office.app.test_client(), typed, "at-once"), range(4)))
    assert len(set(told)) == _cases(office) == 1


def test_too_many_reports_of_a_key_are_refused_in_the_norm_with_the_time_to_wait(
    office: Office, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "PER_KEY", parse("2/minute"))
    typed, other = _typed(office), _typed(office, "Ứng dụng khác")
    for number in range(2):
        assert _send(client, typed, f"n{number}")[0] == 201
    as_json = client.post(f"{REQUESTS}.json", data=typed)
    assert (as_json.status_code, as_json.headers["Retry-After"]) == (429, "60")
    assert json.loads(as_json.data) == [{"code": 429, "description": edge.TOO_MANY}]
    as_xml = client.post(f"{REQUESTS}.xml", data=typed)
    assert (as_xml.status_code, as_xml.headers["Retry-After"]) == (429, "60")
    assert ET.fromstring(as_xml.data).findtext("error/code") == "429"
    assert _send(client, other)[0] == 201
    assert _cases(office) == 3
    monkeypatch.setattr(edge, "READING", parse("1/minute"))
    answers = [client.get(f"/open311/v2/services.{form}") for form in ("json", "xml", "json")]
    assert [one.headers.get("Retry-After") for one in answers] == [None, "60", "60"]


def test_the_counter_and_the_day_may_be_told(office: Office, client: FlaskClient) -> None:
    typed = _typed(office)
    told = {"attribute[counter]": "1", "attribute[happened_on]": "2026-11-20T08:00:00+07:00"}
    number = _send(client, typed | told)[1]
    with office.database.reading() as session:
        case = session.scalars(select(Case).where(Case.public_number == number)).one()
        assert (case.counter_id, str(case.happened_on)) == (office.places.counter, "2026-11-20")
    for name, value in (("counter", "99"), ("happened_on", "2030-01-01"), ("happened_on", "x"), ("other", "1")):
        answer = client.post(f"{REQUESTS}.json", data=typed | {f"attribute[{name}]": value})
        assert (answer.status_code, name in answer.text) == (400, True)
    assert _cases(office) == 1


NAMES = st.sampled_from(
    [
        *("api_key", "service_code", "description", "address_string", "first_name", "last_name", "phone", "email"),
        *(
            "lat",
            "long",
            "device_id",
            "media_url",
            "jurisdiction_id",
            "attribute[counter]",
            "attribute[happened_on]",
            "x",
        ),
        *("status", "start_date", "end_date", "page", "page_size", "service_request_id"),
    ]
)
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "\x00", "\ud800", "petition-C1", "C1", "0912345678", "a@b.vn", "1", "-1", "9" * 30, "open"]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-22", "x" * 70_000, TEXT]),
)
FIELDS = st.lists(st.tuples(NAMES, ODD), max_size=8)


@settings(max_examples=examples(40, 8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=FIELDS,
    is_whole=st.booleans(),
    form=st.sampled_from(["json", "xml"]),
    name=st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=8),
    kind=st.sampled_from([None, "multipart/form-data", "text/plain", "application/x-www-form-urlencoded; charset=x"]),
)
def test_whatever_is_sent_or_asked_the_answer_is_well_formed_and_no_500(
    office: Office, key: str, fields: list[tuple[str, str]], is_whole: bool, form: str, name: str, kind: str | None
) -> None:
    client = office.app.test_client()
    whole = [("api_key", key), ("service_code", "petition-C1"), ("description", TEXT)] if is_whole else []
    body = "&".join(f"{_quoted(one)}={_quoted(value)}" for one, value in [*whole, *fields])
    headers = {"Idempotency-Key": name.encode("latin-1").decode("latin-1")}
    more: dict[str, Any] = {"content_type": kind or "application/x-www-form-urlencoded"}
    posted = client.post(f"{REQUESTS}.{form}", data=body.encode("utf-8", "replace"), headers=headers, **more)
    asked = client.get(f"{REQUESTS}.{form}", query_string=body[:4000])
    for answer in (posted, asked):
        assert answer.status_code in (200, 201, 400, 403, 404, 413, 415, 422, 429)
        told = json.loads(answer.data) if form == "json" else list(ET.fromstring(answer.data))
        assert isinstance(told, list)


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))
