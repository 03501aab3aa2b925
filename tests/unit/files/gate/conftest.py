"""A gate on a test's database, with a folder for files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from app.db.session import Database
from app.files.gate.checking import Gate
from app.files.gate.limits import ORDINARY, Allowed
from app.files.gate.models import CheckedFile
from app.files.gate.services import receive
from app.files.storage import LocalFolder
from app.files.store import FileStore

Send = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(LocalFolder(tmp_path / "files"))


@pytest.fixture
def gate(database: Database, store: FileStore, tmp_path: Path) -> Gate:
    return Gate(database, store, tmp_path / "locks")


@pytest.fixture
def send(gate: Gate) -> Send:
    """``send(data, name)``: what a page does with an upload; gives the id."""

    def send(data: bytes, name: str = "", declared_type: str = "", allowed: Allowed = ORDINARY) -> str:
        with gate.database.transaction() as session:
            return receive(session, gate.store, name, BytesIO(data), allowed=allowed, declared_type=declared_type).id

    return send


@pytest.fixture
def row(gate: Gate) -> Callable[[str], CheckedFile]:
    """The row of a file as it is now."""

    def row(file_id: str) -> CheckedFile:
        with gate.database.reading() as session:
            return session.get_one(CheckedFile, file_id)

    return row


@pytest.fixture
def empty_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files would lie, for this process and its children."""
    import tempfile

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder
