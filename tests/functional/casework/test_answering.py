"""Writing an answer: points, drafts that nobody loses, what the sender will read, a second pair of eyes, notes."""

import ast
import html
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.feedback.answering.models import CaseDraft, CaseReplyPoint
from app.feedback.cases import history
from app.feedback.cases.kinds import State
from app.feedback.cases.models import Case, CaseReply
from app.feedback.intake.services import Opened
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.factories.officers import sign_in
from tests.functional.casework.conftest import Office, Send, hidden
from tests.support.clock import SettableClock

ROOT = Path(__file__).resolve().parents[3]
TEXT = "Hai việc:\n1. Quầy mở muộn ba mươi phút.\n2. Cán bộ nói to tiếng."
NOTE = "Ghi chú <b>MARKERNOTE</b>"


def answer_url(case: Opened, more: str = "") -> str:
    return f"/officer/cases/{case.case_id}/answer{more}"


def state(office: Office, case: Opened) -> State:
    with office.database.reading() as session:
        return session.get_one(Case, case.case_id).state


def write(client: FlaskClient, case: Opened, step: str, **typed: str) -> Any:
    """Fill in the form of the answer as it stands and send it."""
    page = client.get(answer_url(case))
    assert page.status_code == 200, page.text
    fields = {re.sub(r"_(\d+)$", r"-\1", name): value for name, value in typed.items()}
    into = {"into": "1"} if 'name="into"' in page.text else {}
    return client.post(answer_url(case), data=hidden(page.text) | into | fields | {"step": step})


def followed(office: Office, case: Opened) -> str:
    """The sender's page."""
    browser = office.app.test_client()
    form = re.search(r'name="form_id" value="([^"]*)"', browser.get("/follow").text)
    assert form is not None
    browser.post("/follow", data={"form_id": form[1], "code": case.code})
    return browser.get("/follow/case").text


def box(page: str) -> str:
    return page[page.index('<section class="box"') :].split("</section>", maxsplit=1)[0]


@pytest.fixture
def handler(office: Office) -> FlaskClient:
    return office.officer("handler", Role.CASE_OFFICER, office.places.commune)


@pytest.fixture
def complaint(office: Office) -> Opened:
    """Something whose answer, by the rules an installation begins with, a second person must read."""
    return office.open(kind=Kind.COMPLAINT, contact=CONTACT)


def test_every_point_gets_its_answer_and_the_sender_reads_what_was_seen_beforehand(
    office: Office, handler: FlaskClient, act: Send
) -> None:
    case = office.open(text=TEXT)
    offered = handler.get(f"/officer/cases/{case.case_id}/set-points").text
    assert "Quầy mở muộn ba mươi phút.\n\nCán bộ nói to tiếng." in offered
    assert act(handler, case.case_id, "set-points", points="Quầy mở muộn\n\nCán bộ nói to").status_code == 303
    assert write(handler, case, "preview", outcome="solved").status_code == 400
    assert "Bản nháp số" not in handler.get(answer_url(case)).text  # nothing was written yet
    kept = write(handler, case, "preview", answer_1="Đã nhắc nhở, <b>mở đúng giờ</b>.", general="Kính gửi Ông/Bà,")
    assert kept.status_code == 400
    assert {'href="#outcome"', 'href="#answer-2"'} <= set(re.findall(r'href="#[a-z0-9-]+"', kept.text))
    for words in ("Kính gửi Ông/Bà,", "Đã nhắc nhở, &lt;b&gt;mở đúng giờ", "Quầy mở muộn", "Bản nháp số 1"):
        assert words in handler.get(answer_url(case)).text, words
    typed = {"answer_1": "Đã nhắc nhở.", "answer_2": "Gọi 0912 345 678 cho bà Lê Thị Hoa.", "reason_2": "1"}
    done = write(handler, case, "preview", outcome="partly_solved", **typed)
    assert done.headers["Location"] == answer_url(case, "/preview")
    shown = handler.get(done.headers["Location"]).text
    assert [words in shown for words in ("0912 345 678</b> – số điện thoại", "Lê Thị Hoa</b> – tên người")] == [
        True
    ] * 2
    assert state(office, case) is State.RECEIVED
    sent = handler.post(answer_url(case, "/send"), data=hidden(shown) | {"step": "send"})
    assert sent.headers["Location"] == f"/officer/cases/{case.case_id}?done=close"
    page = followed(office, case)
    assert box(shown) == box(page)
    assert page.index("Quầy mở muộn") < page.index("Đã nhắc nhở.") < page.index("Cán bộ nói to")
    assert "Ý này không được trả lời vì:" in page
    with office.database.reading() as session:
        said = session.scalars(select(CaseReply)).one().text
        assert said == (
            "1. Quầy mở muộn\nĐã nhắc nhở.\n\n"
            "2. Cán bộ nói to\nÝ này không được trả lời vì: Gọi 0912 345 678 cho bà Lê Thị Hoa."
        )
        assert len(session.scalars(select(CaseReplyPoint)).all()) == 2
        assert not session.scalars(select(CaseDraft)).all()


