"""Making the first keys is an act like others: it stands in the record."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.db.session import Database
from tests.support.databases import address_of

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.server


def test_making_the_keys_is_recorded(database: Database, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LANGNGHE_", "FLASK_"))}
    own = {
        "DATABASE_URL": address_of(database),
        "LANGNGHE_DATA_DIR": str(tmp_path / "own"),
        "LANGNGHE_SECRET_KEY": "test-" * 8,
    }
    command = [sys.executable, "-m", "flask", "keys", "create"]
    for words in ("SAO LƯU", "Đã có khóa"):
        done = subprocess.run(
            command, cwd=ROOT, env={**kept, **own}, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert words in done.stdout
    with database.reading() as session:
        acts = session.execute(select(AuditEvent.action, AuditEvent.subject)).all()
    assert [tuple(act) for act in acts] == [("key:create", "key:1")]
