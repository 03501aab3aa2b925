"""Assigning, passing on and back, many at once, saved views and routes, as officers do it with their browsers."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.feedback.cases.models import Case
from app.feedback.routing.models import DeskRoute
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, Send, hidden
from tests.support.crawling import CHANGING

MARK = "zqxdau"
LIST = "/officer/cases"
REASON = "Việc này do phường kia phụ trách."
LOOKED_AT = (
    LIST,
    f"{LIST}?q={MARK}",
    *(f"{LIST}?{query}" for query in ("mine=none&measure=unfinished", "due=late", "due=soon", "state=received")),
    "/officer/today",
    "/officer/case-routes",
    "/officer/case-exports",
)


def officer_id(office: Office, name: str) -> int:
    with office.database.reading() as session:
        return session.scalars(select(Officer.id).where(Officer.username == name)).one()


def of_case(office: Office, case_id: str) -> Case:
    with office.database.reading() as session:
        return session.get_one(Case, case_id)


def tabs(client: FlaskClient, query: str = "") -> dict[str, int]:
    nav = re.search(r'<nav class="tabs".*?</nav>', client.get(f"{LIST}{query}").text, re.DOTALL)
    assert nav is not None
    found = re.findall(r'>([^<]+) <span class="figure">(\d+)</span>', nav[0])
    return {label: int(count) for label, count in found}


def looked_at(client: FlaskClient, addresses: Sequence[str]) -> dict[str, str]:
    """What stands on each page, without what differs from one drawing to the next or repeats what was asked."""
    found = {}
    for one in addresses:
        answer = client.get(one)
        text = CHANGING.sub("", answer.text).replace(f'value="{MARK}"', "")
        found[one] = f"{answer.status_code} {re.sub(f'q={MARK}|· {MARK}', '', text)}"
    return found


def test_a9_after_a_transfer_nothing_is_left_where_it_was(office: Office, act: Send) -> None:
    """Page, files, search, list, counts, export, an open form: all answer as for a case that never was."""
    there = office.officer("there", Role.UNIT_LEADER, office.places.other)
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    handler = office.officer("handler.old", Role.CASE_OFFICER, office.places.commune)
    office.open(text="Việc ở lại")
    before = [looked_at(client, LOOKED_AT) for client in (leader, handler)]
    case_id = office.open(
        text=f"Nội dung {MARK}", file_ids=(office.file(),), contact=replace(CONTACT, name=MARK)
    ).case_id
    act(leader, case_id, "take-up")
    act(leader, case_id, "assign", assignee=str(officer_id(office, "handler.old")))
    open_form = hidden(handler.get(f"{LIST}/{case_id}/pause").text)
    assert MARK in handler.get(f"{LIST}?mine=1&measure=unfinished").text
    answer = act(leader, case_id, "transfer", to=str(office.places.other), ground="beside", reason=f"{MARK} {REASON}")
    assert (answer.status_code, answer.location) == (303, f"{LIST}?done=transfer")
    assert (of_case(office, case_id).unit_id, of_case(office, case_id).assignee_id) == (office.places.other, None)
    for client, known in zip((leader, handler), before, strict=True):
        assert looked_at(client, LOOKED_AT) == known
        forbidden = [f"{LIST}/{case_id}{one}" for one in ("", "/files/1", "/contact", "/answer", "/assign", "/pause")]
        unknown = looked_at(client, [one.replace(case_id, "0" * 24) for one in forbidden])
        assert list(looked_at(client, forbidden).values()) == list(unknown.values())
        assert {text[:3] for text in unknown.values()} == {"404"}
        assert leader.get(f"{LIST}/bulk?act=assign&case={case_id}.3").text.count(case_id) == 0
    assert handler.post(f"{LIST}/{case_id}/pause", data=open_form | {"document": "Công văn 1"}).status_code == 404
    assert MARK in there.get(f"{LIST}/{case_id}").text
    assert there.get(f"{LIST}/{case_id}/files/1").status_code == 200
    assert (
        act(there, case_id, "send-back", words="Không phải việc của phường này.").location == f"{LIST}?done=send-back"
    )
    assert looked_at(there, [f"{LIST}/{case_id}"]) != looked_at(leader, [f"{LIST}/{case_id}"])
    assert "Không phải việc của phường này." in leader.get(f"{LIST}/{case_id}").text


def test_tabs_count_what_stands_behind_them(office: Office, leader: FlaskClient, act: Send) -> None:
    cases = [office.open() for _ in range(3)]
    office.open(unit_id=office.places.other, counter_id=None)
    assert act(leader, cases[0].case_id, "take-up").status_code == 303
    due = {"Quá hạn": 0, "Sắp đến hạn": 0, "Đề nghị chờ quyết định": 0}
    assert tabs(leader) == {"Tất cả": 3, "Chưa giao": 2, "Của tôi": 1} | due
    for label, query in (("Chưa giao", "mine=none&measure=unfinished"), ("Của tôi", "mine=1&measure=unfinished")):
        page = leader.get(f"{LIST}?{query}").text
        assert page.count('name="case"') == tabs(leader)[label]
        assert f'aria-current="page">{label}' in page
    act(leader, cases[0].case_id, "unassign")
    assert tabs(leader)["Chưa giao"] == 3
    with pytest.raises(AssertionError):  # nobody has it, so there is nothing to take back
        assert "unassign" in leader.get(f"{LIST}/{cases[0].case_id}").text


def test_many_cases_at_once_each_by_itself(office: Office, leader: FlaskClient, act: Send) -> None:
    cases = [office.open() for _ in range(3)]
    foreign = office.open(unit_id=office.places.other, counter_id=None, text=f"Nội dung {MARK}")
    office.officer("binh.vo", Role.CASE_OFFICER, office.places.commune)
    chosen = [f"{one.case_id}.1" for one in (*cases, foreign)]
    page = leader.get(f"{LIST}/bulk", query_string={"act": "assign", "case": chosen})
    assert foreign.public_number not in page.text
    assert page.text.count("Vì sao ngày này?") == len(cases)
    data = {"csrf_token": hidden(page.text)["csrf_token"], "act": "assign", "case": chosen}
    assert leader.post(f"{LIST}/bulk", data=data | {"assignee": ""}).status_code == 400
    emptied = leader.post(f"{LIST}/bulk", data=data | {"case": [], "offered": chosen})
    assert (emptied.status_code, 'href="#cases"' in emptied.text) == (400, True)
    assert (emptied.text.count('name="case"'), " checked" in emptied.text) == (3, False)
    act(leader, cases[0].case_id, "take-up")
    answer = leader.post(f"{LIST}/bulk", data=data | {"assignee": str(officer_id(office, "binh.vo"))})
    assert answer.status_code == 409
    assert "Đã làm xong 2 đơn. Chưa làm được 2 đơn" in answer.text
    assert (cases[0].public_number in answer.text, foreign.public_number in answer.text) == (True, False)
    assert f'value="{cases[0].case_id}.2"' in answer.text  # to do it again on what it is now
    assert of_case(office, foreign.case_id).assignee_id is None
    moving = data | {"act": "transfer", "case": [f"{one.case_id}.2" for one in cases], "reason": REASON}
    moving |= {"to": "", "to_typed": "phường hồng gai", "ground": "beside"}
    assert leader.post(f"{LIST}/bulk", data=moving).status_code == 409  # nobody works there yet
    office.officer("there", Role.CASE_OFFICER, office.places.other)
    assert leader.post(f"{LIST}/bulk", data=moving).status_code == 303
    assert {of_case(office, one.case_id).unit_id for one in cases} == {office.places.other}
    for strange in (
        {"act": "close"},
        {"case": "x" * 10_000},
        {"case": ["\x00.1", "-1.-1"]},
        {"reason": "r" * 99_999},
        {"to": "9" * 30},
        {"ground": ["beside", "above"]},
        {"more": "1"},
        {"csrf_token": "0"},
    ):
        assert leader.post(f"{LIST}/bulk", data=moving | strange).status_code in (400, 409), strange
    assert leader.get(f"{LIST}/bulk?act=drop&case=1").status_code == 400
    none = leader.get(f"{LIST}/bulk", query_string={"act": "take_up", "list": "mine=none&sort=unit&evil=1"})
    assert none.location == f"{LIST}?mine=none&sort=unit&done=none-ticked"
    assert "Chưa có đơn nào được đánh dấu" in leader.get(none.location).text


def test_what_was_typed_comes_back_and_a_unit_that_is_not_clear_is_offered(
    office: Office, leader: FlaskClient, act: Send
) -> None:
    case = office.open()
    answer = act(leader, case.case_id, "transfer", to="", to_typed="phường", ground="transfer", reason=REASON)
    assert answer.status_code == 400
    assert (REASON in answer.text, "Phường Hồng Gai" in answer.text) == (True, True)
    typed = {"to": "", "ground": "above", "reason": REASON}
    for to_typed in ("", "không có", "\x00" * 3, "x" * 5000):
        assert act(leader, case.case_id, "transfer", to_typed=to_typed, **typed).status_code == 400
    stale = hidden(leader.get(f"{LIST}/{case.case_id}/assign").text)
    act(leader, case.case_id, "take-up")
    again = leader.post(f"{LIST}/{case.case_id}/assign", data=stale | {"assignee": "1"})
    assert again.status_code == 409
    assert "Những gì đã thay đổi" in again.text


def test_saved_views_are_an_officers_own(office: Office, leader: FlaskClient) -> None:
    wanted = "q=nắng&state=received"
    page = leader.get(f"{LIST}/views?{wanted}&page=7&more=1").text
    form = hidden(page.replace("&amp;", "&"))
    assert form["query"] == "q=n%E1%BA%AFng&state=received"
    assert leader.post(f"{LIST}/views", data=form | {"name": " "}).status_code == 400
    saved = leader.post(f"{LIST}/views", data=form | {"name": "Nắng <b>"})
    assert saved.status_code == 303
    assert "Nắng &lt;b&gt;" in leader.get(saved.location).text
    other = office.officer("there", Role.UNIT_LEADER, office.places.commune)
    key = re.search(r"/officer/cases/views/([0-9a-f]+)/drop", leader.get(f"{LIST}/views").text)
    assert key is not None
    assert "Nắng" not in other.get(LIST).text
    drop = f"{LIST}/views/{key[1]}/drop"
    assert other.post(drop, data={"csrf_token": hidden(other.get(LIST).text)["csrf_token"]}).status_code == 404
    token = {"csrf_token": form["csrf_token"]}
    assert leader.post(drop.replace(key[1], "\x00x"), data=token).status_code == 404
    assert leader.post(drop, data={}).status_code == 400
    assert leader.post(drop, data=token).status_code == 303
    assert "Nắng" not in leader.get(LIST).text
    for _ in range(21):
        last = leader.post(f"{LIST}/views", data=form | {"name": f"Bộ lọc {_}"})
    assert last.status_code == 400


def test_routes_are_set_changed_and_ended_on_their_pages(office: Office, leader: FlaskClient) -> None:
    office.officer("binh.vo", Role.CASE_OFFICER, office.places.commune)
    there = office.officer("there", Role.UNIT_LEADER, office.places.other)
    token = {"csrf_token": hidden(leader.get("/officer/case-routes/new").text)["csrf_token"]}
    wanted = token | {"unit": "C1", "field": "", "kind": "petition", "to_unit": "phường bãi cháy"}
    for wrong in ({"unit": "C2"}, {"to_unit": "C2"}, {"kind": "denunciation"}, {"field": "77"}, {"field": "x"}):
        answer = leader.post("/officer/case-routes/new", data=wanted | wrong)
        assert (answer.status_code, 'class="wrong"' in answer.text) == (400, True), wrong
    assert leader.post("/officer/case-routes/new", data=wanted | {"assignee": "1"}).status_code == 400
    made = leader.post("/officer/case-routes/new", data=wanted)
    assert made.status_code == 303
    page = made.location.partition("?")[0]
    assert "chưa giữ đơn nào" in leader.get(page).text
    changed = leader.post(page, data=token | {"assignee": str(officer_id(office, "binh.vo"))})
    assert changed.status_code == 303
    case = office.open()
    assert of_case(office, case.case_id).assignee_id == officer_id(office, "binh.vo")
    assert there.get(changed.location).status_code == 404
    assert leader.get(page).status_code == 404  # it ended when another took its place
    end = f"{changed.location.partition('?')[0]}/end"
    assert leader.post(end, data=token).status_code == 303
    assert leader.post(end, data=token).status_code == 404
    assert "Phường Bãi Cháy" not in re.sub(r"<option.*?</option>", "", leader.get("/officer/case-routes").text)
    assert leader.get("/officer/case-routes?state=ended").text.count("Phường Bãi Cháy") >= 2
    with office.database.reading() as session:
        assert len(session.scalars(select(DeskRoute.id)).all()) == 2


def test_many_cases_offer_only_who_may_have_them_all_and_name_those_that_cannot(office: Office, act: Send) -> None:
    above = office.officer("tinh", Role.UNIT_LEADER, office.places.province)
    office.officer("binh.vo", Role.CASE_OFFICER, office.places.commune)
    office.officer("lan.vo", Role.CASE_OFFICER, office.places.other)
    mine, theirs = office.open(), office.open(unit_id=office.places.other, counter_id=None)
    both = [f"{mine.case_id}.1", f"{theirs.case_id}.1"]
    page = above.get(f"{LIST}/bulk", query_string={"act": "assign", "case": both}).text
    assert f'value="{officer_id(office, "binh.vo")}"' not in page
    assert (page.count("Phường Hồng Gai"), page.count("Phường Bãi Cháy")) == (1, 1)
    alone = above.get(f"{LIST}/bulk", query_string={"act": "assign", "case": both[:1]}).text
    assert f'value="{officer_id(office, "binh.vo")}"' in alone
    assert act(above, mine.case_id, "take-up").status_code == 303
    page = above.get(f"{LIST}/bulk", query_string={"act": "take_up", "case": both}).text
    assert "Ông/Bà sẽ là người xử lý đơn này." in page
    assert "Không làm được việc này với 1 đơn" in page
    assert f'value="{mine.case_id}.' not in page


def test_accepting_leaves_the_case_with_whoever_was_given_it(office: Office, leader: FlaskClient, act: Send) -> None:
    one, other, free = (office.open() for _ in range(3))
    office.officer("binh.vo", Role.CASE_OFFICER, office.places.commune)
    binh = officer_id(office, "binh.vo")
    for case in (one, other):
        assert act(leader, case.case_id, "assign", assignee=str(binh)).status_code == 303
    assert "người này vẫn xử lý" in leader.get(f"{LIST}/{one.case_id}/take-up").text
    done = act(leader, one.case_id, "take-up")
    assert of_case(office, one.case_id).assignee_id == binh
    page = html.unescape(leader.get(done.location).text)
    assert page.count("Người đã được giao vẫn là người xử lý.") == 2  # what was done, and the line of the history
    chosen = [f"{other.case_id}.2", f"{free.case_id}.1"]
    form = leader.get(f"{LIST}/bulk", query_string={"act": "take_up", "case": chosen}).text
    assert "Ông/Bà sẽ là người xử lý 1 đơn. 1 đơn đã giao cho người khác" in form
    data = {"csrf_token": hidden(form)["csrf_token"], "act": "take_up", "case": chosen}
    assert leader.post(f"{LIST}/bulk", data=data).location == f"{LIST}?done=bulk-take-up"
    given = [of_case(office, case.case_id).assignee_id for case in (other, free)]
    assert given == [binh, officer_id(office, "leader")]
