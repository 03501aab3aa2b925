"""Uploads on their way through a request: in plain on no disk."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Request, request
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.web.uploads import Spool, UploadRequest

MARKER = b"Nguyen Thi Marker 0912345678 "


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.binary(max_size=70), max_size=12),
    places=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 200)), max_size=8),
    most=st.integers(0, 200),
)
def test_a_spool_is_a_file_like_any_other(parts: list[bytes], places: list[tuple[int, int]], most: int) -> None:
    plain = io.BytesIO()
    with Spool(most) as spooled:
        for part in parts:
            assert spooled.write(part) == plain.write(part)
            assert spooled.tell() == plain.tell()
        assert spooled.seek(0, io.SEEK_END) == plain.seek(0, io.SEEK_END)
        for place, count in places:
            spooled.seek(place), plain.seek(place)
            assert spooled.read(count) == plain.read(count)
        spooled.seek(0)
        assert spooled.read() == plain.getvalue()
        spooled.seek(0)
        assert spooled.readlines() == io.BytesIO(plain.getvalue()).readlines()
    assert spooled.closed


def test_a_spool_is_written_at_its_end_only() -> None:
    with Spool() as spooled:
        spooled.write(b"abc")
        spooled.seek(1)
        with pytest.raises(io.UnsupportedOperation):
            spooled.write(b"x")
        with pytest.raises(ValueError):
            spooled.seek(-1)


def test_c9_the_file_behind_a_spool_is_noise_and_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Spool() as spooled:
        for _ in range(50):
            spooled.write(MARKER * 1000)
        assert list(tmp_path.iterdir()) == []
        assert spooled._file is not None
        spooled._file.seek(0)
        on_disk = spooled._file.read()
        assert len(on_disk) == 50_000 * len(MARKER)
        assert b"Marker" not in on_disk
        spooled.seek(0)
        assert spooled.read() == MARKER * 50_000
    assert list(tmp_path.iterdir()) == []


def test_c9_a_small_upload_never_leaves_the_memory() -> None:
    with Spool() as spooled:
        spooled.write(MARKER * 1000)
        assert spooled._file is None


def test_every_request_of_the_application_spools_like_this(app: Flask) -> None:
    assert app.request_class is UploadRequest
    assert issubclass(UploadRequest, Request)


@pytest.mark.parametrize("count", [1, 3])
def test_c9_an_uploaded_file_arrives_whole_and_leaves_no_trace(
    make_upload: Callable[[list[bytes]], list[bytes]], count: int, tmp_path: Path
) -> None:
    sent = [MARKER * (20_000 + number) for number in range(count)]
    assert make_upload(sent) == sent
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def make_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[bytes]], list[bytes]]:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    application = Flask(__name__)
    application.request_class = UploadRequest

    def upload(contents: list[bytes]) -> list[bytes]:
        files = [FileStorage(io.BytesIO(content), f"{number}.jpg") for number, content in enumerate(contents)]
        boundary, body = encode_multipart({"file": files})
        kind = f"multipart/form-data; boundary={boundary}"
        with application.test_request_context("/", method="POST", data=body, content_type=kind):
            arrived = request.files.getlist("file")
            assert [type(one.stream) for one in arrived] == [Spool] * len(contents)
            assert list(tmp_path.iterdir()) == []
            return [one.read() for one in arrived]

    return upload
