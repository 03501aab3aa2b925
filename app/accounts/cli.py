"""Commands for whoever runs the server: the first administrator, and a forgotten password when nobody can sign in."""

from typing import TextIO

import click
from flask.cli import AppGroup

from app.accounts import queries, services
from app.accounts.keys import normalise_username
from app.accounts.rights.matrix import markdown
from app.accounts.roles import Role
from app.db.session import transaction
from app.errors import DomainError

commands = AppGroup("officers", help="Officers: the first administrator, forgotten passwords.")


@commands.command("create-admin")
@click.option("--username", default="quantri", show_default=True, help="Name to sign in with.")
@click.option("--full-name", default="Quản trị hệ thống", show_default=True, help="Name shown on pages.")
@click.option("--home-affairs", is_flag=True, help="Give the role of Home Affairs as well (for a trial).")
def create_admin(username: str, full_name: str, *, home_affairs: bool) -> None:
    """Create an administrator of everything and print a one-time password, once."""
    try:
        with transaction() as session:
            made = services.create_officer(
                session, None, username=username, full_name=full_name, role=Role.ADMINISTRATOR, unit_id=None
            )
            if home_affairs:
                services.assign_role(session, None, made.officer.id, Role.HOME_AFFAIRS, None)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    _show(made.officer.username, made.one_time_password)


@commands.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """Replace a password by a one-time one, printed once. All sessions of the officer end."""
    try:
        with transaction() as session:
            officer = queries.officer_by_username(session, normalise_username(username))
            if officer is None:
                raise click.ClickException(f"Không có cán bộ nào tên đăng nhập {username}.")
            password = services.reset_password(session, None, officer.id)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    _show(officer.username, password)


@commands.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Take the second factor off an account whose telephone and recovery codes are lost. All its sessions end."""
    try:
        with transaction() as session:
            officer = queries.officer_by_username(session, normalise_username(username))
            if officer is None:
                raise click.ClickException(f"Không có cán bộ nào tên đăng nhập {username}.")
            services.reset_second_factor(session, None, officer.id)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo("Đã gỡ xác thực hai bước. Lần đăng nhập tới sẽ phải đăng ký lại, nếu vai trò bắt buộc.")


@commands.command("rights")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def rights(file: TextIO) -> None:
    """Write the matrix of roles and permissions, as docs/rights.md holds it."""
    file.write(markdown())


def _show(username: str, password: str) -> None:
    click.echo(f"Tên đăng nhập:     {username}")
    click.echo(f"Mật khẩu một lần:  {password}")
    click.echo("Mật khẩu chỉ hiện lần này và phải đổi khi đăng nhập lần đầu.")
