"""What the sender sees, what nobody else sees, and what stands in no title, head or address (A12, F1–F3)."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import Database
from app.feedback.cases import readings
from app.feedback.cases.kinds import Outcome
from app.feedback.cases.models import Case
from app.feedback.handling import services as handling
from app.feedback.intake.services import Opened
from app.rules.kinds import Kind
from tests.factories.case_acts import ask, close, open_information, take_up, version
from tests.factories.cases import CONTACT
from tests.factories.officers import make_officer
from tests.functional.feedback.following.conftest import Place, Sender, form_ids
from tests.support.clock import SettableClock

HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
MARKER = "Trâuvàng9183"


def test_the_page_tells_state_date_reasons_and_law(sender: Sender, place: Place, opened: Opened) -> None:
    page = sender.page().text
    for words in (
        "Đã nhận, chờ đơn vị xem",
        opened.public_number,
        "21/11/2026",
        "Hạn trả lời",
        "Vì sao ngày này?",
        "Thời hạn là 20 ngày.",
        "hết giờ làm việc thứ Sáu, 11/12/2026",
        "Căn cứ: ",
        "lịch làm việc bản số",
        "Phường Hồng Gai",
        "Quầy 3 – Hộ tịch",
        "Chưa có ai mở xem.",
        "Hệ thống nhận nội dung của Ông/Bà.",
    ):
        assert words in page, words
    assert opened.due_on is not None
    assert f"{opened.due_on:%d/%m/%Y}" in page


def test_every_act_that_concerns_the_sender_is_told_with_its_reason(
    sender: Sender, place: Place, opened: Opened, database: Database
) -> None:
    place.do(take_up, opened.case_id)
    with database.transaction() as session:
        handling.requalify(
            session,
            place.handler,
            opened.case_id,
            version(session, opened.case_id),
            Kind.SUGGESTION,
            "Nội dung là một đề xuất.",
        )
        handling.pause(
            session, place.handler, opened.case_id, version(session, opened.case_id), "Công văn 12 hỏi Sở Tư pháp"
        )
    page = sender.page().text
    for words in (
        "Đơn vị bắt đầu xử lý.",
        "Đơn vị xếp việc này sang loại khác.",
        "Nội dung là một đề xuất.",
        "Ông/Bà gửi như Phản ánh, kiến nghị; đơn vị xếp là Góp ý.",
        "Thời hạn tạm dừng.",
        "Công văn 12 hỏi Sở Tư pháp",
        "Đơn vị đang chờ ý kiến của cơ quan khác",
        "ngày trên còn lùi lại",
        "Hạn trả lời được tính lại: ",
    ):
        assert words in page, words


def test_reasons_of_the_date_name_days_and_no_minute(
    sender: Sender, place: Place, opened: Opened, clock: SettableClock
) -> None:
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, date(2026, 11, 28))
    clock.advance(minutes=3)
    assert "đang tạm dừng từ 21/11/2026" in sender.page().text
    sender.post("answer", question="1", text="Lúc 8 giờ sáng.")
    page = sender.page().text
    assert "Tạm dừng từ 21/11/2026 đến 21/11/2026" in page
    assert not re.findall(r"Tạm dừng từ \d\d:\d\d", page)


def test_a_case_that_was_late_before_its_clock_stopped_is_late_for_its_sender_too(
    sender: Sender, place: Place, opened: Opened, clock: SettableClock
) -> None:
    place.do(take_up, opened.case_id)
    clock.next_day(30)
    place.do(ask, opened.case_id, clock.today + timedelta(days=7))
    sender.enter()
    page = sender.page().text
    assert "Đã quá hạn từ trước khi thời hạn tạm dừng." in page
    assert "ngày trên còn lùi lại" not in page


def test_people_who_opened_it_are_counted_by_role_and_not_named(
    sender: Sender, place: Place, opened: Opened, database: Database
) -> None:
    with database.transaction() as session:
        names = []
        for number, role in enumerate(("case_officer", "case_officer", "unit_leader:lent")):
            officer = make_officer(session, f"nguoi.doc{number}", full_name=f"Người Đọc Số {number}")
            names.append(officer.full_name)
            viewer = type(place.handler)(officer.id, place.handler.scopes)
            readings.opened(session, session.get_one(Case, opened.case_id), viewer, role)
    page = sender.page().text
    assert "Cán bộ đơn vị: 2 người" in page
    assert "Lãnh đạo đơn vị (được ủy quyền): 1 người" in page
    assert not [name for name in names if name in page]


def test_f2_no_officer_is_named_on_any_path(sender: Sender, place: Place, opened: Opened) -> None:
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, date(2026, 11, 28))
    sender.post("answer", question="1", text="Lúc 8 giờ.")
    place.do(close, opened.case_id)
    for page in (sender.page(), sender.page(lang="en")):
        assert "Nguyễn Thị Lan" not in page.text
        assert "xu.ly" not in page.text


def test_f1_hidden_lines_reach_no_sender(sender: Sender, place: Place, opened: Opened, database: Database) -> None:
    with database.transaction() as session:
        other = make_officer(session, "bi.loai", full_name="Người Bị Loại")
        handling.exclude(
            session, place.handler, opened.case_id, version(session, opened.case_id), other.id, "own_matter"
        )
    page = sender.page().text
    assert "own_matter" not in page
    assert "Người có liên quan" not in page


def test_f3_the_contact_of_a_sender_stands_nowhere_on_the_page(app: Flask, place: Place) -> None:
    opened = place.case(kind=Kind.COMPLAINT, contact=CONTACT)
    made = Sender(app.test_client(), opened.code)
    made.enter()
    for secret in (CONTACT.name, CONTACT.phone, CONTACT.email, CONTACT.address):
        assert secret not in made.page().text


def test_a12_nothing_of_a_case_stands_in_head_title_address_or_headers(
    app: Flask, place: Place, database: Database
) -> None:
    opened = place.case(text=f"{MARKER} đòi thêm giấy tờ.")
    made = Sender(app.test_client(), opened.code)
    answers = [made.enter(), made.page(), made.page(lang="en"), made.post("files"), made.client.get("/follow/calendar")]
    assert MARKER in answers[1].text  # the sender reads it in the page itself
    for answer in answers:
        said = "".join([*HEAD.findall(answer.text), str(answer.headers), answer.headers.get("Location", "")])
        for secret in (MARKER, "Hồng Gai", opened.public_number, opened.case_id, "Phản ánh"):
            assert secret not in said, (answer.request.path, secret)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert "<title>Theo dõi bằng mã – Lắng Nghe</title>" in answers[1].text
    assert not re.findall(r"https?://(?!www\.w3\.org)", answers[1].text)


def test_a_complaint_below_the_form_says_what_it_is(app: Flask, place: Place) -> None:
    opened = place.case(kind=Kind.COMPLAINT, meets_form=False)
    made = Sender(app.test_client(), opened.code)
    made.enter()
    page = made.page().text
    assert "chưa phải đơn khiếu nại theo luật" in page
    assert "Đơn chưa đủ hình thức nên thời hạn theo luật chưa chạy" in page
    assert made.client.get("/follow/calendar").headers["Location"] == "/follow/case"


def test_a_missed_date_is_said(sender: Sender, opened: Opened, clock: SettableClock) -> None:
    clock.next_day(60)
    sender.enter()
    assert "Đã quá hạn." in sender.page().text


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_answer_is_shown_with_its_outcome(sender: Sender, place: Place, opened: Opened, outcome: Outcome) -> None:
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id, outcome, "Đoạn một.\n\nĐoạn hai <b>.")
    page = sender.page().text
    assert "<p>Đoạn một.</p>" in page
    assert "<p>Đoạn hai &lt;b&gt;.</p>" in page
    assert "/follow/calendar" not in page
    unanswered = {Outcome.NOT_COMPETENT, Outcome.WITHDRAWN, Outcome.DISCONTINUED}
    assert ("<h1>Đã có trả lời</h1>" in page) is (outcome not in unanswered)
    assert ("<h1>Đã kết thúc: " in page) is (outcome in unanswered)


def test_the_calendar_file_tells_nothing(sender: Sender, opened: Opened) -> None:
    answer = sender.client.get("/follow/calendar")
    assert answer.mimetype == "text/calendar"
    assert opened.due_on is not None
    assert f"DTSTART;VALUE=DATE:{opened.due_on:%Y%m%d}" in answer.text
    for secret in (opened.public_number, opened.code, opened.case_id, "Hồng Gai"):
        assert secret not in answer.text


def test_the_english_page_is_english(sender: Sender, place: Place, opened: Opened) -> None:
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, date(2026, 11, 28))
    page = sender.page(lang="en")
    assert '<html lang="en">' in page.text
    for words in (
        "Why this date?",
        "The office asks you",
        "What has happened",
        "The term is 20 days.",
        "Who has opened it?",
    ):
        assert words in page.text, words
    answer = sender.client.post(
        "/follow/answer?lang=en",
        data={"form_id": form_ids(page)["/follow/answer"], "question": "1", "text": "At eight."},
    )
    assert answer.headers["Location"] == "/follow/case?lang=en&done=answer"


# Information about a breach of law


@pytest.fixture
def informer(app: Flask, place: Place, database: Database) -> Sender:
    with database.transaction() as session:
        opened = open_information(session, place.unit_id, f"{MARKER} nhận tiền ngoài quy định.")
    made = Sender(app.test_client(), opened.code)
    assert made.enter().headers["Location"] == "/follow/case"
    return made


def test_information_is_followed_in_neutral_words_only(informer: Sender, place: Place) -> None:
    page = informer.page()
    assert "<h1>Đã nhận</h1>" in page.text
    lowered = page.text.lower()
    for secret in (MARKER.lower(), "hồng gai", "quảng ninh", "tố cáo", "vi phạm", "khiếu nại", "phản ánh", "quầy"):
        assert secret not in lowered, secret
    assert set(form_ids(page)) == {"/follow/files", "/follow/end"}
    assert informer.client.get("/follow/calendar").status_code == 303
    for act in ("answer", "rating", "reopening", "review"):
        answer = informer.post(act, text="x", question="1", reply="1", score="1")
        assert answer.status_code in (400, 409), act


def test_information_says_when_it_is_checked_and_passed_on_and_not_when_it_is_kept(
    informer: Sender, place: Place, database: Database, clock: SettableClock
) -> None:
    from sqlalchemy import select

    from app.feedback.denunciations import services as denunciations
    from app.feedback.denunciations.models import Denunciation

    def act(name: str, words: str, **more: object) -> None:
        with database.transaction() as session:
            row = session.scalars(select(Denunciation)).one()
            denunciations.act(session, place.handler, row.id, row.version, name, words=words, **more)

    act("keep", "Chưa đủ căn cứ, bí mật nội bộ.")
    assert "<h1>Đã nhận</h1>" in informer.page().text
    act("check", "Xin Ông/Bà gửi thêm hóa đơn.", is_shown=True)
    act("pass-on", "Chuyển theo thẩm quyền.", place="Cơ quan điều tra tỉnh")
    page = informer.page().text
    assert "<h1>Đã chuyển đến nơi có thẩm quyền</h1>" in page
    assert "Đang được kiểm tra" in page
    assert "Xin Ông/Bà gửi thêm hóa đơn." in page
    assert "bí mật nội bộ" not in page
    assert "Cơ quan điều tra" not in page


def test_pages_of_both_kinds_have_the_same_address_and_headers(informer: Sender, sender: Sender) -> None:
    mine, theirs = informer.page(), sender.page()
    assert set(mine.headers.keys()) == set(theirs.headers.keys())
    assert HEAD.findall(mine.text) == HEAD.findall(theirs.text)


@pytest.mark.parametrize("value", ["x", "x" * 3000, "á\u1ea1", "%00", "../x"])
def test_a_strange_cookie_opens_nothing(client: FlaskClient, place: Place, value: str) -> None:
    client.set_cookie("follow", value, path="/follow")
    assert client.get("/follow/case").headers["Location"] == "/follow?why=ended"
    assert client.post("/follow/end").status_code == 303
    assert client.post("/follow/reopening", data={"text": "x"}).status_code == 403


def test_a_plain_visitor_is_led_to_the_code(client: FlaskClient, place: Place) -> None:
    for path in ("/follow/case", "/follow/calendar"):
        assert client.get(path).headers["Location"] == "/follow?why=ended"
    assert "Phiên xem đã kết thúc" in client.get("/follow?why=ended").text
    assert client.get("/follow?why=<script>").status_code == 200


def test_a_complaint_waiting_to_be_accepted_promises_no_day_of_its_answer(client: FlaskClient, place: Place) -> None:
    made = place.case(kind=Kind.COMPLAINT, contact=CONTACT)
    sender = Sender(client, made.code)
    sender.enter()
    page = sender.page().text
    assert "Báo có nhận giải quyết hay không trước hết ngày" in page
    assert "<dt>Hạn trả lời</dt>" not in page
    place.do(take_up, made.case_id)
    page = sender.page().text
    assert "<dt>Hạn trả lời</dt>" in page
    assert "Báo có nhận giải quyết" not in page
