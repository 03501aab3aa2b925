"""What becomes visible, to whom, and when."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.analysis.day_closing import close_due_days
from app.analysis.rollups import set_of_round
from app.analysis.scores import ScoreCard, score_card
from app.analysis.stats.results import Estimate, NoData
from app.analysis.view import Audience, Filters
from app.config import SmallNumbers
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.survey.models import SurveyRound
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock

Answer = Callable[..., None]


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    return make_survey(database, counters=3)


@pytest.fixture
def answer(app: Flask, survey: Surveyed) -> Answer:
    def give(count: int, *, level: int = 4, counter: int = 0, **more: str) -> None:
        for _ in range(count):
            Citizen(app.test_client(), survey.tokens[counter]).answer(level, **more)

    return give


def card_of(
    database: Database, survey: Surveyed, clock: SettableClock, audience: Audience, **filters: object
) -> ScoreCard:
    with database.reading() as session:
        return score_card(
            session,
            session.get_one(SurveyRound, survey.round_id),
            survey.centre_id,
            audience=audience,
            small_numbers=SmallNumbers(),
            filters=Filters(**filters),
            as_of=clock.today,
        )


def close(database: Database, day_keys: DayKeys, clock: SettableClock) -> None:
    close_due_days(database, day_keys, today=clock.next_day(), least=10)


def test_today_shows_nothing_but_the_number(
    answer: Answer, client: FlaskClient, survey: Surveyed, database: Database, clock: SettableClock
) -> None:
    answer(12)
    assert card_of(database, survey, clock, Audience.HOME_AFFAIRS).people in (None, 0)
    assert "Chưa có kết quả được công bố" in client.get(f"/results/{survey.centre_code}").text


def test_public_sees_ten_at_once_and_home_affairs_five(
    answer: Answer, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(9)
    close(database, day_keys, clock)
    assert isinstance(card_of(database, survey, clock, Audience.PUBLIC).overall, NoData)
    live = card_of(database, survey, clock, Audience.HOME_AFFAIRS)
    assert live.people == 9
    assert isinstance(live.overall, Estimate)
    answer(1)
    close(database, day_keys, clock)
    assert card_of(database, survey, clock, Audience.PUBLIC).people == 10
    answer(9, level=1)
    close(database, day_keys, clock)
    assert card_of(database, survey, clock, Audience.PUBLIC).people == 10
    assert card_of(database, survey, clock, Audience.HOME_AFFAIRS).people == 19


def test_the_tap_is_apart_from_the_index(
    app: Flask, answer: Answer, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(10, level=4, overall=5)
    for _ in range(30):
        Citizen(app.test_client(), survey.token).tap(1)
    close(database, day_keys, clock)
    card = card_of(database, survey, clock, Audience.PUBLIC)
    assert isinstance(card.tap, Estimate)
    assert (card.tap.n, card.tap.value) == (40, 0.25)
    assert isinstance(card.overall, Estimate)
    assert (card.overall.n, card.overall.value) == (10, 1.0)
    assert card.overall.interval.low < 1.0


def test_filters_by_kind_show_only_what_cannot_single_anybody_out(
    answer: Answer, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(20, q_kind="1")
    answer(12, q_kind="3", level=5)
    answer(3, q_kind="2")
    close(database, day_keys, clock)
    shown = {kind: card_of(database, survey, clock, Audience.HOME_AFFAIRS, kind=kind).people for kind in "123"}
    assert shown == {"1": 20, "3": None, "2": None}  # 3 are too few, and 35 − 20 − 12 would tell them


def test_page_names_method_sample_and_day(
    answer: Answer, client: FlaskClient, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(15)
    close(database, day_keys, clock)
    page = client.get(f"/results/{survey.centre_code}").text
    assert "khoảng mô hình 95 %" in page.replace("\u00a0", " ")
    assert "không phải mẫu ngẫu nhiên" in page
    assert "tính đến hết ngày 21/11/2026" in page
    assert "TOP2" in page
    assert "Cách gộp: trung bình các tiêu chí" in page
    assert "n = 15 phiếu" in page.replace("\u00a0", " ")
    assert not re.search(r"[Hh]ạng \d|ý nghĩa thống kê", page)
    assert "SIPAS" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_both_formulas_stand_side_by_side(
    answer: Answer, client: FlaskClient, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(15)
    close(database, day_keys, clock)
    page = client.get(f"/results/{survey.centre_code}?formula=both").text.replace("\u00a0", " ")
    assert "100,0 %" in page
    assert "80,0 %" in page


@pytest.mark.parametrize(
    "query",
    ["period=2026-13", "kind=9", "channel=x", "channel=qr&kind=1", "formula=TOP3", "counter=a", "counter=1&field=1"],
)
def test_impossible_filters_are_named(client: FlaskClient, survey: Surveyed, query: str) -> None:
    page = client.get(f"/results/{survey.centre_code}?{query}")
    assert page.status_code == 400
    assert "Xin" in page.text or "Kỳ báo cáo" in page.text or "Chỉ lọc" in page.text


def test_parent_sums_its_children(
    answer: Answer, survey: Surveyed, database: Database, day_keys: DayKeys, clock: SettableClock
) -> None:
    answer(12, counter=0)
    answer(12, counter=1, level=2)
    close(database, day_keys, clock)
    with database.reading() as session:
        survey_round = session.get_one(SurveyRound, survey.round_id)
        assert set_of_round(survey_round).criteria
        card = score_card(
            session,
            survey_round,
            survey.province_id,
            audience=Audience.PUBLIC,
            small_numbers=SmallNumbers(),
            filters=Filters(),
            as_of=clock.today,
        )
    assert card.people == 24
    assert [child.people for child in card.children] == [24]
