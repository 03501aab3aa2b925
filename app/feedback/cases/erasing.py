"""What was written and sent with a case goes when the rule's time is up; a tombstone without a word of it stays.

Every encrypted column of every table that hangs on a case is emptied, so a room that keeps words of a case need not be
named here. Who sent the case is erased by ``reporters``, earlier. Files go apart, by a term of their own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Column, Table, exists, select, update
from sqlalchemy.orm import Session

from app.audit.services import record
from app.audit.tags import Action
from app.calendar.days import Limit
from app.crypto.types import Encrypted, in_row
from app.db.base import Base
from app.feedback.cases import history
from app.feedback.cases.kinds import Event, State
from app.feedback.cases.models import Case, CaseErasure, CaseReply, CaseRequest, Erased, Reporter
from app.feedback.cases.readings import subject
from app.feedback.cases.reporters import new_batch
from app.files.gate.ending import erase_when_done
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.refusals import Refusal
from app.files.gate.sweeping import referring_columns
from app.files.store import FileStore
from app.rules.content import RetentionRule
from app.rules.queries import retention_on

GONE = "(đã xóa vì hết thời hạn lưu)"
GONE_JSON = "{}"
MOST_AT_ONCE = 200
EVENTS = {Erased.FILES: Event.FILES_ERASED, Erased.WORDS: Event.WORDS_ERASED}
Forget = Callable[[Session, str], None]
"""How a room above forgets what it shows of a case in plain words."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What of a case was erased, or would be."""

    case_id: str
    public_number: str
    what: Erased
    batch: str | None


def erase_due(
    session: Session, store: FileStore, today: date, *, forget: Iterable[Forget] = (), dry_run: bool = False
) -> list[Tombstone]:
    """Erase files and words of cases closed long ago, in one batch, or tell of which that would be.

    Nothing is erased while a case is open or while a sender's request about it waits.
    """
    batch = None if dry_run else new_batch(today)
    found: list[Tombstone] = []
    for case, what in list(due(session, today, MOST_AT_ONCE)):
        if batch is not None:
            _erase(session, store, case, what, batch, today)
            for one in forget if what is Erased.WORDS else ():
                one(session, case.id)
        found.append(Tombstone(case.id, case.public_number, what, batch))
    return found


def due(session: Session, today: date, most: int | None = None) -> Iterator[tuple[Case, Erased]]:
    """The cases whose time is up, the oldest first; of each kind ``most``, what one transaction should hold."""
    waits = exists().where(CaseRequest.case_id == Case.id, CaseRequest.decision.is_(None))
    for what in Erased:
        done = exists().where(CaseErasure.case_id == Case.id, CaseErasure.what == what)
        of_case = (Case.state == State.CLOSED, ~waits, ~done)
        days = session.scalars(select(Case.closed_on).where(*of_case).distinct()).all()
        over = [day for day in days if day is not None and _is_over(session, day, what, today)]
        found = select(Case).where(*of_case, Case.closed_on.in_(over)).order_by(Case.closed_on, Case.id)
        for case in session.scalars(found.limit(most)).all():
            yield case, what


def _is_over(session: Session, closed_on: date, what: Erased, today: date) -> bool:
    """Whether what was kept of cases closed on a day has been kept long enough, by the rule of that day."""
    limit = term(retention_on(session, closed_on).content, what)
    return limit is not None and closed_on + timedelta(days=limit.value) <= today


def term(rule: RetentionRule, what: Erased) -> Limit | None:
    """How long files or words are kept by a rule; None: for ever."""
    return rule.files_after_closing if what is Erased.FILES else rule.words_after_closing


def _erase(session: Session, store: FileStore, case: Case, what: Erased, batch: str, today: date) -> None:
    if what is Erased.FILES:
        _erase_files(session, store, case.id)
    else:
        _erase_words(session, case)
    session.add(CaseErasure(case_id=case.id, what=what, erased_on=today, batch=batch))
    case.version += 1
    history.append(session, case, EVENTS[what], shown=True, detail={"batch": batch})
    record(session, None, Action.CASE_ERASE, subject(case.id), {"what": what.value, "batch": batch}, case.unit_id)


def _erase_files(session: Session, store: FileStore, case_id: str) -> None:
    """What was sent and what was made of it; the rows stay, refused, so that lists keep their numbers."""
    for row in session.scalars(
        select(CheckedFile).where(CheckedFile.id.in_(files_of(session, case_id))).with_for_update()
    ):
        if row.stored_name is not None:
            erase_when_done(session, store, row.stored_name)
        row.state, row.stored_name, row.refusal = FileState.REFUSED, None, row.refusal or Refusal.LOST
        row.declared_name = in_row(GONE, row.id)


def files_of(session: Session, case_id: str) -> set[str]:
    """Every file that any room keeps for a case."""
    ids: set[str] = set()
    for column in referring_columns():
        if "case_id" in column.table.c:
            ids.update(one for one in session.scalars(select(column).where(column.table.c.case_id == case_id)) if one)
    return ids


def _erase_words(session: Session, case: Case) -> None:
    case.text = in_row(GONE, case.public_number)
    session.execute(update(CaseReply).where(CaseReply.case_id == case.id).values(likeness=None))
    for column in columns_of_words():
        value = in_row(GONE_JSON if column.comment == "JSON" else GONE, case.id)
        session.execute(
            update(column.table).where(column.table.c.case_id == case.id, column.is_not(None)).values({column: value})
        )


def columns_of_words() -> list[Column[str]]:
    """The encrypted columns of all tables that hang on a case, without those of who sent it."""
    tables = [
        one for one in Base.metadata.sorted_tables if one.name != Reporter.__tablename__ and _hangs_on_a_case(one)
    ]
    return [column for table in tables for column in table.columns if isinstance(column.type, Encrypted)]


def _hangs_on_a_case(table: Table) -> bool:
    return "case_id" in table.c and any(
        foreign.column is Case.__table__.c.id for foreign in table.c.case_id.foreign_keys
    )
