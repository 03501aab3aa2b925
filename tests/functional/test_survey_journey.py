"""From scan to score: one answer, whatever happens on the way, and what becomes of it after midnight."""

from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.analysis import rollups
from app.analysis.day_closing import close_due_days, day_to_close_before
from app.analysis.models import Ledger
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.survey import packing
from app.survey.flags import Flag
from app.survey.models import Response, SurveyRound, TodaysResponse, WrittenAnswer
from app.survey.sets import set_of
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen, action, form_id
from tests.support.clock import SettableClock


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    return make_survey(database)


@pytest.fixture
def citizen(client: FlaskClient, survey: Surveyed) -> Citizen:
    return Citizen(client, survey.token)


def staged(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TodaysResponse))


def close(database: Database, day_keys: DayKeys, clock: SettableClock) -> list[Response]:
    close_due_days(database, day_keys, today=clock.next_day(), least=10)
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def test_first_screen_names_unit_and_counter_and_sets_no_cookie(citizen: Citizen) -> None:
    page = citizen.open()
    assert page.status_code == 200
    assert "Quầy 1 – Hộ tịch" in page.text
    assert "Trung tâm Phục vụ hành chính công phường Hồng Gai" in page.text
    assert page.text.count("<button name=") == 5
    assert "Set-Cookie" not in page.headers


def test_code_typed_in_any_case_opens_the_same_page(citizen: Citizen) -> None:
    assert citizen.client.get(f"/Q/{citizen.token}").status_code == 200
    assert citizen.client.get(f"/q/{citizen.token.lower()}").status_code == 200


def test_tap_is_stored_at_once_and_leads_to_the_further_questions(citizen: Citizen, database: Database) -> None:
    tapped = citizen.tap(4)
    assert tapped.status_code == 303
    assert staged(database) == 1
    page = citizen.client.get(tapped.headers["Location"])
    assert page.status_code == 200
    assert page.text.count("<fieldset") == 17  # sixteen criteria and the respondent's kind


def test_a_day_later_the_answer_is_anonymous_and_counted(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock, survey: Surveyed
) -> None:
    citizen.answer(5, overall=4, q_kind="1", q_comment="Rất tốt", send_as_is="1")
    (response,) = close(database, day_keys, clock)
    with database.reading() as session:
        survey_round = session.get_one(SurveyRound, survey.round_id)
        question_set = set_of(survey_round.question_set_version)
        codes = packing.unpack(question_set, response.answers)
        assert codes["overall"] == (4,)
        assert {codes[question.id] for question in question_set.criteria} == {(5,)}
        assert session.scalars(select(WrittenAnswer.text)).all() == ["Rất tốt"]
        live = rollups.stored(session, Ledger.LIVE, survey_round)
        fresh = rollups.rebuild(session, survey_round)
    assert staged(database) == 0
    assert day_keys.days() == []
    assert live.keys() == fresh.keys()
    assert all((live[place] == fresh[place]).all() for place in fresh)


