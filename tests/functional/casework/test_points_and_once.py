"""No point of the sender is overlooked, and nothing an officer does is done twice by pressing twice."""

from sqlalchemy import func, select

from app.accounts.roles import Role
from app.feedback.answering.models import CaseNote
from app.feedback.cases import own_acts
from app.feedback.cases.kinds import State
from app.feedback.cases.workflow import MOVES, OWN_PAGES
from tests.functional.casework.conftest import Office, Send, hidden
from tests.functional.casework.test_answering import TEXT, answer_url, state, write


def test_several_points_are_parted_or_somebody_says_that_they_are_one(office: Office, act: Send) -> None:
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    case = office.open(text=TEXT)
    page = handler.get(answer_url(case)).text
    assert "Lời người gửi có vẻ gồm 3 ý." in page
    assert "<li>Cán bộ nói to tiếng.</li>" in page
    write(handler, case, "preview", outcome="solved", answer_1="Đã nhắc.")
    looked = handler.get(answer_url(case, "/preview")).text
    assert 'name="one_point" value="1" required' in looked
    for step in ("send", "submit"):
        refused = handler.post(answer_url(case, "/send"), data=hidden(looked) | {"step": step})
        assert (refused.status_code, state(office, case)) == (400, State.RECEIVED)
        assert "có vẻ gồm 3 ý mà chưa chia" in refused.text
        assert 'href="#one_point"' in refused.text
    # One point for each line is as good as an empty line between them; the form of the answer follows.
    done = act(handler, case.case_id, "set-points", points="Quầy mở muộn\r\nCán bộ nói to")
    assert done.headers["Location"].endswith("?done=set-points")
    assert 'name="answer-2"' in handler.get(answer_url(case)).text
    # To put them together again says that they are one.
    one = act(handler, case.case_id, "set-points", points="Mở muộn và nói to")
    assert "đơn này chỉ có một ý" in handler.get(one.headers["Location"]).text
    assert handler.get(answer_url(case, "/preview")).headers["Location"] == answer_url(case)
    write(handler, case, "preview", outcome="solved", answer_1="Đã nhắc.")
    looked = handler.get(answer_url(case, "/preview")).text
    assert "one_point" not in looked
    assert handler.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "send"}).status_code == 303
    other = office.open(text="Quầy mở muộn.\nTôi chờ rất lâu.")
    write(handler, other, "preview", outcome="solved", answer_1="Đã nhắc.")
    ticked = hidden(handler.get(answer_url(other, "/preview")).text) | {"step": "send", "one_point": "1"}
    assert handler.post(answer_url(other, "/send"), data=ticked).status_code == 303
    assert state(office, other) is State.CLOSED


def test_whoever_presses_twice_is_told_that_it_is_done_and_others_that_somebody_was_faster(
    office: Office, act: Send
) -> None:
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    other = office.officer("other", Role.CASE_OFFICER, office.places.commune)
    case = office.open()
    page = f"/officer/cases/{case.case_id}"
    assert {move.name for move in (*MOVES, *OWN_PAGES)} == set(own_acts.EVENTS)
    taking = hidden(handler.get(f"{page}/take-up").text)
    assert handler.post(f"{page}/take-up", data=taking).status_code == 303
    again = handler.post(f"{page}/take-up", data=taking)
    assert (again.status_code, "Việc này Ông/Bà đã làm xong lúc nãy" in again.text) == (409, True)
    assert f'href="{page}"' in again.text
    theirs = other.post(f"{page}/take-up", data=taking | {"csrf_token": hidden(other.get(page).text)["csrf_token"]})
    assert (theirs.status_code, "vừa có người khác cập nhật" in theirs.text) == (409, True)
    pausing = hidden(handler.get(f"{page}/pause").text) | {"document": "Công văn số 5"}
    assert [handler.post(f"{page}/pause", data=pausing).status_code for _ in range(2)] == [303, 409]
    # Another act on the same page is not the one that was done; its words stay.
    asked = handler.post(f"{page}/ask", data=pausing | {"text": "Quầy nào?", "answer_until": "2026-12-01"})
    assert asked.status_code == 400
    assert act(handler, case.case_id, "resume").status_code == 303
    write(handler, case, "preview", outcome="solved", answer_1="Đã nhắc.")
    sending = hidden(handler.get(answer_url(case, "/preview")).text) | {"step": "send"}
    assert handler.post(answer_url(case, "/send"), data=sending).status_code == 303
    twice = handler.post(answer_url(case, "/send"), data=sending)
    assert (twice.status_code, "Việc này Ông/Bà đã làm xong lúc nãy" in twice.text) == (409, True)
    assert f'href="{page}"' in twice.text


def test_a_note_is_kept_once_however_often_it_is_sent(office: Office) -> None:
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    page = f"/officer/cases/{office.open().case_id}"

    def count() -> int:
        with office.database.reading() as session:
            return session.scalar(select(func.count()).select_from(CaseNote)) or 0

    note = hidden(handler.get(page).text) | {"note": "Đã gọi, không ai nghe máy."}
    assert [handler.post(f"{page}/notes", data=note).status_code for _ in range(2)] == [303, 303]
    assert count() == 1
    assert handler.post(f"{page}/notes", data=note | {"note": "Đã gọi lại."}).status_code == 303
    assert count() == 2
    # The same words from a page that shows the first note are another note.
    later = hidden(handler.get(page).text) | {"note": "Đã gọi, không ai nghe máy."}
    assert handler.post(f"{page}/notes", data=later).status_code == 303
    assert count() == 3
    for wrong in ("", "x", "-1", "9" * 30):
        assert handler.post(f"{page}/notes", data=later | {"after": wrong, "note": wrong}).status_code in {303, 400}
