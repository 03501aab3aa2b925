"""Today's answers: written once, completed once, encrypted with the key of the day.

These run on a ``Connection`` instead of a ``Session``: they are the citizens' path.
"""

from collections import Counter
from contextlib import suppress
from datetime import date
from enum import Enum, auto
from typing import cast

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Insert, Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.crypto.day_keys import DayKeyLostError, DayKeys
from app.survey.answers import Answers
from app.survey.definitions import QuestionSet
from app.survey.models import SpentForm, TodaysResponse
from app.survey.staged import Staged

TABLE = cast("Table", TodaysResponse.__table__)
SPENT = cast("Table", SpentForm.__table__)
# Made once: building a statement costs more than running it.
INSERT_ONCE: dict[str, Insert] = {
    name: make(TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
STAGED = select(TABLE.c.answered_on, TABLE.c.payload).where(TABLE.c.form_id == bindparam("form")).with_for_update()
COMPLETE = update(TABLE).where(TABLE.c.form_id == bindparam("form")).values(payload=bindparam("sealed"))
VALID_DAYS = 1  # a form id may be used on the day it was made and on the next one


class Outcome(Enum):
    """What became of a post."""

    STORED = auto()
    REPLAYED = auto()  # this form was stored before; the first answer stands
    CLOSED = auto()  # the response is no longer among today's


def store_tap(
    connection: Connection,
    keys: DayKeys,
    staged: Staged,
    *,
    form_id: bytes,
    today: date,
) -> Outcome:
    """Store one answer under its form id; the database lets only the first of any number of posts in."""
    values = {
        "form_id": form_id,
        "answered_on": today,
        "payload": keys.encrypt(today, staged.to_bytes(), form_id),
    }
    if connection.execute(INSERT_ONCE[connection.dialect.name], values).rowcount != 1:
        return Outcome.REPLAYED
    if staged.form_issued_on < today and _was_spent(connection, form_id):
        # Yesterday's answer has left the staging table; asked after the insert, because only then has a day
        # closing that ran at the same moment surely ended.
        connection.execute(delete(TABLE).where(TABLE.c.form_id == form_id))
        return Outcome.REPLAYED
    return Outcome.STORED


def add_details(
    connection: Connection,
    keys: DayKeys,
    question_set: QuestionSet,
    answers: Answers,
    *,
    form_id: bytes,
    flags: int,
) -> Outcome:
    """Add the further answers to the response of a form id, once."""
    row = connection.execute(STAGED, {"form": form_id}).one_or_none()
    if row is None:
        return Outcome.CLOSED
    try:
        staged = Staged.from_bytes(keys.decrypt(row.answered_on, row.payload, form_id))
    except (DayKeyLostError, InvalidTag):
        return Outcome.CLOSED
    if staged.has_details:
        return Outcome.REPLAYED
    completed = staged.with_answers(question_set, answers, flags)
    payload = keys.encrypt(row.answered_on, completed.to_bytes(), form_id)
    connection.execute(COMPLETE, {"form": form_id, "sealed": payload})
    return Outcome.STORED


def counts_of(session: Session, keys: DayKeys, day: date) -> Counter[tuple[int, int]]:
    """How many answers each (round, counter) got on a day that is not closed: all that anybody may know of them.

    Only the key of the day can tell; without it (a day lost with its disk) nothing is counted.
    """
    counted: Counter[tuple[int, int]] = Counter()
    for row in session.execute(select(TABLE.c.form_id, TABLE.c.payload).where(TABLE.c.answered_on == day)):
        with suppress(DayKeyLostError, InvalidTag):
            staged = Staged.from_bytes(keys.decrypt(day, row.payload, row.form_id))
            counted[staged.round_id, staged.counter_id] += 1
    return counted


def _was_spent(connection: Connection, form_id: bytes) -> bool:
    return connection.execute(select(SPENT.c.form_id).where(SPENT.c.form_id == form_id)).first() is not None