def test_blank_and_not_applicable_are_told_apart(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    citizen.details(citizen.tap(3), q_c24="na", q_c25="2")
    (response,) = close(database, day_keys, clock)
    assert sorted(response.answers) == sorted([3, 255, 254, 2, *[255] * 14])


def test_replay_double_tap_and_second_tab_give_one_response(citizen: Citizen, database: Database) -> None:
    page = citizen.open()
    first, again, other = (citizen.tap(level, page) for level in (5, 5, 1))
    assert staged(database) == 1
    assert [response.status_code for response in (first, again, other)] == [303, 303, 303]
    assert citizen.client.get(other.headers["Location"]).status_code == 200


def test_the_first_tap_stands_when_a_replay_says_otherwise(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    page = citizen.open()
    citizen.tap(5, page)
    citizen.tap(1, page)
    (response,) = close(database, day_keys, clock)
    assert response.answers[0] == 5


def test_details_are_added_once(citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock) -> None:
    tapped = citizen.tap(5)
    first = citizen.details(tapped, q_c24="5")
    second = citizen.details(tapped, q_c24="1")
    assert first.headers["Location"] == second.headers["Location"]
    (response,) = close(database, day_keys, clock)
    assert 1 not in response.answers


def test_a_replay_on_the_next_day_is_still_one_response(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    page = citizen.open()
    citizen.tap(5, page)
    close(database, day_keys, clock)
    assert citizen.tap(5, page).status_code == 303
    assert staged(database) == 0
    assert len(close(database, day_keys, clock)) == 1


def test_a_page_left_open_over_night_can_still_be_sent(
    citizen: Citizen, database: Database, clock: SettableClock
) -> None:
    page = citizen.open()
    clock.next_day()
    assert citizen.tap(4, page).status_code == 303
    assert staged(database) == 1


def test_a_page_two_days_old_asks_for_one_more_tap(citizen: Citizen, database: Database, clock: SettableClock) -> None:
    page = citizen.open()
    clock.next_day(2)
    answer = citizen.tap(4, page)
    assert answer.status_code == 400
    assert "chọn lại" in answer.text
    assert citizen.tap(4, answer).status_code == 303
    assert staged(database) == 1


def test_opening_the_code_anew_says_recorded_and_offers_another_person(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    tapped = citizen.tap(5)
    cookie = tapped.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = citizen.open()
    assert "Đã ghi nhận câu trả lời hôm nay" in page.text
    again = citizen.open(again="1")
    assert citizen.tap(4, again).status_code == 303
    flags = sorted(response.flags & Flag.SAME_DEVICE for response in close(database, day_keys, clock))
    assert flags == [0, Flag.SAME_DEVICE]
    assert "Đã ghi nhận câu trả lời hôm nay" not in citizen.open().text  # gone at midnight


@pytest.mark.parametrize("form", ["", "x", "A" * 48, "Ạ" * 48])
def test_a_forged_form_id_asks_again_and_stores_nothing(citizen: Citizen, database: Database, form: str) -> None:
    answer = citizen.client.post(f"/q/{citizen.token}", data={"form_id": form, "q_overall": "4"})
    assert answer.status_code == 400
    assert "chọn lại" in answer.text
    assert staged(database) == 0


def test_a_form_id_serves_its_own_counter_and_purpose_only(
    client: FlaskClient, database: Database, clock: SettableClock
) -> None:
    survey = make_survey(database, counters=2)
    one, two = (Citizen(client, token) for token in survey.tokens)
    assert two.tap(4, one.open()).status_code == 400
    key = form_id(client.get(one.tap(4).headers["Location"]))
    assert client.post(f"/q/{one.token}", data={"form_id": key, "q_overall": "4"}).status_code == 400
    assert staged(database) == 1


@pytest.mark.parametrize("value", ["0", "6", "na", "5 ", "", "٣", "1e0"])
def test_an_unknown_option_is_refused_with_the_page(citizen: Citizen, database: Database, value: str) -> None:
    answer = citizen.client.post(f"/q/{citizen.token}", data={"form_id": form_id(citizen.open()), "q_overall": value})
    assert answer.status_code == 400
    assert staged(database) == 0


def test_wrong_content_type_is_named(citizen: Citizen, database: Database) -> None:
    answer = citizen.client.post(f"/q/{citizen.token}", json={"q_overall": 4})
    assert answer.status_code == 415
    assert staged(database) == 0


@pytest.mark.parametrize(
    ("comment", "status"),
    [("x" * 1_000_000, 400), ("a\ufffdb", 400), ("xin\x00chào\x07", 303), ("Cám ơn\u0301", 303), ("", 303)],
)
def test_texts_of_all_kinds(citizen: Citizen, comment: str, status: int) -> None:
    answer = citizen.details(citizen.tap(4), q_comment=comment, q_c24="5")
    assert answer.status_code == status
    if status == 400:
        assert 'id="q_c24-5" value="5" checked' in answer.text
        assert comment[:1000] in answer.text


def test_broken_utf8_is_shown_and_refused(citizen: Citizen) -> None:
    page = citizen.client.get(citizen.tap(4).headers["Location"])
    body = b"form_id=" + form_id(page).encode() + b"&q_comment=%ff%fe"
    kind = "application/x-www-form-urlencoded"
    assert citizen.client.post(action(page), data=body, content_type=kind).status_code == 400


def test_decomposed_letters_are_stored_composed(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    citizen.details(citizen.tap(4), q_comment="Ca\u0301n bo\u0323\u0302")
    close(database, day_keys, clock)
    with database.reading() as session:
        assert session.scalars(select(WrittenAnswer.text)).all() == ["Cán bộ"]


def test_what_looks_like_personal_data_is_pointed_out_first(citizen: Citizen) -> None:
    tapped = citizen.tap(2)
    page = citizen.details(tapped, q_comment="Gọi tôi 0912345678")
    assert page.status_code == 422
    assert "0912345678" in page.text
    assert citizen.details(tapped, q_comment="Gọi tôi 0912345678", send_as_is="1").status_code == 303


def test_details_after_half_an_hour_say_so_and_show_what_was_written(citizen: Citizen, clock: SettableClock) -> None:
    tapped = citizen.tap(4)
    page = citizen.client.get(tapped.headers["Location"])
    clock.advance(minutes=31)
    late = citizen.client.post(action(page), data={"form_id": form_id(page), "q_comment": "Chờ lâu quá"})
    assert "30 phút" in late.text
    assert "Chờ lâu quá" in late.text


def test_closed_round_and_unknown_code_have_friendly_pages(
    client: FlaskClient, database: Database, clock: SettableClock
) -> None:
    survey = make_survey(database)
    with database.transaction() as session:
        session.get_one(SurveyRound, survey.round_id).closed_on = clock.today
    closed = client.get(f"/q/{survey.token}")
    assert "Đợt khảo sát đã kết thúc" in closed.text
    assert "phản ánh" in closed.text
    assert client.get("/q/ABCDEFGH").status_code == 404
    assert client.post(f"/q/{survey.token}", data={"q_overall": "4"}).status_code == 200


def test_signals_are_stored_and_refuse_nothing(
    client: FlaskClient, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    survey = make_survey(database, opening_hours={"1": [["07:30", "11:30"]]})
    citizen = Citizen(client, survey.token)
    tapped = citizen.tap(5, website="http://spam.example")
    citizen.details(tapped, **dict.fromkeys((f"q_c{n}" for n in range(24, 40)), "5"))
    (response,) = close(database, day_keys, clock)
    wanted = Flag.HONEYPOT | Flag.TOO_FAST | Flag.STRAIGHT_LINE | Flag.CLOSED_HOURS
    assert Flag(response.flags) == wanted


def test_english_is_offered_and_says_it_is_ours(citizen: Citizen) -> None:
    page = citizen.open(lang="en")
    assert 'lang="en"' in page.text
    assert "satisfied" in page.text.lower()


def test_kiosk_sets_no_cookie_and_returns_to_the_start(
    database: Database, make_app: Callable[..., Flask], config: object, clock: SettableClock
) -> None:
    from app.qr.models import Channel

    survey = make_survey(database, channel=Channel.KIOSK)
    client = make_app(config).test_client()
    tapped = Citizen(client, survey.token).tap(5)
    assert "Set-Cookie" not in tapped.headers
    assert client.get(tapped.headers["Location"]).headers["Refresh"].endswith(f"/q/{survey.token}")
    assert "Đã ghi nhận" not in client.get(f"/q/{survey.token}").text


def test_details_cross_midnight_because_the_day_closes_half_an_hour_later(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    clock.set_local(clock.today, time(23, 55))
    tapped = citizen.tap(5)
    clock.advance(minutes=15)  # 00:10
    assert close_due_days(database, day_keys, today=day_to_close_before(), least=10) == 0
    assert citizen.details(tapped, q_c24="2").headers["Location"].endswith("/thanks")
    clock.advance(minutes=30)  # 00:40
    assert close_due_days(database, day_keys, today=day_to_close_before(), least=10) == 1
    with database.reading() as session:
        assert 2 in session.scalars(select(Response)).one().answers


def test_details_after_the_day_closed_are_not_thanked_for(
    citizen: Citizen, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    clock.set_local(clock.today, time(23, 55))
    tapped = citizen.tap(5)
    clock.advance(minutes=10)
    close_due_days(database, day_keys, today=clock.today, least=10)
    late = citizen.details(tapped, q_comment="Chờ lâu")
    assert late.status_code == 200
    assert "Chờ lâu" in late.text
    assert "/thanks" in late.text


def test_f6_staging_tells_nothing_in_clear_but_the_day() -> None:
    assert set(TodaysResponse.__table__.columns.keys()) == {"form_id", "answered_on", "payload"}
