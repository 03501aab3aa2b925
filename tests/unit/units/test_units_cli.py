"""The commands about units."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.db.session import Database, init_database
from app.units.cli import commands
from app.units.models import Unit

HEADING = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã đơn vị cấp trên;Ngày bắt đầu\n"


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    made = Flask("commands")
    init_database(made, database)
    made.cli.add_command(commands)
    return made


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["units", *words])


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Unit)) or 0


def test_official_list_loads_and_loads_again(app: Flask, database: Database) -> None:
    assert "Đã thêm" in run(app, "import-official", "--province", "22").output
    before = count(database)
    assert "Đã thêm 0 đơn vị và 0 quan hệ" in run(app, "import-official", "--province", "22").output
    assert count(database) == before
    refused = run(app, "import-official", "--province", "xx")
    assert refused.exit_code == 1
    assert "xx" in refused.output


def test_import_of_a_file(app: Flask, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    file.write_text(HEADING + "22;Tỉnh Quảng Ninh;Tỉnh;;01/07/2025\nnv;Sở Nội vụ;Sở;22;01/07/2025\n", encoding="utf-8")
    assert "Đã nhập 2 mục: Đơn vị." in run(app, "import", str(file), "--kind", "units").output
    again = run(app, "import", str(file), "--kind", "units")
    assert again.exit_code == 1
    assert "Dòng 2, cột “Mã đơn vị”: Mã 22 đã có trong hệ thống" in again.output
    assert count(database) == 2


def test_a_bad_file_is_refused(app: Flask, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "bang.csv"
    file.write_bytes(b"%PDF-1.7")
    refused = run(app, "import", str(file), "--kind", "counters")
    assert refused.exit_code == 1
    assert "PDF" in refused.output
