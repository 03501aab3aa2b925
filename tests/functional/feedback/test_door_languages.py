"""The door in the other language: English to its end, and nothing typed is lost on the way there and back."""

import re
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.session import Database
from app.feedback.cases.models import Case
from tests.support.door import PNG, Visitor, fields_of, form_id, plain


def stored(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(session.scalars(select(Case)))


def test_the_english_way_is_english_to_its_end(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]), "?lang=en")
    page = visitor.start("The counter opened half an hour late.")
    visitor.send(visitor.contact(visitor.files(visitor.place(visitor.choose("petition", page)))))
    for shown in visitor.seen:
        if shown.status_code == 200:
            assert '<html lang="en">' in shown.text, shown.request.path
            words = plain(shown)
            assert not re.search(r"\b(Xin|Ông/Bà|Tiếp tục|ngày|tệp)\b", words), (shown.request.path, words[:600])
    assert stored(database)[0].language == "en"


def test_the_other_language_keeps_what_is_typed_and_nothing_else(client: FlaskClient, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.get(visitor.first)
    typed = {"text": "Quầy mở muộn.\r\nTôi chờ", "about": "idea"}
    switched = client.post(
        f"/q/{place['token']}/feedback?lang=en", data={"form_id": form_id(page), "switch": "1", **typed}
    )
    assert switched.status_code == 200
    assert '<html lang="en">' in switched.text
    assert fields_of(switched)["text"] == [typed["text"].replace("\r\n", "\n")]
    assert fields_of(switched)["about"] == ["idea"]
    assert "Set-Cookie" not in switched.headers
    assert 'formaction="/q/' in switched.text
    back = client.post(f"/q/{place['token']}/feedback", data={"form_id": form_id(switched), "switch": "1", **typed})
    assert '<html lang="vi">' in back.text
    visitor.start("Quầy mở muộn ba mươi phút.")
    step = visitor.get("/feedback/text?edit=1")
    again = client.post(
        "/feedback/text?lang=en&edit=1", data={"form_id": form_id(step), "switch": "1", "text": "Sửa lại"}
    )
    assert '<html lang="en">' in again.text
    assert fields_of(again)["text"] == ["Sửa lại"]
    assert fields_of(visitor.get("/feedback/text"))["text"] == ["Quầy mở muộn ba mươi phút."]


def test_every_page_on_which_something_is_typed_keeps_it_in_the_other_language(client: FlaskClient, place) -> None:
    """Without a script: the other language is a button of the form. Nothing goes on and nothing is kept by it."""
    visitor = Visitor(client)
    kind = visitor.start()
    other = visitor.post(kind, switch="1", kind="complaint", to="?lang=en")
    assert ('<html lang="en">' in other.text, fields_of(other)["kind"]) == (True, ["complaint"])
    where = visitor.choose("petition", kind)
    assert fields_of(visitor.post(where, switch="1", sought_unit="binh yen", to="?lang=en"))["sought_unit"] == [
        "binh yen"
    ]
    where = visitor.follow(visitor.post(where, unit=str(place["unit"])))
    typed = {"counter": str(place["counter"]), "happened_on": "hôm kia", "sought_procedure": "khai sinh"}
    other = visitor.post(where, switch="1", to="?lang=en", **typed)
    assert {name: fields_of(other)[name] for name in typed} == {name: [value] for name, value in typed.items()}
    files = visitor.place(where)
    listed = visitor.follow(visitor.post(files, switch="1", files=[(BytesIO(PNG), "bien-bao.png")], to="?lang=en"))
    assert ('<html lang="en">' in listed.text, "bien-bao.png" in listed.text) == (True, True)
    contact = visitor.files(visitor.get("/feedback/files"))
    typed = {"who": "named", "name": "Trần Thị B", "phone": "0912", "email": "b@", "address": "12 Trần Phú"}
    other = visitor.post(contact, switch="1", to="?lang=en", **typed)
    assert {name: fields_of(other)[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert "agree" not in fields_of(other)
    assert "Set-Cookie" not in other.headers
    back = visitor.post(other, switch="1", to="")
    assert ('<html lang="vi">' in back.text, fields_of(back)["name"]) == (True, ["Trần Thị B"])
    for page in (kind, where, files, contact):
        assert not re.search(r'<a href="[^"]*lang=en"', page.text), page.request.path
    assert "Trần" not in visitor.get("/feedback/contact").text
