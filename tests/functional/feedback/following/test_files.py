"""A1, A10 and the upload sent later: a sender reaches the files of the own case and nothing else, on every method."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.config import Config
from app.db.session import Database
from app.feedback.cases.models import CaseFile
from app.feedback.denunciations.models import DenunciationFile
from app.feedback.intake.services import Opened
from app.files.gate.checking import Gate, check_waiting
from app.files.gate.models import CheckedFile, FileState
from app.keys.start import store_of
from tests.factories.case_acts import ask, close, open_information, take_up
from tests.functional.feedback.following.conftest import Place, Sender, form_ids
from tests.support import documents, hostile
from tests.support.clock import SettableClock

REQUEST_ID = re.compile(r"<p class=\"hint\">Mã để báo lỗi: \w+</p>")
METHODS = (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-9"}), ("GET", {"If-Range": "x", "Range": "bytes=-5"}))


def photo(name: str = "IMG_1.jpg", data: bytes | None = None) -> tuple[BytesIO, str]:
    return BytesIO(data if data is not None else hostile.jpeg()), name


def check(config: Config, database: Database, tmp_path: Path) -> None:
    """What the job does with files that wait."""
    done = check_waiting(Gate(database, store_of(config), tmp_path / "locks"))
    assert not done.failures


def files(database: Database) -> list[CheckedFile]:
    with database.reading() as session:
        return list(session.scalars(select(CheckedFile)).all())


@pytest.fixture
def with_photo(sender: Sender, config: Config, database: Database, tmp_path: Path) -> Sender:
    """A sender whose case has one accepted picture."""
    sent = sender.post("files", files=[photo()])
    assert sent.headers["Location"] == "/follow/case?done=files", sent.text
    assert "đang kiểm tra an toàn" in sender.page().text
    assert sender.client.get("/follow/files/1").status_code == 404  # nobody opens what waits
    check(config, database, tmp_path)
    return sender


def test_a_file_sent_later_is_checked_and_then_opened_by_its_sender_as_ours(with_photo: Sender) -> None:
    page = with_photo.page()
    assert 'href="/follow/files/1"' in page.text
    assert "IMG_1.jpg" in page.text
    got = with_photo.client.get("/follow/files/1")
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert got.data.startswith(b"\xff\xd8\xff")
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert "IMG_1" not in got.headers["Content-Disposition"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"


def outcome(answer: TestResponse) -> tuple[int, str, tuple[str, ...]]:
    headers = tuple(sorted(name for name, _ in answer.headers if name != "X-Request-Id"))
    return answer.status_code, REQUEST_ID.sub("", answer.text), headers


@pytest.mark.parametrize(("method", "headers"), METHODS)
def test_a1_files_of_another_case_do_not_exist_for_whoever_asks(
    app: Flask, place: Place, with_photo: Sender, method: str, headers: dict[str, str]
) -> None:
    """No session, another case's code, information: full file, HEAD and Range, all as if there were none."""
    other = Sender(app.test_client(), place.case(text="Một việc khác hẳn.").code)
    other.enter()
    nobody = Sender(app.test_client(), "")
    with place.database.transaction() as session:
        hidden = open_information(session, place.unit_id)
    informer = Sender(app.test_client(), hidden.code)
    informer.enter()
    assert with_photo.client.open("/follow/files/1", method=method, headers=headers).status_code == 200
    answers = {
        outcome(one.client.open(f"/follow/files/{number}", method=method, headers=headers))
        for one in (other, nobody, informer)
        for number in (1, 2, 999_999_999)
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_a1_a_range_gives_the_whole_file_or_nothing(with_photo: Sender) -> None:
    whole = with_photo.client.get("/follow/files/1")
    part = with_photo.client.get("/follow/files/1", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (whole.status_code, whole.data)


def test_the_file_is_gone_with_the_session(with_photo: Sender) -> None:
    with_photo.client.post("/follow/end")
    assert with_photo.client.get("/follow/files/1").status_code == 404


def test_one_bad_file_is_refused_alone_and_the_answer_stands(
    sender: Sender, place: Place, opened: Opened, database: Database, clock: SettableClock
) -> None:
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, clock.today.replace(day=28))
    sent = sender.post(
        "answer", question="1", text="Kèm ảnh.", files=[photo("a.jpg"), photo("b.svg", b"<svg onload=alert(1)>")]
    )
    assert sent.status_code == 303
    page = sender.page(done="answer")
    assert "Đã nhận câu trả lời" in page.text
    assert "b.svg" in page.text
    assert "Không nhận loại tệp này" in page.text
    assert len(files(database)) == 1
    assert sender.post("files", files=[photo("c.jpg")]).status_code == 303
    assert "b.svg" not in sender.page().text


def test_files_of_a_refused_answer_must_be_chosen_again_and_the_page_says_so(
    sender: Sender, place: Place, opened: Opened, database: Database, clock: SettableClock
) -> None:
    place.do(take_up, opened.case_id)
    place.do(ask, opened.case_id, clock.today.replace(day=28))
    page = sender.post("answer", question="1", text=" ", files=[photo()])
    assert page.status_code == 400
    assert 'href="#answer-files"' in page.text
    assert "Tệp vừa chọn chưa được gửi" in page.text
    assert not files(database)


def test_nothing_chosen_and_only_bad_files_are_told(sender: Sender, database: Database) -> None:
    assert "Xin chọn ít nhất một tệp" in sender.post("files").text
    bad = sender.post("files", files=[photo("x.exe", b"MZ")])
    assert bad.status_code == 400
    assert "x.exe" in bad.text
    assert not files(database)


def test_c3_a_refused_post_leaves_nothing_behind(
    sender: Sender, place: Place, opened: Opened, config: Config, database: Database
) -> None:
    page = sender.page()
    place.do(take_up, opened.case_id)
    place.do(close, opened.case_id)
    late = sender.post("files", page, files=[photo()])
    assert late.status_code == 409
    assert "không gửi thêm tệp được" in late.text
    stale = sender.client.post("/follow/files", data={"form_id": "x", "files": [photo()]})
    assert stale.status_code == 400
    assert not files(database)
    assert not [path for path in config.file_dir.rglob("*") if path.is_file() and path.name != "lock"]


def test_a_double_post_of_a_file_is_one_file(sender: Sender, database: Database) -> None:
    page = sender.page()
    found = [sender.post("files", page, files=[photo()]).status_code for _ in range(3)]
    assert found == [303] * 3
    with database.reading() as session:
        assert len(session.scalars(select(CaseFile)).all()) == 1
        assert len(session.scalars(select(CheckedFile)).all()) == 1


def test_a_refused_document_says_what_to_do(sender: Sender, config: Config, database: Database, tmp_path: Path) -> None:
    assert sender.post("files", files=[photo("don.pdf", documents.pdf())]).status_code == 303
    assert sender.post("files", files=[photo("hong.pdf", b"%PDF-1.7 broken")]).status_code == 303
    check(config, database, tmp_path)
    states = {row.declared_name: row.state for row in files(database)}
    assert states["hong.pdf"] is FileState.REFUSED
    page = sender.page().text
    assert "Không nhận được" in page
    assert page.count("Đã kiểm tra, cán bộ mở được") == 1
    assert page.count("Ở đây chỉ mở lại được ảnh.") == 1
    assert "Checked; officers can open it" in sender.page(lang="en").text
    assert "Only pictures can be opened again here." in sender.page(lang="en").text
    assert "/follow/files/1" not in page  # documents are kept for staff
    assert sender.client.get("/follow/files/1").status_code == 404


def test_there_is_a_most_of_files(sender: Sender, database: Database) -> None:
    found = sender.post("files", files=[photo(f"{number}.jpg") for number in range(7)])
    assert found.status_code == 303
    assert len(files(database)) == 5
    assert "Chỉ gửi được 5 tệp" in sender.page().text
    for _ in range(3):
        sender.post("files", files=[photo(f"{number}.jpg") for number in range(5)])
    assert "Đã có 20 tệp" in sender.page().text
    assert "/follow/files" not in form_ids(sender.page())


def test_information_takes_files_later_and_shows_none_again(
    app: Flask, place: Place, config: Config, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        opened = open_information(session, place.unit_id)
    informer = Sender(app.test_client(), opened.code)
    informer.enter()
    assert informer.post("files", files=[photo("Nguyen Van Binh.jpg")]).status_code == 303
    check(config, database, tmp_path)
    page = informer.page()
    assert "Tệp 1" in page.text
    assert "Nguyen Van Binh" not in page.text
    assert informer.client.get("/follow/files/1").status_code == 404
    with database.reading() as session:
        assert len(session.scalars(select(DenunciationFile)).all()) == 1
        assert not session.scalars(select(CaseFile)).all()
