"""Letters: the same words as DOCX and PDF, and without identity nothing that tells who sent the case."""

import html
import inspect
from dataclasses import fields
from io import BytesIO
from typing import Any

import docx
import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.crypto.types import in_row
from app.feedback.answering.spotting import spots
from app.feedback.cases.kinds import QuestionEnd
from app.feedback.cases.models import Case, CaseQuestion
from app.feedback.cases.sender_words import copied_from
from app.feedback.letters import clues, forms
from app.feedback.letters.forms import FIELDS, NAMES, ConcernedFacts, Form
from app.feedback.letters.models import CaseLetter
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.factories.officers import make_officer
from tests.functional.casework.conftest import Office, hidden, send_answer

TEXT = "Sáng thứ hai tôi đến nộp hồ sơ khai sinh cho cháu thì ông Trần Văn Tý không có ở quầy đến tận mười giờ."
WRITTEN = {
    "content": "Cán bộ tại quầy vắng mặt trong giờ làm việc.",
    "reason": "Việc này thuộc thẩm quyền của cơ quan khác <&> #set $x$.",
    "answer": "Đơn vị đã nhắc nhở cán bộ và bố trí người thay.",
    "recipient": "Công an phường Hồng Gai",
    "new_due": "31/12/2026",
    "wanted": "Giải trình việc trực quầy trong giờ làm việc.",
    "answer_until": "30/11/2026",
    "signer": "Phạm Thị Hoa",
    "authority": "CHỦ TỊCH",
}
AUTHORITIES = ("ỦY BAN NHÂN DÂN PHƯỜNG BÃI CHÁY", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH")
ANSWERED = "Hôm ấy con tôi bế cháu đứng chờ, bác bảo vệ bảo cả nhà ra quán nước ngồi đợi."
IDENTITY = ("Nguyễn Văn Bình", "0912 345 678", "0912345678", "binh@example.vn", "12 Trần Phú")


@pytest.fixture
def case(office: Office) -> Any:
    return office.open(text=TEXT, contact=CONTACT)


def address(case: Any, rest: str) -> str:
    return f"/officer/cases/{case.case_id}/letters/{rest}"


def answer_question(office: Office, case_id: str, words: str) -> None:
    """What its sender said when asked."""
    with office.database.transaction() as session:
        asker, now = make_officer(session, "nguoi.hoi"), clock.now()
        session.add(
            CaseQuestion(
                case_id=case_id,
                number=1,
                text=in_row("Xin kể thêm.", case_id),
                asked_by=asker.id,
                asked_at=now,
                answer_until=now.date(),
                answer=in_row(words, case_id),
                ended_as=QuestionEnd.ANSWERED,
                ended_on=now.date(),
            )
        )


def send(client: FlaskClient, case: Any, form: Form, **typed: str) -> Any:
    given = hidden(client.get(address(case, form.value)).text)
    data = {name: given[name] for name in ("csrf_token", "version")}
    wanted = {field.name: WRITTEN[field.name] for field in FIELDS[form]}
    return client.post(address(case, form.value), data=data | wanted | typed)


def words_of(client: FlaskClient, case: Any, number: int, *, is_printed: bool = True) -> list[str]:
    """What stands in the DOCX, and in the PDF, of a letter, spaces made alike."""
    written = docx.Document(BytesIO(client.get(address(case, f"{number}/letter.docx")).data))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    known = written.core_properties
    assert (known.author, known.last_modified_by, known.comments) == ("", "", "")
    texts = [" ".join([*cells, *(one.text for one in written.paragraphs)])]
    if is_printed:
        with pypdfium2.PdfDocument(client.get(address(case, f"{number}/letter.pdf")).data) as made:
            texts.append(" ".join(page.get_textpage().get_text_range() for page in made))
    return [" ".join(text.split()) for text in texts]


def test_every_letter_is_made_with_and_without_identity_in_both_formats(
    office: Office, leader: FlaskClient, case: Any
) -> None:
    number = 0
    for form in Form:
        for identified in ("", "1") if form is not Form.CONCERNED else ("",):
            assert send(leader, case, form, is_identified=identified).status_code == 303, form
            number += 1
            for text in words_of(leader, case, number, is_printed=form is Form.REPLY or not identified):
                for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *AUTHORITIES, "CHỦ TỊCH"):
                    assert said in text, (form, said)
                for field in FIELDS[form]:
                    if field.name not in ("authority", "answer_until"):
                        assert WRITTEN[field.name] in text, (form, field.name)
                assert "./." in text
                assert ("Nguyễn Văn Bình" in text) is bool(identified), form
                if not identified:
                    assert not any(one in text for one in IDENTITY), form
    page = leader.get(f"/officer/cases/{case.case_id}/letters").text
    assert all(NAMES[form] in page for form in Form)
    assert page.count("có thông tin người gửi") >= 5
    with office.database.reading() as session:
        acts = session.scalars(select(AuditEvent.action)).all()
        assert acts.count("case:make-letter") == number
        assert acts.count("case:read-contact") == 6  # one file of each of the five with identity, two of one
        assert not any(one in str([row.detail for row in session.scalars(select(AuditEvent))]) for one in IDENTITY)


