"""The one response for files: fixed type, our name, nothing runs, nothing is kept; waiting files do not exist."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from app.crypto.errors import TamperedError
from app.errors import Missing
from app.files.downloads import file_response
from app.files.gate.checking import Gate, check_waiting
from app.files.gate.models import CheckedFile
from app.files.gate.queries import content
from app.web.access import public
from tests.support import documents, hostile

Send = Callable[..., str]


@pytest.fixture
def downloads(app: Flask, gate: Gate) -> FlaskClient:
    """The application with a page that gives any file to anybody."""

    def give(who: str, file_id: str) -> Response:
        with gate.database.reading() as session:
            return file_response(content(session, gate.store, file_id), to_staff=who == "staff")

    app._got_first_request = False  # a page is added after the first request of another test
    app.add_url_rule("/test-files/<who>/<file_id>", "give", public(give))
    return app.test_client()


def test_c2_a_file_is_a_download_with_a_type_and_name_of_ours(downloads: FlaskClient, gate: Gate, send: Send) -> None:
    file_id = send(hostile.png(), "<script>.html\r\n.png".replace(".html", ""), "image/png")
    check_waiting(gate)
    response = downloads.get(f"/test-files/citizen/{file_id}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert response.headers["Content-Disposition"] == f'attachment; filename="anh-{file_id[:8]}.jpg"'
    assert response.headers.getlist("Content-Security-Policy") == [
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    ]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_a1_head_and_ranges_give_no_more_and_no_less(downloads: FlaskClient, gate: Gate, send: Send) -> None:
    file_id = send(hostile.jpeg())
    check_waiting(gate)
    path = f"/test-files/citizen/{file_id}"
    whole = downloads.get(path)
    head = downloads.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    for asked in ("bytes=0-9", "bytes=5-", "bytes=-5", "bytes=0-1,4-5", "bytes=999999-", "nonsense"):
        part = downloads.get(path, headers={"Range": asked, "If-Range": "x", "If-None-Match": "*"})
        assert (part.status_code, part.data) == (200, whole.data)
        assert part.headers["Accept-Ranges"] == "none"


def test_a1_waiting_refused_discarded_and_unknown_files_look_the_same(
    downloads: FlaskClient, gate: Gate, send: Send
) -> None:
    refused = send(documents.locked())
    check_waiting(gate)
    waiting = send(hostile.jpeg())
    seen = set()
    for file_id in (refused, waiting, "f" * 32, "x" * 500, "a'b", "ẩn"):
        for asked in ({}, {"Range": "bytes=0-0"}):
            for who in ("citizen", "staff"):
                response = downloads.get(f"/test-files/{who}/{file_id}", headers=asked)
                head = downloads.head(f"/test-files/{who}/{file_id}", headers=asked)
                page = re.sub(r"báo lỗi: [0-9a-f-]+", "", response.get_data(as_text=True))
                names = tuple(sorted(set(response.headers.keys()) - {"X-Request-Id"}))
                seen.add((response.status_code, head.status_code, page, names))
    assert len(seen) == 1
    assert next(iter(seen))[:2] == (404, 404)


def test_c10_documents_are_for_staff_only(downloads: FlaskClient, gate: Gate, send: Send) -> None:
    file_id = send(documents.pdf(), "a.pdf")
    check_waiting(gate)
    assert downloads.get(f"/test-files/citizen/{file_id}").status_code == 404
    assert downloads.head(f"/test-files/citizen/{file_id}").status_code == 404
    response = downloads.get(f"/test-files/staff/{file_id}")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="tai-lieu-{file_id[:8]}.pdf"'
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.data.startswith(b"%PDF-")


def test_a_changed_file_is_an_error_and_no_download(
    gate: Gate, send: Send, row: Callable[[str], CheckedFile], tmp_path: Path
) -> None:
    file_id = send(hostile.jpeg())
    check_waiting(gate)
    name = str(row(file_id).stored_name)
    path = tmp_path / "files" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1])
    with gate.database.reading() as session:
        found = content(session, gate.store, file_id)
    with pytest.raises(TamperedError):
        file_response(found, to_staff=True)
    path.unlink()
    with gate.database.reading() as session, pytest.raises(Missing):
        content(session, gate.store, file_id)
