"""What senders do: answering, rating, asking for another look. Once each, by date, with what was typed never lost."""

from datetime import date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import VIETNAM
from app.db.session import Database
from app.feedback.cases import upkeep
from app.feedback.cases.kinds import Decision, Event, Outcome, QuestionEnd, RequestKind, State
from app.feedback.cases.models import Case, CaseEvent, CasePause, CaseQuestion, CaseRating, CaseRequest
from app.feedback.intake.services import Opened
from app.rules.kinds import Kind
from tests.factories.case_acts import ask, close, decide, take_up
from tests.factories.cases import CONTACT
from tests.functional.feedback.following.conftest import Place, Sender, form_ids
from tests.support.clock import SettableClock

REASON = "Quầy vẫn mở muộn sau khi có trả lời."


@pytest.fixture
def asked(place: Place, opened: Opened) -> Opened:
    """A case with an open question until 28 November."""
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, date(2026, 11, 28))
    return opened


@pytest.fixture
def closed(place: Place, opened: Opened) -> Opened:
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id)
    return opened


def events(database: Database, case_id: str) -> list[CaseEvent]:
    with database.reading() as session:
        return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence)))


def test_answering_ends_the_pause_at_the_midnight_before_and_bears_a_date_only(
    sender: Sender, place: Place, asked: Opened, database: Database, clock: SettableClock
) -> None:
    clock.advance(days=3, hours=5)
    sender.enter()
    page = sender.page()
    assert "Lúc mấy giờ?" in page.text
    assert "28/11/2026" in page.text
    answer = sender.post("answer", page, question="1", text="Lúc 7 giờ 45 phút.")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/follow/case?done=answer")
    with database.reading() as session:
        question = session.scalars(select(CaseQuestion)).one()
        assert (question.answer, question.ended_as, question.ended_on) == (
            "Lúc 7 giờ 45 phút.",
            QuestionEnd.ANSWERED,
            date(2026, 11, 24),
        )
        assert session.scalars(select(CasePause.ended_at)).one() == datetime.combine(
            date(2026, 11, 24), time(), tzinfo=VIETNAM
        )
        case = session.get_one(Case, asked.case_id)
        assert case.state is State.IN_PROGRESS
        assert asked.due_on is not None
        assert case.due_on is not None
        assert case.due_on > asked.due_on
    told = [one for one in events(database, asked.case_id) if one.event is Event.ANSWERED_BY_SENDER]
    assert [(one.at, one.officer_id, one.happened_on) for one in told] == [(None, None, date(2026, 11, 24))]
    after = sender.page(done="answer")
    assert "Đã nhận câu trả lời" in after.text
    assert "Lúc 7 giờ 45 phút." in after.text
    assert "/follow/answer" not in form_ids(after)


def test_answering_on_the_day_it_was_asked_adds_nothing_to_the_term(
    sender: Sender, place: Place, asked: Opened, database: Database
) -> None:
    assert sender.post("answer", question="1", text="Lúc 8 giờ.").status_code == 303
    with database.reading() as session:
        pause = session.scalars(select(CasePause)).one()
        assert pause.ended_at == pause.started_at
        assert session.get_one(Case, asked.case_id).due_on == asked.due_on


def test_a_double_post_of_an_answer_is_harmless_and_another_one_is_told_why(
    app: Flask, sender: Sender, place: Place, asked: Opened, database: Database
) -> None:
    page = sender.page()
    other = Sender(app.test_client(), asked.code)
    other.enter()
    other_page = other.page()
    found = [sender.post("answer", page, question="1", text="Lúc 8 giờ.") for _ in range(3)]
    assert {one.headers["Location"] for one in found} == {"/follow/case?done=answer"}
    late = other.post("answer", other_page, question="1", text="Lúc 9 giờ, tôi nhớ lại.")
    assert late.status_code == 409
    assert "Câu hỏi này đã kết thúc" in late.text
    same = other.post("answer", other_page, question="1", text="Lúc 8 giờ.")
    assert same.status_code == 303
    assert [one.event for one in events(database, asked.case_id)].count(Event.ANSWERED_BY_SENDER) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Xin Ông/Bà viết câu trả lời"), ("  \n", "Xin Ông/Bà viết"), ("ữ" * 5001, "dài quá 1 ký tự")],
)
def test_a_bad_answer_is_named_and_kept(sender: Sender, place: Place, asked: Opened, text: str, words: str) -> None:
    page = sender.post("answer", question="1", text=text)
    assert page.status_code == 400
    assert words in page.text
    assert 'href="#answer"' in page.text
    assert text.strip() in page.text
    assert "<title>Lỗi: " in page.text


