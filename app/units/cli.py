"""``flask units``: load the official list, import a province's own tables."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock
from app.db.session import transaction
from app.errors import DomainError
from app.files.tables import read_sheet
from app.units.import_store import apply_import, check
from app.units.imports import ImportKind, records_of
from app.units.official_loading import load_official

commands = AppGroup("units", help="Units, counters, procedures.")


@commands.command("import-official")
@click.option("--province", default=None, help="Code of a province or city; all of the country without it.")
def import_official(province: str | None) -> None:
    """Load the official list of units; running it again makes nothing twice."""
    try:
        with transaction() as session:
            loaded = load_official(session, province)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Đã thêm {loaded.units} đơn vị và {loaded.successions} quan hệ kế thừa.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice([kind.value for kind in ImportKind]), required=True, help="What the table holds."
)
def import_file(file: Path, kind: str) -> None:
    """Import an XLSX or CSV table; with a single error nothing is imported."""
    chosen = ImportKind(kind)
    try:
        records = records_of(read_sheet(file.read_bytes(), file.name), chosen)
        with transaction() as session:
            parsed = check(session, chosen, records, clock.local_date())
            for error in parsed.errors:
                click.echo(f"Dòng {error.row}, cột “{error.column}”: {error.message}", err=True)
            count = apply_import(session, parsed)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Đã nhập {count} mục: {chosen.label}.")
