"""The acts on the page of a case: forms, refusals, what the sender reads, and that nobody overwrites anybody."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import PERMISSIONS, Role
from app.crypto.types import in_row
from app.feedback.cases import history
from app.feedback.cases.kinds import Decision, Outcome, RequestKind, State
from app.feedback.cases.models import Case, CaseRequest
from app.feedback.cases.outcomes import required
from app.feedback.cases.workflow import MOVES
from app.feedback.following import queries as sender
from app.feedback.following import services as following
from app.feedback.handling.act_fields import FORMS
from app.feedback.handling.act_views import NAMES as MOVE_OF
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, Send, hidden, send_answer
from tests.support.clock import SettableClock


def events(office: Office, case_id: str) -> list[str]:
    with office.database.reading() as session:
        return [line.event.value for line in history.lines(session, case_id, shown_only=False)]


def state(office: Office, case_id: str) -> State:
    with office.database.reading() as session:
        return session.get_one(Case, case_id).state


def labels(client: FlaskClient, case_id: str) -> set[str]:
    """The acts offered on the page."""
    text = client.get(f"/officer/cases/{case_id}").text
    found = set(re.findall(rf'href="/officer/cases/{case_id}/([a-z-]+)["?]', text))
    return found & {*MOVE_OF, "answer"}


def test_every_move_has_a_form_and_asks_for_what_the_table_says() -> None:
    assert set(FORMS) == {move.name for move in MOVES}
    for move in MOVES:
        assert set(move.fields) <= {field.name for field in FORMS[move.name].fields}, move.name


def test_from_taking_up_to_the_answer(office: Office, leader: FlaskClient, act: Send) -> None:
    case = office.open()
    page = f"/officer/cases/{case.case_id}"
    done = act(leader, case.case_id, "take-up")
    assert done.headers["Location"] == f"{page}?done=take-up"
    assert "Đã ghi: nhận xử lý." in leader.get(done.headers["Location"]).text
    steps = (
        ("requalify", {"kind": "suggestion", "reason": "Đây là ý tưởng."}),
        ("ask", {"text": "Xảy ra lúc mấy giờ?", "answer_until": "2026-12-01"}),
        ("withdraw-question", {}),
        ("pause", {"document": "Công văn 12/UBND xin ý kiến Sở"}),
        ("resume", {}),
        ("set-private", {"reason": "Có trẻ em"}),
        ("unset-private", {"reason": "Đã che tên"}),
        ("suspend", {"document": "Quyết định 5/QĐ"}),
        ("resume", {}),
    )
    for name, typed in steps:
        assert act(leader, case.case_id, name, **typed).status_code == 303, name
    assert send_answer(leader, case.case_id, text="Đã nhắc nhở.\nXin cảm ơn.").status_code == 303
    told = events(office, case.case_id)
    assert [one for one in told if one != "due_reckoned"] == [
        *("received", "taken_up", "requalified", "asked", "question_withdrawn", "paused", "resumed", "made_private"),
        *("made_open", "paused", "resumed", "closed"),
    ]
    text = leader.get(page).text
    for words in ("Xảy ra lúc mấy giờ?", "Công văn 12/UBND", "Có trẻ em", "Đã nhắc nhở.", "Nguyễn Thị Lan"):
        assert words in text, words
    with office.database.reading() as session:
        seen = sender.view_of(session, case.case_id)
    assert seen.replies[0].text == "Đã nhắc nhở.\nXin cảm ơn."
    assert "Đây là ý tưởng." in {line.words for line in seen.story}


def test_there_is_one_way_to_an_end_whatever_the_outcome(office: Office, leader: FlaskClient) -> None:
    for outcome in Outcome:
        case = office.open()
        given = dict.fromkeys(required(outcome), "Văn bản số 12 ngày 02/11/2026.")
        assert send_answer(leader, case.case_id, outcome.value, "Đã xem xét.", **given).status_code == 303, outcome
        with office.database.reading() as session:
            assert session.get_one(Case, case.case_id).outcome is outcome
        assert leader.get(f"/officer/cases/{case.case_id}/close").status_code == 404


@pytest.mark.parametrize(
    ("name", "typed", "wrong"),
    [
        ("requalify", {"kind": "petition", "reason": "Giữ lời này"}, "kind"),
        ("requalify", {"kind": "denunciation", "reason": "Giữ lời này"}, "kind"),
        ("requalify", {"kind": "x", "reason": "Giữ lời này"}, "kind"),
        ("ask", {"text": "Giữ lời này", "answer_until": "2020-01-01"}, "answer_until"),
        ("ask", {"text": "Giữ lời này", "answer_until": "ngày mai"}, "answer_until"),
        ("ask", {"text": "  \x00 ", "answer_until": "2026-12-01"}, "text"),
        ("pause", {"document": ""}, "document"),
        ("extend", {"limit": "9999", "limit_unit": "calendar", "signed_by": "A", "document": "Giữ lời này"}, "limit"),
        ("extend", {"limit": "٣", "limit_unit": "calendar", "signed_by": "A", "document": "Giữ lời này"}, "limit"),
        ("extend", {"limit": "1", "limit_unit": "year", "signed_by": "A", "document": "Giữ lời này"}, "limit_unit"),
        ("exclude", {"officer": "999999", "rule": "concerned", "words": "Giữ lời này"}, "officer"),
        ("exclude", {"officer": "-1", "rule": "concerned", "words": "x"}, "officer"),
        ("exclude", {"officer": "1", "rule": "x", "words": "x"}, "rule"),
        ("exclude", {"officer": "1", "rule": "concerned", "words": " "}, "words"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    office: Office, leader: FlaskClient, act: Send, name: str, typed: dict[str, str], wrong: str
) -> None:
    case = office.open()
    answer = act(leader, case.case_id, name, **typed)
    assert answer.status_code == 400
    assert f'href="#{wrong}"' in answer.text
    assert f'id="{wrong}-error"' in answer.text
    if "Giữ lời này" in typed.values():
        assert "Giữ lời này" in answer.text
    assert events(office, case.case_id) == ["received"]


def test_a_question_waits_no_longer_than_the_rule_allows(office: Office, leader: FlaskClient, act: Send) -> None:
    case = office.open()
    form = leader.get(f"/officer/cases/{case.case_id}/ask").text
    assert 'value="2026-12-01"' in form
    assert "Chậm nhất 01/12/2026" in form
    for late in ("2026-12-02", "2027-11-20"):
        refused = act(leader, case.case_id, "ask", text="Lúc mấy giờ?", answer_until=late)
        assert refused.status_code == 400
        assert "chậm nhất đến hết ngày 01/12/2026" in refused.text
        assert f'value="{late}"' in refused.text
        assert "Lúc mấy giờ?" in refused.text
    assert events(office, case.case_id) == ["received"]
    assert act(leader, case.case_id, "ask", text="Lúc mấy giờ?", answer_until="2026-12-01").status_code == 303


def test_g3_a_stale_form_is_refused_says_what_changed_and_keeps_the_text(
    office: Office, leader: FlaskClient, act: Send
) -> None:
    case = office.open()
    address = f"/officer/cases/{case.case_id}/pause"
    mine = hidden(leader.get(address).text)
    colleague = office.officer("colleague", Role.CASE_OFFICER, office.places.commune)
    assert act(colleague, case.case_id, "take-up").status_code == 303
    refused = leader.post(address, data=mine | {"document": "Lời của tôi, viết rất lâu"})
    assert refused.status_code == 409
    assert "Nhận xử lý" in refused.text
    assert "Lời của tôi, viết rất lâu" in refused.text
    assert "paused" not in events(office, case.case_id)
    again = leader.post(address, data=hidden(refused.text) | {"document": "Lời của tôi, viết rất lâu"})
    assert again.status_code == 303


def test_g3_an_act_that_no_longer_fits_gives_the_text_back(office: Office, leader: FlaskClient) -> None:
    case = office.open()
    address = f"/officer/cases/{case.case_id}/ask"
    mine = hidden(leader.get(address).text)
    send_answer(leader, case.case_id)
    refused = leader.post(address, data=mine | {"text": "Câu hỏi của tôi", "answer_until": "2026-12-01"})
    assert refused.status_code == 409
    assert "Câu hỏi của tôi" in refused.text
    assert "Đã kết thúc" in refused.text


def test_only_acts_that_are_allowed_are_offered_and_taken(office: Office) -> None:
    case = office.open()
    handler = office.officer("handler", Role.CASE_OFFICER, office.places.commune)
    ministry = office.officer("affairs", Role.HOME_AFFAIRS)
    assert labels(handler, case.case_id) == {"take-up", "requalify", "ask", "pause", "answer", "set-points"}
    assert labels(ministry, case.case_id) == {"exclude", "assign", "transfer"}
    token = hidden(ministry.get("/officer/cases").text)["csrf_token"]
    for name in MOVE_OF:
        if MOVE_OF[name].permission not in PERMISSIONS[Role.HOME_AFFAIRS]:
            assert ministry.get(f"/officer/cases/{case.case_id}/{name}").status_code == 404
            sent = ministry.post(f"/officer/cases/{case.case_id}/{name}", data={"csrf_token": token, "version": "1"})
            assert sent.status_code in (400, 404), name
    assert events(office, case.case_id) == ["received"]


@pytest.mark.parametrize(
    "more",
    [{"unit_id": "1"}, {"assignee_id": "1"}, {"case_id": "x"}, {"is_private": "1"}, {"outcome": "solved"}, {"to": "2"}],
)
def test_a7_a_field_that_the_form_does_not_have_is_refused(
    office: Office, leader: FlaskClient, more: dict[str, str]
) -> None:
    case = office.open()
    form = hidden(leader.get(f"/officer/cases/{case.case_id}/take-up").text)
    assert leader.post(f"/officer/cases/{case.case_id}/take-up", data=form | more).status_code == 400
    assert events(office, case.case_id) == ["received"]
    twice = {**form, "version": [form["version"], "1"]}
    assert leader.post(f"/officer/cases/{case.case_id}/take-up", data=twice).status_code == 400


def test_a7_a_decision_and_an_exclusion_check_the_other_end(office: Office, leader: FlaskClient, act: Send) -> None:
    asked, other = office.open(), office.open()
    for case in (asked, other):
        send_answer(leader, case.case_id)
    with office.database.transaction() as session:
        following.ask_reopening(session, asked.case_id, "Còn thiếu")
    typed = {"decision": "accepted", "words": "Được", "request": "1"}
    assert act(leader, other.case_id, "decide", **typed).status_code == 409
    assert state(office, other.case_id) is state(office, asked.case_id) is State.CLOSED
    assert (
        act(leader, other.case_id, "exclude", officer="424242", rule="concerned", words="Có liên quan.").status_code
        == 400
    )


def test_a_request_of_the_sender_is_answered_in_words(office: Office, leader: FlaskClient) -> None:
    case = office.open()
    send_answer(leader, case.case_id)
    assert labels(leader, case.case_id) >= {"set-private"}
    assert "decide" not in labels(leader, case.case_id)
    with office.database.transaction() as session:
        following.ask_reopening(session, case.case_id, "Chưa trả lời ý thứ hai")
    page = leader.get(f"/officer/cases/{case.case_id}").text
    assert "Chưa trả lời ý thứ hai" in page
    assert f"/officer/cases/{case.case_id}/decide?request=1" in page
    form = leader.get(f"/officer/cases/{case.case_id}/decide?request=1")
    assert "Chưa trả lời ý thứ hai" in form.text
    data = hidden(form.text) | {"decision": "accepted", "words": "Đúng là còn thiếu."}
    assert leader.post(f"/officer/cases/{case.case_id}/decide", data=data).status_code == 303
    assert state(office, case.case_id) is State.IN_PROGRESS
    with office.database.reading() as session:
        assert session.scalars(select(CaseRequest.decision)).one() is Decision.ACCEPTED


def test_asking_is_advised_only_where_it_is_possible(office: Office, leader: FlaskClient) -> None:
    case = office.open()
    address, advice = f"/officer/cases/{case.case_id}", "hãy dùng “Hỏi người gửi”"
    assert advice in leader.get(address).text
    send_answer(leader, case.case_id)
    page = leader.get(address).text
    assert "Xin không tìm cách xác định người gửi." in page
    assert advice not in page


def test_a_second_look_is_for_the_unit_one_level_up(office: Office, leader: FlaskClient, act: Send) -> None:
    case = office.open()
    send_answer(leader, case.case_id, outcome="not_accepted", text="Không.", refusal="Đúng quy định.")
    with office.database.transaction() as session:
        session.add(
            CaseRequest(
                case_id=case.case_id,
                number=1,
                kind=RequestKind.SECOND_STAGE,
                unit_id=office.places.province,
                reason=in_row("Xin cấp trên xem", case.case_id),
                asked_on=SettableClock().today,
            )
        )
    above = office.officer("above", Role.UNIT_LEADER, office.places.province)
    assert "decide" not in labels(leader, case.case_id)
    assert "decide" in labels(above, case.case_id)
    refused = act(leader, case.case_id, "decide", decision="refused", words="Thử")
    assert refused.status_code in (400, 409)
    data = {"request": "1", "decision": "accepted", "words": "Nhận xem xét."}
    assert act(above, case.case_id, "decide", **data).status_code == 303
    assert html.escape("Cấp trên nhận xem xét") in above.get(f"/officer/cases/{case.case_id}").text


def test_what_can_only_fail_is_not_offered_and_acts_stand_before_what_happened(
    office: Office, leader: FlaskClient
) -> None:
    petition = office.open()
    complaint = office.open(kind=Kind.COMPLAINT, contact=CONTACT)
    assert "extend" not in labels(leader, petition.case_id)
    assert "extend" in labels(leader, complaint.case_id)
    page = leader.get(f"/officer/cases/{complaint.case_id}").text
    assert "Hạn báo có thụ lý không" in page
    assert page.index("<h2>Việc có thể làm") < page.index("<h2>Người dân viết") < page.index("<h2>Diễn biến")
    why = "Việc đã được giải quyết năm 2025."
    send_answer(leader, petition.case_id, outcome="not_accepted", refusal=why)
    story = leader.get(f"/officer/cases/{petition.case_id}").text.split("<h2>Diễn biến</h2>")[1]
    assert f"Lý do không chấp nhận: {why}" in story
    listed = leader.get("/officer/cases").text
    assert f'value="{complaint.case_id}.' in listed
    assert f'value="{petition.case_id}.' not in listed
