"""The scheduled job: by the settings of the installation, and telling nothing of what came when."""

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.files.gate.limits import ORDINARY
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.services import receive
from app.jobs import runner
from app.jobs.models import JobRun
from app.jobs.registry import Tools, job_named
from app.keys.start import store_of
from tests.support import hostile
from tests.support.clamd import free_port, running_clamd


def run(database: Database, config: Config, day_keys: DayKeys) -> tuple[str | None, list[FileState]]:
    """What the job says, and how the files stand afterwards."""
    job = job_named("check-files")
    assert job is not None
    said = runner.run_job(job, Tools(database, config, day_keys))
    with database.reading() as session:
        return said, list(session.scalars(select(CheckedFile.state)))


def test_f6_the_job_says_the_same_whether_files_came_or_not(
    database: Database, config: Config, day_keys: DayKeys
) -> None:
    assert run(database, config, day_keys) == ("done", [])
    with database.transaction() as session:
        receive(session, store_of(config), "a.jpg", BytesIO(hostile.jpeg()), allowed=ORDINARY)
    assert run(database, config, day_keys) == ("done", [FileState.ACCEPTED])
    with database.reading() as session:
        assert [one.outcome for one in session.scalars(select(JobRun))] == ["done"]


@pytest.mark.server
def test_c8_the_job_says_when_the_scanner_is_away(database: Database, config: Config, day_keys: DayKeys) -> None:
    port = free_port()
    scanned = replace(config, scanner=("127.0.0.1", port))
    with database.transaction() as session:
        receive(session, store_of(scanned), "a.jpg", BytesIO(hostile.jpeg()), allowed=ORDINARY)
    assert run(database, scanned, day_keys) == ("scanner not reached, files wait", [FileState.WAITING])
    with running_clamd(port):
        assert run(database, scanned, day_keys) == ("done", [FileState.ACCEPTED])
    with database.reading() as session:
        assert session.scalars(select(CheckedFile.is_scanned)).all() == [True]