def test_a_question_that_expired_says_so_before_and_after_the_job(
    sender: Sender, place: Place, asked: Opened, database: Database, clock: SettableClock
) -> None:
    page = sender.page()
    clock.set_local(date(2026, 11, 29))
    sender.enter()
    late = sender.page()
    assert "/follow/answer" not in form_ids(late)
    assert sender.post("answer", page, question="1", text="Muộn rồi.").status_code in (400, 403, 409)
    with database.transaction() as session:
        assert upkeep.expire_questions(session, clock.today) == 1
    after = sender.page()
    assert "Hết hạn trả lời câu hỏi" in after.text
    assert "Đơn vị đang xử lý" in after.text
    assert "/follow/files" in form_ids(after)


def test_rating_once_for_each_closing(
    sender: Sender, place: Place, closed: Opened, database: Database, clock: SettableClock
) -> None:
    page = sender.page()
    assert "Ông/Bà có hài lòng với câu trả lời này không?" in page.text
    empty = sender.post("rating", page, reply="1", text="Chậm nhưng đúng.")
    assert empty.status_code == 400
    assert "Xin chọn một trong năm mức" in empty.text
    assert "Chậm nhưng đúng." in empty.text
    sent = sender.page()
    found = {sender.post("rating", sent, reply="1", score="4", text="Chậm nhưng đúng.").status_code for _ in range(3)}
    assert found == {303}
    after = sender.page()
    assert "Ông/Bà đã đánh giá: Hài lòng." in after.text
    assert "/follow/rating" not in form_ids(after)
    english = sender.page(lang="en").text
    assert "<b>Rating:</b>" not in english  # said once, in the box of the answer
    assert english.count("Your rating: ") == 1
    assert "<dt>Outcome</dt><dd>Solved" in english
    with database.reading() as session:
        given = session.scalars(select(CaseRating)).one()
        assert (given.score, given.text, given.reply_number) == (4, "Chậm nhưng đúng.", 1)
    sender.post("reopening", text=REASON)
    place.do(decide, closed.case_id, Decision.ACCEPTED)
    clock.next_day()
    place.do(close, closed.case_id)
    sender.enter()
    assert sender.post("rating", reply="1", score="1", text="").status_code == 409  # the first answer stays as rated
    assert sender.post("rating", reply="2", score="1", text="").status_code == 303


@pytest.mark.parametrize("score", ["0", "6", "", "x", "1.5", "١", "999999999999999999999"])
def test_no_other_level_is_taken(sender: Sender, place: Place, closed: Opened, database: Database, score: str) -> None:
    assert sender.post("rating", reply="1", score=score).status_code == 400
    with database.reading() as session:
        assert not session.scalars(select(CaseRating)).all()


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.DISCONTINUED])
def test_a_case_that_ended_without_an_answer_is_not_rated(
    sender: Sender, place: Place, opened: Opened, outcome: Outcome
) -> None:
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id, outcome)
    page = sender.page()
    assert "Việc kết thúc mà không có câu trả lời để đánh giá" in page.text
    assert "/follow/rating" not in form_ids(page)


