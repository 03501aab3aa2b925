"""What the runner did."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.models import JobRun


def last_runs(session: Session) -> Mapping[str, JobRun]:
    """The latest run of every job that has run, by name."""
    latest = select(func.max(JobRun.id)).group_by(JobRun.name)
    return {run.name: run for run in session.scalars(select(JobRun).where(JobRun.id.in_(latest)))}
