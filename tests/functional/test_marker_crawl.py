"""D2, D3, D8: what people type and what addresses ask for is never script and never SQL, on any page."""

import html
import itertools
import re
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.analysis.day_closing import close_due_days
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.feedback.cases.models import Case, CaseExclusion
from app.survey.models import SurveyRound
from app.units.models import Counter, Field, Unit
from app.web.access import guard_of
from tests.factories.duty import make_duty
from tests.factories.law import load_law
from tests.factories.officers import make_officer
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock
from tests.support.door import Visitor, code_of
from tests.support.examples import examples
from tests.support.limits import end_minute

MARKER = "<script>alert('X1')</script>\"'"
LINK = re.compile(r"""\shref="([^"]+)""")
NASTY = (  # every fourth is one that a database may stumble over
    "\x00",
    "\"><script>alert('X1')</script>",
    "'",
    "x" * 5000,
    "99999999999999999999",
    "-1",
    "0",
    "1 OR 1=1",
    "%' UNION SELECT 1,2,3 --",
    "1; DROP TABLE unit; --",
    "../../etc/passwd",
    "{{7*7}}",
    "Ạ\u0301\u202e𝟙٣",
    "2026-13",
    "0000",
)
NAMES = ("q", "page", "period", "channel", "kind", "field", "counter", "formula", "round", "lang", "again", "next")
MORE_NAMES = ("unit", "status", "type", "layout", "sort", "order", "role", "version", "parent", "into", "on", "format")


@pytest.fixture
def survey(app: Flask, database: Database, day_keys: DayKeys, clock: SettableClock) -> Surveyed:
    """Everything that can be named is named with the marker, and answered often enough to be shown."""
    made = make_survey(database)
    with database.transaction() as session:
        for unit_id in (made.province_id, made.commune_id, made.centre_id):
            for name in session.get_one(Unit, unit_id).names:
                name.name = f"{name.name} {MARKER}"
        counter = session.get_one(Counter, made.counter_ids[0])
        counter.name = MARKER
        counter.fields.append(Field(name=MARKER, folded="script"))
        session.get_one(SurveyRound, made.round_id).name = MARKER
        make_officer(session, "marked", full_name=MARKER)
    for _ in range(12):
        citizen = Citizen(app.test_client(), made.token)
        assert citizen.answer(4, q_comment=MARKER, q_kind="1").status_code == 303
        end_minute(app)
    load_law(database)
    for _ in range(2):  # the second one is likely about the same matter
        assert code_of(Visitor(app.test_client(), made.token).whole_way(text=MARKER))
    with database.transaction() as session:
        marked = session.scalars(select(Officer.id).where(Officer.username == "marked")).one()
        make_duty(session, made.counter_ids[0], MARKER, by=marked)
        # Whoever bears the marker is named in the text, so excluded by rule, which Home Affairs reads.
        assert set(session.scalars(select(CaseExclusion.officer_id))) == {marked}
    close_due_days(database, day_keys, today=clock.next_day(), least=10)
    return made


@pytest.fixture(params=["public", "administrator", "home_affairs", "unit_leader"])
def reader(
    request: pytest.FixtureRequest,
    app: Flask,
    survey: Surveyed,
    database: Database,
    signed_in_client: Callable[..., FlaskClient],
) -> FlaskClient:
    if request.param == "public":
        return app.test_client()
    role = Role(request.param)
    if role is not Role.UNIT_LEADER:
        return signed_in_client(role)
    with database.reading() as session:
        centre = session.get_one(Unit, survey.centre_id)
    return signed_in_client(role, centre)


@pytest.fixture
def case_id(survey: Surveyed, database: Database) -> str:
    """One of the cases."""
    with database.reading() as session:
        return session.scalars(select(Case.id).order_by(Case.id)).first() or ""


def starts(app: Flask, survey: Surveyed, case_id: str = "1") -> list[str]:
    """Every GET address, with numbers that exist."""
    values = {
        "token": survey.token,
        "unit_code": survey.centre_code,
        "filename": "css/public.css",
        "file_format": "csv",
        "draft_id": "00000000-0000-0000-0000-000000000000",
        "key": "x",
        "unit_id": str(survey.centre_id),
        "counter_id": str(survey.counter_ids[0]),
        "round_id": str(survey.round_id),
        "case_id": case_id,
    }
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    guarded = [rule.rule for rule in rules if guard_of(app.view_functions[rule.endpoint])]
    return [re.sub(r"<(?:[^<>]*:)?([a-z_]+)>", lambda name: values.get(name[1], "1"), rule) for rule in guarded]


def visit(client: FlaskClient, address: str) -> str:
    """The text of an HTML page, escaped as it must be; "" for a file."""
    answer = client.get(address, buffered=True)
    assert answer.status_code < 500, address
    if answer.mimetype != "text/html":
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return ""
    text = answer.text
    assert "<script>alert" not in text.lower(), address
    assert MARKER not in text, address
    return text


@pytest.mark.any_database
def test_d2_a_marker_in_every_text_is_escaped_on_every_page(
    app: Flask, survey: Surveyed, case_id: str, reader: FlaskClient
) -> None:
    waiting = deque(starts(app, survey, case_id))
    seen: set[str] = set()
    shown = 0
    while waiting:
        address = waiting.popleft()
        shape = re.sub(r"\d+", "1", address)
        if address in seen or sum(re.sub(r"\d+", "1", one) == shape for one in seen) >= 3:
            continue
        seen.add(address)
        text = visit(reader, address)
        shown += "alert(" in html.unescape(text)
        for link in map(html.unescape, LINK.findall(text)):
            parts = urlsplit(link)
            if not parts.netloc and parts.path.startswith("/"):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert len(seen) >= 15
    assert shown >= 4  # the marker was met, and escaped each time


def test_d3_d8_no_query_breaks_a_page_or_comes_back_raw(app: Flask, survey: Surveyed, reader: FlaskClient) -> None:
    for place, address in enumerate(starts(app, survey)):
        if address.startswith("/static") or address.endswith((".pdf", ".png")):
            continue
        for value in NASTY[:: examples(1, 4)]:
            answer = reader.get(address, query_string=dict.fromkeys((*NAMES, *MORE_NAMES), value), buffered=True)
            assert answer.status_code < 500, (address, value[:30])
            assert answer.mimetype != "text/html" or "<script>alert" not in answer.text.lower(), (address, value[:30])
        if reader.get(address, buffered=True).status_code != 200:
            continue
        for at, name in enumerate(NAMES[: examples(len(NAMES), 1)]):
            value = NASTY[1 + (place + at) % 4]  # over all addresses every name meets every value
            answer = reader.get(address, query_string={name: value}, buffered=True)
            assert answer.status_code < 500, (address, name, value[:30])


def test_d3_d8_nasty_parts_of_an_address_are_unknown_never_a_fault(app: Flask, survey: Surveyed) -> None:
    client = app.test_client()
    places = ("/q/{}", "/q/{}/more/x", "/q/{}/feedback", "/results/{}", "/feedback/{}")
    for place, value in itertools.product(places, NASTY):
        answer = client.get(place.format(value.replace("/", "%2F").replace("%'", "%25'")), buffered=True)
        assert answer.status_code in (200, 303, 308, 400, 404, 405, 410), (place, value[:30])
        assert "<script>alert" not in answer.text.lower()
