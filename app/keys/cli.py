"""`flask keys`: the keys that encrypt personal columns and files."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.config import Config, ConfigError
from app.crypto.errors import EncryptionError
from app.crypto.sources import new_environment_key
from app.db import migrate
from app.db.session import Database, database
from app.errors import DomainError
from app.keys import rotation
from app.keys.columns import NOT_ENCRYPTED
from app.keys.models import EncryptionKey, KeyRotation
from app.keys.rotation import Tools
from app.keys.start import announcement, create_keys, open_keys, record_creation, source_of, store_of, uses

commands = AppGroup("keys", help="Encryption keys: make, count, rotate, retire.")


@commands.command("create")
def create() -> None:
    """Make the first key of an installation that has none, and say where it is. `flask init` does so too."""
    config = Config.from_env()
    with _plainly():
        made = create_keys(database(), config)
        if made:
            open_keys(database(), config)
            if migrate.is_current(database()):
                record_creation(database())
    click.echo(announcement(config) if made else f"Đã có khóa tại {source_of(config).where}; không tạo gì thêm.")


@commands.command("generate")
def generate() -> None:
    """Print a new random key for LANGNGHE_ENCRYPTION_KEYS. Nothing keeps it."""
    click.echo(new_environment_key())


@commands.command("status")
def status() -> None:
    """Show every key, whether it is in use, how many values it encrypts in which place, and any rotation under way."""
    with _tools() as tools:
        ring = tools.keys.ring()
        with tools.database.reading() as session:
            known = {row.id: row for row in session.scalars(select(EncryptionKey))}
            counts = uses(session.connection(), tools.store)
            unfinished = session.scalars(select(KeyRotation).where(KeyRotation.finished_at.is_(None))).all()
        click.echo(f"Khóa tại: {tools.keys.source.where}")
        for key_id in sorted({*ring.keys, *known, *(each for count in counts.values() for each in count)}):
            total = sum(count[key_id] for count in counts.values())
            click.echo(
                f"{_name(key_id)}: {_state(key_id, ring.active, key_id in ring, known.get(key_id))}, {total} giá trị"
            )
            for place, count in counts.items():
                if count[key_id]:
                    click.echo(f"    {place:32} {count[key_id]:>9}")
        for row in unfinished:
            click.echo(f"Đang đổi sang khóa {row.to_key}: {row.place}, {row.changed} giá trị đã xong")


@commands.command("rotate")
def rotate() -> None:
    """Go over to a new key and encrypt everything anew, beside the running application; goes on if interrupted."""
    with _tools() as tools:
        key_id = rotation.rotate(tools, click.echo)
        click.echo(
            f"Mọi dữ liệu đã dùng khóa {key_id}. HÃY SAO LƯU khóa mới: {tools.keys.source.where}.\n"
            "Bỏ khóa cũ sau 10 phút: flask keys retire SỐ."
        )


@commands.command("reencrypt")
def reencrypt() -> None:
    """Encrypt with the active key whatever bears another one (after a late writer or a restored backup)."""
    with _tools() as tools:
        click.echo(f"Mọi dữ liệu đã dùng khóa {rotation.encrypt_anew(tools, click.echo)}.")


@commands.command("retire")
@click.argument("number", type=int)
@click.option("--destroy", is_flag=True, help="Overwrite and remove the key instead of putting it aside.")
def retire(number: int, *, destroy: bool) -> None:
    """Prove that nothing is encrypted with key NUMBER and take it out of the ring."""
    with _tools() as tools:
        rotation.retire(tools, number, destroy=destroy)
        click.echo(
            f"Không còn gì dùng khóa {number}; khóa đã được {'hủy' if destroy else 'cất vào thư mục retired'}.\n"
            "Các bản sao lưu cũ vẫn cần khóa này cho đến khi chúng bị xóa."
        )


@contextmanager
def _tools() -> Iterator[Tools]:
    with _plainly():
        config = Config.from_env()
        here: Database = database()
        yield Tools(here, open_keys(here, config), store_of(config), config.data_dir)


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors as one line instead of a traceback."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.message) from error
    except (ConfigError, EncryptionError) as error:
        raise click.ClickException(str(error)) from error


def _name(key_id: int) -> str:
    return "không mã hóa" if key_id == NOT_ENCRYPTED else f"khóa {key_id}"


def _state(key_id: int, active: int, is_there: bool, row: EncryptionKey | None) -> str:
    if key_id == active:
        return "đang mã hóa"
    if row is not None and row.retired_at is not None:
        return "đã bỏ"
    return "chỉ giải mã" if is_there else "THIẾU"
