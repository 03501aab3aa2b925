"""`flask audit`: check the record, sign and export its heads, show thresholds.

Exit codes of `verify`: 0 nothing wrong, 1 something was changed, 2 it could not be checked.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from app import clock
from app.audit.proof import heads as signed
from app.audit.proof.findings import Finding
from app.audit.proof.keys import BadKeyError, PublicKeys, SigningKey, pem, public_keys, read_public_keys
from app.audit.proof.verify import Report, snapshot, verify
from app.audit.watch import thresholds
from app.db.session import database, transaction
from app.errors import DomainError
from app.i18n.formats import format_date
from app.web.pages import site

CHANGED, NOT_CHECKED = 1, 2
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


def make_commands(check_answers: Callable[[Session], Sequence[Finding]]) -> AppGroup:
    """The commands. ``check_answers`` compares sealed answers: they belong to packages above this one."""
    commands = AppGroup("audit", help="The record of acts: check it, sign it, export its heads.")

    @commands.command("verify")
    @click.option("--heads", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None)
    @click.option("--public-key", "key_files", type=EXISTING, multiple=True, help="Believe only these keys.")
    @click.option("--answers/--no-answers", default=True, help="Also compare the answers of sealed rounds.")
    def verify_command(folder: Path | None, key_files: tuple[Path, ...], *, answers: bool) -> None:
        """Say whether the record and the answers of sealed rounds are as they were written."""
        keys = _keys(key_files)
        with database().reading() as session:
            report = verify(snapshot(session), keys, folder or _own_heads())
            found = [*report.found, *(check_answers(session) if answers else ())]
        _say(report, found)
        if found:
            raise SystemExit(CHANGED)

    commands.add_command(heads_command)
    commands.add_command(public_key_command)
    commands.add_command(thresholds_command)
    commands.add_command(set_threshold_command)
    return commands


@click.command("heads")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only days from this one on.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where the files go.")
@with_appcontext
def heads_command(since: object, folder: Path | None) -> None:
    """Sign what is not signed yet, write one file a day, and list the newest head of each day."""
    key = make_key()
    first = date.fromisoformat(str(since)[:10]) if since else None
    with transaction() as session:
        signed.sign_due(session, key)
    with database().reading() as session:
        found = list(signed.heads(session, first))
    target = folder or site().config.data_dir / signed.FOLDER
    count = signed.export(found, target)
    for head in {head.day: head for head in found}.values():
        state = "final" if head.is_final else "open"
        click.echo(f"{head.day}  {state:5}  {head.rows:>8}  {head.hash.hex()}  {head.key_id}")
    click.echo(f"{count} tệp đầu chuỗi trong {target}.")


@click.command("public-key")
@with_appcontext
def public_key_command() -> None:
    """Print the public key that checks the heads; auditors keep it elsewhere."""
    click.echo(pem(make_key().public).decode(), nl=False)


@click.command("thresholds")
@with_appcontext
def thresholds_command() -> None:
    """List from which numbers on something stands out."""
    with database().reading() as session:
        held = thresholds.on(session, clock.local_date())
    for one in thresholds.KNOWN:
        click.echo(f"{one.name:24} {held[one.name]:>6}  {one.words}")


@click.command("set-threshold")
@click.argument("name", type=click.Choice([one.name for one in thresholds.KNOWN]))
@click.argument("value", type=int)
@click.option("--reason", required=True, help="Why; it is recorded.")
@with_appcontext
def set_threshold_command(name: str, value: int, reason: str) -> None:
    """Let another number stand out from today on; earlier days keep theirs."""
    try:
        with transaction() as session:
            thresholds.change(session, None, name, value, reason)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{name}: {value} từ {format_date(clock.local_date())}.")


def make_key() -> SigningKey:
    """The signing key of this installation; the first call makes it and says where it is."""
    folder = site().config.data_dir
    try:
        key, made = signed.open_key(database(), folder)
    except BadKeyError as error:
        raise click.ClickException(str(error)) from error
    if made:
        click.echo(key_notice(folder), err=True)
    return key


def key_notice(folder: Path) -> str:
    """What to tell whoever sees the key made."""
    return f"Đã tạo khóa ký nhật ký: {folder / 'audit_key'}. Xin sao lưu khóa này và giữ khóa công khai ở nơi khác."


def _keys(files: Sequence[Path]) -> PublicKeys:
    try:
        return read_public_keys(files) if files else public_keys(site().config.data_dir)
    except BadKeyError as error:
        click.echo(f"Không kiểm tra được: {error}", err=True)
        raise SystemExit(NOT_CHECKED) from error


def _own_heads() -> Path | None:
    folder = site().config.data_dir / signed.FOLDER
    return folder if folder.is_dir() else None


def _say(report: Report, found: Sequence[Finding]) -> None:
    for one in found:
        click.echo(str(one))
    counted = f"{report.rows} dòng, {report.days} ngày, {report.heads} đầu chuỗi đã ký"
    if found:
        click.echo(f"NHẬT KÝ HOẶC PHIẾU ĐÃ BỊ THAY ĐỔI: {len(found)} dấu hiệu ({counted}).")
    else:
        click.echo(f"Nhật ký nguyên vẹn: {counted}. {report.unsigned_rows} dòng mới chưa được ký.")
