"""`flask cases`: compare cases with their fingerprints, erase who sent cases closed long ago, say what else will go."""

import click
from flask.cli import AppGroup

from app import clock
from app.db.session import database
from app.feedback.cases import fingerprints, reporters
from app.feedback.cases.erasable import by_rule, erasable
from app.feedback.cases.models import Erased
from app.i18n.formats import format_date

CHANGED = 1
WHAT = {Erased.FILES: "tệp", Erased.WORDS: "nội dung"}

commands = AppGroup("cases", help="Cases: compare them with what was received, erase contact data, say what is due.")


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


@commands.command("to-erase")
def to_erase_command() -> None:
    """Say which files and words the job erase-cases would erase today, and by which rule; nothing is erased."""
    with database().reading() as session:
        found = erasable(session, clock.local_date())
    for one in found:
        click.echo(f"{one.public_number}  {WHAT[one.what]}: {one.count}  kết thúc {format_date(one.closed_on)}")
    for one, cases, count in by_rule(found):
        click.echo(
            f"Quy định số {one.rule_id} ({one.legal_basis}): {WHAT[one.what]} giữ {one.kept_days} ngày sau khi kết "
            f"thúc – {cases} đơn, {count} mục."
        )
    click.echo(f"{len(found)} việc sẽ xóa. Chưa xóa gì.")
