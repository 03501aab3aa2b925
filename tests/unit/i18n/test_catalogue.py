"""The English catalogue holds everything that pages for citizens say, and says it with the same values."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import CapturingLogger

from app.i18n import catalogues
from app.i18n.catalogues import in_language
from app.i18n.messages import message
from tools.extract_messages import english, extracted

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
VIETNAMESE_LETTER = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
NAMES = {"Quầy 1 – Hộ tịch"}  # counters keep their names
KEPT_WORDS = re.compile("Lắng Nghe|khiếu nại|tố cáo")
"""Our name, and the words of the law that an English reader meets at the office."""


def test_every_string_is_in_the_catalogue_and_no_other() -> None:
    sources = {entry.id for entry in extracted() if entry.id}
    assert len(sources) > 150
    assert {entry.id for entry in english() if entry.id} == sources


def test_every_string_is_translated_with_the_same_placeholders() -> None:
    for entry in english():
        if entry.id:
            assert entry.string, entry.id
            assert sorted(PLACEHOLDER.findall(str(entry.string))) == sorted(PLACEHOLDER.findall(str(entry.id))), (
                entry.id
            )


def test_no_translation_is_vietnamese() -> None:
    for entry in english():
        if entry.id and entry.id not in NAMES:
            own_words = KEPT_WORDS.sub("", str(entry.string))
            assert not VIETNAMESE_LETTER.search(own_words), entry.string


def test_pages_speak_the_language_asked_for(client: FlaskClient) -> None:
    english_page = client.get("/?lang=en").text
    assert '<html lang="en">' in english_page
    assert "You rate, the office listens" in english_page
    assert "Người dân đánh giá" in client.get("/?lang=xx").text


def test_errors_speak_it_too(client: FlaskClient) -> None:
    page = client.get("/nowhere?lang=en")
    assert (page.status_code, "Page not found" in page.text, 'lang="en"' in page.text) == (404, True, True)


@pytest.mark.parametrize("address", ["/officer/sign-in?lang=en", "/results/none?lang=en"])
def test_pages_without_a_translation_stay_whole(client: FlaskClient, address: str) -> None:
    assert '<html lang="vi">' in client.get(address).text


def test_messages_of_pure_modules_are_translated_with_their_values(client: FlaskClient) -> None:
    kind = message("số điện thoại")
    found = message("“%(text)s” giống %(kind)s. Xin Ông/Bà xóa nếu không cần thiết.", text="100 %", kind=kind)
    assert found == "“100 %” giống số điện thoại. Xin Ông/Bà xóa nếu không cần thiết."
    with client.application.test_request_context("/?lang=en"):
        assert in_language(found) == "“100 %” looks like a phone number. Please delete it if it is not needed."
        assert in_language("") == ""
    with client.application.test_request_context("/"):
        assert in_language(found) == found


def test_a_catalogue_that_is_not_compiled_is_told_at_start_with_what_to_do(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text("", encoding="utf-8")
    missing = catalogues.not_compiled(tmp_path)
    assert missing == ["en/LC_MESSAGES/messages.po"]
    log = CapturingLogger()
    with monkeypatch.context() as replaced:
        replaced.setattr(catalogues, "not_compiled", lambda: missing)
        replaced.setattr(catalogues.structlog, "get_logger", lambda _name: log)
        catalogues.init_languages(Flask("other"))
    assert [(call.method_name, call.kwargs["catalogue"]) for call in log.calls] == [("warning", missing[0])]
    assert "pybabel compile -d app/i18n/locale" in log.calls[0].kwargs["to_do"]
    (folder / "messages.mo").write_bytes(b"")
    assert catalogues.not_compiled(tmp_path) == []
