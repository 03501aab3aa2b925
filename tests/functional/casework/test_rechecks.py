"""Home Affairs draws closed cases by lot and looks at them again: who may, what is shown, what cannot be changed."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.models import Officer
from app.accounts.roles import Role
from app.analysis.casework import findings, rechecks
from app.analysis.casework.drawing import draw
from app.analysis.casework.models import RecheckCase, RecheckDraw
from app.audit.models import AuditEvent
from app.clock import now
from app.errors import Invalid
from app.feedback.cases.kinds import Outcome, State
from app.feedback.cases.models import Case, CaseErasure, CaseExclusion, Erased
from app.web.permissions import Permission
from tests.factories.cases import viewer
from tests.factories.officers import make_officer, sign_in, token_of
from tests.functional.casework.conftest import Office
from tests.support.clock import SettableClock

PAGE = "/officer/rechecks"
FINDINGS = "/officer/findings"
HOME = frozenset({Permission.CASES_READ, Permission.CASES_RECHECK})


def sign_in_again(office: Office, name: str) -> FlaskClient:
    client = office.app.test_client()
    assert sign_in(client, name).status_code == 303
    return client


def _closed(office: Office, count: int, unit_id: int, outcome: Outcome = Outcome.SOLVED) -> list[str]:
    keys = [office.open(unit_id=unit_id, counter_id=None).case_id for _ in range(count)]
    with office.database.transaction() as session:
        values = {"state": State.CLOSED, "outcome": outcome, "closed_on": SettableClock().today}
        session.execute(update(Case).where(Case.id.in_(keys)).values(**values))
    return keys


def test_a_sample_is_drawn_checked_and_judged_by_unit(office: Office) -> None:
    one = _closed(office, 6, office.places.commune)
    _closed(office, 4, office.places.other, Outcome.NOT_ACCEPTED)
    office.open()  # not closed: in no sample
    client = office.officer("noi-vu", Role.HOME_AFFAIRS)
    page = client.get(PAGE)
    for typed in ({}, {"period": "2026", "wanted": "0"}, {"period": "2026", "wanted": "x"}, {"period": "1", "wanted": "3"},
                  {"period": "2026", "wanted": "9999"}):  # fmt: skip
        refused = client.post(PAGE, data=typed | {"csrf_token": token_of(page.text)})
        assert refused.status_code == 400, typed
    made = client.post(PAGE, data={"csrf_token": token_of(page.text), "period": "2026", "wanted": "5"})
    shown = client.get(made.headers["Location"])
    links = re.findall(rf'href="({PAGE}/1/[0-9a-f]+)"', shown.text)
    assert len(links) == 5
    assert "5 đơn rút từ 10 đơn kết thúc" in shown.text
    with office.database.reading() as session:
        found = session.scalars(select(RecheckDraw)).one()
        rows = session.execute(select(Case.id, Case.unit_id, Case.outcome).where(Case.closed_on.is_not(None))).all()
        strata: dict[tuple[int, Outcome], list[str]] = {}
        for row in sorted(rows, key=lambda row: (row.unit_id, str(row.outcome))):
            assert row.outcome is not None
            strata.setdefault((row.unit_id, row.outcome), []).append(row.id)
        again = {key for ids in draw(strata, 5, found.seed).values() for key in ids}
        assert again == set(session.scalars(select(RecheckCase.case_id)))
        assert len(again & set(one)) == 3
    form = client.get(links[0])
    for typed in ({}, {"finding": "bad"}, {"finding": "x", "words": "a"}, {"finding": "bad", "words": "a" * 3000}):
        refused = client.post(links[0], data=typed | {"csrf_token": token_of(form.text)})
        assert refused.status_code == 400, typed
    typed = {"csrf_token": token_of(form.text), "finding": "bad", "words": "Chưa trả lời ý thứ hai."}
    assert client.post(links[0], data=typed).status_code == 303
    for link in links[1:]:
        assert client.post(link, data=typed | {"finding": "good", "words": ""}).status_code == 303
    result = client.get(f"{PAGE}/1").text
    assert "80,0\u00a0%" in result
    assert "Chưa trả lời ý thứ hai." in result
    with office.database.reading() as session:
        acts = [row.action for row in session.scalars(select(AuditEvent)) if "recheck" in row.action]
        assert acts.count("case:draw-recheck") == 1
        assert acts.count("case:note-recheck") == 5
        assert "Chưa trả lời" not in str([row.detail for row in session.scalars(select(AuditEvent))])


def test_a4_whoever_is_excluded_meets_the_case_in_no_sample(office: Office) -> None:
    (key,) = _closed(office, 1, office.places.commune)
    _closed(office, 1, office.places.other)
    client = office.officer("noi-vu", Role.HOME_AFFAIRS)
    token = token_of(client.get(PAGE).text)
    client.post(PAGE, data={"csrf_token": token, "period": "2026", "wanted": "5"})
    assert key in client.get(f"{PAGE}/1").text
    with office.database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == "noi-vu")).one()
        session.add(CaseExclusion(case_id=key, officer_id=officer, rule="concerned", since=now()))
    listed = client.get(f"{PAGE}/1").text
    assert key not in listed
    assert "Bãi Cháy" not in listed
    for address in (f"{PAGE}/1/{key}", f"{PAGE}/1/{'0' * 24}", f"{PAGE}/2", f"{PAGE}/1/%00"):
        assert client.get(address).status_code == 404
    assert client.post(f"{PAGE}/1/{key}", data={"csrf_token": token, "finding": "good"}).status_code == 404
    client.post(PAGE, data={"csrf_token": token, "period": "2026", "wanted": "5"})
    with office.database.reading() as session:
        assert session.scalars(select(RecheckDraw.population).order_by(RecheckDraw.id)).all() == [2, 1]
    assert office.officer("truong", Role.UNIT_LEADER, office.places.commune).get(PAGE).status_code == 403


def _noted(office: Office, key: str, words: str = "Chưa trả lời ý thứ hai.", finding: str = "bad") -> None:
    """Home Affairs draws all closed cases and notes something about one."""
    client = office.officer("noi-vu", Role.HOME_AFFAIRS)
    token = token_of(client.get(PAGE).text)
    client.post(PAGE, data={"csrf_token": token, "period": "2026", "wanted": "50"})
    noted = client.post(f"{PAGE}/1/{key}", data={"csrf_token": token, "finding": finding, "words": words})
    assert noted.status_code == 303


def test_the_unit_reads_what_was_found_and_says_something_to_it(office: Office, leader: FlaskClient) -> None:
    key, unread = _closed(office, 2, office.places.commune)
    other = _closed(office, 1, office.places.other)[0]
    _noted(office, key)
    listed = leader.get(FINDINGS).text
    assert "Chưa có ý kiến" in listed
    assert f"{FINDINGS}/1/{key}" in listed
    assert unread not in listed  # which cases wait to be read the unit does not learn
    assert other not in listed
    assert "Kiểm tra lại" not in leader.get(f"/officer/cases/{unread}").text.partition("<main")[2]
    case = leader.get(f"/officer/cases/{key}").text
    assert "Chưa trả lời ý thứ hai." in case
    assert f'href="{FINDINGS}/1/{key}"' in case
    form = leader.get(f"{FINDINGS}/1/{key}")
    token = token_of(form.text)
    for words, status in (("", 400), (" \u200b", 400), ("a" * 3000, 400), ("Đã gửi trả lời bổ sung.", 303)):
        answer = leader.post(f"{FINDINGS}/1/{key}", data={"csrf_token": token, "words": words})
        assert answer.status_code == status, words[:9]
    assert leader.post(f"{FINDINGS}/1/{key}", data={"words": "không mã"}).status_code == 400
    assert "Đã gửi trả lời bổ sung." in leader.get(f"/officer/cases/{key}").text
    assert "Đã có ý kiến" in leader.get(f"{FINDINGS}?said=yes&found=bad&q=PA").text
    assert leader.get(f"{FINDINGS}/list.csv?said=yes").text.count("Chưa đạt") == 1
    with office.database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == "noi-vu")).one()
        rechecks.note(session, viewer(officer, permissions=HOME), 1, key, is_good=True, words="")
        detail = [row.detail for row in session.scalars(select(AuditEvent)) if row.action == "case:answer-recheck"]
        assert detail == [{"draw": 1, "number": 1}]
    again = leader.get(f"{FINDINGS}/1/{key}").text
    assert "khi kết quả kiểm tra còn khác" in again
    home = sign_in_again(office, "noi-vu")
    assert "Đã gửi trả lời bổ sung." in home.get(f"{PAGE}/1").text
    assert "Đã gửi trả lời bổ sung." in home.get(f"{PAGE}/1/{key}").text


def test_a4_what_was_found_exists_for_no_neighbour_handler_or_excluded_leader(
    office: Office, leader: FlaskClient
) -> None:
    (key,) = _closed(office, 1, office.places.commune)
    _noted(office, key)
    address = f"{FINDINGS}/1/{key}"
    neighbour = office.officer("truong-hai", Role.UNIT_LEADER, office.places.other)
    assert key not in neighbour.get(FINDINGS).text
    assert neighbour.get(address).status_code == 404
    assert (
        neighbour.post(address, data={"csrf_token": token_of(neighbour.get(FINDINGS).text), "words": "x"}).status_code
        == 404
    )
    handler = office.officer("can-bo", Role.CASE_OFFICER, office.places.commune)
    assert handler.get(FINDINGS).status_code == handler.get(address).status_code == 403
    assert "Chưa trả lời ý thứ hai." not in handler.get(f"/officer/cases/{key}").text
    for odd in (f"{FINDINGS}/2/{key}", f"{FINDINGS}/1/%00", f"{FINDINGS}/{2**70}/{key}"):
        assert leader.get(odd).status_code == 404, odd
    with office.database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == "leader")).one()
        session.add(CaseExclusion(case_id=key, officer_id=officer, rule="concerned", since=now()))
    assert key not in leader.get(FINDINGS).text
    assert leader.get(address).status_code == 404


def test_nobody_answers_their_own_finding_nor_adds_to_erased_words(office: Office) -> None:
    first, second = _closed(office, 2, office.places.commune)
    _noted(office, first)
    both = HOME | {Permission.CASES_APPROVE}
    with office.database.transaction() as session:
        officer = session.scalars(select(Officer.id).where(Officer.username == "noi-vu")).one()
        other = make_officer(session, "khac", role=Role.AUDITOR).id
        with pytest.raises(Invalid, match="người ghi kết quả"):
            findings.answer(session, viewer(officer, permissions=both), 1, first, "Đúng rồi.")
        for key in (first, second):
            session.add(CaseErasure(case_id=key, what=Erased.WORDS, erased_on=SettableClock().today, batch="x"))
        session.flush()
        with pytest.raises(Invalid, match="đã xóa"):
            findings.answer(session, viewer(other, permissions=both), 1, first, "Đúng rồi.")
        with pytest.raises(Invalid, match="đã xóa"):
            rechecks.note(session, viewer(officer, permissions=HOME), 1, second, is_good=False, words="Chưa rõ.")
        today = SettableClock().today
        with pytest.raises(Invalid, match="Không có đơn"):
            rechecks.make(session, viewer(officer, permissions=HOME), today, today, 5)
