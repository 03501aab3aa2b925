"""`flask receipts`: works on a machine that has neither database nor settings."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from app.audit.proof.keys import pem
from app.feedback.cases.fingerprints import digest
from app.feedback.following import receipt_keys
from app.feedback.following.cli import commands
from app.feedback.following.receipts import make
from app.rules.kinds import Kind

ROOT = Path(__file__).resolve().parents[4]
TEXT = "Quầy mở muộn 30 phút."
SALT = b"s" * 16


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a key, a receipt, the public key and the text in files."""
    data = tmp_path / "var"
    monkeypatch.setenv("LANGNGHE_DATA_DIR", str(data))
    key, _ = receipt_keys.open_key(data)
    opened = SimpleNamespace(
        public_number="PA-7KQ2M-9XF3H",
        salt=SALT,
        digest=digest(SALT, "PA-7KQ2M-9XF3H", date(2026, 11, 22), Kind.COMPLAINT, TEXT),
    )
    made = make(
        key, opened, datetime(2026, 11, 22, 2, tzinfo=UTC), unit_name="Phường", check_at="https://x.example/receipts"
    )
    (tmp_path / "receipt.txt").write_text(made.text, encoding="utf-8")
    (tmp_path / "text.txt").write_text(TEXT + "\n", encoding="utf-8")
    (tmp_path / "key.pem").write_bytes(pem(key.public))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(one) for one in arguments])


def test_a_genuine_receipt(folder: Path) -> None:
    done = run("verify", folder / "receipt.txt", "--public-key", folder / "key.pem", "--text", folder / "text.txt")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("BIÊN NHẬN LÀ THẬT.")
    assert "Nội dung đưa vào đúng là nội dung đã được nhận" in done.output
    assert "Số: PA-7KQ2M-9XF3H" in done.output
    assert run("verify", folder / "receipt.txt").exit_code == 0  # the keys of this installation


def test_tampering_is_exit_code_one(folder: Path, tmp_path: Path) -> None:
    path = folder / "receipt.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("09:00", "08:00"), encoding="utf-8")
    done = run("verify", path)
    assert (done.exit_code, "“Nhận lúc”" in done.output) == (1, True)


def test_another_text_and_another_key_are_exit_code_one(folder: Path) -> None:
    (folder / "text.txt").write_text("Khác", encoding="utf-8")
    assert run("verify", folder / "receipt.txt", "--text", folder / "text.txt").exit_code == 1
    other, _ = receipt_keys.open_key(folder / "other")
    (folder / "other.pem").write_bytes(pem(other.public))
    done = run("verify", folder / "receipt.txt", "--public-key", folder / "other.pem")
    assert (done.exit_code, "khóa khác".upper() in done.output) == (1, True)


def test_what_cannot_be_checked_is_exit_code_two(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "no.txt").write_text("xin chào", encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00\x81")
    (folder / "large.txt").write_bytes(b"x" * 2_000_000)
    for name in ("no.txt", "binary.txt", "large.txt"):
        assert run("verify", folder / name).exit_code == 2, name
    assert run("verify", folder / "receipt.txt", "--public-key", folder / "no.txt").exit_code == 2
    assert run("verify", folder / "missing.txt").exit_code == 2
    monkeypatch.setenv("LANGNGHE_DATA_DIR", str(folder / "empty"))
    assert run("verify", folder / "receipt.txt").exit_code == 2


def test_the_public_key_is_made_once_and_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("public-key").output == (folder / "key.pem").read_text(encoding="ascii")
    monkeypatch.setenv("LANGNGHE_DATA_DIR", str(folder / "fresh"))
    first = run("public-key")
    assert "BEGIN PUBLIC KEY" in first.output
    assert (folder / "fresh" / "receipt_key").is_file()


def test_a_machine_without_database_or_secret_key_checks_receipts(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANGNGHE_")}
    environment["LANGNGHE_DATA_DIR"] = str(folder / "nothing")
    command = [sys.executable, "-m", "flask", "receipts", "verify"]
    done = subprocess.run(
        [*command, str(folder / "receipt.txt"), "--public-key", str(folder / "key.pem")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[:1] != []) == (0, True), done.stderr
    assert not (folder / "nothing").exists()
