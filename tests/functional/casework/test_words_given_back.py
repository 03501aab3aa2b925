"""Whoever loses a case while writing gets back their own words, and not a word of the case."""

import html
import re
from typing import Any

from sqlalchemy import select

from app.accounts.models import Officer
from app.accounts.roles import Role
from tests.functional.casework.conftest import Office, Send, hidden

LIST = "/officer/cases"
SECRET = "Nội dung MARKERCASE"
LONG = "Chúng tôi đã kiểm tra quầy số 3 sáng thứ hai.\nXin cảm ơn <b>Ông/Bà</b>."
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("answer", {"outcome": "solved", "answer-1": LONG, "step": "save", "into": "1"}),
    ("notes", {"note": LONG}),
    ("pause", {"document": LONG}),
    ("ask", {"text": LONG, "answer_until": "2026-12-01"}),
    ("set-points", {"points": LONG}),
    ("transfer", {"to_typed": "C2", "ground": "beside", "reason": LONG}),
)
CHANGING = re.compile(r'value="[0-9a-f]{64}"|nonce="[^"]*"')


def given_back(answer: Any) -> list[str]:
    assert answer.status_code == 404, answer.text
    found = re.findall(r'<textarea id="typed-[0-9]+" readonly[^>]*>\n([^<]*)</textarea>', answer.text)
    return [html.unescape(one) for one in found]


def test_a9_a_lost_case_gives_back_the_officers_own_words_and_says_what_an_unknown_one_says(
    office: Office, act: Send
) -> None:
    leader = office.officer("leader", Role.UNIT_LEADER, office.places.commune)
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    office.officer("there", Role.UNIT_LEADER, office.places.other)
    passed_on, excluded = office.open(text=SECRET), office.open(text=SECRET)
    act(leader, excluded.case_id, "take-up")
    passed = act(
        leader, passed_on.case_id, "transfer", to=str(office.places.other), ground="beside", reason="Việc của nơi khác"
    )
    with office.database.reading() as session:
        key = session.scalars(select(Officer.id).where(Officer.username == "handler")).one()
    shut_out = act(leader, excluded.case_id, "exclude", officer=str(key), rule="family", words="Người nhà")
    assert (passed.status_code, shut_out.status_code) == (303, 303), passed.text + shut_out.text
    token = {"csrf_token": hidden(handler.get(LIST).text)["csrf_token"]}
    for name, typed in FORMS:
        sent = token | typed | ({} if name == "notes" else {"seen": "1"})
        sent |= {"base": "0"} if name == "answer" else {} if name == "notes" else {"version": "1"}
        answers = [
            handler.post(f"{LIST}/{case_id}/{name}", data=sent)
            for case_id in (passed_on.case_id, excluded.case_id, "0" * 24)
        ]
        assert [given_back(one) for one in answers] == [[LONG]] * 3, name
        assert len({CHANGING.sub("", one.text) for one in answers}) == 1
        assert not any(word in answers[0].text for word in ("MARKERCASE", passed_on.public_number, "<b>Ông"))
    # What was not drawn in this session is not shown, and a bare button gets the bare page.
    foreign = handler.post(f"{LIST}/{'0' * 24}/notes", data={"note": LONG, "csrf_token": "0" * 64})
    assert (foreign.status_code, "Chúng tôi đã" in foreign.text) == (400, False)
    assert given_back(handler.post(f"{LIST}/{'0' * 24}/take-up", data=token | {"version": "1"})) == []
    stranger = office.app.test_client().post(f"{LIST}/{passed_on.case_id}/notes", data={"note": LONG})
    assert (stranger.status_code, "Chúng tôi đã" in stranger.text) == (303, False)


def test_a_right_that_was_taken_away_meanwhile_gives_the_words_back_too(office: Office) -> None:
    watcher = office.officer("watcher", Role.HOME_AFFAIRS)
    token = {"csrf_token": hidden(watcher.get(LIST).text)["csrf_token"]}
    answer = watcher.post(f"{LIST}/{'0' * 24}/notes", data=token | {"note": LONG})
    assert answer.status_code == 403
    assert "Chúng tôi đã kiểm tra quầy số 3" in answer.text
