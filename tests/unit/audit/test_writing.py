"""Adding to the record: one way, one writer at a time, nothing taken back."""

import threading
from datetime import date, time

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.errors import ReasonMissing
from app.audit.models import AuditChain, AuditEvent, AuditHead
from app.audit.services import record, record_reading, write
from app.audit.tags import Action
from app.audit.values import NotForTheRecordError, PublicText
from app.db.session import Database
from app.web import acting
from tests.support.clock import SettableClock
from tests.support.tampering import tampering
from tests.unit.audit.conftest import DAYS, Record

WRITERS, EACH = 6, 20


def only(session: Session) -> AuditEvent:
    write(session)
    return session.scalars(select(AuditEvent)).one()


def test_an_event_keeps_role_reason_old_and_new_value(session: Session) -> None:
    with acting.under("administrator"):
        record(
            session,
            7,
            Action.UNIT_RENAME,
            "unit:3",
            {"on": date(2026, 11, 1)},
            3,
            old={"name": PublicText("Xã Cũ")},
            new={"name": PublicText("Phường Mới")},
            reason="  Theo nghị quyết,\nhỏi 0912 345 678 hoặc a.b@c.vn ",
        )
    event = only(session)
    assert (event.role, event.old_value, event.new_value) == (
        "administrator",
        {"name": "Xã Cũ"},
        {"name": "Phường Mới"},
    )
    assert event.detail == {"on": "2026-11-01"}
    assert event.reason == "Theo nghị quyết, hỏi […] hoặc […]"


@pytest.mark.parametrize(
    "values",
    [
        {"full_name": "x"},
        {"password": "x"},
        {"old_phone": 1},
        {"reporter": 3},
        {"new": {"e_mail": 1, "email": "x"}},
        {"Name": "x"},
        {"who": "Nguyễn Văn A"},
        {"number": "0912345678"},
        {"number": "+84 912345678"},
        {"card": "001099012345"},
        {"code": "a.b@c.vn"},
        {"list": ["một hai"]},
        {"value": b"bytes"},
        {"value": Ellipsis},
    ],
    ids=str,
)
def test_what_may_be_personal_or_secret_is_refused(session: Session, values: dict[str, object]) -> None:
    for place in ("detail", "old", "new"):
        with pytest.raises(NotForTheRecordError):
            record(session, 1, Action.UNIT_CHANGE, "unit:1", **{place: values})
    write(session)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_subject_is_kind_and_number(session: Session) -> None:
    for subject in ("officer:12", "key:a0123456789abcde", "day:2026-11-21", "feedback:list-3", "unit:4711"):
        record(session, 1, Action.UNIT_CHANGE, subject)
    for subject in ("officer:Nguyễn Văn A", "x" * 41, "phone:0912345678"):
        with pytest.raises(ValueError):
            record(session, 1, Action.UNIT_CHANGE, subject)


def test_some_acts_need_a_reason(session: Session) -> None:
    with pytest.raises(ReasonMissing):
        record(session, 1, Action.AUDIT_THRESHOLD_SET, "threshold:x", reason="  ")


def test_a_savepoint_taken_back_takes_its_events_back(database: Database) -> None:
    with database.transaction() as session:
        record(session, 1, Action.CODE_ISSUE, "code:1")
        savepoint = session.begin_nested()
        record(session, 1, Action.CODE_ISSUE, "code:2")
        savepoint.rollback()
        with session.begin_nested():
            record(session, 1, Action.CODE_ISSUE, "code:3")
    with database.reading() as session:
        assert set(session.scalars(select(AuditEvent.subject))) == {"code:1", "code:3"}


def test_readings_are_recorded_once_an_hour(database: Database, clock: SettableClock) -> None:
    for minutes in (0, 30, 29, 2):
        clock.advance(minutes=minutes)
        with database.transaction() as session:
            record_reading(session, 1, Action.FEEDBACK_READ, "feedback:list")
            record_reading(session, 2, Action.FEEDBACK_READ, "feedback:list")
    with database.reading() as session:
        counted = select(AuditEvent.actor_id, func.count()).group_by(AuditEvent.actor_id)
        assert [tuple(row) for row in session.execute(counted.order_by(AuditEvent.actor_id))] == [(1, 2), (2, 2)]


def test_writers_at_once_make_one_chain(started: Record) -> None:
    errors: list[BaseException] = []
    ready = threading.Barrier(WRITERS)

    def work(writer: int) -> None:
        try:
            ready.wait()
            for number in range(EACH):
                with started.database.transaction() as session:
                    record(session, writer, Action.CODE_ISSUE, f"code:{number}")
                    record(session, writer, Action.CODE_PRINT, f"code:{number}")
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            errors.append(error)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    started.sign()
    assert (started.report().rows, started.kinds()) == (WRITERS * EACH * 2, [])


def test_whoever_ends_after_midnight_stands_in_the_new_day(started: Record, clock: SettableClock) -> None:
    clock.set_local(DAYS[0], time(23, 59))
    with started.database.transaction() as late:
        record(late, 1, Action.CODE_ISSUE, "code:1")
        clock.set_local(DAYS[1], time(0, 1))
        if not started.database.is_sqlite:  # which has one writer at a time
            started.add(1)
            started.sign()
    if started.database.is_sqlite:
        started.add(1)
    clock.set_local(DAYS[0])  # a clock set back
    started.add(1)
    started.sign()
    assert started.kinds() == []
    with started.database.reading() as session:
        places = session.execute(select(AuditEvent.day, AuditEvent.sequence).order_by(AuditEvent.id)).all()
    days = [place.day for place in places]
    assert days == sorted(days)


def test_a_day_that_is_signed_as_over_gets_no_row_any_more(kept: Record, clock: SettableClock) -> None:
    clock.set_local(date(2026, 11, 22))
    kept.sign()
    clock.set_local(DAYS[3])
    kept.add(1)
    with kept.database.reading() as session:
        assert session.scalar(select(func.max(AuditEvent.day))) == date(2026, 11, 22)
    assert kept.kinds() == []


@pytest.mark.parametrize("table", ["audit_event", "audit_head", "audit_chain"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = hash", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_every_change(kept: Record, table: str, statement: str) -> None:
    if statement.startswith("TRUNCATE") and kept.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(DBAPIError, match="never changed or removed"),
        kept.database.writing_connection() as connection,
    ):
        connection.execute(text(statement.format(table)))
    assert kept.kinds() == []


def test_sqlite_does_not_let_a_row_be_replaced(kept: Record) -> None:
    if not kept.database.is_sqlite:
        pytest.skip("INSERT OR REPLACE is SQLite's")
    copied = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"
    for table in ("audit_event", "audit_head"):
        with pytest.raises(DBAPIError), kept.database.writing_connection() as connection:
            connection.execute(text(copied.format(table)))
    assert kept.kinds() == []


def test_a_lost_end_of_the_chain_is_found_again(kept: Record) -> None:
    """The row that holds it is no authority: whoever writes first makes it anew from the last row."""
    with tampering(kept.database) as session:
        session.execute(text("DELETE FROM audit_chain"))
    kept.add(1)
    assert kept.kinds() == []
    with kept.database.reading() as session:
        end = session.get_one(AuditChain, 1)
        assert (end.day, end.sequence) == (DAYS[3], 7)
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 4
