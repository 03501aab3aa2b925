"""The look in the request: kind, name, size, dimensions. What is refused leaves nothing."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.files.gate.checking import Gate
from app.files.gate.kinds import Kind, agrees, shown_name, sniff
from app.files.gate.limits import ORDINARY, PHOTOS, Allowed
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.refusals import FileRefused, Refusal
from app.files.gate.services import check_count, discard, receive
from app.files.gate.words import words
from tests.support import documents, hostile

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
NOT_TAKEN = {
    "html": HTML,
    "svg": SVG,
    "svg-with-declaration": b"<?xml version='1.0'?>" + SVG,
    "gif": hostile.saved(hostile.picture(), "GIF"),
    "gif-that-is-script": b"GIF89a/*" + hostile.MARKER + b"*/=1;alert(1)",
    "tiff": hostile.tiff(),
    "bmp": hostile.saved(hostile.picture(), "BMP"),
    "avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf",
    "avif-that-says-heic": b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif",
    "film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "sequence-of-heic": b"\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc",
    "zip": b"PK\x03\x04" + bytes(40),
    "old-office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
    "program": b"MZ" + bytes(80),
    "elf": b"\x7fELF" + bytes(80),
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "postscript": b"%!PS-Adobe-3.0\n",
    "mvg": b"push graphic-context\nfill 'url(https://x/a.jpg\"|ls \"-la)'\n",
    "pdf-behind-something": HTML + documents.pdf(),
    "jpeg-behind-something": b" " + hostile.saved(hostile.picture(), "JPEG"),
    "riff-sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
}


def _refused(send: Callable[..., str], data: bytes, *about: object) -> Refusal:
    with pytest.raises(FileRefused) as caught:
        send(data, *about)
    assert caught.value.message
    return caught.value.code


def _nothing_is_left(gate: Gate, tmp_path: Path) -> bool:
    with gate.database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(CheckedFile))
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file() and path.name != "lock"]
    return rows == 0 and files == []


@pytest.mark.parametrize("name", sorted(NOT_TAKEN))
def test_c2_only_what_is_made_anew_comes_in(name: str, send: Callable[..., str], gate: Gate, tmp_path: Path) -> None:
    for said in ("photo.jpg", "", f"file.{name}"):
        assert _refused(send, NOT_TAKEN[name], said, "image/jpeg") is Refusal.UNKNOWN_TYPE
    assert _nothing_is_left(gate, tmp_path)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (hostile.jpeg(), Kind.JPEG),
        (hostile.png(), Kind.PNG),
        (hostile.webp(), Kind.WEBP),
        (hostile.heic(), Kind.HEIC),
        (documents.pdf(), Kind.PDF),
    ],
    ids=["jpeg", "png", "webp", "heic", "pdf"],
)
def test_c5_content_name_and_declared_type_must_agree(data: bytes, kind: Kind, send: Callable[..., str]) -> None:
    names = {Kind.JPEG: "a.jpg", Kind.PNG: "a.png", Kind.WEBP: "a.webp", Kind.HEIC: "a.heic", Kind.PDF: "a.pdf"}
    types = {
        Kind.JPEG: "image/jpeg",
        Kind.PNG: "image/png",
        Kind.WEBP: "image/webp",
        Kind.HEIC: "image/heic",
        Kind.PDF: "application/pdf",
    }
    assert sniff(data[:64]) is kind
    for other in Kind:
        if other is kind:
            assert send(data, names[other], types[other])
            assert send(data, names[other].upper(), f"{types[other]}; charset=x")
            assert send(data, names[other], "application/octet-stream")
            assert send(data, "", types[other])
            assert send(data, "", "")
        else:
            assert _refused(send, data, names[other], types[kind]) is Refusal.NAME_DIFFERS
            assert _refused(send, data, names[kind], types[other]) is Refusal.NAME_DIFFERS
    for declared in ("text/html", "image/svg+xml", "image/gif", "x", "image/"):
        assert _refused(send, data, names[kind], declared) is Refusal.NAME_DIFFERS


@pytest.mark.parametrize(
    "name",
    [
        "a.php.jpg",
        "a.JPG.html",
        "a.jpg.exe",
        "a.svg.jpeg",
        "a.jpg.",
        "a.jpg . ",
        "a.php\0.jpg",
        "a.jpg\0.php",
        "photo\u202egpj.exe",
        "photo.e\u200bxe",
        "a.jpg/x.html",
        "a.jpg\\x.html",
        "x.jpg;.html",
        "x.html%00.jpg%",
        ".htaccess",
    ],
    ids=ascii,
)
def test_c5_double_extensions_and_hidden_signs(name: str, send: Callable[..., str]) -> None:
    if name in ("a.jpg.", "a.jpg . "):  # says what it is, once the dots are gone
        assert send(hostile.jpeg(), name)
        return
    assert _refused(send, hostile.jpeg(), name) is Refusal.NAME_DIFFERS


@pytest.mark.parametrize("name", ["Biên bản 12.5.2026.jpg", "www.example.com.jpg", "ảnh (1).JPEG", "IMG_0001"])
def test_c5_honest_names_pass(name: str) -> None:
    assert agrees(Kind.JPEG, name, "image/jpeg")


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\Nguyễn Văn A\\ảnh.jpg", "ảnh.jpg"),
        ("/etc/cron.d/x.jpg", "x.jpg"),
        ("a\0b\r\nX-Header: 1\x7f.jpg", "ab X-Header: 1.jpg"),
        ("\u202ea\u2066b\u200f.jpg", "ab.jpg"),
        ("\ud800.jpg", ".jpg"),
        ("  a   b .jpg ", "a b .jpg"),
        ("..", ".."),
        ("", ""),
        ("a" * 500 + ".jpg", "a" * 108 + "….jpg"),
        ("a" * 500, "a" * 120),
        ("a\u0306nh.jpg", "ănh.jpg"),
    ],
    ids=ascii,
)
def test_c7_names_are_data_only(
    declared: str, shown: str, gate: Gate, tmp_path: Path, row: Callable[[str], CheckedFile]
) -> None:
    assert shown_name(declared) == shown
    data = hostile.jpeg() if agrees(Kind.JPEG, declared, "") else b""
    if not data:
        return
    with gate.database.transaction() as session:
        file_id = receive(session, gate.store, declared, BytesIO(data), allowed=ORDINARY).id
    assert row(file_id).declared_name == shown
    names = {path.name for path in tmp_path.rglob("*")} - {"files", "drafts"}
    assert names == {row(file_id).stored_name, str(row(file_id).stored_name)[:2]}
    assert len(file_id) == len(str(row(file_id).stored_name)) == 32


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hostile.png_of(20_000, 20_000), Refusal.TOO_MANY_PIXELS),
        (hostile.png_of(2**31 - 1, 2**31 - 1), Refusal.TOO_MANY_PIXELS),
        (hostile.png_of(64_000_001, 1), Refusal.TOO_MANY_PIXELS),
        (hostile.png_of(6_001, 4_000), Refusal.TOO_MANY_PIXELS),  # decoded whole, unlike a JPEG
        (hostile.webp_of(6_001, 4_000), Refusal.TOO_MANY_PIXELS),
        (hostile.jpeg_of(20_000, 20_000), Refusal.TOO_MANY_PIXELS),
        (hostile.jpeg_of(65_535, 65_535), Refusal.TOO_MANY_PIXELS),
        (hostile.webp_of(16_384, 16_384), Refusal.TOO_MANY_PIXELS),
        (hostile.png_of(0, 10), Refusal.UNREADABLE),
        (hostile.jpeg_of(10, 0), Refusal.UNREADABLE),
        (hostile.jpeg()[:20], Refusal.UNREADABLE),
        (hostile.png()[:20], Refusal.UNREADABLE),
        (hostile.webp()[:20], Refusal.UNREADABLE),
        (hostile.heic()[:40], Refusal.UNREADABLE),
        (b"\xff\xd8\xff", Refusal.UNREADABLE),
        (b"\xff\xd8" + b"\xff" * 5000, Refusal.UNREADABLE),
        (b"\xff\xd8" + b"\xff\xe0\0\2" * 100_000, Refusal.UNREADABLE),
        (b"", Refusal.EMPTY),
        (hostile.animated("PNG"), Refusal.ANIMATED),
        (hostile.animated("WEBP"), Refusal.ANIMATED),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_c3_c6_the_header_is_enough_to_refuse(
    data: bytes, code: Refusal, send: Callable[..., str], gate: Gate, tmp_path: Path
) -> None:
    assert _refused(send, data) is code
    assert _nothing_is_left(gate, tmp_path)


def test_c6_400_megapixels_of_heic_are_refused_by_their_header(send: Callable[..., str]) -> None:
    data = bytearray(hostile.heic())
    place = data.index(b"ispe") + 8
    data[place : place + 8] = (20_000).to_bytes(4, "big") * 2
    assert _refused(send, bytes(data)) is Refusal.TOO_MANY_PIXELS


def test_c3_too_large_is_noticed_while_reading(send: Callable[..., str], gate: Gate, tmp_path: Path) -> None:
    small = Allowed(most_bytes=100_000)
    data = hostile.jpeg() + bytes(100_000)
    assert _refused(send, data, "a.jpg", "", small) is Refusal.TOO_LARGE
    assert _nothing_is_left(gate, tmp_path)
    assert send(hostile.jpeg(), "a.jpg", "", small)


def test_a_way_in_may_take_less_than_the_gate(send: Callable[..., str]) -> None:
    assert _refused(send, documents.pdf(), "a.pdf", "", PHOTOS) is Refusal.UNKNOWN_TYPE
    check_count(ORDINARY.most_files, ORDINARY)
    with pytest.raises(FileRefused, match="5 tệp"):
        check_count(ORDINARY.most_files + 1, ORDINARY)


def test_a2_what_came_in_waits_and_tells_no_order(
    send: Callable[..., str], row: Callable[[str], CheckedFile], gate: Gate
) -> None:
    ids = [send(hostile.jpeg(), f"{number}.jpg") for number in range(8)]
    assert all(row(one).state is FileState.WAITING and row(one).tries == 0 for one in ids)
    with gate.database.reading() as session:
        stored = list(session.scalars(select(CheckedFile.id)))
    assert sorted(ids) == sorted(stored)
    assert ids != sorted(ids)
    assert {column.type.python_type.__name__ for column in CheckedFile.__table__.columns} & {
        "datetime",
        "time",
    } == set()


def test_c3_a_rolled_back_transaction_takes_its_files_along(gate: Gate, tmp_path: Path) -> None:
    def fail() -> None:
        with gate.database.transaction() as session:
            receive(session, gate.store, "a.jpg", BytesIO(hostile.jpeg()), allowed=ORDINARY)
            receive(session, gate.store, "b.pdf", BytesIO(documents.pdf()), allowed=ORDINARY)
            assert len(gate.store.names()) == 2
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert _nothing_is_left(gate, tmp_path)


def test_discarding_follows_the_transaction_too(send: Callable[..., str], gate: Gate) -> None:
    kept, gone = send(hostile.jpeg()), send(hostile.png())

    def fail() -> None:
        with gate.database.transaction() as session:
            assert discard(session, gate.store, [kept, gone]) == 2
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert len(gate.store.names()) == 2
    with gate.database.transaction() as session:
        assert discard(session, gate.store, [gone, "never-was"]) == 1
        assert discard(session, gate.store, []) == 0
        assert len(gate.store.names()) == 2  # until the transaction has ended well
    assert len(gate.store.names()) == 1
    with gate.database.transaction() as session:
        assert discard(session, gate.store, [gone]) == 0


@pytest.mark.parametrize("code", Refusal, ids=str)
def test_every_refusal_says_what_to_do(code: Refusal) -> None:
    said = words(code)
    assert "Xin Ông/Bà" in said
    assert "%" not in said
    assert len(said) < 200
