"""Counts of scans, gathered in the process for a moment so that opening a page does not write to the database.

A process that is killed loses the last moment's counts; the counts are a check against covered or copied codes, not
a figure of the survey.
"""

import atexit
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from app.db.session import Database
from app.qr.services import count_scans


class ScanBook:
    """Scans of this process that are not yet written."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._waiting: Counter[tuple[int, date]] = Counter()
        self._lock = Lock()
        self._written_at = time.monotonic()
        atexit.register(self._write_last)

    def _write_last(self) -> None:
        with suppress(SQLAlchemyError):  # the database may have stopped before us; then the last moment is lost
            self.write()

    def count(self, code_id: int, on: date) -> None:
        """Count one scan of a code on a day; written with the others when the moment is over."""
        with self._lock:
            self._waiting[(code_id, on)] += 1
            is_due = time.monotonic() - self._written_at >= self._seconds
        if is_due:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            self._written_at = time.monotonic()
        if waiting:
            with self._database.transaction() as session:
                count_scans(session, waiting)