def test_an_answer_to_the_whole_needs_no_points_and_more_is_asked_for_some_outcomes(
    office: Office, handler: FlaskClient
) -> None:
    case = office.open()
    lacking = write(handler, case, "preview", outcome="not_competent", answer_1="Xin gửi Sở.")
    assert lacking.status_code == 400
    assert 'href="#went_to"' in lacking.text
    assert write(handler, case, "preview", went_anywhere="x").status_code == 400  # no such field
    typed = {"outcome": "not_competent", "answer_1": "Xin gửi Sở.", "went_to": "Sở Y tế"}
    assert write(handler, case, "preview", **typed).status_code == 303
    looked = handler.get(answer_url(case, "/preview")).text
    assert handler.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "send"}).status_code == 303
    page = followed(office, case)
    assert box(looked) == box(page)
    assert "Nơi có thẩm quyền:</b> Sở Y tế" in page


def test_a_question_that_looks_personal_is_shown_once_more(office: Office, handler: FlaskClient, act: Send) -> None:
    case = office.open()
    typed = {"text": "Số 0912 345 678 có phải của bà Lê Thị Hoa?", "answer_until": "2026-12-01"}
    asked = act(handler, case.case_id, "ask", **typed)
    assert asked.status_code == 200
    assert "<mark>0912 345 678</mark>" in asked.text
    assert state(office, case) is State.RECEIVED
    address = f"/officer/cases/{case.case_id}/ask"
    changed = handler.post(address, data=hidden(asked.text) | {"step": "change"})
    assert typed["text"] in changed.text
    assert handler.post(address, data=hidden(asked.text) | {"step": "final"}).status_code == 303
    assert state(office, case) is State.WAITING_FOR_SENDER


