"""Day closing: a past day's answers leave the staging table, shuffled, under random keys, and enter the rollups.

One transaction a month of backlog, safe to repeat: what is staged is moved, what was moved is gone. Afterwards the
day's key is destroyed, and nothing tells any more who answered before whom.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import SystemRandom

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app import clock
from app.analysis import release, rollups
from app.analysis.cells import Answered, cells
from app.analysis.models import ClosedDay, Ledger
from app.crypto.day_keys import DayKeys
from app.crypto.types import in_row
from app.db.session import Database
from app.survey import sealing
from app.survey.models import Response, SpentForm, SurveyRound, TodaysResponse, WrittenAnswer
from app.survey.sets import set_of
from app.survey.staged import Staged
from app.survey.staging import VALID_DAYS

OPEN_AFTER_MIDNIGHT = timedelta(minutes=35)


@dataclass(frozen=True, slots=True)
class Opened:
    """A staged answer, decrypted."""

    answered_on: date
    staged: Staged

    @property
    def month(self) -> int:
        """YYYYMM."""
        return self.answered_on.year * 100 + self.answered_on.month


def close_due_days(database: Database, keys: DayKeys, *, today: date, least: int, through_today: bool = False) -> int:
    """Close every staged day before ``today``; how many answers were moved.

    ``least`` is the number of answers that a release to the public takes. ``through_today`` closes the present day
    as well (simulated databases only; its key stays until the day has passed).

    Raises
    ------
    DayKeyLostError
        When a day's key is gone although answers wait; they stay where they are.
    """
    moved = 0
    last = today if through_today else today - timedelta(days=1)
    with database.reading() as session:
        days = staged_days(session, last)
    for month in _by_month(days):
        with database.transaction() as session:
            moved += _close(session, keys, month, today=today)
    with database.transaction() as session:
        release.seal_due(session, today=today, closed_through=closed_through(session, today), least=least)
        session.execute(delete(SpentForm).where(SpentForm.issued_on < today - timedelta(days=VALID_DAYS)))
    _forget(database, keys, today)
    with database.reading() as session:
        through = closed_through(session, today)
    sealing.seal_due(database, today=today, closed_through=through)
    return moved


def day_to_close_before() -> date:
    """The day before which everything may be closed: a day stays open while details may be added to its last taps."""
    return (clock.local_now() - OPEN_AFTER_MIDNIGHT).date()


def staged_days(session: Session, last: date) -> list[date]:
    """The days up to ``last`` whose answers still wait, oldest first."""
    statement = select(TodaysResponse.answered_on).where(TodaysResponse.answered_on <= last).distinct()
    return sorted(session.scalars(statement))


def closed_through(session: Session, today: date) -> date:
    """The last day that results cover: all days up to it are closed."""
    waiting = staged_days(session, today - timedelta(days=1))
    if waiting:
        return waiting[0] - timedelta(days=1)
    newest = session.scalar(select(func.max(ClosedDay.day)))
    return max(today - timedelta(days=1), newest) if newest is not None else today - timedelta(days=1)


def _by_month(days: Sequence[date]) -> list[list[date]]:
    months: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in days:
        months[day.year, day.month].append(day)
    return [months[key] for key in sorted(months)]


def _close(session: Session, keys: DayKeys, days: Sequence[date], *, today: date) -> int:
    rows = session.scalars(select(TodaysResponse).where(TodaysResponse.answered_on.in_(days)).with_for_update()).all()
    opened = [
        Opened(row.answered_on, Staged.from_bytes(keys.decrypt(row.answered_on, row.payload, row.form_id)))
        for row in rows
    ]
    spent = [
        (row.form_id, one.staged.form_issued_on)
        for row, one in zip(rows, opened, strict=True)
        if one.staged.form_issued_on >= today - timedelta(days=VALID_DAYS)
    ]
    SystemRandom().shuffle(opened)
    _store_responses(session, opened)
    _store_written(session, opened)
    _add_to_rollups(session, opened)
    _keep_spent(session, spent)
    for row in rows:  # only what was read: an answer that came in meanwhile waits for the next closing
        session.delete(row)
    _count_days(session, opened)
    return len(opened)


def _store_responses(session: Session, opened: Sequence[Opened]) -> None:
    records = [
        {
            "counter_id": one.staged.counter_id,
            "answered_on": one.answered_on,
            "key": _random_key(),
            "round_id": one.staged.round_id,
            "flags": one.staged.flags,
            "channel": one.staged.channel,
            "language": one.staged.language,
            "answers": one.staged.answers,
        }
        for one in opened
    ]
    if records:  # in key order: the rows of a day lie on disk as if all had come at once
        records.sort(key=lambda record: (record["counter_id"], record["answered_on"], record["key"]))
        session.execute(insert(Response), records)


def _store_written(session: Session, opened: Sequence[Opened]) -> None:
    records = [
        {
            "key": (key := _random_key()),
            "round_id": one.staged.round_id,
            "counter_id": one.staged.counter_id,
            "month": one.month,
            "question_id": question_id,
            "text": in_row(written, key),
        }
        for one in opened
        for question_id, written in one.staged.texts
    ]
    if records:
        records.sort(key=lambda record: str(record["key"]))
        session.execute(insert(WrittenAnswer), records)


def _random_key() -> int:
    return secrets.randbits(63)


def _add_to_rollups(session: Session, opened: Sequence[Opened]) -> None:
    unit_of = rollups.units_of_counters(session)
    by_round: dict[int, list[Answered]] = defaultdict(list)
    for one in opened:
        answered = Answered(one.staged.counter_id, one.month, one.staged.channel, one.staged.answers)
        by_round[one.staged.round_id].append(answered)
    for round_id, answered_of_round in sorted(by_round.items()):
        question_set = set_of(session.get_one(SurveyRound, round_id).question_set_version)
        found = cells(question_set, answered_of_round)
        live = rollups.live_places(unit_of, found)
        rollups.add_to_ledger(session, Ledger.LIVE, round_id, question_set, live)
        waiting = {rollups.counter_month(unit_of[key.counter_id], key): vector for key, vector in found.items()}
        rollups.add_to_ledger(session, Ledger.PENDING, round_id, question_set, waiting)


def _keep_spent(session: Session, spent: Sequence[tuple[bytes, date]]) -> None:
    if spent:
        session.execute(insert(SpentForm), [{"form_id": form, "issued_on": on} for form, on in sorted(spent)])


def _count_days(session: Session, opened: Sequence[Opened]) -> None:
    counts: dict[date, int] = defaultdict(int)
    for one in opened:
        counts[one.answered_on] += 1
    for day, count in counts.items():
        row = session.get(ClosedDay, day)
        if row is None:
            session.add(ClosedDay(day=day, responses=count))
        else:
            row.responses += count


def _forget(database: Database, keys: DayKeys, today: date) -> None:
    """Destroy the keys of past days that nothing waits for, and clear what SQLite still holds beside its file."""
    with database.reading() as session:
        waiting = set(staged_days(session, today))
    for day in keys.days():
        if day < today and day not in waiting:
            keys.destroy(day)
    if database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
