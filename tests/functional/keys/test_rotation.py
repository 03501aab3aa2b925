"""Keys are rotated beside the running application, survive being killed, and lose nothing."""

import pkgutil
from collections import Counter
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

import app
from app.audit.models import AuditEvent
from app.crypto import keeper
from app.crypto.errors import UnknownKeyError
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, environment_text, new_environment_key
from app.crypto.types import in_row
from app.db import locks
from app.db.session import Database
from app.feedback.cases import reporters
from app.feedback.cases.models import Case, Reporter
from app.feedback.intake import sessions
from app.feedback.intake.sessions import Purpose
from app.keys import rotation
from app.keys.errors import NothingToRotate, RotationRunning, StillInUse
from app.keys.models import EncryptionKey, KeyRotation
from app.keys.start import open_keys, uses
from tests.functional.keys.conftest import Installed
from tests.support.clock import SettableClock

FEEDBACK = "feedback.text"


def counts(installed: Installed) -> dict[str, Counter[int]]:
    """What is encrypted with which key, in the places that hold something."""
    with installed.database.reading() as session:
        return {place: count for place, count in uses(session.connection(), installed.tools.store).items() if count}


def test_every_encrypted_column_is_on_this_list() -> None:
    """A new one gets a line here and in the decision on encryption; one that vanishes is missed."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith(".models"):
            import_module(module.name)
    assert [(column.place, column.row) for column in rotation.encrypted_columns()] == [
        ("apology_letter.reason", "dossier_id"),
        ("apology_letter.signed_by", "dossier_id"),
        ("case_draft.content", "case_id"),
        ("case_export.filters", "id"),
        ("case_extension.document", "case_id"),
        ("case_extension.signed_by", "case_id"),
        ("case_letter.fields", "case_id"),
        ("case_note.text", "case_id"),
        ("case_outcome_fact.text", "case_id"),
        ("case_pause.document", "case_id"),
        ("case_point.text", "case_id"),
        ("case_question.answer", "case_id"),
        ("case_question.text", "case_id"),
        ("case_rating.text", "case_id"),
        ("case_redaction.text", "case_id"),
        ("case_reply.text", "case_id"),
        ("case_reply_point.answer", "case_id"),
        ("case_reply_point.point", "case_id"),
        ("case_request.reason", "case_id"),
        ("case_request.words", "case_id"),
        ("case_words.text", "case_id"),
        ("checked_file.declared_name", "id"),
        ("citizen_session.state", None),
        ("counter_duty.person_name", "id"),
        ("denunciation.text", "id"),
        ("denunciation_words.text", "denunciation_id"),
        ("dossier_applicant.address", "dossier_id"),
        ("dossier_applicant.name", "dossier_id"),
        ("feedback.text", "public_number"),
        ("import_draft.rows", "id"),
        ("kept_post.content", "id"),
        ("officer_contact.address", "officer_id"),
        ("outbox_message.fields", "id"),
        ("outbox_message.recipient", "id"),
        ("public_answer_version.agreement", "case_id"),
        ("public_answer_version.answer", "case_id"),
        ("public_answer_version.question", "case_id"),
        ("public_answer_version.reason", "case_id"),
        ("public_answer_version.title", "case_id"),
        ("question_set_draft.faults", "id"),
        ("question_set_draft.source", "id"),
        ("recheck_answer.words", "case_id"),
        ("recheck_case.words", "case_id"),
        ("reporter.address", "case_id"),
        ("reporter.email", "case_id"),
        ("reporter.name", "case_id"),
        ("reporter.phone", "case_id"),
        ("sampled_draft.content", "id"),
        ("sampled_draft.mapping", "id"),
        ("saved_view.name", "id"),
        ("saved_view.query", "id"),
        ("second_factor.sealed_secret", "officer_id"),
        ("written_answer.text", "key"),
    ]


def test_after_a_rotation_the_old_key_may_be_lost(installed: Installed, said) -> None:
    installed.write(1203)
    files = [installed.tools.store.save([bytes([number]) * 100_000]).name for number in range(3)]
    before = installed.texts()
    assert counts(installed) == {
        FEEDBACK: Counter({1: 1203}),
        "files": Counter({1: 3}),
    }
    assert rotation.rotate(installed.tools, said[1]) == 2
    assert counts(installed) == {
        FEEDBACK: Counter({2: 1203}),
        "files": Counter({2: 3}),
    }
    assert any(FEEDBACK in line and "1203" in line for line in said[0])
    (installed.config.key_dir / "0001.key").unlink()
    tools = installed.reopen()  # starts: nothing needs the lost key
    assert installed.texts() == before
    assert [b"".join(tools.store.read(name)) for name in files] == [bytes([number]) * 100_000 for number in range(3)]


def test_rows_named_by_bytes_are_rotated_in_pieces_too(installed: Installed, said) -> None:
    """What citizens have typed and not sent yet lies under the hash of a token."""
    with installed.database.transaction() as session:
        tokens = [sessions.begin(session, Purpose.INTAKE, {"text": f"Chờ lâu {number}"}) for number in range(1201)]
    assert rotation.rotate(installed.tools, said[1]) == 2
    assert counts(installed) == {"citizen_session.state": Counter({2: 1201})}
    (installed.config.key_dir / "0001.key").unlink()
    installed.reopen()
    with installed.database.reading() as session:
        kept = [sessions.load(session, token, Purpose.INTAKE) for token in tokens]
    assert [one.state["text"] for one in kept] == [f"Chờ lâu {number}" for number in range(1201)]


def test_both_keys_read_while_a_rotation_is_half_done(installed: Installed) -> None:
    installed.write(10, "trước")
    source = installed.tools.keys.source
    source.add(2)
    source.activate(2)
    installed.reopen()
    installed.write(10, "sau")
    assert counts(installed)[FEEDBACK] == {1: 10, 2: 10}
    assert len(installed.texts()) == 20


def test_a_rotation_interrupted_anywhere_goes_on_and_makes_no_second_key(
    installed: Installed, said, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.write(120)
    before = installed.texts()
    monkeypatch.setattr(rotation, "BATCH", 7)
    stops = 0
    for _ in range(60):
        steps = iter(range(stops % 9 + 1))

        def pause(_seconds: float, steps=steps) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        monkeypatch.setattr(rotation.time, "sleep", pause)
        try:
            rotation.rotate(installed.tools, said[1])
            break
        except KeyboardInterrupt:
            stops += 1
            assert installed.texts() == before
    assert stops > 2
    assert counts(installed)[FEEDBACK] == {2: 120}
    assert sorted(installed.tools.keys.reread().keys) == [1, 2]
    with installed.database.reading() as session:
        row = session.get_one(KeyRotation, (2, FEEDBACK))
        assert (row.changed, row.finished_at is not None) == (120, True)
        acts = session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.like("key:%")).order_by(AuditEvent.id)
        ).all()
        assert acts == ["key:rotate"]
    assert installed.texts() == before


def test_two_rotations_at_once_are_refused(installed: Installed, said) -> None:
    with locks.held(installed.database, installed.config.data_dir, "keys") as is_free:
        assert is_free
        for act in (rotation.rotate, rotation.encrypt_anew):
            with pytest.raises(RotationRunning):
                act(installed.tools, said[1])
        with pytest.raises(RotationRunning):
            rotation.retire(installed.tools, 1, destroy=False)
    assert sorted(installed.tools.keys.reread().keys) == [1]


def test_a_row_changed_meanwhile_keeps_its_new_text(installed: Installed) -> None:
    installed.write(3)
    column = next(one for one in rotation.encrypted_columns() if one.place == FEEDBACK)
    installed.tools.keys.source.add(2)
    installed.tools.keys.source.activate(2)
    keys = installed.reopen().keys
    original = keys.decrypt

    def decrypt_slowly(sealed: bytes, where: bytes) -> bytes:
        plain = original(sealed, where)
        if plain == b"Ch\xe1\xbb\x9d l\xc3\xa2u qu\xc3\xa1 1":  # somebody writes between our reading and writing
            number = where.partition(b"\x00")[2].decode()
            session.connection().execute(
                text("UPDATE feedback_case SET text = :now WHERE public_number = :number"),
                {"now": keys.encrypt("mới".encode(), where), "number": number},
            )
        return plain

    keys.decrypt = decrypt_slowly  # type: ignore[method-assign]
    with installed.database.transaction() as session:
        reached, _ = column.encrypt_anew(session.connection(), keys, 2, after=None, limit=100)
        assert reached is not None
    assert installed.texts() == ["Chờ lâu quá 0", "Chờ lâu quá 2", "mới"]


def test_a_key_is_retired_only_when_nothing_and_nobody_needs_it(
    installed: Installed, said, clock: SettableClock
) -> None:
    installed.write(5)
    with pytest.raises(StillInUse, match="đang dùng"):
        rotation.retire(installed.tools, 1, destroy=False)
    rotation.rotate(installed.tools, said[1])
    with pytest.raises(StillInUse, match="10 phút"):
        rotation.retire(installed.tools, 1, destroy=False)
    clock.advance(minutes=11)
    late = Keeper(EnvironmentKeys(_ring_text(installed, active=1)))  # a worker that never noticed
    keeper.use(late)
    installed.write(2, "muộn")
    installed.reopen()
    with pytest.raises(StillInUse, match=r"feedback\.text 2"):
        rotation.retire(installed.tools, 1, destroy=False)
    rotation.encrypt_anew(installed.tools, said[1])
    rotation.retire(installed.tools, 1, destroy=False)
    assert not (installed.config.key_dir / "0001.key").exists()
    assert (installed.config.key_dir / "retired" / "0001.key").exists()
    installed.reopen()
    assert len(installed.texts()) == 7
    with installed.database.reading() as session:
        assert session.get_one(EncryptionKey, 1).retired_at is not None
        acts = session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.like("key:%")).order_by(AuditEvent.id)
        ).all()
        assert acts == ["key:rotate", "key:retire"]
    with pytest.raises(StillInUse):
        rotation.retire(installed.tools, 1, destroy=False)
    assert rotation.rotate(installed.tools, said[1]) == 3  # numbers are never given twice


def test_keys_from_the_environment_are_rotated_by_naming_another_one(
    installed: Installed, said, database: Database
) -> None:
    installed.write(4)
    before = installed.texts()
    with_second = replace(
        installed.config, encryption_keys=f"{_ring_text(installed, active=2)} 2={new_environment_key()}"
    )
    installed.config = with_second
    tools = installed.reopen()
    assert installed.texts() == before
    assert rotation.rotate(tools, said[1]) == 2
    assert counts(installed)[FEEDBACK] == {2: 4}
    with pytest.raises(NothingToRotate, match="flask keys generate"):
        rotation.rotate(tools, said[1])


def test_f8_what_was_erased_opens_with_no_key_there_is(installed: Installed, said, clock: SettableClock) -> None:
    """An erased person is nowhere in plain, and what copies of disks still hold becomes noise with the old key."""
    marker = "Nguyễn Thị Marker 0912345678"
    installed.write(1)
    name = installed.tools.store.save([marker.encode()]).name
    with installed.database.transaction() as session:
        case_id = session.scalars(select(Case.id)).one()
        session.add(Reporter(case_id=case_id, name=in_row(marker, case_id), notice_hash=b"", erase_on=date(2027, 1, 1)))
    with installed.database.reading() as session:
        copy = bytes(session.execute(text("SELECT name FROM reporter")).scalar_one())
    path = installed.config.file_dir / name[:2] / name
    file_copy = path.read_bytes()
    with installed.database.transaction() as session:
        reporters.erase(session, session.get_one(Case, case_id), None, "batch")
    installed.tools.store.erase(name)
    installed.write(1, "khác")
    rotation.rotate(installed.tools, said[1])
    clock.advance(minutes=11)
    rotation.retire(installed.tools, 1, destroy=True)
    keys = installed.reopen().keys
    with pytest.raises(UnknownKeyError):
        keys.decrypt(copy, f"reporter.name\x00{case_id}".encode())
    path.write_bytes(file_copy)
    with pytest.raises(UnknownKeyError):
        b"".join(installed.tools.store.read(name))
    path.unlink()
    lying = [one.read_bytes() for one in installed.config.data_dir.rglob("*") if one.is_file()]
    if installed.database.is_sqlite:
        file = Path(str(installed.database.url.database))
        lying += [one.read_bytes() for one in file.parent.glob(f"{file.name}*")]
    assert not any(b"Marker" in content or b"0912345678" in content for content in lying)
    assert not list(installed.config.key_dir.rglob("0001*"))


def _ring_text(installed: Installed, *, active: int) -> str:
    folder = installed.config.key_dir
    keys = {1: (folder / "0001.key").read_text().strip()}
    return environment_text(active, (folder / "index.key").read_text().strip(), keys)


def test_the_number_of_rows_is_what_the_database_says(installed: Installed) -> None:
    installed.write(17)
    with installed.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == counts(installed)[FEEDBACK][1]


def test_open_keys_registers_a_key_once(installed: Installed) -> None:
    for _ in range(3):
        open_keys(installed.database, installed.config)
    with installed.database.reading() as session:
        assert session.scalars(select(EncryptionKey.id)).all() == [1]