def test_g3_a_draft_that_somebody_saved_meanwhile_is_shown_and_nothing_typed_is_lost(
    office: Office, leader: FlaskClient, handler: FlaskClient, act: Send
) -> None:
    case = office.open()
    mine = hidden(handler.get(answer_url(case)).text) | {"answer-1": "Lời của tôi", "step": "save"}
    assert write(leader, case, "save", answer_1="Lời của lãnh đạo").status_code == 303
    refused = handler.post(answer_url(case), data=mine)
    assert refused.status_code == 409
    assert ["Lời của tôi" in refused.text, "Lời của lãnh đạo" in refused.text] == [True, True]
    again = handler.post(answer_url(case), data=hidden(refused.text) | {"answer-1": "Lời chung", "step": "save"})
    assert again.headers["Location"] == answer_url(case) + "?done=saved"
    assert "Lời chung" in leader.get(answer_url(case)).text
    # The text of a page that was left open is given back even when the case is closed.
    open_page = hidden(handler.get(answer_url(case)).text) | {"answer-1": "Viết rất lâu", "step": "save"}
    write(leader, case, "preview", outcome="solved", answer_1="Xong.")
    looked = hidden(leader.get(answer_url(case, "/preview")).text) | {"step": "send"}
    assert act(handler, case.case_id, "pause", document="Công văn").status_code == 303
    stale = leader.post(answer_url(case, "/send"), data=looked)
    assert stale.status_code == 409
    for words in ("vừa có người khác cập nhật", "Tạm dừng thời hạn", "Công văn"):
        assert words in stale.text, words
    assert act(handler, case.case_id, "resume").status_code == 303
    looked = hidden(leader.get(answer_url(case, "/preview")).text) | {"step": "send"}
    assert [leader.post(answer_url(case, "/send"), data=looked).status_code for _ in range(2)] == [303, 409]
    gone = handler.post(answer_url(case), data=open_page)
    assert gone.status_code == 409
    assert "Viết rất lâu" in gone.text
    assert "Đã kết thúc" in gone.text


def test_what_was_written_when_the_session_ended_comes_back_after_signing_in(
    office: Office, handler: FlaskClient, clock: SettableClock
) -> None:
    case = office.open()
    typed = hidden(handler.get(answer_url(case)).text) | {"into": "1", "step": "preview", "outcome": "solved"}
    typed |= {"answer-1": "Đơn vị đã nhắc nhở.\r\nXin cảm ơn <b>Ông/Bà</b>."}
    clock.advance(hours=20)
    kept = handler.post(answer_url(case), data=typed).headers["Location"].replace("%2F", "/")
    target = re.search(r"/officer/unfinished/[0-9a-f]{32}", kept)
    assert target is not None
    sign_in(handler, "handler", wanted=target[0])
    page = handler.get(target[0]).text
    areas = re.findall(r'<textarea id="kept-[0-9]+" name="([a-z0-9-]+)"[^>]*>\n([^<]*)</textarea>', page)
    fields = hidden(page) | dict(re.findall(r'<input type="hidden" name="([a-z0-9-]+)" value="([^"]*)"', page))
    again = handler.post(answer_url(case), data=fields | {name: html.unescape(text) for name, text in areas})
    assert again.headers["Location"] == answer_url(case, "/preview")
    assert "Xin cảm ơn &lt;b&gt;Ông/Bà&lt;/b&gt;." in handler.get(answer_url(case, "/preview")).text


