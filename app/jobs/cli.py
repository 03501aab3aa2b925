"""`flask jobs`: list the scheduled jobs, run one now, or serve them all by the clock."""

import click
from flask.cli import AppGroup

from app import clock
from app.db.session import database
from app.jobs import queries, runner
from app.jobs.registry import JOBS, Tools, job_named
from app.jobs.troubles import troubles
from app.web.pages import site

commands = AppGroup("jobs", help="Scheduled jobs.")


@commands.command("list")
def list_jobs() -> None:
    """Show every job, when it runs (Vietnamese time), and its last run."""
    with database().reading() as session:
        last = queries.last_runs(session)
    for job in JOBS:
        run = last.get(job.name)
        state = f"{run.started_at:%Y-%m-%d %H:%M} UTC, {run.outcome}" if run else "never run"
        click.echo(f"{job.name:12} {job.schedule!s:6} {job.purpose}\n{'':20}{state}")


@commands.command("run")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
def run(name: str) -> None:
    """Run one job now; running it twice does no harm."""
    job = job_named(name)
    assert job is not None
    outcome = runner.run_job(job, _tools())
    click.echo("another runner is at it" if outcome is None else outcome)


@commands.command("check")
def check() -> None:
    """Say which jobs are late or failed; exit code 1 when there is one. For a timer or a monitor."""
    with database().reading() as session:
        found = troubles(session, JOBS, clock.now())
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo("all jobs ran when they should")


@commands.command("serve")
def serve() -> None:
    """Run all jobs by the clock until stopped. `python -m app.serve` starts this too."""
    runner.serve(_tools())


def _tools() -> Tools:
    here = site()
    return Tools(database(), here.config, here.day_keys)
