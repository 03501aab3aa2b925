"""The public list of units: each with its released figure, the same as on the unit's own page, found in few queries."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.accounts.roles import Role
from app.analysis.day_closing import close_due_days
from app.analysis.scope import view_units, views
from app.analysis.scores import headlines, score_card
from app.analysis.view import Audience, Filters
from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.config import SmallNumbers
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.survey.models import Aggregation, SurveyRound
from app.survey.rounds import round_for, rounds_for
from app.units.models import SuccessionKind, Unit, UnitName, UnitSuccession
from tests.factories.places import make_unit, merge
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock


@pytest.fixture
def survey(app: Flask, database: Database, day_keys: DayKeys, clock: SettableClock) -> Surveyed:
    """One unit with enough answers, one province above it, and communes without any."""
    made = make_survey(database)
    for _ in range(12):
        Citizen(app.test_client(), made.token).answer(4, overall=5)
    close_due_days(database, day_keys, today=clock.next_day(), least=10)
    with database.transaction() as session:
        province = session.get_one(Unit, made.province_id)
        for number in range(60):
            make_unit(session, f"9{number:04}", name=f"Xã Thử {number:02}", parent=province)
    return made


def test_each_line_shows_the_index_or_that_none_is_released(client: FlaskClient, survey: Surveyed) -> None:
    page = client.get("/results").text.replace("\u00a0", " ")
    assert "100,0 % (TOP2; " in page
    assert "n = 12)" in page
    assert "chưa công bố" in page
    assert "không phải mẫu ngẫu nhiên" in page
    assert "Trang 1 trên 2" in page
    assert "not published yet" in client.get("/results?lang=en").text


def test_before_the_index_the_tap_is_shown_and_named(
    app: Flask, client: FlaskClient, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    made = make_survey(database, aggregation=Aggregation.RESPONDENT)  # counts who answered half of the criteria
    for _ in range(11):
        citizen = Citizen(app.test_client(), made.token)
        citizen.details(citizen.tap(2), q_c24="4")
    close_due_days(database, day_keys, today=clock.next_day(), least=10)
    page = client.get("/results", query_string={"q": "trung tam"}).text
    assert "0,0\u00a0% (câu hỏi một chạm; " in page
    assert "n\u00a0=\u00a011)" in page


def test_the_officers_list_shows_the_same_figures(signed_in_client, survey: Surveyed) -> None:
    page = signed_in_client().get(f"/officer/results?round={survey.round_id}").text.replace("\u00a0", " ")
    row = page[page.index("Trung tâm Phục vụ hành chính công phường Hồng Gai") :]
    assert '<td class="num">100,0 %</td>' in row[: row.index("</tr>")]
    assert '<td class="num">12</td>' in row[: row.index("</tr>")]
    empty = page[page.index("Xã Thử 00") :]
    assert empty[: empty.index("</tr>")].count('<td class="num">–</td>') == 4


def test_the_file_of_the_officers_list_has_the_figures_of_the_page(
    signed_in_client, survey: Surveyed, database: Database
) -> None:
    client = signed_in_client()
    whole = client.get(f"/officer/results/list.csv?round={survey.round_id}").data.decode("utf-8-sig").splitlines()
    assert len(whole) == 1 + 63  # the heading; province, commune, centre and sixty communes
    assert "Trung tâm Phục vụ hành chính công phường Hồng Gai,06652.HCC,100.0," in "\n".join(whole)
    assert "Xã Thử 00,90000,,,,," in whole
    some = client.get("/officer/results/list.csv?q=hong+gai").data.decode("utf-8-sig").splitlines()
    assert len(some) == 3
    with database.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.LIST_EXPORT.value)).all()
        assert [event.detail["rows"] for event in events] == [63, 2]
        assert {event.subject for event in events} == {"list:results"}
        commune = session.get_one(Unit, survey.commune_id)
    below = signed_in_client(role=Role.CASE_OFFICER, unit=commune)
    assert len(below.get("/officer/results/list.csv").data.decode("utf-8-sig").splitlines()) == 3
    clerk = signed_in_client(role=Role.COUNTER_CLERK, unit=commune)
    assert clerk.get("/officer/results").status_code == 200
    assert "list.csv" not in clerk.get("/officer/results").text
    assert clerk.get("/officer/results/list.csv").status_code == 403


@pytest.mark.parametrize("text", ["hồng gai", "HONG GAI", "Hồng Gai", "06652.hcc"])
def test_search_works_with_and_without_diacritics(client: FlaskClient, survey: Surveyed, text: str) -> None:
    page = client.get("/results", query_string={"q": text}).text
    assert "Trung tâm Phục vụ hành chính công phường Hồng Gai" in page
    assert "Xã Thử" not in page
    nothing = client.get("/results", query_string={"q": "hải phòng"}).text
    assert "Không tìm thấy đơn vị nào" in nothing


def test_list_and_pages_agree(database: Database, survey: Surveyed, clock: SettableClock) -> None:
    units = [survey.province_id, survey.commune_id, survey.centre_id]
    as_of = date.fromordinal(clock.today.toordinal() - 1)
    with database.reading() as session:
        chosen = session.get_one(SurveyRound, survey.round_id)
        common = {"audience": Audience.PUBLIC, "small_numbers": SmallNumbers(), "as_of": as_of}
        lines = headlines(session, chosen, units, **common)
        for unit_id in units:
            card = score_card(session, chosen, unit_id, filters=Filters(), **common)
            assert (lines[unit_id].overall, lines[unit_id].tap) == (card.overall, card.tap)
        assert rounds_for(session, units, clock.today) == {
            unit_id: round_for(session, unit_id, clock.today) for unit_id in units
        }


def test_a_page_of_units_takes_few_queries(client: FlaskClient, database: Database, survey: Surveyed) -> None:
    client.get("/results")
    asked: list[str] = []
    engine = client.application.extensions["langnghe-database"].engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    assert client.get("/results").text.count("<li>") == 50
    assert len(asked) < 15, asked


def test_units_lead_to_what_is_above_and_below(client: FlaskClient, survey: Surveyed) -> None:
    commune = client.get("/results/06652").text
    assert 'href="/results/22"' in commune
    assert f'href="/results/{survey.centre_code}"' in commune


def test_answers_follow_a_unit_that_was_renamed_and_then_merged(database: Database, survey: Surveyed) -> None:
    on = date(2026, 11, 1)
    with database.transaction() as session:
        province = session.get_one(Unit, survey.province_id)
        old = make_unit(session, "80001", name="Xã Cũ", parent=province)
        session.add(
            UnitSuccession(
                old_unit_id=old.id, new_unit_id=old.id, effective_on=date(2026, 1, 1), kind=SuccessionKind.RENAME
            )
        )
        session.add(UnitName(unit_id=old.id, valid_from=date(2026, 1, 1), name="Xã Mới", folded="xa moi"))
        new = session.get_one(Unit, survey.commune_id)
        merge(session, old, new, on)
        assert old.id in view_units(session, survey.commune_id, on)
        assert views(session, [survey.commune_id, survey.centre_id], on)[survey.centre_id] == {survey.centre_id}
