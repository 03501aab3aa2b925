"""On a simulated database a new user sees a scan become a score in a minute: by button and by command."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import installation
from app.accounts.roles import Role
from app.analysis.cli import commands
from app.config import Config
from app.db.session import Database
from tests.factories.officers import token_of
from tests.factories.surveys import Surveyed, make_survey
from tests.support.citizen import Citizen
from tests.support.clock import SettableClock

MakeApp = Callable[[Config], Flask]
SignedIn = Callable[..., FlaskClient]


@pytest.fixture(params=[True, False], ids=["simulated", "real"])
def simulated(request: pytest.FixtureRequest, database: Database, clock: SettableClock) -> bool:
    with database.transaction() as session:
        installation.create(session, simulated=request.param)
    return request.param


@pytest.fixture
def survey(database: Database, simulated: bool) -> Surveyed:
    return make_survey(database)


def test_command_closes_today_only_when_simulated(app: Flask, survey: Surveyed, simulated: bool) -> None:
    for _ in range(12):
        Citizen(app.test_client(), survey.token).answer(5)
    done = app.test_cli_runner().invoke(commands, ["close-days", "--today"])
    assert (done.exit_code == 0) is simulated
    page = app.test_client().get(f"/results/{survey.centre_code}").text
    assert ("n = 12" in page.replace("\u00a0", " ")) is simulated
    checked = app.test_cli_runner().invoke(commands, ["check-rollups"])
    assert checked.exit_code == 0
    assert "0 ô khác" in checked.output
    Citizen(app.test_client(), survey.token).answer(4)  # the day goes on with the same key
    again = app.test_cli_runner().invoke(commands, ["close-days", "--today"])
    assert (again.exit_code == 0) is simulated


def test_button_closes_today_only_when_simulated(
    app: Flask, survey: Surveyed, simulated: bool, signed_in_client: SignedIn
) -> None:
    for _ in range(12):
        Citizen(app.test_client(), survey.token).answer(5)
    administrator = signed_in_client(Role.ADMINISTRATOR)
    address = f"/officer/results/{survey.round_id}/{survey.centre_code}"
    page = administrator.get(address)
    assert ("Chốt ngày ngay" in page.text) is simulated
    done = administrator.post(f"{address}/close-day", data={"csrf_token": token_of(page.text)})
    assert done.status_code == (303 if simulated else 403)
    assert ("n = 12" in administrator.get(address).text.replace("\u00a0", " ")) is simulated


def test_rebuilding_rollups_changes_nothing(app: Flask, survey: Surveyed) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(commands, ["rebuild-rollups"]).exit_code == 0
    assert runner.invoke(commands, ["check-rollups"]).exit_code == 0
