"""What the door promises is what happens: nothing is taken that could not be kept from the unit it concerns."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db.session import Database
from app.feedback.cases.models import Case
from app.feedback.denunciations.errors import NobodyAbove
from app.feedback.denunciations.models import Denunciation
from app.feedback.intake.services import Report, open_denunciation
from app.rules.kinds import Kind
from tests.support.door import TEXT, Visitor, code_of, fields_of, plain

NOBODY = "không có cấp nào đứng trên nơi đã chọn"


def told(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Denunciation)) or 0


def test_information_about_the_top_of_the_tree_is_not_taken_where_the_place_is_chosen(
    client: FlaskClient, database: Database, place
) -> None:
    visitor = Visitor(client)
    chosen = visitor.choose("denunciation", visitor.start())
    shown = visitor.follow(visitor.post(chosen, unit=str(place["province"])))
    assert NOBODY in plain(shown)
    assert "Xem nơi nhận đơn tố cáo" in plain(shown)
    again = visitor.follow(visitor.post(shown, go="1", happened_on="20/11/2026"))
    assert again.request.path == "/feedback/place"
    assert NOBODY in plain(again)
    assert fields_of(again)["happened_on"] == ["20/11/2026"]
    assert visitor.get("/feedback/files").headers["Location"] == "/feedback/place"
    other = visitor.follow(visitor.post(again, change="1"))
    check = visitor.files(visitor.place(other, int(str(place["unit"]))))
    assert TEXT in plain(check)
    assert NOBODY not in plain(check)
    visitor.send(check)
    assert told(database) == 1


def test_information_about_the_top_of_the_tree_is_not_taken_at_the_check(
    client: FlaskClient, database: Database, place
) -> None:
    """The place was known before the track was changed: the last page offers no way to send, and takes nothing."""
    visitor = Visitor(client)
    form = fields_of(visitor.to_check("petition", unit_id=int(str(place["province"]))))
    guidance = visitor.follow(visitor.post(visitor.get("/feedback/kind?edit=1"), kind="denunciation"))
    assert NOBODY in plain(guidance)
    assert NOBODY in plain(visitor.follow(visitor.post(guidance)))
    check = visitor.get("/feedback/check")
    assert NOBODY in plain(check)
    assert TEXT in plain(check)
    assert 'action="/feedback/check' not in check.text
    forced = client.post("/feedback/check", data=form)
    assert forced.status_code == 400
    assert NOBODY in plain(forced)
    assert told(database) == 0
    back = visitor.follow(visitor.post(visitor.get("/feedback/kind?edit=1"), kind="petition"))
    visitor.send(back)
    with database.reading() as session:
        assert session.scalars(select(Case.text)).all() == [TEXT]


def test_no_other_way_in_takes_information_about_the_top(app: Flask, database: Database, place) -> None:
    report = Report(Kind.DENUNCIATION, Kind.DENUNCIATION, TEXT, int(str(place["province"])))
    with app.app_context(), database.transaction() as session, pytest.raises(NobodyAbove):
        open_denunciation(session, report)
    assert told(database) == 0


def test_the_words_about_the_top_are_in_english_too(client: FlaskClient, place) -> None:
    visitor = Visitor(client, query="?lang=en")
    chosen = visitor.choose("denunciation", visitor.start("The counter asked for money."))
    shown = plain(visitor.follow(visitor.post(chosen, unit=str(place["province"]))))
    assert "no level stands above the office you chose" in shown
    assert "Choose another kind" in shown


def test_a_complaint_without_its_form_is_told_the_same_everywhere(client: FlaskClient, place) -> None:
    """No day is promised, and what is missing is named: at the check, after sending, on paper and on the own page."""
    missing = "Đơn chưa đủ hình thức nên thời hạn theo luật chưa chạy. Còn thiếu: họ tên, địa chỉ, ảnh đơn có chữ ký."
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check("complaint")
    sent = visitor.send(check)
    slip = visitor.get("/feedback/sent/slip")
    entered = visitor.post(visitor.get("/follow"), code=code_of(sent))
    followed = visitor.follow(entered)
    for page in (check, sent, slip, followed):
        assert missing in plain(page), page.request.path
        assert "trước hết ngày" not in plain(page), page.request.path
        assert "không đặt hạn" not in plain(page), page.request.path


def test_a_complaint_that_lacks_only_its_letter_is_told_so(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    contact = visitor.files(visitor.place(visitor.choose("complaint", visitor.start())))
    named = {"who": "named", "name": "Trần Thị B", "phone": "0912 345 678", "address": "12 Trần Phú", "agree": "1"}
    check = visitor.contact(contact, **named)
    sent = visitor.send(check)
    followed = visitor.follow(visitor.post(visitor.get("/follow"), code=code_of(sent)))
    for page in (check, sent, followed):
        assert "Còn thiếu: ảnh đơn có chữ ký." in plain(page), page.request.path


def test_the_day_of_an_anonymous_petition_says_what_it_is(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check()
    sent = visitor.send(check)
    slip = visitor.get("/feedback/sent/slip")
    assert visitor.get("/feedback/sent/slip.pdf").status_code == 200
    followed = visitor.follow(visitor.post(visitor.get("/follow"), code=code_of(sent)))
    for page in (check, sent, slip, followed):
        assert "với người gửi ẩn danh đơn vị không bắt buộc trả lời bằng văn bản" in plain(page), page.request.path
    for page in (check, sent, slip):
        assert "Hạn trả lời" not in plain(page), page.request.path


def test_the_two_ways_of_a_denunciation_are_told_apart(client: FlaskClient, place) -> None:
    """What the law promises to a named denunciation is never promised to what is sent here."""
    visitor = Visitor(client, str(place["token"]))
    kind = visitor.start(TEXT, "broken_law")
    guidance = visitor.follow(visitor.post(kind, kind="denunciation"))
    for page in (kind, guidance):
        by_law, here = (
            plain(page).split("Nếu nộp tố cáo đúng luật (nơi khác, có họ tên)")[1].split("Nếu gửi tin ẩn danh qua đây")
        )
        assert "30 ngày" in by_law
        assert "Không hứa trả lời" not in by_law
        assert "Không hứa trả lời, không có thời hạn." in here
        assert "Không ai hỏi lại" in here
    sent = visitor.send(visitor.files(visitor.place(visitor.follow(visitor.post(guidance)))))
    check = next(one for one in visitor.seen if one.request.path == "/feedback/check")
    for page in (check, sent):
        assert "Không hứa trả lời, không có thời hạn." in plain(page), page.request.path
        assert "30 ngày" not in plain(page), page.request.path
    assert "nói chuyện với cán bộ" not in plain(sent)


def test_guidance_says_where_the_time_stands_and_where_to_ask(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    guidance = plain(visitor.follow(visitor.post(visitor.start(), kind="complaint")))
    assert "giờ nhận chỉ có trên biên nhận có chữ ký, xin giữ biên nhận" in guidance
    assert "giờ nhận được lưu lại" not in guidance
    assert "Xin hỏi bộ phận tiếp công dân của cơ quan đã ra quyết định" in guidance
    other = visitor.follow(visitor.post(visitor.get("/feedback/kind"), kind="denunciation"))
    assert "Xin hỏi bộ phận tiếp công dân của cơ quan cấp trên" in plain(other)