def test_f5_the_copy_for_the_accused_has_no_place_for_identity(office: Office, leader: FlaskClient, case: Any) -> None:
    assert {field.name for field in fields(ConcernedFacts)} == {"recipient", "content", "wanted", "answer_until"}
    assert set(inspect.signature(forms.to_concerned).parameters) == {"office", "facts", "given"}
    assert "is_identified" not in leader.get(address(case, "concerned")).text
    assert send(leader, case, Form.CONCERNED, is_identified="1").status_code == 400
    answer_question(office, case.case_id, ANSWERED)
    for typed, words in (
        ({"content": "Ông Nguyễn Văn BÌNH nói cán bộ vắng mặt."}, "họ tên, số điện thoại"),
        ({"wanted": "Liên hệ 0912.345.678 để xin lỗi."}, "họ tên, số điện thoại"),
        ({"signer": "Nguyen Van Binh"}, "họ tên, số điện thoại"),
        ({"content": "tôi đến nộp hồ sơ khai sinh cho cháu thì ông ấy vắng"}, "chép nguyên văn"),
        ({"content": f"Theo đơn: {ANSWERED.lower()}", "is_checked": "1"}, "chép nguyên văn"),
        ({"content": "Ông Trần Văn Tý vắng mặt trong giờ."}, "Còn chỗ giống thông tin cá nhân"),
        ({"content": "Vắng mặt lúc 9 giờ ngày 20/11 ở quầy 3."}, "Còn chỗ giống thông tin cá nhân"),
        ({"wanted": f"Xem đơn {case.public_number.lower().replace('-', ' ')}.", "is_checked": "1"}, "số của đơn"),
        ({"content": "Anh Bình phải chờ lâu.", "is_checked": "1"}, "tên người gửi (“Bình”)"),
        ({"content": "Một người ở phố Trần Phú phải chờ.", "is_checked": "1"}, "nơi ở của người gửi"),
        ({"answer_until": "01/01/2020"}, "một ngày sau hôm nay"),
        ({"answer_until": "32/13/2026"}, "một ngày có thật"),
        ({"answer_until": "29/11/2026"}, "29/11/2026 là Chủ nhật, cơ quan không làm việc"),
        ({"answer_until": "01/01/2027"}, "Xin ghi 04/01/2027"),
        ({"content": ""}, "Xin điền phần này."),
        ({"other": "1"}, "Trang này đã cũ"),
        ({"content": "x" * 5001}, "dài quá"),
    ):
        refused = send(leader, case, Form.CONCERNED, **typed)
        assert refused.status_code == 400, typed
        assert words in html.unescape(refused.text), typed
        if "other" not in typed:
            assert html.escape(typed.get("content") or typed.get("wanted") or WRITTEN["wanted"])[:60] in refused.text
    named = {"content": "Ông Trần Văn Tý vắng mặt trong giờ.", "is_checked": "1"}
    assert send(leader, case, Form.CONCERNED, **named).status_code == 303
    for text in words_of(leader, case, 1):
        kept = text.replace("Trần Văn Tý", "")
        assert not any(
            one in text for one in (*IDENTITY, case.public_number, "khai sinh", "mười giờ", "thứ hai", "Quầy")
        )
        assert {spot.kind.value for spot in spots(kept)} <= {"person"}  # the one who signs
        assert not copied_from(TEXT, kept)
    with office.database.reading() as session:
        assert [one.is_identified for one in session.scalars(select(CaseLetter))] == [False]


