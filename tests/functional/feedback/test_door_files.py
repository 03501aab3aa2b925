"""Files at the door: each stands or falls alone, belongs to one session only, and is gone with it."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.config import Config
from app.db.session import Database
from app.feedback.cases.models import Case, CaseFile, CitizenSession, PendingFile
from app.feedback.denunciations.models import DenunciationFile
from app.feedback.intake import bodies, uploads
from app.files.gate.models import CheckedFile
from app.keys.start import store_of
from tests.factories.law import load_law
from tests.factories.surveys import Surveyed, make_survey
from tests.support.clock import SettableClock
from tests.support.door import PNG, TEXT, Visitor, code_of, plain


@pytest.fixture
def survey(database: Database, clock: SettableClock) -> Surveyed:
    load_law(database)
    return make_survey(database)


@pytest.fixture
def visitor(client: FlaskClient, survey: Surveyed) -> Visitor:
    return Visitor(client, survey.token)


def at_files(visitor: Visitor, kind: str = "petition"):
    return visitor.place(visitor.choose(kind, visitor.start()))


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def lying(config: Config) -> list[Path]:
    return [path for path in config.file_dir.rglob("*") if path.is_file() and len(path.name) == 32]


def test_several_files_at_once_and_in_several_posts_become_the_cases(visitor: Visitor, database: Database) -> None:
    page = visitor.files(at_files(visitor), (PNG, "một.png"), (PNG, "hai.png"), add="1")
    assert page.request.path == "/feedback/files"
    page = visitor.files(page, (PNG, "ba.png"), add="1")
    assert "Đã thêm 3 tệp" in plain(page)
    visitor.send(visitor.contact(visitor.files(page)))
    with database.reading() as session:
        case = session.scalars(select(Case)).one()
        rows = session.scalars(select(CaseFile).order_by(CaseFile.number)).all()
        names = [session.get_one(CheckedFile, row.file_id).declared_name for row in rows]
    assert {row.case_id for row in rows} == {case.id}
    assert names == ["một.png", "hai.png", "ba.png"]
    assert count(database, PendingFile) == 0


def test_each_refusal_is_in_words_and_the_others_stay(visitor: Visitor, database: Database, config: Config) -> None:
    page = visitor.files(
        at_files(visitor), (PNG, "tốt.png"), (b"MZ", "xấu.exe"), (b"", "rỗng.jpg"), (PNG, "giả.pdf"), add="1"
    )
    words = plain(page)
    assert "xấu.exe : Không nhận loại tệp này" in words
    assert "rỗng.jpg : Tệp không có nội dung" in words
    assert "giả.pdf : Tên tệp không đúng với nội dung" in words
    assert "Đã thêm 1 tệp" in words
    assert len(lying(config)) == count(database, CheckedFile) == 1  # C3: nothing of the refused is kept
    check = visitor.contact(visitor.files(page))
    assert TEXT in check.text
    assert "tốt.png" in check.text
    assert "xấu.exe" not in check.text


def test_more_than_allowed_are_refused_and_the_first_stay(visitor: Visitor, database: Database, config: Config) -> None:
    page = visitor.files(at_files(visitor), *[(PNG, f"{number}.png") for number in range(7)], add="1")
    assert "Chỉ gửi được 5 tệp" in plain(page)
    assert "Đã thêm 5 tệp" in plain(page)
    assert 'type="file"' not in page.text
    assert count(database, PendingFile) == len(lying(config)) == 5


def test_a_file_can_be_taken_out_again(visitor: Visitor, database: Database, config: Config) -> None:
    page = visitor.files(at_files(visitor), (PNG, "một.png"), add="1")
    with database.reading() as session:
        file_id = session.scalars(select(PendingFile.file_id)).one()
    page = visitor.follow(visitor.post(page, drop=file_id))
    assert "một.png" not in page.text
    assert count(database, CheckedFile) == len(lying(config)) == 0


def test_a_double_tap_takes_the_files_once(visitor: Visitor, database: Database) -> None:
    page = at_files(visitor)
    for _ in range(2):
        visitor.files(page, (PNG, "một.png"), add="1")
    assert count(database, PendingFile) == 1


def test_a2_a_pending_file_belongs_to_the_session_that_made_it(
    visitor: Visitor, app: Flask, survey: Surveyed, database: Database
) -> None:
    visitor.files(at_files(visitor), (PNG, "của tôi.png"), add="1")
    with database.reading() as session:
        file_id = session.scalars(select(PendingFile.file_id)).one()
    other = Visitor(app.test_client(), survey.token)
    page = at_files(other)
    assert "của tôi.png" not in page.text
    other.follow(other.post(page, drop=file_id))
    forged = {"file_ids": file_id, "files": file_id, "file_id": file_id, "pending": file_id}
    other.follow(other.post(other.get("/feedback/files"), go="1", **forged))
    other.send(other.contact(other.get("/feedback/contact")))
    assert count(database, CaseFile) == 0
    with database.reading() as session:
        assert session.scalars(select(PendingFile.file_id)).one() == file_id
    for client in (app.test_client(), other.client, visitor.client):
        for path in (f"/feedback/files/{file_id}", f"/files/{file_id}", f"/feedback/sent/{file_id}"):
            assert client.get(path).status_code == 404
    assert client_without_session(app).status_code == 410


def client_without_session(app: Flask):
    return app.test_client().post("/feedback/files", data={"files": (BytesIO(PNG), "một.png"), "go": "1"})


def test_a2_pending_files_are_gone_with_their_session(
    visitor: Visitor, database: Database, config: Config, clock: SettableClock
) -> None:
    visitor.files(at_files(visitor), (PNG, "một.png"), (PNG, "hai.png"), add="1")
    store = store_of(config)
    assert uploads.end_expired(database, store) == 0
    clock.advance(hours=4)
    assert uploads.end_expired(database, store) == 1
    assert count(database, CheckedFile) == count(database, PendingFile) == count(database, CitizenSession) == 0
    assert lying(config) == []
    assert uploads.end_expired(database, store) == 0


def test_a_body_over_the_limit_gives_the_page_and_keeps_the_rest(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visitor.files(at_files(visitor), (PNG, "một.png"), add="1")
    monkeypatch.setattr(bodies, "MOST_BODY", 1000)
    again = visitor.files(page, (PNG + b"\0" * 5000, "quá lớn.png"), add="1")
    assert "không tệp nào được nhận" in plain(again)
    assert "Đã thêm 1 tệp" in plain(again)


def test_a_file_over_the_limit_is_named(visitor: Visitor, config: Config) -> None:
    large = PNG + b"\0" * (uploads.ALLOWED.most_bytes + 1)
    page = visitor.files(at_files(visitor), (large, "to.png"), (PNG, "nhỏ.png"), add="1")
    assert "to.png : Tệp lớn hơn 20 MB" in plain(page)
    assert "Đã thêm 1 tệp" in plain(page)
    assert len(lying(config)) == 1


def test_c8_the_case_is_accepted_while_its_files_wait(visitor: Visitor, database: Database) -> None:
    page = visitor.files(at_files(visitor), (PNG, "một.png"))
    assert code_of(visitor.send(visitor.contact(page)))
    with database.reading() as session:
        assert session.scalars(select(CheckedFile)).one().state == "waiting"
        assert session.scalars(select(Case)).one().due_on is not None


def test_c9_nothing_plain_is_left_of_an_upload(
    visitor: Visitor, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    visitor.files(at_files(visitor), (PNG + b"\0" * 3_000_000, "một.png"), (b"MZ" * 2_000_000, "xấu.exe"), add="1")
    assert list(folder.iterdir()) == []
    assert all(PNG[:40] not in path.read_bytes() for path in lying(config))


def test_files_of_a_denunciation_go_into_its_own_table(visitor: Visitor, database: Database) -> None:
    check = visitor.files(at_files(visitor, "denunciation"), (PNG, "một.png"))
    visitor.send(check)
    assert count(database, DenunciationFile) == 1
    assert count(database, CaseFile) == count(database, PendingFile) == 0


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "a\\b.png", "x" * 400 + ".png", "\u202egnp.png", "<b>.png", "\n.png"]
)
def test_c7_names_are_data_only(visitor: Visitor, config: Config, name: str) -> None:
    page = visitor.files(at_files(visitor), (PNG, name), add="1")
    assert "<b>" not in page.text
    assert "etc/passwd" not in page.text
    assert [path.name for path in config.file_dir.rglob("*") if name.strip("./")[:8] in path.name] == []
    assert len(lying(config)) <= 1
