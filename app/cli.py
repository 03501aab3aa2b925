"""The command line: each package's commands under `flask`, and `flask init`, which makes an installation.

Web workers never load this module: commands need libraries that pages do not.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import click
from flask import Flask

from app import create_app, installation
from app.accounts import cli as accounts_cli
from app.accounts import queries as accounts_queries
from app.accounts import services as accounts_services
from app.accounts.roles import Role
from app.analysis import cli as analysis_cli
from app.audit import cli as audit_cli
from app.audit.proof.heads import open_key
from app.config import Config, ConfigError, create_secret_key
from app.db import cli as db_cli
from app.db import owner
from app.db.models import Installation
from app.db.session import Database, init_database
from app.errors import DomainError
from app.feedback.cases import cli as cases_cli
from app.feedback.following import cli as receipts_cli
from app.feedback.following import receipt_keys
from app.jobs import cli as jobs_cli
from app.keys import cli as keys_cli
from app.keys.start import announcement, create_keys, open_keys, record_creation
from app.rules import law
from app.survey import cli as survey_cli
from app.survey import sealing, sets
from app.units import cli as units_cli

FIRST_ADMINISTRATOR = "quantri"


def load_law(database: Database) -> None:
    """Bring in the calendar and the rules that a new or upgraded installation lacks."""
    with database.transaction() as session:
        law.load(session)


GROUPS: tuple[click.Group, ...] = (
    db_cli.make_commands(load_law),
    keys_cli.commands,
    jobs_cli.commands,
    units_cli.commands,
    accounts_cli.commands,
    survey_cli.commands,
    analysis_cli.commands,
    audit_cli.make_commands(sealing.check),
    receipts_cli.commands,
    cases_cli.commands,
)
# These make the database fit to be used, so they must work when it is not.
ALWAYS = frozenset({"init", "db", "keys"})
# Receipts are checked on machines that have neither settings nor database.
NEED_NOTHING = frozenset({"init", "receipts"})


def create_command_app() -> Flask:
    """The application behind `flask`: the whole one, or, where that refuses to start, a bare one that can mend it."""
    try:
        app = create_app(Config.from_env())
    except ConfigError as error:
        return _bare_app(str(error))
    for command in _all_commands():
        app.cli.add_command(command)
    return app


def _bare_app(reason: str) -> Flask:
    """An application without pages; every command but those in ``ALWAYS`` answers with ``reason``."""
    app = Flask("langnghe")
    may_migrate = False
    try:
        config = Config.from_env()
        init_database(app, database := Database(config.database_url))
        may_migrate = True
        open_keys(database, config)  # a migration may have to encrypt
    except ConfigError:
        pass  # the reason already says so
    for command in _all_commands():
        works = command.name in NEED_NOTHING or (may_migrate and command.name in ALWAYS)
        app.cli.add_command(command if works else _refusing(command.name, reason))
    return app


def _refusing(name: str | None, reason: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True}, add_help_option=False)
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def refuse(**_arguments: object) -> None:
        """Not available now."""
        raise click.ClickException(reason)

    return refuse


@click.command("init")
@click.option("--production", is_flag=True, help="An empty real installation instead of the trial.")
def init(production: bool) -> None:
    """Make what is missing: secret key, schema, first administrator and, unless in production, the trial."""
    config = _first_config()
    database = Database(config.database_url)
    try:
        has_new_keys = _make_keys(database, config)
        owner.upgrade(database, config.owner_database_url)
        if has_new_keys:
            record_creation(database)
        _make_signing_keys(database, config)
        _install(database, simulated=not production)
        if not production:
            _start_trial(database, config)
        _create_administrator(database, simulated=not production)
    finally:
        database.dispose()


def _all_commands() -> Iterable[click.Command]:
    return (*GROUPS, init)


def _first_config() -> Config:
    create_secret_key(Path(os.environ.get("LANGNGHE_DATA_DIR", "var")).absolute())
    try:
        return Config.from_env()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _make_keys(database: Database, config: Config) -> bool:
    """Make the keys of personal data, say once where they are, and open them; whether new ones were made."""
    try:
        is_new = create_keys(database, config)
        if is_new:
            click.echo(announcement(config))
        open_keys(database, config)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    return is_new


def _make_signing_keys(database: Database, config: Config) -> None:
    """Make the keys that sign the record of acts and receipts, and say once where they are."""
    _key, made = open_key(database, config.data_dir)
    if made:
        click.echo(audit_cli.key_notice(config.data_dir))
    _receipt_key, made = receipt_keys.open_key(config.data_dir)
    if made:
        click.echo(receipts_cli.key_notice(config.data_dir))


def _install(database: Database, *, simulated: bool) -> None:
    with database.transaction() as session:
        if session.get(Installation, 1) is None:
            installation.create(session, simulated=simulated)
        sets.register_files(session)
        law.load(session)
    if not simulated and installation.is_simulated(database):
        raise click.ClickException("This database is marked simulated and stays so; give DATABASE_URL another one.")


def _start_trial(database: Database, config: Config) -> None:
    """Fill an empty simulated database with the sample province and its answers."""
    # loads numpy and the whole application, which other commands do without
    from app.simulation import trial

    if trial.is_wanted(database):
        trial.start(database, config)
        trial.tell_officers(database)


def _create_administrator(database: Database, *, simulated: bool) -> None:
    """Create the first administrator, and show the one-time password this once. In a trial he may see everything."""
    with database.transaction() as session:
        if accounts_queries.officer_by_username(session, FIRST_ADMINISTRATOR) is not None:
            return
        made = accounts_services.create_officer(
            session,
            None,
            username=FIRST_ADMINISTRATOR,
            full_name="Quản trị viên",
            role=Role.ADMINISTRATOR,
            unit_id=None,
        )
        if simulated:
            accounts_services.assign_role(session, None, made.officer.id, Role.HOME_AFFAIRS, None)
    click.echo("\nTài khoản quản trị đầu tiên (mật khẩu chỉ hiện một lần này):")
    click.echo(f"  Tên đăng nhập: {FIRST_ADMINISTRATOR}\n  Mật khẩu:      {made.one_time_password}\n")
