"""`flask audit` as an operator runs it, and the jobs that sign and check each day."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, update

from app.audit import cli as audit_cli
from app.audit.models import AuditEvent
from app.audit.proof import heads
from app.audit.proof.findings import RecordChangedError
from app.audit.services import record
from app.audit.tags import Action
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.db.session import Database
from app.jobs.registry import Tools, job_named
from app.survey import sealing
from tests.support.clock import SettableClock
from tests.support.tampering import tampering


@pytest.fixture
def run(app: Flask):
    """``run("verify")``: the exit code and what is printed."""
    commands = audit_cli.make_commands(sealing.check)

    def run(*arguments: str) -> tuple[int, str]:
        result = FlaskCliRunner(app).invoke(commands, list(arguments))
        return result.exit_code, result.output

    return run


@pytest.fixture
def some_days(database: Database, clock: SettableClock) -> Database:
    for _ in range(3):
        with database.transaction() as session:
            for number in range(4):
                record(session, 1, Action.CODE_ISSUE, f"code:{number}")
        clock.next_day()
    return database


def test_the_first_call_makes_the_key_and_says_so(run, some_days: Database, config: Config) -> None:
    code, output = run("heads")
    assert code == 0
    assert f"Đã tạo khóa ký nhật ký: {config.data_dir / 'audit_key'}" in output
    assert (config.data_dir / "audit_key").stat().st_mode & 0o777 == 0o600
    assert "Đã tạo" not in run("heads")[1]
    files = sorted(path.name for path in (config.data_dir / "audit-heads").iterdir())
    assert files == ["2026-11-21.txt", "2026-11-22.txt", "2026-11-23.txt", "2026-11-24.txt"]  # the key is an act


def test_heads_are_listed_and_exported_elsewhere(run, some_days: Database, tmp_path: Path) -> None:
    code, output = run("heads", "--since", "2026-11-22", "--to", str(tmp_path / "usb"))
    assert code == 0
    assert re.search(r"^2026-11-22  final         4  [0-9a-f]{64}  [0-9a-f]{16}$", output, re.MULTILINE)
    assert "2026-11-21  " not in output
    text = (tmp_path / "usb" / "2026-11-22.txt").read_text(encoding="utf-8")
    assert text.startswith("Lang Nghe audit head 1\nnumber: 2\nday: 2026-11-22\nrows: 4\n")


def test_verify_says_that_all_is_well(run, some_days: Database) -> None:
    run("heads")
    assert run("verify") == (0, "Nhật ký nguyên vẹn: 13 dòng, 4 ngày, 4 đầu chuỗi đã ký. 0 dòng mới chưa được ký.\n")


def test_verify_names_what_is_wrong_and_where(run, some_days: Database) -> None:
    run("heads")
    with tampering(some_days) as session:
        session.execute(update(AuditEvent).where(AuditEvent.id == 2).values(actor_id=7))
    code, output = run("verify")
    assert code == 1
    assert "[edited-row] Ngày 21/11/2026: nội dung dòng 2 đã bị sửa sau khi ghi." in output
    assert "NHẬT KÝ HOẶC PHIẾU ĐÃ BỊ THAY ĐỔI: 1 dấu hiệu" in output


def test_an_auditor_checks_with_a_key_kept_elsewhere(run, some_days: Database, config: Config, tmp_path: Path) -> None:
    run("heads", "--to", str(tmp_path / "own"))
    own = tmp_path / "own.pem"
    own.write_text(run("public-key")[1], encoding="ascii")
    (config.data_dir / "audit_key").unlink()  # whoever owns the machine makes a key and signs anew
    with tampering(some_days) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.sequence == 4))
    code, output = run("verify", "--heads", str(tmp_path / "own"), "--public-key", str(own))
    assert (code, "[cut-tail]" in output) == (1, True), output
    own.write_text("no key", encoding="ascii")
    code, output = run("verify", "--public-key", str(own))
    assert (code, "Không kiểm tra được" in output) == (2, True)


def test_thresholds_are_listed_and_set(run, database: Database) -> None:
    assert run("set-threshold", "exports_per_day", "0", "--reason", "x")[0] == 1
    assert run("set-threshold", "exports_per_day", "7", "--reason", "ít người dùng")[0] == 0
    assert re.search(r"^exports_per_day +7  ", run("thresholds")[1], re.MULTILINE)


def test_the_jobs_sign_and_check(some_days: Database, config: Config, day_keys: DayKeys) -> None:
    tools = Tools(some_days, config, day_keys)
    sign, check = job_named("sign-record"), job_named("check-record")
    assert sign is not None
    assert check is not None
    for _ in range(2):
        assert sign.run(tools) == "last head 4"
    assert check.run(tools) == "rows 13, heads 4"
    with some_days.reading() as session:
        assert heads.latest_head(session).startswith(
            "Đầu chuỗi nhật ký số 4, ngày 24/11/2026 (trong ngày), 1 dòng, mã "
        )
    with tampering(some_days) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.id == 5))
    with pytest.raises(RecordChangedError):
        check.run(tools)