def test_only_what_is_meant_of_the_sender_is_found_in_the_words_of_an_officer() -> None:
    buoi, binh = "Trần Thị Bưởi", "Nguyễn Văn Bình"
    for text in ("Có đơn của chị Bưởi.", "chi buoi noi", "CHỊ BƯỞI", "Bà Thị Bưởi", "người tên Bưởi"):
        assert clues.given_name_in(text, buoi), text
    for text in ("quả bưởi", "Lê Thị Bưởi", "chị Bưởng", ""):
        assert not clues.given_name_in(text, buoi), text
    for text in ("việc bình thường", "ba bình nước", "ông Trần Văn Bình", "tỉnh Quảng Bình"):
        assert not clues.given_name_in(text, binh), text
    home = "Số 5 đường Lê Lợi, tổ 3, phường Hạ Long, tỉnh Quảng Ninh"
    for text in ("phố Lê Lợi", "ở Tổ 3", "nhà ở phuong Ha Long"):
        assert clues.address_in(text, home, ["Tỉnh Quảng Ninh"]), text
    assert not clues.address_in("phường Hạ Long, tỉnh Quảng Ninh", home, ["Phường Hạ Long", "Tỉnh Quảng Ninh"])


def test_a_complaint_is_answered_by_a_decision_and_after_its_end_is_neither_accepted_nor_refused(
    office: Office, leader: FlaskClient
) -> None:
    complaint = office.open(text=TEXT, kind=Kind.COMPLAINT, contact=CONTACT)
    assert send(leader, complaint, Form.REPLY, is_identified="1").status_code == 303
    for text in words_of(leader, complaint, 1):
        assert "QUYẾT ĐỊNH Về việc giải quyết khiếu nại" in text
        assert "/QĐ-" in text
        assert "của Ông/Bà Nguyễn Văn Bình" in text
        assert "V/v" not in text
    assert forms.DECISION in leader.get(address(complaint, "reply")).text
    assert set(forms.offered(is_closed=False, is_incompetent=False)) == set(Form)
    ended = forms.offered(is_closed=True, is_incompetent=False)
    assert set(ended) == {Form.TRANSFER, Form.REPLY, Form.CONCERNED}
    assert Form.REFUSAL in forms.offered(is_closed=True, is_incompetent=True)


def test_a_letter_that_means_nothing_after_the_end_is_refused_by_its_address_too(
    office: Office, leader: FlaskClient, case: Any
) -> None:
    open_form = hidden(leader.get(address(case, "extension")).text)
    assert send_answer(leader, case.case_id).status_code == 303
    for name in ("acceptance", "extension", "refusal"):
        refused = leader.get(address(case, name))
        assert (refused.status_code, "Đơn đã kết thúc nên không lập" in refused.text) == (409, True)
    with office.database.reading() as session:
        version = session.get_one(Case, case.case_id).version
    late = {"csrf_token": open_form["csrf_token"], "version": str(version), "reason": "Lời của tôi", "new_due": ""}
    refused = leader.post(address(case, "extension"), data=late)
    assert (refused.status_code, "Lời của tôi" in refused.text) == (409, True)
    assert "Đơn đã kết thúc nên không lập" in refused.text
    assert leader.get(address(case, "reply")).status_code == 200


def test_identity_needs_the_right_to_it_each_time_and_a_stranger_finds_nothing(
    office: Office, leader: FlaskClient, case: Any
) -> None:
    send(leader, case, Form.REPLY, is_identified="1")
    stranger = office.officer("stranger", Role.UNIT_LEADER, office.places.other)
    for rest in ("", "/reply", "/1/letter.docx", "/1/letter.pdf"):
        assert stranger.get(f"/officer/cases/{case.case_id}/letters{rest}").status_code == 404
    assert leader.get(address(case, "9/letter.pdf")).status_code == 404
    stale = send(leader, case, Form.REPLY, version="1")
    assert stale.status_code == 409
    assert WRITTEN["answer"] in stale.text
    hidden_case = office.open(text=TEXT)
    assert "Có ghi họ tên" not in leader.get(address(hidden_case, "reply")).text
    assert send(leader, hidden_case, Form.REPLY, is_identified="1").status_code == 400


def test_a_copy_is_a_long_run_of_the_same_words_or_the_whole_of_a_short_text() -> None:
    quoted = copied_from(
        "Một, hai – ba BỐN, năm sáu bảy tám chín mười mười một.", "ba bon nam sáu bảy tám chín mười mười một!"
    )
    assert quoted == "ba BỐN, năm sáu bảy tám chín mười mười một."
    assert not copied_from("một hai ba bốn năm sáu bảy tám chín mười mười một", "một hai ba bốn năm khác sáu bảy")
    assert copied_from("Quầy mở muộn mãi", "Họ nói: quay mo muon mai.")
    assert not copied_from("", "gì cũng được")