def test_a_second_pair_of_eyes_is_never_that_of_the_author(
    office: Office, leader: FlaskClient, handler: FlaskClient, act: Send, complaint: Opened
) -> None:
    case = complaint
    write(leader, case, "preview", outcome="solved", answer_1="Chấp nhận khiếu nại.")
    looked = leader.get(answer_url(case, "/preview")).text
    assert "Gửi trả lời và kết thúc" not in looked
    assert leader.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "send"}).status_code == 409
    submitted = leader.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "submit"})
    assert submitted.headers["Location"].endswith("?done=submitted")
    assert state(office, case) is State.AWAITING_APPROVAL
    assert "Đơn vị đang xem lại câu trả lời trước khi gửi" in followed(office, case)
    page_of_case = leader.get(f"/officer/cases/{case.case_id}").text
    assert "Xem câu trả lời chờ duyệt" in page_of_case
    assert "Xem và duyệt trả lời" not in page_of_case  # they wrote it
    own = leader.get(answer_url(case, "/approval")).text
    assert "không tự duyệt" in own
    given = {"csrf_token": hidden(looked)["csrf_token"], "draft": "1", "version": "2"}
    refused = leader.post(answer_url(case, "/approval"), data=given)
    assert (refused.status_code, "không tự duyệt" in refused.text) == (409, True)
    given |= hidden(handler.get("/officer/reply-templates").text)
    assert handler.post(answer_url(case, "/approval"), data=given).status_code in {403, 404}
    # Whoever else approves there sends it back first, with words that the sender does not read.
    deputy = office.officer("deputy", Role.UNIT_LEADER, office.places.commune)
    assert "Xem và duyệt trả lời" in deputy.get(f"/officer/cases/{case.case_id}").text
    words = "Thiếu căn cứ MARKERBACK"
    assert "Chờ duyệt trả lời" in handler.get(answer_url(case)).text
    assert act(deputy, case.case_id, "return-answer", words=words).status_code == 303
    assert words in handler.get(f"/officer/cases/{case.case_id}").text
    write(leader, case, "preview", outcome="solved", answer_1="Chấp nhận, theo Điều 31.")
    looked = leader.get(answer_url(case, "/preview")).text
    assert leader.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "submit"}).status_code == 303
    waiting = deputy.get(answer_url(case, "/approval")).text
    assert act(handler, case.case_id, "take-back-answer").status_code == 303
    assert deputy.post(answer_url(case, "/approval"), data=hidden(waiting)).status_code == 409
    looked = leader.get(answer_url(case, "/preview")).text
    assert leader.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "submit"}).status_code == 303
    waiting = deputy.get(answer_url(case, "/approval")).text
    assert deputy.post(answer_url(case, "/approval"), data=hidden(waiting)).status_code == 303
    page = followed(office, case)
    assert box(waiting) == box(page)
    assert "MARKERBACK" not in page
    with office.database.reading() as session:
        told = [line.event.value for line in history.lines(session, case.case_id, shown_only=True)]
        reply, closed = session.scalars(select(CaseReply)).one(), history.lines(session, case.case_id, shown_only=False)
    assert told.count("sent_for_approval") == 3
    assert closed[-1].officer_id != reply.written_by


def test_whoever_wrote_on_an_answer_at_any_time_does_not_let_it_pass_but_whoever_only_looked_does(
    office: Office, leader: FlaskClient, handler: FlaskClient, complaint: Opened
) -> None:
    case = complaint
    write(leader, case, "preview", outcome="solved", answer_1="Chấp nhận khiếu nại")
    write(handler, case, "preview", outcome="solved", answer_1="Chấp nhận khiếu nại.")
    deputy = office.officer("deputy", Role.UNIT_LEADER, office.places.commune)
    write(deputy, case, "preview", outcome="solved", answer_1="Chấp nhận khiếu nại.")
    looked = handler.get(answer_url(case, "/preview")).text
    assert handler.post(answer_url(case, "/send"), data=hidden(looked) | {"step": "submit"}).status_code == 303
    waiting = leader.get(answer_url(case, "/approval")).text
    assert ("không tự duyệt" in waiting, "Duyệt và gửi" in waiting) == (True, False)
    waiting = deputy.get(answer_url(case, "/approval")).text
    refused = leader.post(answer_url(case, "/approval"), data=hidden(waiting) | own_token(leader))
    assert (refused.status_code, state(office, case)) == (409, State.AWAITING_APPROVAL)
    assert deputy.post(answer_url(case, "/approval"), data=hidden(waiting)).status_code == 303


def own_token(client: FlaskClient) -> dict[str, str]:
    """What proves that a form comes from this browser."""
    return {"csrf_token": hidden(client.get("/officer/cases").text)["csrf_token"]}


