"""Runs jobs: under a lock, with a row that tells what happened. Huey is the clock."""

import traceback
from datetime import UTC, datetime
from typing import Any

import structlog
from huey import PostgresHuey, SqliteHuey
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import locks
from app.db.owner import JOBS_SCHEMA
from app.jobs.models import JobRun
from app.jobs.registry import FAILED, JOBS, Job, Tools

RUNNING = "running"
LONGEST_OUTCOME = 300


def run_job(job: Job, tools: Tools, due: datetime | None = None) -> str | None:
    """Run a job now and record it. ``due`` (aware): do nothing if it has run well since then.

    Gives what the job says it did, or None when another runner has it or had it.

    Raises
    ------
    Exception
        Whatever the job raised, after it was recorded and logged without its text.
    """
    with locks.held(tools.database, tools.config.data_dir, job.name) as is_free:
        if not is_free:
            return None
        with tools.database.transaction() as session:
            if due is not None and _has_run_since(session, job, due):
                return None
            run_id = _begin(session, job)
        try:
            outcome = job.run(tools)
        except Exception as error:
            _finish(tools, run_id, f"{FAILED}{type(error).__name__}")
            _log_failure(job, error)
            raise
        _finish(tools, run_id, outcome)
        log = structlog.get_logger("jobs")
        (log.debug if job.schedule.is_every_minute else log.info)("job done", job=job.name, outcome=outcome)
        return outcome


def serve(tools: Tools) -> None:
    """Run every job once, for whatever was missed, and then by its schedule until SIGTERM or SIGINT."""
    huey = _make_huey(tools)
    tasks = [_schedule(huey, job, tools) for job in JOBS]
    huey.flush()  # what an earlier runner left is covered by the first round
    for task in tasks:
        task()
    huey.create_consumer(workers=1, max_delay=1.0, graceful_signal="TERM").run()


def _make_huey(tools: Tools) -> Any:
    if tools.database.is_sqlite:
        tools.config.data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("langnghe", filename=str(tools.config.data_dir / "jobs.db"), results=False)
    address = tools.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # A schema of its own where there is one: the application's role may make tables nowhere else (app/db/owner.py).
    return PostgresHuey("langnghe", dsn=address, options=f"-csearch_path={JOBS_SCHEMA},public", results=False)


def _schedule(huey: Any, job: Job, tools: Tools) -> Any:
    def is_due(moment: datetime) -> bool:
        return job.schedule.is_due(moment.replace(tzinfo=UTC))

    @huey.periodic_task(is_due, name=job.name)  # type: ignore[untyped-decorator]
    def task() -> None:
        now = datetime.now(UTC)  # the machine's clock, as Huey's; jobs themselves ask the product's
        due = now.replace(second=0, microsecond=0) if job.schedule.is_due(now) else None
        run_job(job, tools, due)

    return task


def _has_run_since(session: Session, job: Job, due: datetime) -> bool:
    last = session.scalar(select(JobRun).where(JobRun.name == job.name).order_by(JobRun.id.desc()).limit(1))
    return last is not None and last.started_at >= due and not last.outcome.startswith((FAILED, RUNNING))


def _begin(session: Session, job: Job) -> int:
    """Add the row of this run. A row left running belongs to a runner that died: we hold its lock."""
    unfinished = update(JobRun).where(JobRun.name == job.name, JobRun.outcome == RUNNING)
    session.execute(unfinished.values(outcome=f"{FAILED}interrupted", finished_at=clock.now()))
    if job.schedule.is_every_minute:  # of these only the last one and those that failed are kept
        session.execute(delete(JobRun).where(JobRun.name == job.name, JobRun.outcome.not_like(f"{FAILED}%")))
    run = JobRun(name=job.name, started_at=clock.now(), outcome=RUNNING)
    session.add(run)
    session.flush()  # the number of the row is needed outside the transaction
    return run.id


def _finish(tools: Tools, run_id: int, outcome: str) -> None:
    with tools.database.transaction() as session:
        session.execute(
            update(JobRun).where(JobRun.id == run_id).values(finished_at=clock.now(), outcome=outcome[:LONGEST_OUTCOME])
        )


def _log_failure(job: Job, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    structlog.get_logger("jobs").error(
        "job failed",
        job=job.name,
        kind=type(error).__name__,
        at=[f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames],
    )
