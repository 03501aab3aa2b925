"""Being told of news by message is the sender's own choice, made at the door and taken back at any time."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from app.db.session import Database
from app.feedback.cases.kinds import Event
from app.feedback.cases.models import CaseEvent, Reporter
from app.feedback.intake.draft import Draft
from app.feedback.intake.reading import read_contact
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT
from tests.functional.feedback.following.conftest import Place, Sender

NAMED = {"who": ["named"], "name": ["Bình"], "phone": ["0912345678"], "agree": ["1"]}


def test_nobody_is_told_who_did_not_ask_or_left_no_address() -> None:
    draft = Draft(kind=Kind.PETITION.value)
    assert not read_contact(draft, NAMED).draft.wants_notices
    asked = read_contact(draft, NAMED | {"notices": ["1"]})
    assert asked.draft.wants_notices
    assert not asked.wrong
    by_letter = {"who": ["named"], "name": ["Bình"], "address": ["12 Trần Phú"], "agree": ["1"], "notices": ["1"]}
    assert set(read_contact(draft, by_letter).wrong) == {"phone"}
    assert not read_contact(asked.draft, {"who": ["anonymous"], "notices": ["1"]}).draft.wants_notices
    assert not asked.draft.choosing(Kind.DENUNCIATION).wants_notices


def test_a_sender_stops_and_begins_again_and_whoever_left_nothing_is_not_asked(
    app: Flask, place: Place, database: Database
) -> None:
    opened = place.case(contact=replace(CONTACT, wants_notices=True))
    sender = Sender(app.test_client(), opened.code)
    sender.enter()
    page = sender.page()
    assert "Thôi nhận tin báo" in page.text
    assert sender.post("notices", page, score="2").status_code == 400
    assert sender.post("notices", page, score="0").headers["Location"] == "/follow/case?done=notices"
    page = sender.page()
    assert "Ông/Bà không nhận tin báo về việc này." in page.text
    assert "Ông/Bà thôi nhận tin báo về việc này." in page.text
    with database.reading() as session:
        assert not session.get_one(Reporter, opened.case_id).wants_notices
        line = session.scalars(select(CaseEvent).where(CaseEvent.event == Event.NOTICES_STOPPED)).one()
        assert (line.at, line.is_shown) == (None, True)
    assert sender.post("notices", page, score="1").status_code == 303
    with database.reading() as session:
        assert session.get_one(Reporter, opened.case_id).wants_notices
    unnamed = Sender(app.test_client(), place.case().code)
    unnamed.enter()
    page = unnamed.page()
    assert "tin báo" not in page.text
    assert unnamed.post("notices", page, score="1").status_code in {400, 409}
