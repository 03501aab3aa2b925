"""What officers upload waits encrypted, each value bound to its row, and survives a change of keys."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock as app_clock
from app.crypto.errors import EncryptionError
from app.db.session import Database
from app.files.tables import Record
from app.keys import rotation
from app.survey import sets
from app.survey.authoring import drafts
from app.survey.authoring.models import DraftWay, QuestionSetDraft
from app.units import import_drafts
from app.units.models import ImportDraft
from tests.factories.officers import make_officer
from tests.functional.keys.conftest import Installed

SECRET = "Nguyễn Văn Bí Mật, 0912 345 678"


def keep(database: Database) -> tuple[str, str]:
    with database.transaction() as session:
        officer = make_officer(session)
        session.flush()
        now = app_clock.now()
        records = [Record(2, {"code": "X", "name": SECRET})]
        one = import_drafts.keep(session, 1, "units", records, now)
        sets.register_files(session)
        other = drafts.keep(session, officer.id, way=DraftWay.TOML, source=f"# {SECRET}", base_id=None, now=now)
    return one, other


def test_g4_uploads_wait_encrypted_and_are_rotated(installed: Installed, said) -> None:
    one, other = keep(installed.database)
    with installed.database.reading() as session:
        stored = session.execute(text("SELECT rows FROM import_draft UNION ALL SELECT source FROM question_set_draft"))
        for (value,) in stored:
            assert "Bí Mật".encode() not in bytes(value)
            assert b"0912" not in bytes(value)
    rotation.rotate(installed.tools, said[1])
    with installed.database.reading() as session:
        _, records = import_drafts.found(session, 1, one, app_clock.now())
        assert records[0].values["name"] == SECRET
        assert SECRET in session.get_one(QuestionSetDraft, other).source


def test_g4_an_upload_moved_to_another_row_does_not_open(installed: Installed) -> None:
    keep(installed.database)
    with installed.database.transaction() as session:
        later = app_clock.now() + timedelta(seconds=1)
        import_drafts.keep(session, 2, "units", [Record(2, {"code": "Y"})], later)
        session.flush()
        session.execute(
            text("UPDATE import_draft SET rows = (SELECT rows FROM import_draft WHERE owner = 'officer:1')")
        )
    with pytest.raises(EncryptionError), installed.database.reading() as session:
        session.scalars(select(ImportDraft)).all()
