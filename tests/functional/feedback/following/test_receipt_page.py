"""The page that checks receipts: what it says of each tampering, and that it keeps nothing."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from app.config import Config
from app.db.session import Database
from app.feedback.following import receipt_keys, receipts
from app.feedback.intake.services import Opened
from tests.factories.cases import TEXT
from tests.functional.feedback.following.conftest import Place
from tests.support.clock import SettableClock


@pytest.fixture
def receipt(opened: Opened, config: Config, clock: SettableClock) -> str:
    key, _ = receipt_keys.open_key(config.data_dir)
    made = receipts.make(key, opened, clock(), unit_name="Phường Hồng Gai", check_at="http://localhost/receipts")
    return made.text


def check(client: FlaskClient, receipt: str, content: str = "", **more: object) -> TestResponse:
    return client.post(
        "/receipts", data={"receipt": receipt, "content": content, **more}, content_type="multipart/form-data"
    )


def test_a_genuine_receipt_with_its_content(client: FlaskClient, receipt: str, opened: Opened) -> None:
    page = check(client, receipt)
    assert page.status_code == 200
    assert "Biên nhận là thật" in page.text
    assert opened.public_number in page.text
    assert "09:00 ngày 21/11/2026" in page.text
    assert "không sai một ký tự nào" in check(client, receipt, TEXT).text
    assert "của nội dung khác" in check(client, receipt, TEXT + "!").text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("09:00", "08:00", "“Nhận lúc” không còn như khi được ký"),
        ("Số: ", "Số : ", "không thuộc biên nhận"),
        ("Hồng Gai", "Bình Yên", "“Nơi nhận”"),
        ("Chữ ký: ", "Ký: ", "Thiếu dòng “Chữ ký”"),
        ("Khóa ký: ", "Chữ thêm: x | 0000\nKhóa ký: ", "không thuộc biên nhận"),
    ],
)
def test_each_tampering_is_named(client: FlaskClient, receipt: str, old: str, new: str, words: str) -> None:
    page = check(client, receipt.replace(old, new))
    assert page.status_code == 200
    assert "Biên nhận là thật" not in page.text
    assert words in page.text or "Thiếu dòng" in page.text


def test_a_receipt_of_another_key_is_told(client: FlaskClient, opened: Opened, receipt: str, tmp_path) -> None:
    other, _ = receipt_keys.open_key(tmp_path / "other")
    forged = receipts.make(other, opened, datetime.now(UTC), unit_name="X", check_at="http://x/receipts").text
    assert "ký bằng khóa khác" in check(client, forged).text


def test_a_file_is_read_too(client: FlaskClient, receipt: str) -> None:
    page = check(client, "", receipt_file=(BytesIO(b"\xef\xbb\xbf" + receipt.encode()), "bien-nhan.txt"))
    assert "Biên nhận là thật" in page.text
    binary = check(client, "", receipt_file=(BytesIO(b"\xff\xd8\xff\x00"), "x.txt"))
    assert (binary.status_code, "không phải là văn bản" in binary.text) == (400, True)


@pytest.mark.parametrize("typed", ["", " \n", "\x00\x01"])
def test_nothing_given_is_told(client: FlaskClient, receipt: str, typed: str) -> None:
    page = check(client, typed, "Nội dung vẫn còn")
    assert page.status_code == 400
    assert "Xin dán biên nhận" in page.text
    assert "Nội dung vẫn còn" in page.text


def test_strange_input_makes_no_error_and_no_script(client: FlaskClient, receipt: str) -> None:
    nasty = '"><script>alert(1)</script>'
    for typed in (nasty, f"Số: {nasty} | 0000", receipt + nasty, "x" * 30_000, "%(lines)s %s", "Số: 1\n" * 3000):
        page = check(client, typed, nasty)
        assert page.status_code in (200, 400, 413)
        assert nasty not in page.text
    assert client.post("/receipts", data={"receipt": "x" * 2_000_000}).status_code == 413
    assert client.post("/receipts", data=b"{}", content_type="application/json").status_code == 400


def test_b4_a_whole_hall_checks_receipts_in_one_minute(client: FlaskClient) -> None:
    """Nothing tells one person from another here, so nobody may use up the turns of all."""
    typed = {"receipt": "Biên nhận của tôi"}
    assert {client.post("/receipts", data=typed).status_code for _ in range(100)} == {200}


def test_nothing_of_what_is_checked_is_stored(
    client: FlaskClient, place: Place, receipt: str, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    check(client, receipt, "Nguyễn Văn Dấu Riêng")
    with database.reading() as session:
        for table in inspect(session.connection()).get_table_names():
            dump = repr(session.execute(text(f'SELECT * FROM "{table}"')).all())
            assert "Dấu Riêng" not in dump
            assert "Chữ ký" not in dump
    assert "Dấu Riêng" not in "".join(capfd.readouterr())


def test_the_public_keys_are_published(client: FlaskClient, receipt: str, config: Config, tmp_path) -> None:
    got = client.get("/receipts/keys")
    assert got.headers["Content-Disposition"] == 'attachment; filename="langnghe-receipt-keys.pem"'
    path = tmp_path / "keys.pem"
    path.write_bytes(got.data)
    known = receipt_keys.read_public_keys([path])
    assert receipts.check(receipt, known).is_genuine
    page = client.get("/receipts").text
    assert next(iter(known.by_id)) in page
    assert "BEGIN PUBLIC KEY" in page
    assert "PRIVATE" not in page + got.text


def test_no_get_makes_a_key(app: Flask, config: Config) -> None:
    client = app.test_client()
    assert "chưa ký biên nhận nào" in client.get("/receipts").text
    assert client.get("/receipts/keys").data == b""
    assert not (config.data_dir / "receipt_key").exists()
    assert check(client, "BIÊN NHẬN CỦA LẮNG NGHE – MẪU 1").status_code == 200


def test_the_english_page_leads_on_in_english(client: FlaskClient, receipt: str) -> None:
    page = client.get("/receipts?lang=en")
    assert '<html lang="en">' in page.text
    assert 'action="/receipts?lang=en"' in page.text
    assert 'href="/follow?lang=en"' in page.text
