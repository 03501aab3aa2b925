"""Jobs: each is safe to run twice, recorded, and never run by two runners at once."""

import itertools
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import Officer, OfficerSession, SignInAttempt
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.crypto.types import in_row
from app.db import locks
from app.db.session import Database
from app.feedback.cases.models import CodeAttempt
from app.jobs import queries, runner
from app.jobs.models import JobRun
from app.jobs.registry import JOBS, Job, Schedule, Tools, job_named
from app.jobs.troubles import troubles
from app.units.models import ImportDraft
from tests.support.clock import SettableClock

NOON = Schedule(0, 12)


@pytest.fixture
def tools(database: Database, config: Config, day_keys: DayKeys, clock: SettableClock) -> Tools:
    return Tools(database, config, day_keys)


def _runs(tools: Tools) -> list[JobRun]:
    with tools.database.reading() as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.id)))


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_runs_twice_on_an_empty_database(job: Job, tools: Tools) -> None:
    assert runner.run_job(job, tools) == runner.run_job(job, tools) is not None
    kept = 1 if job.schedule.is_every_minute else 2
    assert [(run.name, run.finished_at is None) for run in _runs(tools)] == [(job.name, False)] * kept


def test_f6_of_a_job_of_every_minute_only_the_last_run_and_failures_are_kept(tools: Tools) -> None:
    """Otherwise the list of runs would tell at which minutes there was something to do, and for how long."""
    outcomes = iter(["one", "two", None, "three", "four"])

    def act(_tools: Tools) -> str:
        said = next(outcomes)
        if said is None:
            raise ValueError
        return said

    job = Job("always", "-", act, Schedule())
    for is_good in (True, True, False, True, True):
        if is_good:
            runner.run_job(job, tools)
        else:
            with pytest.raises(ValueError):
                runner.run_job(job, tools)
    assert [run.outcome for run in _runs(tools)] == ["failed: ValueError", "four"]


def test_names_are_unique_and_fit_the_table() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(len(job.name) <= 40 for job in JOBS)
    assert all(job_named(job.name) is job for job in JOBS)
    assert job_named("nothing") is None


