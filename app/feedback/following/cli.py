"""`flask receipts`: check a receipt on any machine, without database or settings; print the public key.

Exit codes of `verify`: 0 genuine, 1 not genuine or not this content, 2 it could not be checked.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from app.audit.proof.keys import BadKeyError, PublicKeys, pem
from app.feedback.following import receipt_keys
from app.feedback.following.receipt_words import HEADINGS, sentence
from app.feedback.following.receipts import Finding, check

NOT_GENUINE, NOT_CHECKED = 1, 2
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST = 1024 * 1024

# A plain group: the commands of Flask's own would ask for an application, and a higher body has none.
commands = click.Group("receipts", help="Signed receipts of what citizens sent: check one, print the public key.")


@commands.command("verify")
@click.argument("file", type=EXISTING)
@click.option("--public-key", "key_files", type=EXISTING, multiple=True, help="Believe only the keys in these files.")
@click.option("--text", "text_file", type=EXISTING, help="Also check that the receipt is for the text in this file.")
def verify_command(file: Path, key_files: tuple[Path, ...], text_file: Path | None) -> None:
    """Say whether a receipt is genuine, and what was done to it if not."""
    known = _keys(key_files)
    verdict = check(_read(file), known, None if text_file is None else _read(text_file))
    click.echo(f"{HEADINGS[verdict.finding].upper()}. {sentence(verdict)}")
    for label, value in verdict.values:
        click.echo(f"  {label}: {value}")
    if verdict.finding is Finding.NO_RECEIPT:
        raise SystemExit(NOT_CHECKED)
    if not verdict.is_genuine:
        raise SystemExit(NOT_GENUINE)


@commands.command("public-key")
def public_key_command() -> None:
    """Print the public key of this installation that checks receipts; the first call makes the key."""
    try:
        key, made = receipt_keys.open_key(_folder())
    except (BadKeyError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if made:
        click.echo(key_notice(_folder()), err=True)
    click.echo(pem(key.public).decode(), nl=False)


def key_notice(folder: Path) -> str:
    """What to tell whoever sees the key made."""
    return f"Đã tạo khóa ký biên nhận: {folder / receipt_keys.KEY_FILE}. Xin sao lưu khóa này."


def _folder() -> Path:
    return Path(os.environ.get("LANGNGHE_DATA_DIR", "var")).absolute()


def _keys(files: Sequence[Path]) -> PublicKeys:
    try:
        known = receipt_keys.read_public_keys(files) if files else receipt_keys.public_keys(_folder())
    except BadKeyError as error:
        _stop(str(error))
    if not known.by_id:
        _stop("Không có khóa công khai nào. Xin tải khóa ở trang /receipts và đưa vào bằng --public-key.")
    return known


def _read(path: Path) -> str:
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        _stop(f"{path} lớn hơn 1 MB, không phải là biên nhận hay nội dung đã gửi.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        _stop(f"{path} không phải là văn bản UTF-8.")


def _stop(reason: str) -> NoReturn:
    click.echo(f"Không kiểm tra được: {reason}", err=True)
    raise SystemExit(NOT_CHECKED)
