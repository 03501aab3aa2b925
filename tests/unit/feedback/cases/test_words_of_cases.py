"""F8: no column in which words of a case could stand is forgotten: each is erased, or it says here why it is not."""

import importlib
import pkgutil

import pytest
from sqlalchemy import JSON, Column, Enum, LargeBinary, String, Table

import app
from app.crypto.types import Encrypted
from app.db.base import Base
from app.feedback.cases import erasing
from app.feedback.cases.models import Case

LONGEST_CODE = 60
BY_REPORTERS = "goes with who sent the case, a year after closing"
BY_FORGET = "emptied by publishing.forgetting, which the same job calls"
OF_A_CASE = {
    "feedback_case.text": "emptied by itself: it is bound to the number, not to the id",
    "feedback_case.code_index": "keyed derivation of the code",
    "reporter.name": BY_REPORTERS,
    "reporter.phone": BY_REPORTERS,
    "reporter.phone_index": BY_REPORTERS,
    "reporter.email": BY_REPORTERS,
    "reporter.address": BY_REPORTERS,
    "reporter.notice_hash": "hash of the words of the form, the same for everybody",
    "public_answer.title": BY_FORGET,
    "public_answer.question": BY_FORGET,
    "public_answer.answer": BY_FORGET,
    "public_answer.folded": BY_FORGET,
    "case_event.detail": "codes, numbers and dates: history.append takes nothing else",
    "case_note.role": "the role of an officer",
    "case_reply.likeness": "keyed mark, emptied with the words",
    "public_answer_version.files": "numbers of copies",
    "case_redaction.areas": "rectangles on a page",
    "exchange_sending.mark": "keyed digest; gone when its time is up",
    "exchange_sending.report_mark": "keyed digest; gone when its time is up",
    "exchange_sending.salt": "random",
    "case_fingerprint.digest": "keyed",
    "case_fingerprint.salt": "random",
}
"""Of tables that hang on a case: what is not emptied with its words, and why."""
ELSEWHERE = {
    "apology_letter.reason": "of a dossier",
    "apology_letter.signed_by": "of a dossier",
    "case_export.filters": "what an officer asked for; nothing of a case",
    "checked_file.declared_name": "erased with the files",
    "citizen_session.state": "ends after hours",
    "counter_duty.person_name": "of a roster",
    "denunciation.text": "kept for good by law",
    "denunciation_words.text": "kept for good by law",
    "dossier_applicant.address": "of a dossier",
    "dossier_applicant.name": "of a dossier",
    "import_draft.rows": "of staff and units; a day",
    "kept_post.content": "twelve hours",
    "officer_contact.address": "of staff",
    "outbox_message.fields": "codes and dates; emptied after thirty days",
    "outbox_message.recipient": "emptied after thirty days",
    "question_set_draft.faults": "of question sets",
    "question_set_draft.source": "of question sets",
    "sampled_draft.content": "of surveys",
    "sampled_draft.mapping": "of surveys",
    "saved_view.name": "of an officer",
    "saved_view.query": "of an officer, who drops it",
    "second_factor.sealed_secret": "of staff",
    "written_answer.text": "of surveys",
}
"""Encrypted columns of tables that do not hang on a case."""


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if found.name.rpartition(".")[2] == "models":
            importlib.import_module(found.name)
    return list(Base.metadata.sorted_tables)


def _may_hold_words(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, Encrypted):
        return True
    if isinstance(kind, String) and not isinstance(kind, Enum):
        return kind.length is None or kind.length > LONGEST_CODE
    return isinstance(kind, JSON | LargeBinary)


def _of_a_case(tables: list[Table]) -> set[Table]:
    """Every table that leads to a case, over other tables as well."""
    found = {Case.__table__}
    while True:
        more = {
            table
            for table in tables
            if table not in found and any(key.column.table in found for key in table.foreign_keys)
        }
        if not more:
            return found  # type: ignore[return-value]  # tables of models are tables
        found |= more


def test_f8_every_column_that_could_hold_words_is_erased_or_says_why_not(tables: list[Table]) -> None:
    near = _of_a_case(tables)
    erased = {str(column) for column in erasing.columns_of_words()}
    words = {str(column) for table in near for column in table.columns if _may_hold_words(column)}
    assert words - erased <= set(OF_A_CASE)
    assert {"recheck_case.words", "recheck_answer.words", "case_letter.fields", "case_note.text"} <= erased
    others = {
        str(column)
        for table in tables
        if table not in near
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    assert others <= set(ELSEWHERE)


def test_f8_what_is_erased_is_bound_to_the_case_so_that_it_opens_afterwards(tables: list[Table]) -> None:
    """``erasing`` writes the tombstone with the id of the case: a column bound to another row could not be read."""
    for column in erasing.columns_of_words():
        assert isinstance(column.type, Encrypted)
        assert column.type.row == "case_id", str(column)
