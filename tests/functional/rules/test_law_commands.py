"""Calendar and rules come with a new installation and with the upgrade of one that was made before there were any."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.calendar import queries
from app.db.session import Database
from app.rules.first_load import first_versions
from app.rules.models import RuleVersion

ROOT = Path(__file__).resolve().parents[3]


def flask(folder: Path, *arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LANGNGHE_", "FLASK_"))}
    kept.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**kept, "LANGNGHE_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def counts(folder: Path) -> tuple[int, int]:
    database = Database(f"sqlite:///{folder / 'langnghe.db'}")
    try:
        with database.reading() as session:
            rules = session.scalar(select(func.count()).select_from(RuleVersion)) or 0
            return queries.latest_version(session), rules
    finally:
        database.dispose()


@pytest.mark.server
def test_an_installation_has_them_from_the_start_and_an_older_one_after_the_upgrade(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    flask(folder, "init", "--production")
    assert counts(folder) == (1, len(first_versions()))
    flask(folder, "db", "upgrade")
    assert counts(folder) == (1, len(first_versions()))
    flask(folder, "db", "downgrade", "0022")
    flask(folder, "db", "upgrade")
    assert counts(folder) == (1, len(first_versions()))
    flask(folder, "init", "--production")
    assert counts(folder) == (1, len(first_versions()))
