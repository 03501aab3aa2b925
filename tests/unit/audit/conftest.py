"""A record of some days, signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.audit.proof import heads
from app.audit.proof.findings import Finding
from app.audit.proof.keys import load_or_make, public_keys
from app.audit.proof.verify import Report, snapshot, verify
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import Database
from tests.support.clock import SettableClock

FIRST = date(2026, 11, 18)
DAYS = tuple(date(2026, 11, number) for number in (18, 19, 20, 21))
ROWS = 6


@dataclass(frozen=True)
class Record:
    """A database with a record, and the folder of its key and exported heads."""

    database: Database
    folder: Path

    def add(self, count: int, first: int = 1) -> None:
        for number in range(first, first + count):
            with self.database.transaction() as session:
                record(session, number, Action.OFFICER_DEACTIVATE, f"officer:{number}", {"count": number})

    def sign(self, *, export: bool = True) -> None:
        key, _made = load_or_make(self.folder)
        with self.database.transaction() as session:
            made = heads.sign_due(session, key)
        if export:
            heads.export(made, self.folder / heads.FOLDER)

    def report(self, *, files: bool = True) -> Report:
        with self.database.reading() as session:
            folder = self.folder / heads.FOLDER if files else None
            return verify(snapshot(session), public_keys(self.folder), folder)

    def found(self, *, files: bool = True) -> Sequence[Finding]:
        return self.report(files=files).found

    def kinds(self, *, files: bool = True) -> list[str]:
        return [one.kind.value for one in self.found(files=files)]


@pytest.fixture
def started(database: Database, tmp_path: Path) -> Record:
    return Record(database, tmp_path)


@pytest.fixture
def kept(started: Record, clock: SettableClock) -> Record:
    """Four days of six rows, the first three signed as over, the last one signed as far as it goes."""
    for day in DAYS:
        clock.set_local(day)
        started.sign()
        started.add(ROWS)
    started.sign()
    return started


Tamper = Callable[[str], None]