def test_reopening_is_asked_in_words_decided_in_words_and_then_goes_one_level_up(
    app: Flask, place: Place, database: Database
) -> None:
    closed = place.case(kind=Kind.SUGGESTION)  # no second stage by its rule: the unit is asked first
    place.do(take_up, closed.case_id)
    place.do(close, closed.case_id)
    sender = Sender(app.test_client(), closed.code)
    sender.enter()
    page = sender.page()
    assert "Trước hết xin đề nghị đơn vị xem lại" in page.text
    assert sender.post("reopening", page, text=" ").status_code == 400
    assert sender.post("review", page, text=REASON).status_code in (400, 409)
    assert sender.post("reopening", sender.page(), text=REASON).status_code == 303
    waiting = sender.page()
    assert "Đang chờ quyết định" in waiting.text
    assert "/follow/reopening" not in form_ids(waiting)
    place.do(decide, closed.case_id, Decision.REFUSED, "Camera cho thấy quầy mở đúng giờ.")
    refused = sender.page()
    assert "Camera cho thấy quầy mở đúng giờ." in refused.text
    assert "Đề nghị xem lại không được chấp nhận" in refused.text
    assert sender.post("review", refused, text="Camera bị che.").status_code == 303
    with database.reading() as session:
        asked = session.scalars(select(CaseRequest).order_by(CaseRequest.number)).all()
        assert [(one.kind, one.unit_id) for one in asked] == [
            (RequestKind.REOPENING, place.unit_id),
            (RequestKind.SECOND_STAGE, place.province_id),
        ]
        assert session.get_one(Case, closed.case_id).state is State.CLOSED
    place.do(decide, closed.case_id, Decision.ACCEPTED, "Tỉnh xem xét lại.")
    taken = sender.page()
    assert "Cấp trên nhận xem xét" in taken.text
    assert "Tỉnh Quảng Ninh" in taken.text
    assert "/follow/files" in form_ids(taken)


def test_asking_is_possible_within_the_term_of_the_rule_only(
    sender: Sender, place: Place, closed: Opened, clock: SettableClock
) -> None:
    page = sender.page()
    assert "/follow/reopening" in form_ids(page)
    clock.next_day(400)
    sender.enter()
    late = sender.page()
    assert "/follow/reopening" not in form_ids(late)
    assert "Đã hết hạn vào ngày" in late.text


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.PETITION])
def test_where_the_rule_knows_a_second_stage_it_is_open_at_once(app: Flask, place: Place, kind: Kind) -> None:
    opened = place.case(kind=kind, contact=CONTACT)
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id, Outcome.NOT_ACCEPTED)
    made = Sender(app.test_client(), opened.code)
    made.enter()
    assert {"/follow/reopening", "/follow/review"} <= set(form_ids(made.page()))
    open_page = made.page()
    assert made.post("review", text=REASON).status_code == 303
    waiting = made.page()
    assert "/follow/reopening" not in form_ids(waiting)
    assert waiting.text.lower().count("đang chờ quyết định") == 1
    assert "<b>Đề nghị cấp trên xem xét:</b>" not in waiting.text
    assert "<b>Đề nghị xem lại:</b>" not in waiting.text
    refused = made.post("reopening", open_page, text=REASON)
    assert "Đề nghị cấp trên xem xét của Ông/Bà đang chờ quyết định." in refused.text
    english = made.page(lang="en").text
    assert english.lower().count("waiting for a decision") == 1
    assert "đang chờ" not in english


def test_the_root_has_nobody_above_and_says_so(app: Flask, place: Place) -> None:
    from dataclasses import replace

    opened = replace(place, unit_id=place.province_id, counter_id=None).case(kind=Kind.COMPLAINT, contact=CONTACT)
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id)
    made = Sender(app.test_client(), opened.code)
    made.enter()
    assert "Không có đơn vị cấp trên trong hệ thống này" in made.page().text


def test_what_was_typed_survives_the_end_of_the_session(
    app: Flask, sender: Sender, place: Place, asked: Opened, clock: SettableClock, database: Database
) -> None:
    page = sender.page()
    clock.advance(minutes=45)
    late = sender.post("answer", page, question="1", text="Lúc 7 giờ 45.")
    assert late.status_code == 403
    assert "Lúc 7 giờ 45." in late.text
    assert "nội dung còn nguyên dưới đây" in late.text
    again = sender.client.post(
        "/follow",
        data={
            "form_id": form_ids(late)["/follow"],
            "code": asked.code,
            "kept_act": "answer",
            "kept_text": "Lúc 7 giờ 45.",
        },
    )
    assert again.status_code == 303
    shown = sender.page()
    assert "Lúc 7 giờ 45." in shown.text
    assert sender.post("answer", shown, question="1", text="Lúc 7 giờ 45.").status_code == 303
    assert "\nLúc 7 giờ 45.</textarea>" not in sender.page().text


