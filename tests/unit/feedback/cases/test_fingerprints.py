"""G1, F9: a text edited behind our back shows, even where the right keys were used; the database refuses the rest."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.proof.findings import RecordChangedError
from app.config import Config
from app.crypto.day_keys import DayKeys
from app.crypto.types import in_row
from app.db.session import Database
from app.feedback.cases import cli, fingerprints
from app.feedback.cases.models import Case, CaseWords
from app.feedback.denunciations.models import DenunciationWords
from app.jobs.registry import Tools, job_named
from app.jobs.runner import run_job
from app.rules.kinds import Kind
from tests.factories.cases import CONTACT, TEXT, make_case, make_denunciation, open_one
from tests.factories.places import make_unit
from tests.support.clock import SettableClock


@pytest.fixture
def stored(database: Database, clock: SettableClock) -> tuple[str, str]:
    """The ids of two cases."""
    with database.transaction() as session:
        unit = make_unit(session, "2201", parent=make_unit(session, "22", type_code="province"))
        named = make_case(session, unit_id=unit.id, contact=CONTACT).id
        made = named, make_case(session, unit_id=unit.id, text="Khác").id
        told = make_denunciation(session, unit_id=unit.id).id
        session.add(CaseWords(case_id=named, sequence=1, text=in_row("Lý do", named)))
        session.add(DenunciationWords(denunciation_id=told, sequence=1, text=in_row("Lý do", told), is_shown=False))
    return made


def found(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in fingerprints.check(session)]


def test_g1_a_text_edited_with_the_right_keys_shows(database: Database, stored: tuple[str, str]) -> None:
    assert found(database) == []
    with database.transaction() as session:
        case = session.get_one(Case, stored[0])
        case.text = in_row(TEXT.replace("ba mươi", "năm"), case.public_number)
    (line,) = found(database)
    assert line.startswith(f"[changed-case] Đơn {case.public_number}: ")


def test_g1_a_value_that_no_key_opens_and_a_missing_fingerprint_show(
    database: Database, stored: tuple[str, str]
) -> None:
    with database.transaction() as session:
        session.execute(
            text("UPDATE feedback_case SET text = :text WHERE id = :id"), {"text": b"x" * 60, "id": stored[0]}
        )
    assert len(found(database)) == 1
    with database.transaction() as session:
        case = session.get_one(Case, stored[1])
        row = {one.key: getattr(case, one.key) for one in inspect(Case).column_attrs}
        row |= {
            "id": "f" * 24,
            "public_number": "PA-OTHER",
            "code_index": b"other",
            "text": in_row(case.text, "PA-OTHER"),
        }
        session.add(Case(**row))
    assert len(found(database)) == 2


def test_the_nightly_check_and_the_command_name_it(
    app: Flask, database: Database, config: Config, stored: tuple[str, str]
) -> None:
    app.cli.add_command(cli.commands)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["cases", "check"]).output == "Mọi đơn đúng như khi nhận.\n"
    with database.transaction() as session:
        session.execute(
            update(Case)
            .where(Case.id == stored[1])
            .values(text=in_row("x", session.get_one(Case, stored[1]).public_number))
        )
    result = runner.invoke(args=["cases", "check"])
    assert (result.exit_code, result.output.count("[changed-case]")) == (1, 1)
    job = job_named("check-record")
    assert job is not None
    with pytest.raises(RecordChangedError):
        run_job(job, Tools(database, config, DayKeys(config.day_key_dir)))


def test_the_fingerprint_is_of_everything_that_was_received() -> None:
    salt, day = b"salt", date(2026, 11, 22)
    made = fingerprints.digest(salt, "PA-1", day, Kind.PETITION, "Chờ lâu")
    others = [
        fingerprints.digest(b"other", "PA-1", day, Kind.PETITION, "Chờ lâu"),
        fingerprints.digest(salt, "PA-2", day, Kind.PETITION, "Chờ lâu"),
        fingerprints.digest(salt, "PA-1", date(2026, 11, 23), Kind.PETITION, "Chờ lâu"),
        fingerprints.digest(salt, "PA-1", day, Kind.COMPLAINT, "Chờ lâu"),
        fingerprints.digest(salt, "PA-1", day, Kind.PETITION, "Chờ lâu "),
        fingerprints.digest(salt, 'PA-1","2026', day, Kind.PETITION, "Chờ lâu"),
    ]
    assert len({made, *others}) == 7
    assert made == fingerprints.digest(salt, "PA-1", day, Kind.PETITION, "Chờ lâu")


REFUSED = [
    "UPDATE case_event SET event = 'rated'",
    "DELETE FROM case_event",
    "UPDATE case_fingerprint SET digest = salt",
    "DELETE FROM case_fingerprint",
    "DELETE FROM feedback_case",
    "UPDATE feedback_case SET received_on = '2020-01-01'",
    "UPDATE feedback_case SET public_number = 'PA-' || id",
    "UPDATE feedback_case SET kind_asked = 'complaint'",
    "DELETE FROM case_words",
    "DELETE FROM reporter",
    "DELETE FROM denunciation",
    "UPDATE denunciation SET concerned_unit_id = unit_id, public_number = 'PA-' || id",
    "UPDATE denunciation_event SET state = 'kept'",
    "DELETE FROM denunciation_event",
    "DELETE FROM denunciation_words",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_f9_the_database_refuses_to_forget_or_rewrite(
    database: Database, stored: tuple[str, str], statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"never changed or removed|never removed|permission denied"):
        _execute(database, statement)


def _execute(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


def test_f9_replacing_a_row_is_no_way_around(database: Database, stored: tuple[str, str]) -> None:
    if not database.is_sqlite:
        return  # a word of SQLite only
    for table in ("feedback_case", "case_event", "case_fingerprint", "denunciation", "denunciation_event"):
        with pytest.raises(DBAPIError, match="never changed or removed"):
            _execute(database, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_what_the_services_need_stays_possible(session: Session, clock: SettableClock) -> None:
    opened = open_one(session, unit_id=make_unit(session, "2201").id)
    session.get_one(Case, opened.case_id).version += 1
    session.flush()
