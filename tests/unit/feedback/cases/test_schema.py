"""F6: the schema of casework has no place for who a citizen is, where from, with what, or at which minute."""

import pkgutil
from importlib import import_module

from sqlalchemy import DateTime, Interval, Table, Time

import app
from app.db.base import Base
from app.db.types import UtcDateTime

CASEWORK = ("feedback_case", "case_", "reporter", "citizen_session", "pending_file", "code_attempt", "denunciation")
# Times that say when an officer or the machine acted; a sender's act bears a date, or a midnight.
OF_OFFICERS = {
    "case_event.at",
    "case_pause.started_at",
    "case_pause.ended_at",
    "case_question.asked_at",
    "case_reply.answered_at",
    "case_request.decided_at",
    "case_exclusion.since",
    "case_exclusion.lifted_at",
    "case_draft.saved_at",
    "case_approval.asked_at",
    "case_approval.ended_at",
    "case_note.written_at",
    "case_merge.merged_at",
    "case_merge.undone_at",
    "case_letter.made_at",
    "case_redaction.made_at",
    "case_export.asked_at",
    "case_export.expires_at",
    "case_reading.first_at",
    "case_reading.last_at",
    "denunciation_event.at",
    "denunciation_reading.first_at",
    "denunciation_reading.last_at",
}
# Rounded: an end to ten minutes, a count to the hour.
ROUNDED = {"citizen_session.expires_at", "code_attempt.hour"}
OF_NO_CITIZEN = {"code_attempt", "case_export"}
DEVICE = {"ip", "agent", "browser", "device", "referrer", "referer", "host", "user", "cookie", "latitude", "longitude"}
IDENTITY = {
    *("name", "phone", "email", "mail", "address", "contact", "reporter", "sender", "person", "citizen", "identity"),
    *("birth", "gender", "sex", "age", "cccd", "cmnd", "passport", "anonymous", "registered", "notice"),
}
# Copies for the public, cases of other systems, cases drawn to be looked at again, why somebody is excluded: about a
# case, none of a citizen.
ABOUT_CASES = {
    *("exchange_case", "exchange_sending", "public_answer", "public_answer_file", "public_answer_version"),
    *("recheck_answer", "recheck_case", "duty_exclusion"),
}
ONLY_IN_REPORTER = {"name", "phone", "email", "address"}


def tables() -> list[Table]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith((".models", ".cases.misses", ".cases.reminders")):
            import_module(module.name)
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(CASEWORK)]


def words(name: str) -> set[str]:
    return set(name.split("_"))


def test_f6_there_are_the_tables_meant_here() -> None:
    assert len(tables()) == 37


def test_f6_no_column_names_a_device_or_a_network() -> None:
    found = [f"{table.name}.{one.name}" for table in tables() for one in table.columns if words(one.name) & DEVICE]
    assert found == []


def test_f6_times_are_those_of_officers_or_rounded() -> None:
    exact = {
        f"{table.name}.{one.name}"
        for table in tables()
        for one in table.columns
        if isinstance(one.type, (DateTime, Time, Interval, UtcDateTime))
    }
    assert exact == OF_OFFICERS | ROUNDED


def test_f6_who_somebody_is_stands_in_one_table() -> None:
    found = {
        table.name for table in tables() for one in table.columns if words(one.name) & (ONLY_IN_REPORTER - {"name"})
    }
    assert found == {"reporter"}
    assert [table.name for table in tables() if "name" in table.columns] == ["reporter"]


def test_f6_a_denunciation_has_no_place_for_an_identity() -> None:
    """Nor does any table it points to, or that points to it, but those of units, counters, files and officers."""
    own = [table for table in tables() if table.name.startswith("denunciation")]
    assert len(own) == 5
    found = [f"{table.name}.{one.name}" for table in own for one in table.columns if words(one.name) & IDENTITY]
    assert found == []
    beyond = {key.column.table.name for table in own for key in table.foreign_keys} - {table.name for table in own}
    assert beyond == {"unit", "counter", "officer", "checked_file"}
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table in own and table not in own
    }
    assert pointing == set()


def test_f6_nothing_joins_a_case_to_an_answer() -> None:
    """Units, counters, procedures, officers, rules and files are all that casework points to."""
    own = {table.name for table in tables()}
    beyond = {key.column.table.name for table in tables() for key in table.foreign_keys} - own
    assert beyond == {"unit", "counter", "procedure", "officer", "rule_version", "checked_file"}
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in own and table.name not in own
    }
    assert pointing == ABOUT_CASES


def test_f6_tables_of_citizens_rows_are_clustered_by_random_keys() -> None:
    plain = {table.name for table in tables() if table.dialect_options["sqlite"]["with_rowid"] is not False}
    assert plain == OF_NO_CITIZEN
    assert not any(table.autoincrement_column is not None for table in tables() if table.name not in plain)
