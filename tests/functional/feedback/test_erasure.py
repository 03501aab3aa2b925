"""F8: once erased, who sent a case is nowhere: in no table, no file, no log, no line of the record."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.crypto.types import in_row
from app.db.session import Database
from app.feedback.cases import cli, erasing, fingerprints, history, likeness, reporters
from app.feedback.cases.kinds import Decision, Event, Outcome, RequestKind
from app.feedback.cases.models import Case, CaseErasure, CaseFile, CaseReply, CaseRequest, Erased, Reporter
from app.feedback.cases.reporters import Contact, erase_due, phone_index
from app.feedback.handling import services as handling
from app.feedback.letters import services as letters
from app.feedback.letters.forms import Form
from app.files.gate.checking import Gate, check_waiting
from app.files.gate.limits import ORDINARY
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.services import receive
from app.jobs.registry import Tools, job_named
from app.jobs.runner import run_job
from app.keys.start import store_of
from app.rules.kinds import Kind
from tests.factories import case_acts as acts
from tests.factories.cases import make_case, viewer
from tests.factories.officers import make_officer, officer_client, token_of
from tests.factories.places import make_unit
from tests.support import hostile
from tests.support.clock import SettableClock
from tests.support.plain import plain_values

MARKER = Contact(
    name="Nguyễn Thị Dấu-Riêng",
    phone="0987 654 321",
    email="dau-rieng@example.vn",
    address="Số 7 ngõ Dấu-Riêng",
    notice="Chỉ dùng để trả lời.",
)
PARTS = ("Dấu-Riêng", "0987 654 321", "0987654321", "dau-rieng")
JOB = job_named("erase-contacts")


@pytest.fixture
def closed(database: Database, clock: SettableClock) -> str:
    """A case closed on 21 November 2026."""
    with database.transaction() as session:
        unit = make_unit(session, "2201")
        officer = make_officer(session, "lan.tran")
        handler = viewer(officer.id, unit.id, permissions=acts.EVERYTHING)
        case = make_case(session, unit_id=unit.id, kind=Kind.PETITION, contact=MARKER)
        acts.take_up(session, handler, case.id)
        acts.close(session, handler, case.id, Outcome.SOLVED)
        return case.id


def run(database: Database, config: Config) -> str | None:
    assert JOB is not None
    return run_job(JOB, Tools(database, config, DayKeys(config.day_key_dir)))


def stored(database: Database) -> str:
    return "\n".join(plain_values(database))


def test_f8_the_marker_is_nowhere_after_its_day(
    app: Flask, database: Database, config: Config, closed: str, clock: SettableClock, capfd: pytest.CaptureFixture[str]
) -> None:
    index = phone_index(MARKER.phone).hex()
    before = stored(database)
    assert all(part in before for part in (*PARTS[:2], PARTS[3], index))  # the test does look at the right place
    clock.next_day(364)
    assert run(database, config) == "senders erased 0"
    clock.next_day()
    assert run(database, config) == "senders erased 1"
    after = stored(database)
    assert not [part for part in (*PARTS, index) if part in after]
    files = _files(database, config)
    assert files
    for path in files:
        assert not [part for part in PARTS if part.encode() in path.read_bytes()]
    said = "".join(capfd.readouterr())
    assert not [part for part in PARTS if part in said]
    assert run(database, config) == "senders erased 0"


def _files(database: Database, config: Config) -> list[Path]:
    """What lies in the folder of data, and the database with its log."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        beside = path.parent.glob(f"{path.name}*")
    else:
        beside = (one for one in Path(str(database.url.query["host"])).rglob("*") if not one.is_symlink())
    return [one for one in (*config.data_dir.rglob("*"), *beside) if one.is_file()]


