"""`flask cases`: compare cases with their fingerprints, erase who sent cases closed long ago."""

import click
from flask.cli import AppGroup

from app import clock
from app.db.session import database
from app.feedback.cases import fingerprints, reporters
from app.i18n.formats import format_date

CHANGED = 1

commands = AppGroup("cases", help="Cases: compare them with what was received, erase contact data that are due.")


@commands.command("check")
def check_command() -> None:
    """Say which cases are not what was received; exit code 1 when there is one."""
    with database().reading() as session:
        found = fingerprints.check(session)
    for one in found:
        click.echo(str(one))
    if found:
        raise SystemExit(CHANGED)
    click.echo("Mọi đơn đúng như khi nhận.")


@commands.command("erase-contacts")
@click.option("--dry-run", is_flag=True, help="Only say whose contact data would go.")
def erase_contacts_command(*, dry_run: bool) -> None:
    """Erase who sent cases that were closed long enough ago; the daily job does the same."""
    with database().transaction() as session:
        stones = reporters.erase_due(session, clock.local_date(), dry_run=dry_run)
    for one in stones:
        done = "sẽ xóa" if one.erased_on is None else f"đã xóa, đợt {one.batch}"
        click.echo(f"{one.public_number}  hạn {format_date(one.erase_on)}  {done}")
    click.echo(f"{len(stones)} người gửi.")
