"""What nobody refers to goes after two days; everything else stays."""

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from app.files.gate.checking import Gate, check_waiting
from app.files.gate.models import CheckedFile
from app.files.gate.sweeping import referring_columns, sweep
from app.files.gate.types import StoredName
from tests.support import hostile
from tests.support.clock import SettableClock

Send = Callable[..., str]


def age(folder: Path, days: float) -> None:
    """Let every stored file look that old, as the machine's clock sees it."""
    for path in folder.glob("??/*"):
        then = path.stat().st_mtime - days * 86400
        os.utime(path, (then, then))


def test_forgotten_rows_go_with_their_files(gate: Gate, send: Send, clock: SettableClock, tmp_path: Path) -> None:
    send(hostile.jpeg())
    check_waiting(gate)
    send(hostile.png())
    age(tmp_path / "files", 5)
    assert sweep(gate.database, gate.store) == (0, 0)
    clock.advance(days=1)
    assert sweep(gate.database, gate.store) == (0, 0)
    clock.advance(days=1)
    send(hostile.webp())
    assert sweep(gate.database, gate.store) == (2, 0)
    with gate.database.reading() as session:
        assert list(session.scalars(select(CheckedFile.stored_name))) == gate.store.names()
    assert sweep(gate.database, gate.store) == (0, 0)


def test_c9_files_that_no_row_names_go(gate: Gate, send: Send, tmp_path: Path) -> None:
    kept = send(hostile.jpeg())
    for _ in range(3):
        gate.store.save([b"left by a process that was killed"])
    assert sweep(gate.database, gate.store) == (0, 0)
    age(tmp_path / "files", 3)
    gate.store.save([b"just written"])
    assert sweep(gate.database, gate.store) == (0, 3)
    assert len(gate.store.names()) == 2
    with gate.database.reading() as session:
        assert session.get_one(CheckedFile, kept).stored_name in gate.store.names()


def test_what_a_row_refers_to_is_known() -> None:
    """Whatever subject refers to files is asked before one is forgotten; the database would refuse otherwise."""
    import app.feedback.cases.models
    import app.feedback.denunciations.models

    assert app
    referring = {column.table.name for column in referring_columns()}
    assert {"case_file", "pending_file", "denunciation_file"} <= referring


def test_names_of_stored_files_stand_in_columns_of_their_type_only() -> None:
    from app.db.base import Base

    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("stored_name", "file_name", "stored_file")
    }
    typed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, StoredName)
    }
    assert typed >= {"checked_file.stored_name"}
    assert named <= typed
