"""Public answers: only edited copies of closed cases, taken down everywhere at once, with every version kept."""

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.feedback.publishing import queries
from app.feedback.publishing.models import PublicAnswer, PublicAnswerVersion
from app.feedback.publishing.moderation import without_spots
from tests.factories.cases import CONTACT
from tests.functional.casework.conftest import Office, Send, hidden, send_answer
from tests.support.clock import SettableClock

TEXT = "Ông Trần Văn Tý ở quầy 3 mở quầy muộn. Gọi tôi theo số 0912 345 678."
COPY = {
    "title": "Quầy mở muộn buổi sáng",
    "question": "Quầy mở muộn, nhiều người phải chờ.",
    "answer": "Đơn vị đã nhắc nhở & mở quầy <đúng> giờ.",
    "basis": "anonymised",
}
EVERYWHERE = ("/answers", "/answers/C1", "/answers/feed.xml", "/answers/C1/feed.xml", "/answers?q=mo+muon")


@pytest.fixture
def closed(office: Office, leader: FlaskClient) -> Any:
    """An answered case, with its code."""
    case = office.open(text=TEXT)
    send_answer(leader, case.case_id, text="Đã nhắc nhở ông Trần Văn Tý.")
    return case


def publication(case_id: str) -> str:
    return f"/officer/cases/{case_id}/publication"


def send(client: FlaskClient, case_id: str, step: str = "final", **typed: str) -> Any:
    page = hidden(client.get(publication(case_id)).text)
    fields = {"csrf_token": page["csrf_token"], "version": page.get("version", "1")}
    return client.post(publication(case_id), data=fields | COPY | typed | {"step": step})


def take_down(client: FlaskClient, case_id: str, reason: str) -> Any:
    page = hidden(client.get(publication(case_id)).text)
    data = {"csrf_token": page["csrf_token"], "version": page["version"], "withdrawal": reason}
    return client.post(f"{publication(case_id)}/withdraw", data=data)


def address(office: Office, case_id: str) -> str:
    with office.database.reading() as session:
        row = session.scalars(select(PublicAnswer).where(PublicAnswer.case_id == case_id)).one()
        return f"/answers/C1/{row.id}"


def followed(office: Office, code: str) -> str:
    browser = office.app.test_client()
    form_id = re.search(r'name="form_id" value="([^"]*)"', browser.get("/follow").text)
    assert form_id is not None
    browser.post("/follow", data={"form_id": form_id[1], "code": code})
    return browser.get("/follow/case").text


def test_from_the_original_to_the_public_page_and_what_the_sender_is_told(
    office: Office, leader: FlaskClient, closed: Any, client: FlaskClient, clock: SettableClock
) -> None:
    form = leader.get(publication(closed.case_id)).text
    assert "[đã bỏ số điện thoại]" in form  # proposed without what looks personal
    assert "<mark>" in form
    seen_before = send(leader, closed.case_id, "preview")
    assert seen_before.status_code == 200
    assert all(COPY["title"] not in client.get(one).text for one in EVERYWHERE)
    assert send(leader, closed.case_id).status_code == 303
    where = address(office, closed.case_id)
    page = client.get(where).text
    shown = page[page.index('<h1 lang="vi">') : page.index('<p class="aside">')]
    assert shown in seen_before.text  # byte for byte what the preview showed
    assert html.escape(COPY["answer"]) in page
    for one in (*EVERYWHERE, where, f"{where}?lang=en"):
        found = client.get(one)
        assert COPY["title"] in found.text, one
        assert "Set-Cookie" not in found.headers
        assert not any(word in found.text for word in ("Trần Văn Tý", "0912", closed.public_number, closed.case_id)), (
            one
        )
        assert f"{clock.today:%d/%m/%Y}" not in found.text
        assert f"{clock.today:%Y-%m-%d}" not in found.text
    assert "The office’s answer" in client.get(f"{where}?lang=en").text
    assert "answers: 1" in client.get("/answers?lang=en").text
    assert where in client.get("/answers/C1").text
    assert COPY["title"] not in client.get("/answers/C2").text
    assert where in followed(office, closed.code)
    assert client.get("/answers/C1?q=khongco").text.count("<li>") == 0


def test_a11_what_is_taken_down_or_made_private_is_gone_from_every_derived_form(
    office: Office, leader: FlaskClient, closed: Any, client: FlaskClient, act: Send
) -> None:
    send(leader, closed.case_id)
    where = address(office, closed.case_id)
    never = client.get("/answers/C1/aaaaaaaaaaaa")
    for hide, bring_back in (
        (lambda: act(leader, closed.case_id, "set-private", reason="Có trẻ em"), "unset-private"),
        (lambda: take_down(leader, closed.case_id, "Người quen nhận ra"), ""),
    ):
        assert COPY["title"] in client.get(where).text
        assert hide().status_code == 303
        for one in EVERYWHERE:
            assert COPY["title"] not in client.get(one).text, one
            assert where not in client.get(one).text, one
        gone = client.get(where)
        assert (gone.status_code, len(gone.text)) == (404, len(never.text))
        assert where not in followed(office, closed.code)
        with office.database.reading() as session:
            assert queries.public_texts(session, [closed.case_id], SettableClock().today) == {}
            assert queries.counts(session) == {}
            assert session.scalars(queries.published_ids()).all() == []
        if bring_back:
            act(leader, closed.case_id, bring_back, reason="Đã xem lại")
    assert "Người quen nhận ra" in followed(office, closed.code)  # the author is told why
    with office.database.reading() as session:
        row = session.scalars(select(PublicAnswer)).one()
        assert (row.title, row.question, row.answer, row.folded) == (None, None, None, None)
        kept = session.scalars(select(PublicAnswerVersion).order_by(PublicAnswerVersion.number)).all()
        assert [(one.act.value, one.question) for one in kept] == [("published", COPY["question"]), ("withdrawn", None)]


def test_a_correction_needs_a_reason_and_keeps_the_version_before(
    office: Office, leader: FlaskClient, closed: Any, client: FlaskClient
) -> None:
    send(leader, closed.case_id)
    refused = send(leader, closed.case_id, answer="Câu khác.")
    assert refused.status_code == 400
    assert '<a href="#reason">Vì sao thay bản trước: Xin điền phần này.</a>' in refused.text
    assert "Câu khác." in refused.text
    assert send(leader, closed.case_id, answer="Câu khác.", reason="Viết nhầm giờ").status_code == 303
    page = client.get(address(office, closed.case_id)).text
    assert "Câu khác." in page
    assert "đã được sửa" in page
    told = followed(office, closed.code)
    assert "Đơn vị sửa bản công khai." in told
    assert "Viết nhầm giờ" in told
    moderation = leader.get(publication(closed.case_id)).text
    assert html.escape(COPY["answer"]) in moderation
    assert "Đang công khai" in leader.get("/officer/public-answers?standing=shown").text
    with office.database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("case:%publi%"))).all()
        assert sorted(acts) == ["case:correct-public", "case:publish"]


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"title": ""}, 400, "Xin điền phần này."),
        ({"basis": "because"}, 400, "Xin chọn một mục."),
        ({"basis": "agreed"}, 400, "Xin điền phần này."),
        ({"question": "Ông Trần Văn Tý mở quầy muộn."}, 400, "Còn chỗ giống thông tin cá nhân"),
        ({"question": "nguyen  van BINH phải chờ"}, 400, "họ tên, số điện thoại"),
        ({"answer": "Xin gọi 0912.345.678", "is_checked": "1"}, 400, "họ tên, số điện thoại"),
        ({"version": "1"}, 409, "vừa có người khác cập nhật"),
        ({"extra": "1"}, 400, "Trang này đã cũ"),
        ({"title": "x" * 151}, 400, "dài quá"),
        ({"answer": "\x00\u202e"}, 400, "Xin điền phần này."),
    ],
    ids=[
        "no title",
        "no basis",
        "no agreement",
        "name of an official",
        "name of the sender",
        "number of the sender",
        "stale",
        "unknown field",
        "long title",
        "nothing",
    ],
)
def test_what_may_not_be_public_is_refused_with_what_was_typed(
    office: Office, leader: FlaskClient, client: FlaskClient, typed: dict[str, str], status: int, words: str
) -> None:
    case = office.open(text=TEXT, contact=CONTACT)
    send_answer(leader, case.case_id, text="Đã nhắc nhở.")
    answer = send(leader, case.case_id, **typed)
    assert answer.status_code == status
    assert words in html.unescape(answer.text)
    if "extra" not in typed:
        assert html.escape(typed.get("question", COPY["question"])) in answer.text
    assert client.get("/answers").text.count("/answers/C1/") == 0


def test_only_the_one_policy_lets_publish_and_only_what_may_be_public(
    office: Office, leader: FlaskClient, act: Send, closed: Any
) -> None:
    neighbour = office.officer("neighbour", Role.UNIT_LEADER, office.places.other)
    unknown = neighbour.get(publication("0" * 24))
    assert neighbour.get(publication(closed.case_id)).status_code == unknown.status_code == 404
    token = {"csrf_token": hidden(neighbour.get("/officer/public-answers").text)["csrf_token"]}
    posted = neighbour.post(publication(closed.case_id), data=token | COPY | {"version": "2", "step": "final"})
    assert posted.status_code == 404
    assert closed.public_number not in neighbour.get("/officer/public-answers").text
    assert closed.public_number in leader.get("/officer/public-answers").text
    assert office.officer("clerk", Role.CASE_OFFICER, office.places.commune).get(
        publication(closed.case_id)
    ).status_code == 403  # fmt: skip
    still_open = office.open()
    assert "Chỉ công khai được câu trả lời của đơn đã kết thúc." in leader.get(publication(still_open.case_id)).text
    assert send(leader, still_open.case_id).status_code == 409
    act(leader, closed.case_id, "set-private", reason="Có trẻ em")
    assert "Đơn đang ở chế độ không công khai" in send(leader, closed.case_id, version="3").text


def test_a12_private_pages_say_nothing_in_head_or_title(office: Office, leader: FlaskClient, closed: Any) -> None:
    pages = (
        leader.get(f"/officer/cases/{closed.case_id}").text,
        leader.get(publication(closed.case_id)).text,
        send(leader, closed.case_id, "preview").text,
        followed(office, closed.code),
    )
    for page in pages:
        head = page[: page.index("</head>")]
        assert not any(word in head for word in ("Trần", "quầy", closed.public_number, closed.case_id, "og:", "Bãi"))


def test_what_looks_personal_is_taken_out_of_the_proposal() -> None:
    assert without_spots("Gọi 0912 345 678 nhé") == "Gọi [đã bỏ số điện thoại] nhé"
    assert without_spots("Không có gì") == "Không có gì"
