"""`flask survey`: check question-set files, bring them into the database, publish a version."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import installation
from app.db.session import database
from app.errors import DomainError
from app.survey import sets
from app.survey.authoring import drafts
from app.survey.loading import SETS_FOLDER, SetInvalid, load_file
from app.survey.models import QuestionSetVersion, SetStatus
from app.survey.sampled import example as worked_example
from app.web.pages import site

commands = AppGroup("survey", help="Question sets.")


@commands.command("check")
def check() -> None:
    """Read every question-set file and show all that is wrong, with its line."""
    wrong = 0
    for path in sorted(SETS_FOLDER.glob("*.toml")):
        try:
            found = load_file(path)
        except SetInvalid as error:
            wrong += 1
            click.echo(error.message, err=True)
        else:
            state = "có thể công bố" if found.can_be_published() else "chỉ là bản nháp: còn câu chữ chưa kiểm chứng"
            click.echo(f"{path.name}: đúng, {len(found.questions)} câu, {state}")
    if wrong:
        raise click.ClickException(f"{wrong} tệp có lỗi.")


@commands.command("register")
def register() -> None:
    """Bring the files into the database: new ones as drafts, drafts refreshed, published ones untouched."""
    try:
        with database().transaction() as session:
            rows = sets.register_files(session)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    for row in rows:
        click.echo(f"{row.code} {row.version}: {'đã công bố' if row.status is SetStatus.PUBLISHED else 'bản nháp'}")


@commands.command("publish")
@click.argument("code")
@click.argument("version", type=int)
@click.option("--reason", default="Lệnh flask survey publish", help="Why, for the record of acts.")
def publish(code: str, version: int, reason: str) -> None:
    """Freeze VERSION of the set CODE, so that rounds may use it."""
    try:
        with database().transaction() as session:
            row = session.scalar(
                select(QuestionSetVersion).where(QuestionSetVersion.code == code, QuestionSetVersion.version == version)
            )
            if row is None:
                raise click.ClickException(
                    f"Không có bộ câu hỏi {code} {version}. Lệnh “flask survey register” nạp các tệp."
                )
            if row.status is SetStatus.PUBLISHED:
                click.echo(f"{code} {version}: đã công bố từ trước.")
                return
            drafts.publish(session, None, row, reason)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{code} {version}: đã công bố.")


@commands.command("example")
def example() -> None:
    """Make the worked example of docs/sampled-surveys.md: its set, its units and a round; simulated databases only."""
    if not installation.is_simulated(database()):
        raise click.ClickException("Lệnh này chỉ dùng cho cơ sở dữ liệu mô phỏng; cơ sở dữ liệu này không phải.")
    try:
        with database().transaction() as session:
            made = worked_example.prepare(session)
            name, number = made.name, made.id
    except DomainError as error:
        raise click.ClickException(error.message) from error
    first, last = worked_example.UNIT_CODES[0], worked_example.UNIT_CODES[-1]
    click.echo(f"{worked_example.SET_FILE.stem}: đã công bố. Đơn vị {first} đến {last}: đã có.")
    click.echo(f"Đợt “{name}” đang mở. Trang nhập phiếu:")
    click.echo(f"  {site().config.public_url.rstrip('/')}/officer/rounds/{number}/imports")
