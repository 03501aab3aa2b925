"""What is wrong with the work of the runner, for `flask jobs check`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.jobs.queries import last_runs
from app.jobs.registry import FAILED, Job

GRACE = timedelta(minutes=15)


def troubles(session: Session, jobs: Sequence[Job], now: datetime) -> list[str]:
    """Jobs that never ran, did not run when they should have, or failed."""
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
