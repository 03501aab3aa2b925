"""`flask db`: bring the schema up or back, and say where it stands."""

from collections.abc import Callable

import click
from flask.cli import AppGroup

from app.config import Config
from app.crypto.errors import EncryptionError
from app.db import migrate, owner
from app.db.session import Database, database


def make_commands(after_upgrade: Callable[[Database], None]) -> AppGroup:
    """The commands; ``after_upgrade`` brings in what a database at the newest revision must hold."""
    commands = AppGroup("db", help="The database schema.")

    @commands.command("upgrade")
    @click.argument("revision", default="head")
    def upgrade(revision: str) -> None:
        """Bring the schema to the newest (or a given) revision; does nothing when it is there."""
        try:
            owner.upgrade(database(), _owner_url(), revision)
        except EncryptionError as error:
            raise click.ClickException(f"{error} Make them with `flask keys create`, then run this again.") from error
        if migrate.is_current(database()):
            after_upgrade(database())

    @commands.command("downgrade")
    @click.argument("revision")
    def downgrade(revision: str) -> None:
        """Take the schema back to a revision. What newer revisions added is lost."""
        owner.downgrade(database(), _owner_url(), revision)

    @commands.command("current")
    def current() -> None:
        """Say which database this is and whether its schema is the newest."""
        state = "newest revision" if migrate.is_current(database()) else "not at the newest revision"
        click.echo(f"{database().url.render_as_string(hide_password=True)}: {state}")

    return commands


def _owner_url() -> str | None:
    return Config.from_env().owner_database_url
