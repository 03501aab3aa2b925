"""What the runner did."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.models import JobRun
from app.jobs.registry import FAILED, Job

GRACE = timedelta(minutes=15)


def last_runs(session: Session) -> Mapping[str, JobRun]:
    """The latest run of every job that has run, by name."""
    latest = select(func.max(JobRun.id)).group_by(JobRun.name)
    return {run.name: run for run in session.scalars(select(JobRun).where(JobRun.id.in_(latest)))}


def troubles(session: Session, jobs: Sequence[Job], now: datetime) -> list[str]:
    """What is wrong with the work of the runner: jobs that never ran, did not run when they should have, or failed."""
    last = last_runs(session)
    found = []
    for job in jobs:
        run = last.get(job.name)
        if run is None:
            found.append(f"{job.name}: never run")
        elif run.started_at < now - job.schedule.every - GRACE:
            found.append(f"{job.name}: last run {run.started_at:%Y-%m-%d %H:%M} UTC")
        elif run.outcome.startswith(FAILED):
            found.append(f"{job.name}: {run.outcome}")
    return found