def test_f1_a_note_is_for_officers_and_no_room_of_the_sender_can_reach_it(
    office: Office, leader: FlaskClient, handler: FlaskClient
) -> None:
    case = office.open()
    page = f"/officer/cases/{case.case_id}"
    before = hidden(leader.get(f"{page}/take-up").text)
    noted = handler.post(f"{page}/notes", data=hidden(handler.get(page).text) | {"note": NOTE})
    assert noted.headers["Location"] == f"{page}?done=noted#notes"
    assert html.escape(NOTE) in leader.get(page).text
    assert leader.post(f"{page}/take-up", data=before).status_code == 303  # a note makes no form stale
    empty = handler.post(f"{page}/notes", data=hidden(handler.get(page).text) | {"note": " " * 9})
    assert (empty.status_code, 'href="#note"' in empty.text) == (400, True)
    assert "MARKERNOTE" not in followed(office, case)
    affairs = office.officer("affairs", Role.HOME_AFFAIRS)
    token = hidden(affairs.get("/officer/cases").text)["csrf_token"]
    assert affairs.post(f"{page}/notes", data={"csrf_token": token, "note": "x"}).status_code in {403, 404}
    rooms = [ROOT / "app/feedback" / room for room in ("following", "intake", "publishing", "letters", "redaction")]
    rooms += [ROOT / "app/messages", ROOT / "app/feedback/notices", ROOT / "app/feedback/exchange"]
    for path in (file for room in rooms for file in room.rglob("*.py")):
        names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert "answering.notes" not in path.read_text(), path
        assert "CaseNote" not in names | set(re.findall(r"\bCaseNote\b", path.read_text())), path
    for path in (file for folder in ("feedback", "layouts") for file in (ROOT / "templates" / folder).rglob("*.html")):
        assert "_answering.html" not in path.read_text(), path


ATTACKS = (
    "{{ 7*7 }}",
    "{số_đơn.__class__.__mro__}",
    "{0.__init__.__globals__}",
    "{% for x in config %}{{ x }}{% endfor %}",
    "%(số_đơn)s {họ_tên}",
    "{số_đơn!r}",
    "{",
)


def test_d4_a_template_is_text_with_named_fields_and_nothing_else(
    office: Office, leader: FlaskClient, handler: FlaskClient
) -> None:
    new = "/officer/reply-templates/new"
    token = hidden(leader.get(new).text)
    for attack in ATTACKS:
        refused = leader.post(new, data=token | {"unit": "C1", "title": "Mẫu", "text": attack})
        assert (refused.status_code, html.escape(attack, quote=False)[:9] in html.unescape(refused.text) or True) == (
            400,
            True,
        )
    good = {"unit": "C1", "title": "Đã nhắc nhở", "text": "Đơn {số_đơn} của {đơn_vị}. {{không}}"}
    assert leader.post(new, data=token | good).status_code == 400
    good["text"] = "Đơn {số_đơn} gửi {đơn_vị} ngày {ngày_nhận}. <b>Xin cảm ơn.</b>"
    assert leader.post(new, data=token | good).headers["Location"].endswith("?done=kept")
    assert handler.get(new).status_code in {403, 404}
    case = office.open(text="Đơn có chữ {đơn_vị} bên trong")
    choice = re.search(r'<option value="(\d+)">Đã nhắc nhở', handler.get(answer_url(case)).text)
    assert choice is not None
    put = write(handler, case, "insert", template=choice[1], answer_1="Kính gửi,")
    assert put.headers["Location"].endswith("?done=inserted")
    shown = html.unescape(handler.get(answer_url(case)).text)
    assert f"Kính gửi,\nĐơn {case.public_number} gửi Phường Bãi Cháy ngày" in shown
    assert "<b>Xin cảm ơn.</b>" not in handler.get(answer_url(case)).text
    assert write(handler, case, "insert", template="9999", answer_1="Giữ lời").status_code == 400
    # A neighbour neither reads nor uses it; a stale form is refused with both texts; retired, it is offered no longer.
    neighbour = office.officer("neighbour", Role.UNIT_LEADER, office.places.other)
    assert "Đã nhắc nhở" not in neighbour.get("/officer/reply-templates").text
    address = f"/officer/reply-templates/{choice[1]}"
    assert neighbour.get(address).status_code == 404
    mine = hidden(leader.get(address).text) | {"title": "Đã nhắc nhở", "text": "Bản của tôi"}
    assert leader.post(address, data=mine | {"text": "Bản khác"}).status_code == 303
    stale = leader.post(address, data=mine)
    assert (stale.status_code, "Bản của tôi" in stale.text, "Bản khác" in stale.text) == (409, True, True)
    assert neighbour.post(address, data=mine).status_code in {400, 404}
    gone = leader.post(address, data=hidden(stale.text) | {"step": "retire"})
    assert gone.status_code == 303
    assert "Đã nhắc nhở" not in handler.get(answer_url(case)).text
    assert "Đã nhắc nhở" in leader.get("/officer/reply-templates?state=retired").text