@pytest.mark.parametrize("act", ["answer", "files", "rating", "reopening", "review"])
def test_a10_no_act_without_a_session_and_none_with_the_form_of_another(
    app: Flask, sender: Sender, place: Place, database: Database, act: str
) -> None:
    """One sender cannot act on another's case on any verb: there is no way to name it, and forms are bound."""
    mine = place.case(text="Của người khác, việc khác hẳn.")
    place.do(take_up, mine.case_id)
    if act in {"rating", "reopening", "review"}:
        place.do(close, mine.case_id)
    else:
        place.do(ask, mine.case_id, date(2026, 11, 28))
    owner = Sender(app.test_client(), mine.code)
    owner.enter()
    page = owner.page()
    fields = {
        "text": "Từ kẻ lạ.",
        "question": "1",
        "reply": "1",
        "score": "1",
        "case": mine.case_id,
        "id": mine.case_id,
    }
    nobody = Sender(app.test_client(), "")
    for stranger in (nobody, sender):
        answer = stranger.client.post(
            f"/follow/{act}", data={"form_id": form_ids(page).get(f"/follow/{act}", "x"), **fields}
        )
        assert answer.status_code in (303, 400, 403), answer.status_code
        assert answer.status_code != 303 or answer.headers["Location"] == "/follow?why=ended"
    with database.reading() as session:
        case = session.get_one(Case, mine.case_id)
        assert session.scalars(select(CaseQuestion.answer)).all() in ([], [None])
        assert not session.scalars(select(CaseRating)).all()
        assert not session.scalars(select(CaseRequest)).all()
        assert case.version == session.get_one(Case, mine.case_id).version


def test_a_stale_or_forged_form_keeps_the_text(sender: Sender, place: Place, asked: Opened) -> None:
    for form_id in ("", "x", "A" * 48, form_ids(sender.page())["/follow/files"]):
        page = sender.client.post("/follow/answer", data={"form_id": form_id, "question": "1", "text": "Lúc 8 giờ."})
        assert page.status_code == 400
        assert "Lúc 8 giờ." in page.text


@pytest.mark.parametrize("question", ["", "0", "2", "-1", "x", "1" * 30, "١"])
def test_only_the_open_question_is_answered(sender: Sender, place: Place, asked: Opened, question: str) -> None:
    page = sender.post("answer", question=question, text="Lúc 8 giờ.")
    assert page.status_code == 409
    assert "Lúc 8 giờ." in page.text


@pytest.mark.parametrize("act", ["answer", "files", "rating", "reopening", "review", "end"])
def test_strange_bodies_make_no_error(sender: Sender, place: Place, closed: Opened, act: str) -> None:
    bodies = (
        {"data": b"\xff\xfe=%00&text=%F0%28", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"{}", "content_type": "application/json"},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
        {"data": {"text": ["a", "b"], "score": ["1", "2"], "form_id": ["x", "y"]}},
        {"data": {"text": "x" * 300_000}},
        {
            "data": b"&".join(b"f%d=1" % number for number in range(1000)),
            "content_type": "application/x-www-form-urlencoded",
        },
    )
    for body in bodies:
        assert sender.client.post(f"/follow/{act}", **body).status_code in (303, 400, 403, 413, 415), body


def test_the_other_language_keeps_what_is_typed_and_does_nothing(
    sender: Sender, asked: Opened, database: Database
) -> None:
    form_id = form_ids(sender.page())["/follow/answer"]
    typed = {"form_id": form_id, "question": "1", "text": "Lúc 8 giờ sáng.", "switch": "1"}
    other = sender.client.post("/follow/answer?lang=en", data=typed)
    assert other.status_code == 200
    assert all(words in other.text for words in ('<html lang="en">', "Lúc 8 giờ sáng.</textarea>"))
    assert '<a href="/follow/case' not in other.text  # a link would lose it
    with database.reading() as session:
        assert session.scalars(select(CaseQuestion.answer)).all() == [None]
    assert sender.client.post("/follow/answer", data=typed | {"text": ""}).status_code == 200
    page = sender.client.get("/follow")
    typed = {"form_id": form_ids(page)["/follow"], "code": "7KQ2", "kept_act": "answer", "kept_text": "Giữ lại"}
    other = sender.client.post("/follow?lang=en", data=typed | {"switch": "1"})
    assert (other.status_code, 'value="7KQ2"' in other.text, "Giữ lại" in other.text) == (200, True, True)
