"""`flask analysis`: close days, and prove or rebuild the rollups."""

import click
import numpy as np
from flask.cli import AppGroup
from sqlalchemy import select

from app import clock
from app.analysis import rollups
from app.analysis.day_closing import close_due_days, day_to_close_before
from app.analysis.models import Ledger
from app.db.session import database
from app.survey.models import SurveyRound
from app.web.pages import is_simulated, site

commands = AppGroup("analysis", help="Closed days and rollups.")


@commands.command("close-days")
@click.option(
    "--today", "through_today", is_flag=True, help="Close the present day as well (simulated databases only)."
)
def close_days(through_today: bool) -> None:
    """Move the answers of past days, shuffled, into the responses and the rollups."""
    if through_today and not is_simulated():
        raise click.ClickException(
            "Only a simulated database may close the present day; real days close after midnight."
        )
    moved = close_due_days(
        database(),
        site().day_keys,
        today=clock.local_date() if through_today else day_to_close_before(),
        least=site().small_numbers.public,
        through_today=through_today,
    )
    click.echo(f"Đã chuyển {moved} phiếu.")


@commands.command("check-rollups")
def check_rollups() -> None:
    """Compute every rollup anew from the answers and compare; exit 1 when one differs."""
    different = 0
    with database().reading() as session:
        for survey_round in session.scalars(select(SurveyRound)):
            fresh, stored = rollups.rebuild(session, survey_round), rollups.stored(session, Ledger.LIVE, survey_round)
            wrong = [place for place in fresh.keys() | stored.keys() if not _same(fresh.get(place), stored.get(place))]
            different += len(wrong)
            click.echo(f"{survey_round.name}: {len(stored)} ô, {len(wrong)} ô khác với tính lại từ phiếu")
    if different:
        raise click.ClickException(
            "Rollups differ from the answers; `flask analysis rebuild-rollups` writes them anew."
        )


@commands.command("rebuild-rollups")
def rebuild_rollups() -> None:
    """Write the live rollups of every round anew from its answers. Released blocks are never touched."""
    with database().transaction() as session:
        for survey_round in session.scalars(select(SurveyRound)).all():
            click.echo(f"{survey_round.name}: {rollups.replace_live(session, survey_round)} ô")


def _same(first: object, second: object) -> bool:
    return first is not None and second is not None and np.array_equal(first, second)  # type: ignore[arg-type]
