"""Bad, forged and late posts at the door: what was typed is kept, what to do is said, nothing is stored."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db.session import Database
from app.feedback.cases.models import Case, CitizenSession
from tests.support.door import TEXT, Visitor, code_of, form_id, plain


def stored(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(session.scalars(select(Case)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Xin Ông/Bà viết nội dung"),
        (" \n\t ", "Xin Ông/Bà viết nội dung"),
        ("\x00\x07", "Xin Ông/Bà viết nội dung"),
        ("quá ngắn", "ít nhất 10 ký tự"),
        ("ữ" * 5001, "dài quá 1 ký tự"),
        ("x" * 1_000_000, "dài quá"),
    ],
)
def test_bad_texts_are_named_and_kept(client: FlaskClient, database: Database, place, text: str, words: str) -> None:
    visitor = Visitor(client, str(place["token"]))
    answer = visitor.post(visitor.get(visitor.first), text=text, about="own_right")
    assert answer.status_code == 400
    assert words in plain(answer)
    assert text.strip("\x00\x07 \n\t") in answer.text
    assert 'value="own_right" checked' in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CitizenSession)) == 0


def test_what_looks_personal_is_asked_about_first(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    text = "Xin gọi lại cho tôi số 0912 345 678, đúng số 0912 345 678."
    answer = visitor.post(visitor.get(visitor.first), text=text)
    assert answer.status_code == 422
    assert plain(answer).count("giống số điện thoại") == 1
    assert visitor.post(answer, text=text, send_as_is="1").status_code == 303


def test_numbers_are_written_as_the_language_of_the_page_does(client: FlaskClient) -> None:
    assert "10 to 5,000 characters" in client.get("/feedback?lang=en").text
    assert "10 đến 5.000 ký tự" in client.get("/feedback").text


def test_broken_utf8_and_wrong_content_types_are_refused(client: FlaskClient, database: Database, place) -> None:
    form = form_id(client.get("/feedback"))
    body = f"form_id={form}&text=Ch%E1 lau qua roi".encode()
    broken = client.post("/feedback", data=body, content_type="application/x-www-form-urlencoded")
    assert broken.status_code == 400
    assert client.post("/feedback", data="{}", content_type="application/json").status_code == 415
    assert not stored(database)


def test_a_filled_trap_is_asked_again_on_every_page(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    trapped = visitor.post(visitor.get(visitor.first), text=TEXT, website="https://example.org")
    assert trapped.status_code == 400
    assert TEXT in trapped.text
    check = visitor.to_check()
    assert visitor.post(check, website="x").status_code == 400
    assert not stored(database)


@pytest.mark.parametrize("forged", ["", "x", "A" * 48, "ủ" * 48])
def test_a_forged_or_missing_form_keeps_the_text(client: FlaskClient, database: Database, place, forged: str) -> None:
    answer = client.post(f"/q/{place['token']}/feedback", data={"form_id": forged, "text": TEXT})
    assert answer.status_code == 400
    assert TEXT in answer.text
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check()
    refused = visitor.post(check, form_id=forged)
    assert refused.status_code == 400
    assert TEXT in refused.text
    assert not stored(database)


def test_b6_a_page_serves_its_own_session_only(client: FlaskClient, app: Flask, database: Database, place) -> None:
    mine, other = Visitor(client, str(place["token"])), Visitor(app.test_client(), str(place["token"]))
    check, foreign = mine.to_check(), other.to_check(text="Chuyện của người khác, dài đủ.")
    assert mine.post(check, form_id=form_id(foreign)).status_code == 400
    assert (
        client.post(f"/q/{place['token']}/feedback", data={"form_id": form_id(check), "text": TEXT}).status_code == 400
    )
    assert client.post("/feedback", data={"form_id": form_id(client.get(other.first)), "text": TEXT}).status_code == 400
    assert not stored(database)


def test_d2_a_script_is_shown_as_text_on_every_page(client: FlaskClient, place) -> None:
    mark = "<script>alert(1)</script> dài đủ"
    visitor = Visitor(client, str(place["token"]))
    files = visitor.place(visitor.choose("petition", visitor.start(mark)), sought_procedure="<b>x</b>")
    visitor.get("/feedback/check")
    assert files.status_code == 200
    for seen in visitor.seen:
        assert "<script>alert" not in seen.text
        assert "<b>x</b>" not in seen.text


@pytest.mark.parametrize("step", ["text", "kind", "guidance", "place", "contact", "check", "files"])
def test_no_page_breaks_on_nonsense(client: FlaskClient, place, step: str) -> None:
    visitor = Visitor(client)
    visitor.start()
    form = form_id(visitor.get("/feedback/kind"))
    for value in ("", "\x00", "x" * 70_000, "-1", "999999999999", "٣", "1 OR 1=1", "<b>", ["a", "b"], "\udcff"):
        names = ("text", "about", "kind", "unit", "counter", "procedure", "happened_on", "sought_unit", "who", "name")
        data = dict.fromkeys((*names, "sought_procedure", "change", "find", "drop", "go", "edit", "phone"), value)
        encoded = {name: _bytes(one) for name, one in data.items()}
        answer = client.post(f"/feedback/{step}", data=encoded | {"form_id": form})
        assert answer.status_code < 500, (step, value)
        assert client.post(f"/feedback/{step}?edit=x&lang=%00", data=encoded).status_code < 500


def _bytes(value: object) -> object:
    return [_bytes(one) for one in value] if isinstance(value, list) else str(value).encode("utf-8", "surrogateescape")


def test_b4_a_flood_in_one_session_slows_that_session_only(client: FlaskClient, app: Flask, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.start()
    answers = [visitor.post(page, kind="nonsense") for _ in range(45)]
    assert {one.status_code for one in answers[:30]} == {400}  # nobody at a page is as fast as that
    assert answers[-1].status_code == 429
    assert "chờ một phút" in plain(answers[-1])
    other = Visitor(app.test_client(), str(place["token"]))
    assert code_of(other.whole_way())
