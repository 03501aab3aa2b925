"""The one door, page by page: from what happened to a case of the right track, once, with nothing lost on the way."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db.session import Database
from app.feedback.cases.kinds import Channel
from app.feedback.cases.models import Case, CitizenSession
from app.rules.kinds import Kind
from tests.factories.law import load_law
from tests.factories.places import make_code, make_counter, make_unit
from tests.support.clock import SettableClock
from tests.support.door import CODE, NUMBER, TEXT, Visitor, code_of, number_of, plain


@pytest.fixture
def place(database: Database, clock: SettableClock) -> dict[str, object]:
    load_law(database)
    with database.transaction() as session:
        province = make_unit(session, "22", name="Tỉnh Quảng Ninh", type_code="province")
        unit = make_unit(session, "2201", name="Phường Bình Yên", parent=province)
        other = make_unit(session, "2202", name="Phường Hạ Long", parent=province)
        counter = make_counter(session, unit, "3")
        token = make_code(session, counter)
        other_token = make_code(session, make_counter(session, other, "1", name="Đất đai"))
    return {
        "province": province.id,
        "unit": unit.id,
        "other": other.id,
        "counter": counter.id,
        "token": token,
        "other_token": other_token,
    }


def stored(database: Database) -> list[Case]:
    with database.reading() as session:
        return list(session.scalars(select(Case)))


def test_from_a_code_unit_and_counter_are_known(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    (case,) = stored(database)
    assert (case.kind, case.text, case.channel) == (Kind.PETITION, TEXT, Channel.COUNTER_CODE)
    assert (case.concerned_unit_id, case.counter_id) == (place["unit"], place["counter"])
    assert case.received_on == date(2026, 11, 21)
    assert case.public_number == number_of(page)
    assert case.is_anonymous
    assert "Phường Bình Yên" in plain(page)


def test_from_the_site_the_unit_is_sought_without_diacritics(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client)
    page = visitor.choose("suggestion", visitor.start(TEXT, "idea"))
    found = visitor.follow(visitor.post(page, sought_unit="binh yen", find="unit"))
    assert "Phường Bình Yên" in found.text
    assert "Phường Hạ Long" not in found.text
    assert "Tỉnh Quảng Ninh" in found.text
    visitor.send(visitor.contact(visitor.files(visitor.place(found, int(str(place["unit"]))))))
    (case,) = stored(database)
    assert (case.kind, case.concerned_unit_id, case.counter_id) == (Kind.SUGGESTION, place["unit"], None)
    assert case.channel is Channel.WEBSITE


def test_the_code_is_shown_once_and_erased_when_it_was_kept(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    page = visitor.whole_way()
    code = code_of(page)
    assert code_of(visitor.get("/feedback/sent")) == code  # until it is kept, a reload shows it again
    thanks = visitor.follow(visitor.post(page))
    assert not CODE.search(thanks.text)
    assert visitor.get("/feedback/sent").status_code == 410
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CitizenSession)) == 0
    assert not client.get_cookie("door", path="/feedback")


def test_a_double_tap_sends_once_and_shows_the_same_page(client: FlaskClient, database: Database, place) -> None:
    visitor = Visitor(client, str(place["token"]))
    check = visitor.to_check()
    first, second = visitor.post(check), visitor.post(check)
    assert (first.status_code, second.status_code) == (303, 303)
    assert code_of(visitor.follow(first)) == code_of(visitor.follow(second))
    assert len(stored(database)) == 1
    assert NUMBER.search(visitor.get(visitor.first).headers["Location"]) is None
