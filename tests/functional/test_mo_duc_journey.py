"""Mộ Đức, 2022: an official who was not at the counter during hours. From the scan to the published answer.

A citizen tells it from the code on that counter, without scripts and without a name. The roster says who served there, so
the official and the only head of the commune are left out and the province takes the case: it asks, answers point by
point, a second officer lets the answer pass, and an edited copy is published. The official, the head and the neighbour
commune look for it in vain all the time: on every page, in searches, exports, messages and the record of acts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.accounts.contacts import services as contacts
from app.accounts.contacts.models import Level, OfficerContact
from app.accounts.roles import Role
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, CaseExclusion
from app.feedback.conflicts.duty import services as duty
from app.feedback.conflicts.kinds import Shift
from app.feedback.routing import table
from app.jobs.registry import Tools, job_named
from app.jobs.runner import run_job
from app.messages.models import OutboxMessage
from app.messages.states import Channel
from app.units.models import Unit
from tests.factories.case_acts import EVERYTHING
from tests.factories.cases import viewer
from tests.factories.law import load_law
from tests.factories.officers import PASSWORD, make_officer, sign_in, token_of
from tests.factories.places import make_unit
from tests.factories.surveys import make_survey
from tests.support.crawling import CHANGING, addresses, crawl, visit
from tests.support.door import CODE
from tests.support.servers import Server
from tools.look import VARIANTS, faults_of

MARK = "sáng-vắng-người"
TEXT = f"Thứ Sáu vừa rồi, {MARK}: quầy không có ai trong giờ làm việc. Tôi về rồi phải xin nghỉ để đi lần nữa."
POINTS = (f"{MARK}: quầy không có ai trong giờ.", "Tôi phải đi lần nữa.")
QUESTION = f"Ông/Bà đến lúc mấy giờ ({MARK})?"
REPLY = f"Từ 8 giờ đến 9 giờ, {MARK}."
ANSWERS = (
    f"Đã kiểm tra lịch trực ({MARK}): công chức rời quầy không xin phép, đã bị nhắc nhở bằng văn bản.",
    "Xin lỗi Ông/Bà; xã đã cử người trực thay khi có việc đột xuất.",
)
COPY = {
    "title": "Quầy không có người trong giờ làm việc",
    "question": "Quầy không có người trong giờ làm việc nên phải đi hai lần.",
    "answer": "Đã nhắc nhở bằng văn bản và cử người trực thay.",
}
OFFICIAL, HEAD, NEIGHBOUR = "vang.tran", "truong.le", "lang.gieng"
HANDLER, APPROVER = "xu.ly", "duyet.vo"
LIST, EXPORTS, WORDS, NEVER = "/officer/cases", "/officer/case-exports", "sang+vang+nguoi", "PA-22222-22222"
OF_CASES = (
    "/officer/case",
    "/officer/today",
    "/officer/public-answers",
    "/officer/exclusions",
    "/officer/duty",
    "/officer/audit",
)
IN_VAIN = (OFFICIAL, HEAD, NEIGHBOUR)


@dataclass(frozen=True)
class MoDuc:
    """The commune with its counter, who works there, and who looks on."""

    token: str
    commune_id: int
    province_id: int
    officers: dict[str, int]


@pytest.fixture
def place(database: Database) -> MoDuc:
    load_law(database)
    survey = make_survey(database)
    names = {
        survey.province_id: "Tỉnh Quảng Ngãi",
        survey.commune_id: "Xã Mộ Đức",
        survey.centre_id: "Trung tâm Phục vụ hành chính công xã Mộ Đức",
    }
    with database.transaction() as session:
        units = {unit_id: session.get_one(Unit, unit_id) for unit_id in names}
        for unit_id, unit in units.items():
            unit.names[0].name = names[unit_id]
        province, commune = units[survey.province_id], units[survey.commune_id]
        beside = make_unit(session, "21400", name="Xã Đức Nhuận", parent=province)
        people = {
            OFFICIAL: (Role.CASE_OFFICER, commune, "Trần Văn Vắng"),
            HEAD: (Role.UNIT_LEADER, commune, "Lê Thị Trưởng"),
            NEIGHBOUR: (Role.UNIT_LEADER, beside, "Đỗ Láng Giềng"),
            HANDLER: (Role.CASE_OFFICER, province, "Phạm Xử Lý"),
            APPROVER: (Role.UNIT_LEADER, province, "Võ Duyệt"),
        }
        officers = {
            name: make_officer(session, name, role=role, unit=unit, full_name=full).id
            for name, (role, unit, full) in people.items()
        }
        session.flush()
        # The desk of the commune takes what comes from its centre; who served at the counter stands in the roster.
        head = viewer(officers[HEAD], commune.id, permissions=EVERYTHING)
        table.set_route(session, head, table.Wanted(survey.centre_id, None, None, commune.id, officers[OFFICIAL]))
        there = duty.Duty(officers[OFFICIAL], "", 127, Shift.DAY, clock.local_date() - timedelta(days=60), None)
        duty.add(session, officers[HEAD], survey.counter_ids[0], [there])
        for name, officer_id in officers.items():
            _reachable(session, officer_id, f"{name}@quangngai.example.vn")
    return MoDuc(survey.token, survey.commune_id, survey.province_id, officers)


def _reachable(session: Session, officer_id: int, address: str) -> None:
    contacts.enter(session, officer_id, officer_id, Channel.EMAIL, address)
    found = session.get_one(OfficerContact, (officer_id, Channel.EMAIL))
    found.verified_at, found.level, found.code_mark, found.code_until = clock.now(), Level.EACH, None, None


@pytest.fixture
def phone_without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@dataclass
class Desks:
    """Browsers of officers at their desks."""

    browser: Browser
    server: Server

    @contextmanager
    def of(self, name: str) -> Iterator[Page]:
        """A window in which somebody has signed in."""
        context = self.browser.new_context(viewport={"width": 1366, "height": 768})
        try:
            page = context.new_page()
            page.goto(f"{self.server.url}/officer/sign-in")
            page.fill("#user_name", name)
            page.fill("#password", PASSWORD)
            press(page, "main form button.go")
            yield page
        finally:
            context.close()


def press(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def look(browser: Browser, page: Page) -> None:
    assert faults_of(browser, page.content(), VARIANTS["360"], VARIANTS["1366"]) == [], page.url


def tell(page: Page, server: Server, place: MoDuc) -> str:
    """From the code on the counter to the secret code, with nothing but what the pages offer."""
    page.goto(f"{server.url}/q/{place.token}")
    assert "xã Mộ Đức" in page.locator("main").inner_text()
    press(page, "a[href*='/feedback']")
    page.fill("textarea", TEXT)
    for _ in ("what happened", "kind"):
        press(page, "main form button.go")
    today = clock.local_date()
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    page.fill("#happened_on", f"{friday:%d/%m/%Y}")
    press(page, "main form button.go[name=go]")
    press(page, "main form button.go[name=go]")
    page.check("input[value=anonymous]")
    press(page, "main form button.go")
    press(page, "main form button.go")
    code = page.locator("p.code").first.inner_text()
    assert CODE.fullmatch(code)
    press(page, "main form button.go")
    return code


def come_back(page: Page, server: Server, code: str) -> str:
    page.goto(f"{server.url}/follow")
    if page.locator("#code").count():
        page.fill("#code", code)
        press(page, "main form button.go")
    page.goto(f"{server.url}/follow/case")
    return page.locator("main").inner_text()


def only_case(database: Database) -> Case:
    with database.reading() as session:
        return session.scalars(select(Case)).one()


def in_vain(client: FlaskClient, app: Flask, case: Case, *, follows_links: bool) -> None:
    """Nothing of the case on any page or file that somebody gets to, asked for by its address, its words or its number."""
    values = {"case_id": case.id, "number": "1", "key": case.id, "file_format": "csv"}
    within = "/officer" if follows_links else OF_CASES
    starts = addresses(app, values, only=lambda rule: rule.startswith(within))
    starts += [f"{LIST}?q={WORDS}", f"{EXPORTS}?q={WORDS}"]
    for address, said in (crawl(client, starts) if follows_links else visit(client, starts)).items():
        assert MARK not in said, address
        assert case.public_number not in said, address
        if f"/cases/{case.id}" in address:
            assert said.startswith(("404 ", "403 ")), (address, said[:300])
    for address in (LIST, EXPORTS, f"{LIST}/list.csv"):
        pages = []
        for number in (case.public_number, NEVER):
            answer = client.get(address, query_string={"q": number})
            pages.append((answer.status_code, CHANGING.sub("", answer.text.replace(number, ""))))
        assert pages[0] == pages[1], address


def exported_in_vain(client: FlaskClient) -> None:
    """Whoever may export cases is told that there is nothing to export."""
    page = client.get(EXPORTS)
    if page.status_code == 403:
        return
    data = {"csrf_token": token_of(page.text), "format": "json", "layout": "list"}
    made = client.post(EXPORTS, data=data)
    assert "Không có đơn nào phù hợp để xuất." in made.text


def _tools(database: Database, config: Config) -> Tools:
    return Tools(database, config, DayKeys(config.day_key_dir))


@pytest.mark.browser
def test_a4_a9_from_the_scan_to_the_published_answer_and_three_look_in_vain(
    app: Flask,
    browser: Browser,
    server: Server,
    phone_without_scripts: Page,
    place: MoDuc,
    database: Database,
    config: Config,
) -> None:
    phone, desks = phone_without_scripts, Desks(browser, server)
    code = tell(phone, server, place)
    case = only_case(database)
    assert (case.unit_id, case.assignee_id) == (place.province_id, None)  # routed to the commune, then a level up
    with database.reading() as session:
        out = {row.officer_id: row.rule for row in session.scalars(select(CaseExclusion))}
    assert set(out) == {place.officers[OFFICIAL], place.officers[HEAD]}
    assert "Tỉnh Quảng Ngãi" in come_back(phone, server, code)

    where = f"{server.url}/officer/cases/{case.id}"
    with desks.of(HANDLER) as desk:
        desk.goto(f"{server.url}/officer/cases")
        desk.get_by_role("link", name=case.public_number).first.click()
        assert MARK in desk.locator("blockquote").first.inner_text()
        for act, typed in (
            ("take-up", {}),
            ("set-points", {"#points": "\n\n".join(POINTS)}),
            ("ask", {"#text": QUESTION}),
        ):
            desk.goto(f"{where}/{act}")
            for field, words in typed.items():
                desk.fill(field, words)
            press(desk, "main form button.go")
            assert desk.url.startswith(where), desk.locator("main").inner_text()[:400]
        assert QUESTION in come_back(phone, server, code)
        phone.fill("#answer", REPLY)
        press(phone, "form[action*='/follow/answer'] button")
        desk.goto(f"{where}/answer")
        desk.check("input[name=outcome][value=solved]")
        for number, words in enumerate(ANSWERS, 1):
            desk.fill(f"[name=answer-{number}]", words)
        press(desk, "button[name=step][value=preview]")
        press(desk, "button[name=step][value=submit]")
    assert only_case(database).state is State.AWAITING_APPROVAL

    with desks.of(HEAD) as desk:
        refused = desk.goto(where)
        assert refused is not None
        assert refused.status == 404
        for sought in (WORDS, case.public_number):
            desk.goto(f"{server.url}{LIST}?q={sought}")
            assert "Không có việc nào phù hợp" in desk.locator("main").inner_text()

    with desks.of(APPROVER) as desk:
        desk.goto(f"{where}/answer/approval")
        assert ANSWERS[0] in desk.locator("main").inner_text()
        press(desk, "main form button.go")
        assert only_case(database).state is State.CLOSED
        read = come_back(phone, server, code)
        assert [part for part in (*POINTS, *ANSWERS) if part not in read] == []
        look(browser, phone)

        tools = _tools(database, config)
        for job in ("tell-news", "remind", "send-digests", "follow-conflicts"):
            found = job_named(job)
            assert found is not None
            run_job(found, tools)
        with database.reading() as session:
            told = [row.about or "" for row in session.scalars(select(OutboxMessage))]
        assert not [one for one in told for name in IN_VAIN if one == f"case:{case.id}:{place.officers[name]}"]
        for name in IN_VAIN:
            client = app.test_client()
            sign_in(client, name)
            in_vain(client, app, case, follows_links=name == HEAD)
            exported_in_vain(client)

        desk.goto(f"{where}/publication")
        for field, words in COPY.items():
            desk.fill(f"#{field}", words)
        desk.check("input[name=basis][value=anonymised]")
        press(desk, "button[name=step][value=preview]")
        press(desk, "button[name=step][value=final]")
    phone.goto(f"{server.url}/answers")
    phone.get_by_role("link", name=COPY["title"]).first.click()
    public = phone.locator("main").inner_text()
    assert COPY["answer"] in public
    assert MARK not in phone.content()
    assert case.public_number not in phone.content()
    look(browser, phone)
    for name in IN_VAIN:
        client = app.test_client()
        sign_in(client, name)
        assert client.get(f"/officer/cases/{case.id}").status_code == 404
        assert client.get(f"/officer/cases/{case.id}/publication").status_code in (403, 404)