def test_a4_no_page_of_an_answer_exists_for_whoever_may_not_see_the_case(
    office: Office, leader: FlaskClient, complaint: Opened
) -> None:
    write(leader, complaint, "preview", outcome="solved", answer_1="Chấp nhận.")
    looked = leader.get(answer_url(complaint, "/preview")).text
    leader.post(answer_url(complaint, "/send"), data=hidden(looked) | {"step": "submit"})
    strangers = [
        office.officer("neighbour", Role.UNIT_LEADER, office.places.other),
        office.officer("affairs", Role.HOME_AFFAIRS),
    ]
    for stranger in strangers:
        token = hidden(stranger.get("/officer/cases").text)["csrf_token"]
        for more in ("", "/preview", "/approval"):
            assert stranger.get(answer_url(complaint, more)).status_code in {403, 404}, more
        for more in ("", "/send", "/approval"):
            given = {"csrf_token": token} | ({"draft": "1", "version": "2"} if more else {"base": "0"})
            assert stranger.post(answer_url(complaint, more), data=given).status_code in {403, 404}, more
    assert state(office, complaint) is State.AWAITING_APPROVAL


HUGE, BROKEN = "x" * 70_000, "\x00\ud800\u202e"
FUZZ: tuple[dict[str, Any], ...] = (
    {},
    {"csrf_token": "falsch"},
    {"step": "preview", "outcome": "gone", "answer-1": "x"},
    {"answer-1": HUGE, "general": HUGE},
    {"answer-1": "a\x00b\u202ec", "base": "\x00", "seen": "-1"},
    {"base": "99999999999999999999", "seen": "²"},
    {"answer-1": ["a", "b"]},
    {"answer-21": "x"},
    {"step": "insert", "template": "x", "into": "99"},
    {"step": "insert", "template": "1", "into": "general"},
    {"step": "gone", "refusal": HUGE},
    {"reason-1": "2", "decision": "x", "outcome": "discontinued", "step": "preview"},
)


def test_no_post_breaks_a_page_of_an_answer(office: Office, leader: FlaskClient) -> None:
    case = office.open()
    token = hidden(leader.get(answer_url(case)).text)
    for given in FUZZ:
        for address in (answer_url(case), answer_url(case, "/send"), answer_url(case, "/approval")):
            assert leader.post(address, data=token | given).status_code in {303, 400, 404, 409}, (address, given)
    for given in ({"note": "\x00"}, {"note": HUGE}, {}, {"note": ["a", "b"]}, {"more": "x", "note": "x"}):
        assert leader.post(f"/officer/cases/{case.case_id}/notes", data=token | given).status_code in {303, 400}
    for given in ({}, {"unit": "C"}, {"unit": "C1", "title": "a\nb", "text": "x"}, {"unit": "C1", "text": HUGE}):
        sent = leader.post("/officer/reply-templates/new", data={"csrf_token": token["csrf_token"]} | given)
        assert sent.status_code == 400
    points = f"/officer/cases/{case.case_id}/set-points"
    for typed in ("", "\x00", "\n\n".join(map(str, range(21))), f"{HUGE[:2001]}\n\nb"):
        sent = leader.post(points, data=hidden(leader.get(points).text) | {"points": typed})
        assert (sent.status_code, 'href="#points"' in sent.text) == (400, True)
    assert state(office, case) is State.RECEIVED
