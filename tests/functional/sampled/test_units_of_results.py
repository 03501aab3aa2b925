"""Which answers count for whom: units inside units, mergers after the survey, and few people in between."""

from dataclasses import replace
from datetime import date

import pytest

from app.accounts.roles import Role
from app.analysis.sampled.models import SampledSums
from app.analysis.sampled.report import report
from app.analysis.sampled.results import SampledReport
from app.analysis.sampled.stored import make_sums, store_sums
from app.analysis.stats.results import Estimate
from app.analysis.view import Audience
from app.config import SmallNumbers
from app.db.session import Database
from app.survey.models import SurveyRound
from app.survey.sampled.models import SampledSurvey
from app.units.models import Unit
from app.units.services import merge_units
from tests.factories.sampled import SampledPlace, make_sampled_round
from tests.factories.units import make_unit
from tests.support.worked_example import FILE, import_example

LEAST = SmallNumbers(public=10, home_affairs=5)
TODAY = date(2026, 11, 21)


@pytest.fixture
def place(database: Database, clock: object) -> SampledPlace:
    return make_sampled_round(database)


def read(database: Database, place: SampledPlace, unit_id: int, today: date = TODAY) -> SampledReport:
    with database.transaction() as session:
        survey_round = session.get(SurveyRound, place.round_id)
        assert survey_round is not None
        sums = make_sums(session, survey_round)
        assert sums is not None
        store_sums(session, sums)
    with database.reading() as session:
        survey_round = session.get(SurveyRound, place.round_id)
        assert survey_round is not None
        found = report(session, survey_round, unit_id, audience=Audience.HOME_AFFAIRS, small_numbers=LEAST, today=today)
    assert found is not None
    return found


def renamed(first: int) -> bytes:
    """The shared file with the first people of U01 speaking of a centre inside it."""
    lines = FILE.read_bytes().splitlines()
    left = first
    for at, line in enumerate(lines):
        cells = line.split(b",")
        if cells[5] == b"U01" and left:
            cells[5], left = b"U01A", left - 1
            lines[at] = b",".join(cells)
    return b"\n".join(lines)


def with_centre(database: Database, place: SampledPlace) -> int:
    with database.transaction() as session:
        ward = session.get(Unit, place.unit_ids["U01"])
        since = date(2025, 7, 1)
        return make_unit(
            session, "Trung tâm", code="U01A", type_code="communal_service_centre", parent=ward, valid_from=since
        ).id


def test_a_unit_counts_what_lies_below_it_and_shows_it_apart(
    database: Database, place: SampledPlace, signed_in_client
) -> None:
    centre = with_centre(database, place)
    import_example(signed_in_client(role=Role.HOME_AFFAIRS), place.round_id, renamed(20))
    whole = read(database, place, place.province_id)
    assert len(whole.units) == 12
    row = next(row for row in whole.units if row.code == "U01")
    ward = read(database, place, place.unit_ids["U01"])
    assert (row.people, ward.people) == (51, 51)
    assert ward.overall is not None
    assert ward.overall.estimate == row.estimate
    assert ward.standing == row.standing
    (below,) = ward.units
    assert (below.unit_id, below.people, below.standing) == (centre, 20, None)
    alone = read(database, place, centre)
    assert alone.overall is not None
    assert alone.overall.estimate == below.estimate
    assert alone.parent_name == "Phường U01"


def test_few_people_between_a_unit_and_the_one_inside_it_stay_hidden(
    database: Database, place: SampledPlace, signed_in_client
) -> None:
    """The ward has 51 people, its centre 48: the centre would tell of three."""
    centre = with_centre(database, place)
    import_example(signed_in_client(role=Role.HOME_AFFAIRS), place.round_id, renamed(48))
    ward = read(database, place, place.unit_ids["U01"])
    assert ward.people == 51
    assert [(row.people, isinstance(row.estimate, Estimate)) for row in ward.units] == [(None, False)]
    alone = read(database, place, centre)
    assert (alone.people, alone.figures) == (None, ())


def test_a_merger_after_the_round_changes_no_figure(database: Database, place: SampledPlace, signed_in_client) -> None:
    import_example(signed_in_client(role=Role.HOME_AFFAIRS), place.round_id)
    with database.transaction() as session:
        survey_round = session.get(SurveyRound, place.round_id)
        assert survey_round is not None
        survey_round.ends_on = date(2026, 11, 1)
    before = read(database, place, place.province_id)
    with database.transaction() as session:
        merge_units(session, [place.unit_ids["U01"]], place.unit_ids["U02"], date(2026, 11, 10))
    after = read(database, place, place.province_id)
    assert after.units == before.units
    assert read(database, place, place.unit_ids["U01"]).people == 51


def test_a_merger_during_the_round_joins_the_answers(database: Database, place: SampledPlace, signed_in_client) -> None:
    import_example(signed_in_client(role=Role.HOME_AFFAIRS), place.round_id)
    with database.transaction() as session:
        merge_units(session, [place.unit_ids["U01"]], place.unit_ids["U02"], date(2026, 11, 10))
    found = read(database, place, place.province_id)
    assert len(found.units) == 11
    assert next(row for row in found.units if row.code == "U02").people == 51 + 71
    ended = read(database, place, place.unit_ids["U01"])
    assert (ended.people, ended.figures) == (None, ())


def test_sums_of_answers_that_were_replaced_meanwhile_are_not_stored(
    database: Database, place: SampledPlace, signed_in_client
) -> None:
    import_example(signed_in_client(role=Role.HOME_AFFAIRS), place.round_id)
    with database.reading() as session:
        survey_round = session.get(SurveyRound, place.round_id)
        assert survey_round is not None
        early = make_sums(session, survey_round)
    assert early is not None
    with database.transaction() as session:
        survey = session.get(SampledSurvey, place.round_id)
        assert survey is not None
        survey.revision += 1
    with database.transaction() as session:
        store_sums(session, early)
        assert session.get(SampledSums, place.round_id) is None
    assert read(database, place, place.province_id).people == 648
    with database.transaction() as session:
        before = session.get(SampledSums, place.round_id)
        store_sums(session, replace(early, revision=2, content=b""))  # another reader was faster
        assert session.get(SampledSums, place.round_id) is before
        assert before is not None
        assert before.sums != b""