def test_a_tombstone_tells_day_and_batch_and_the_sender_is_told(
    database: Database, config: Config, closed: str, clock: SettableClock
) -> None:
    clock.next_day(365)
    run(database, config)
    with database.reading() as session:
        stone = session.get_one(Reporter, closed)
        assert (stone.erased_on, stone.name, stone.phone_index) == (date(2027, 11, 21), None, None)
        assert stone.batch is not None
        assert stone.batch.startswith("20271121-")
        line = history.lines(session, closed, shown_only=True)[-1]
        assert (line.event, line.at, line.detail) == (Event.CONTACT_ERASED, None, {"batch": stone.batch})
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "case:erase-contact")).one()
        assert (event.subject, event.actor_id) == (f"case:{closed}", None)


def test_nobody_is_erased_while_the_case_is_open_or_a_request_waits(
    database: Database, closed: str, clock: SettableClock
) -> None:
    with database.transaction() as session:
        case = session.get_one(Case, closed)
        session.add(
            CaseRequest(
                case_id=closed,
                number=1,
                kind=RequestKind.REOPENING,
                unit_id=case.unit_id,
                reason=in_row("Chưa xong", closed),
                asked_on=clock.today,
            )
        )
    clock.next_day(400)
    with database.transaction() as session:
        assert erase_due(session, clock.today, dry_run=True) == []
        handler = viewer(1, case.unit_id, permissions=acts.EVERYTHING)
        acts.decide(session, handler, closed, Decision.ACCEPTED)
        assert erase_due(session, clock.today, dry_run=False) == []
        acts.close(session, handler, closed)
        assert session.get_one(Reporter, closed).erase_on == date(2028, 12, 25)


def test_the_command_says_whom_it_would_erase_and_erases_nobody(
    app: Flask, closed: str, database: Database, clock: SettableClock
) -> None:
    clock.next_day(365)
    app.cli.add_command(cli.commands)
    runner = app.test_cli_runner()
    said = runner.invoke(args=["cases", "erase-contacts", "--dry-run"]).output
    with database.reading() as session:
        case = session.get_one(Case, closed)
        assert session.get_one(Reporter, closed).erased_on is None
    assert said == f"{case.public_number}  hạn 21/11/2027  sẽ xóa\n1 người gửi.\n"
    assert "đã xóa, đợt 20271121-" in runner.invoke(args=["cases", "erase-contacts"]).output
    assert runner.invoke(args=["cases", "erase-contacts"]).output == "0 người gửi.\n"


def test_an_officer_erases_a_closed_case_at_once(database: Database, closed: str, clock: SettableClock) -> None:
    with database.transaction() as session:
        case = session.get_one(Case, closed)
        handler = viewer(1, case.unit_id, permissions=acts.EVERYTHING)
        handling.erase_contact(session, handler, closed, case.version)
    assert not [part for part in PARTS if part in stored(database)]
    with database.transaction() as session:
        case = session.get_one(Case, closed)
        assert reporters.erase(session, case, None, "again").batch != "again"


ERASE_CASES = job_named("erase-cases")
WORDS = "Dấu-Riêng"


