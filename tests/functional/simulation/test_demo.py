"""The demonstration in small: several clients post over HTTP to the real server on a simulated clock."""

import os

import pytest
from sqlalchemy import func, select

from app import clock, installation
from app.analysis import rollups
from app.analysis.models import Ledger
from app.config import Config
from app.db.session import Database
from app.feedback.cases.models import Case
from app.simulation import demo
from app.simulation.case_handling import more_cases
from app.survey.models import Response, SurveyRound, TodaysResponse
from tests.support.databases import address_of

PEOPLE = 90


@pytest.mark.server
def test_clients_over_http_leave_what_they_posted(unmigrated: Database, tmp_path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANGNGHE_")}
    environment |= {"DATABASE_URL": address_of(unmigrated), "LANGNGHE_DATA_DIR": str(tmp_path / "demo")}
    config = demo.fresh_config(tmp_path / "demo", environment)
    tally = demo.run(config, environment, people=PEOPLE, most_communes=3)
    assert tally.taps == PEOPLE
    assert installation.is_simulated(unmigrated)
    with unmigrated.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == PEOPLE
        assert session.scalar(select(func.count()).select_from(TodaysResponse)) == 0
        assert session.scalar(select(func.count()).select_from(Case)) == tally.feedback + more_cases(tally.feedback)
        assert session.scalar(select(func.max(Response.answered_on))) < clock.local_date()
        survey_round = session.scalars(select(SurveyRound)).one()
        stored, fresh = rollups.stored(session, Ledger.LIVE, survey_round), rollups.rebuild(session, survey_round)
        assert stored.keys() == fresh.keys()
        assert all((stored[key] == fresh[key]).all() for key in fresh)
    with pytest.raises(demo.NotEmptyError):
        demo.run(config, environment, people=PEOPLE, most_communes=3)


def test_only_an_earlier_demonstration_is_removed(tmp_path) -> None:
    mine = tmp_path / "demo"
    mine.mkdir()
    (mine / "kept.txt").write_text("kept", encoding="utf-8")
    config = demo.fresh_config(mine, {"LANGNGHE_DATA_DIR": str(mine)})
    assert isinstance(config, Config)
    assert (mine / "kept.txt").is_file()
    (mine / demo.TRUTH_FILE).write_text("{}", encoding="utf-8")
    demo.fresh_config(mine, {"LANGNGHE_DATA_DIR": str(mine)})
    assert not (mine / "kept.txt").exists()