def test_schedule_is_on_vietnamese_time() -> None:
    assert Schedule(20, 3).is_due(datetime(2026, 11, 20, 20, 20, tzinfo=UTC))
    assert not Schedule(20, 3).is_due(datetime(2026, 11, 21, 3, 20, tzinfo=UTC))
    assert Schedule(5).is_due(datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    assert (str(Schedule(5)), str(Schedule(20, 3))) == ("*:05", "03:20")
    assert str(Schedule()) == "*:*"
    assert all(Schedule().is_due(datetime(2026, 11, 21, 17, minute, tzinfo=UTC)) for minute in range(60))


def test_a_failure_is_recorded_by_its_kind_and_raised(tools: Tools) -> None:
    def fail(_tools: Tools) -> str:
        raise ValueError("0912345678")

    with pytest.raises(ValueError, match="0912"):
        runner.run_job(Job("fails", "-", fail, NOON), tools)
    (run,) = _runs(tools)
    assert run.outcome == "failed: ValueError"
    assert run.finished_at is not None


def test_a_job_done_since_it_was_due_is_left_alone(tools: Tools, clock: SettableClock) -> None:
    numbers = itertools.count(1)
    job = Job("counts", "-", lambda _tools: str(next(numbers)), NOON)
    due = clock()
    assert runner.run_job(job, tools, due) == "1"
    clock.advance(seconds=30)
    assert runner.run_job(job, tools, due) is None
    assert runner.run_job(job, tools, clock()) == "2"


def test_a_failed_run_is_tried_again(tools: Tools, clock: SettableClock) -> None:
    outcomes = iter([ZeroDivisionError(), None])

    def second_time(_tools: Tools) -> str:
        found = next(outcomes)
        if found is not None:
            raise found
        return "done"

    job = Job("second", "-", second_time, NOON)
    with pytest.raises(ZeroDivisionError):
        runner.run_job(job, tools, clock())
    assert runner.run_job(job, tools, clock()) == "done"


def test_what_is_late_never_ran_or_failed_is_named(tools: Tools, clock: SettableClock) -> None:
    def fail(_tools: Tools) -> str:
        raise ValueError

    always, hourly = Job("always", "-", lambda _tools: "done", Schedule()), Job("hourly", "-", fail, Schedule(5))
    jobs = (always, hourly, Job("daily", "-", lambda _tools: "done", NOON))
    runner.run_job(always, tools)
    with pytest.raises(ValueError):
        runner.run_job(hourly, tools)
    with tools.database.reading() as session:
        assert troubles(session, jobs, clock()) == ["hourly: failed: ValueError", "daily: never run"]
        clock.advance(minutes=30)
        assert troubles(session, jobs, clock())[0].startswith("always: last run 2026-11-21 02:00")


def test_two_runners_never_run_the_same_job(tools: Tools) -> None:
    job = Job("inner", "-", lambda _tools: "ran", NOON)
    with locks.held(tools.database, tools.config.data_dir, "inner") as is_free:
        assert is_free
        assert runner.run_job(job, tools) is None
    assert runner.run_job(job, tools) == "ran"


def test_a_run_cut_short_is_marked_by_the_next(tools: Tools, clock: SettableClock) -> None:
    with tools.database.transaction() as session:
        session.add(JobRun(name="cut", started_at=clock(), outcome=runner.RUNNING))
    assert runner.run_job(Job("cut", "-", lambda _tools: "ran", NOON), tools, clock()) == "ran"
    assert [run.outcome for run in _runs(tools)] == ["failed: interrupted", "ran"]
    with tools.database.reading() as session:
        assert queries.last_runs(session)["cut"].outcome == "ran"


def test_purge_drops_what_is_old_and_nothing_else(tools: Tools, clock: SettableClock) -> None:
    now = clock()
    with tools.database.transaction() as session:
        session.add(
            Officer(id=1, username="a", full_name="A", password_hash="-", must_change_password=False, created_at=now)
        )
        session.flush()
        for number, (age, ends) in enumerate(((4, -3), (0, 1))):
            key = bytes([number]) * 32
            moment, end = now - timedelta(days=age), now + timedelta(days=ends)
            session.add(OfficerSession(secret_hash=key, officer_id=1, created_at=moment, expires_at=end))
            session.add(
                ImportDraft(id=str(number), owner="1", kind="units", created_at=moment, rows=in_row("[]", str(number)))
            )
        for age in (31, 29):
            moment = now - timedelta(days=age)
            session.add(SignInAttempt(account_key=b"k" * 16, attempted_at=moment, succeeded=False))
            session.add(CodeAttempt(hour=moment, refused=3))
    job = job_named("purge")
    assert job is not None
    some = "sampled_draft 0, question_set_draft 0, job_run 0"
    rest = "exchange_sending 0, addresses of messages 0, files nobody refers to 0, orphaned files 0, file drafts 0"
    first = runner.run_job(job, tools)
    assert first == f"officer_session 1, kept_post 0, sign_in_attempt 1, import_draft 1, {some}, code_attempt 1, {rest}"
    again = runner.run_job(job, tools)
    assert again == f"officer_session 0, kept_post 0, sign_in_attempt 0, import_draft 0, {some}, code_attempt 0, {rest}"


@pytest.mark.server
def test_the_clock_runs_every_job_and_stops_when_told(module_database: Database, tmp_path: Path) -> None:
    """A runner of its own process, as `flask jobs serve` starts it, on the tables of its own queue."""
    code = (
        "import sys; from pathlib import Path; from app.config import Config; from app.crypto.day_keys import DayKeys;"
        "from app.db.session import Database; from app.jobs.registry import Tools; from app.jobs.runner import serve;"
        "c = Config(sys.argv[1], Path(sys.argv[2]), b'x' * 32);"
        "serve(Tools(Database(c.database_url), c, DayKeys(c.day_key_dir)))"
    )
    address = module_database.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", code, address, str(tmp_path)], env={**os.environ}, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        done: set[str] = set()
        while done != {job.name for job in JOBS} and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
            with module_database.reading() as session:
                done = {name for name, run in queries.last_runs(session).items() if run.finished_at is not None}
        assert done == {job.name for job in JOBS}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