def test_f8_files_and_words_go_when_the_rules_time_is_up(
    app: Flask, database: Database, config: Config, clock: SettableClock, capfd: pytest.CaptureFixture[str]
) -> None:
    def run_cases() -> str | None:
        assert ERASE_CASES is not None
        return run_job(ERASE_CASES, Tools(database, config, DayKeys(config.day_key_dir)))

    store = store_of(config)
    with database.transaction() as session:
        unit = make_unit(session, "2201")
        handler = viewer(make_officer(session, "lan.tran").id, unit.id, permissions=acts.EVERYTHING)
        case = make_case(session, unit_id=unit.id, text=f"Tôi tên là {WORDS}.")
        row = receive(session, store, f"{WORDS}.jpg", BytesIO(hostile.jpeg()), allowed=ORDINARY)
        session.add(CaseFile(file_id=row.id, case_id=case.id, number=1, added_on=clock.today, added_by=None))
        still_open = make_case(session, unit_id=unit.id, text="Vẫn chờ trả lời.")
        acts.take_up(session, handler, case.id)
        acts.ask(session, handler, case.id, date(2026, 11, 27), f"Ông {WORDS} đến lúc nào?")
        handling.withdraw_question(session, handler, case.id, acts.version(session, case.id))
        acts.close(session, handler, case.id, Outcome.SOLVED, f"Kính gửi ông {WORDS}")
        typed = {
            "content": "Đến lúc nào.",
            "answer": f"Thưa ông {WORDS}.",
            "signer": "Phạm Thị Hoa",
            "authority": "CHỦ TỊCH",
        }
        letters.make(session, handler, case.id, acts.version(session, case.id), Form.REPLY, typed, is_checked=True)
        keys = (case.id, row.id, still_open.id)
    assert check_waiting(Gate(database, store, config.data_dir)).accepted == 1
    clock.set_local(date(2031, 11, 19))
    assert run_cases() == "files erased 0, words erased 0"
    clock.next_day()
    assert run_cases() == "files erased 1, words erased 0"
    with database.reading() as session:
        gone = session.get_one(CheckedFile, keys[1])
        assert (gone.state, gone.stored_name) == (FileState.REFUSED, None)
        assert WORDS in session.get_one(Case, keys[0]).text
        assert session.scalars(select(CaseReply.likeness)).one() is not None
    clock.set_local(date(2036, 11, 18))
    app.cli.add_command(cli.commands)
    said = app.test_cli_runner().invoke(args=["cases", "to-erase"]).output
    with database.reading() as session:
        assert WORDS in session.get_one(Case, keys[0]).text  # only told
        number = session.get_one(Case, keys[0]).public_number
    assert f"{number}  nội dung: 5  kết thúc 21/11/2026" in said
    assert "nội dung giữ 3650 ngày sau khi kết thúc – 1 đơn, 5 mục." in said
    assert said.endswith("1 việc sẽ xóa. Chưa xóa gì.\n")
    assert run_cases() == "files erased 0, words erased 1"
    assert WORDS not in stored(database)
    assert run_cases() == "files erased 0, words erased 0"
    assert not [path for path in _files(database, config) if WORDS.encode() in path.read_bytes()]
    with database.reading() as session:
        assert fingerprints.check(session) == []
        assert session.scalars(select(CaseReply.likeness)).one() is None
        assert likeness.mark_missing(session) == 0  # what is erased gets no mark again
        assert session.get_one(Case, keys[2]).text == "Vẫn chờ trả lời."
        stones = session.scalars(select(CaseErasure).order_by(CaseErasure.what)).all()
        assert [(one.case_id, one.what, one.erased_on) for one in stones] == [
            (keys[0], Erased.FILES, date(2031, 11, 20)),
            (keys[0], Erased.WORDS, date(2036, 11, 18)),
        ]
        told = [line.event for line in history.lines(session, keys[0], shown_only=True)]
        assert told[-2:] == [Event.FILES_ERASED, Event.WORDS_ERASED]
    assert WORDS not in "".join(capfd.readouterr())
    leader = officer_client(app, database, "leader", role=Role.UNIT_LEADER, unit=unit)
    page = leader.get(f"/officer/cases/{keys[0]}")
    assert page.status_code == 200
    assert erasing.GONE in page.text
    _nothing_more_is_written(leader, keys[0])


def _nothing_more_is_written(leader: FlaskClient, key: str) -> None:
    """Letters of an erased case are listed and not given out; nothing new is added that nobody would ever erase."""
    address = f"/officer/cases/{key}/letters"
    listed = leader.get(address).text
    assert "Nội dung của đơn và của các văn bản đã xóa" in listed
    assert "letter.docx" not in listed
    assert "Lập văn bản</h2>" not in listed
    assert (
        leader.get(f"{address}/1/letter.docx").status_code == leader.get(f"{address}/1/letter.pdf").status_code == 404
    )
    token = token_of(listed)
    again = leader.post(f"{address}/reply", data={"csrf_token": token, "answer": "Thêm nữa.", "version": "99"})
    assert again.status_code in {404, 409}
    note = leader.post(f"/officer/cases/{key}/notes", data={"csrf_token": token, "note": "Ghi thêm."})
    assert note.status_code == 409
