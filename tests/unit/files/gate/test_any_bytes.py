"""Whatever somebody sends: a named refusal or a clean file, and nothing left of what was refused."""

from collections.abc import Callable
from io import BytesIO
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from app.files.gate.checking import Gate, check_waiting
from app.files.gate.headers import BadHeader, picture
from app.files.gate.kinds import IMAGES, Kind, agrees, shown_name, sniff
from app.files.gate.limits import ORDINARY, Allowed
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.queries import content
from app.files.gate.refusals import FileRefused
from app.files.gate.services import discard, take
from app.files.storage import LocalFolder
from app.files.store import FileStore
from tests.support import documents, hostile
from tests.support.examples import examples

SAMPLES = (hostile.jpeg(), hostile.png(), hostile.webp(), hostile.heic(), documents.with_metadata())
HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic", b"%PDF-1.7\n")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with bytes changed, left out, repeated, cut off or put behind."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data) - 1))
        match draw(st.sampled_from(("change", "drop", "insert", "repeat"))):
            case "change":
                data[place] = draw(st.integers(0, 255))
            case "drop":
                del data[place : place + draw(st.integers(1, 40))]
            case "insert":
                data[place:place] = draw(st.binary(max_size=40))
            case _:
                data[place:place] = data[place : place + draw(st.integers(1, 200))]
        if not data:
            break
    return bytes(data)


ANYTHING = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda head, rest: head + rest, st.sampled_from(HEADS), st.binary(max_size=300)),
    damaged(),
)


@settings(max_examples=400, deadline=None)
@given(data=ANYTHING, name=st.text(max_size=30), declared=st.text(max_size=12), most=st.integers(1, 5000))
def test_c3_the_look_at_any_bytes_ends_well(data: bytes, name: str, declared: str, most: int) -> None:
    with TemporaryDirectory() as folder:
        from pathlib import Path

        store = FileStore(LocalFolder(Path(folder)))
        try:
            taken = take(store, name, BytesIO(data), allowed=Allowed(most_bytes=most), declared_type=declared)
        except FileRefused as refused:
            assert refused.message  # noqa: PT017 - either end is right
            assert store.names() == []
            assert [path for path in Path(folder).rglob("*") if path.is_file()] == []
        else:
            assert store.names() == [taken.stored.name]
            assert b"".join(store.read(taken.stored.name)) == data
            assert len(data) <= most


@settings(max_examples=500, deadline=None)
@given(data=ANYTHING)
def test_c6_headers_are_read_or_bad(data: bytes) -> None:
    for kind in IMAGES:
        try:
            found = picture(BytesIO(data), kind)
        except BadHeader:
            continue
        assert found.width > 0 < found.height


@given(name=st.text(), declared=st.text())
def test_c7_any_name_becomes_one_that_can_be_shown(name: str, declared: str) -> None:
    shown = shown_name(name)
    assert shown_name(shown) == shown
    assert len(shown) <= 120
    assert shown.isprintable() or shown == ""
    assert "/" not in shown and "\\" not in shown  # noqa: PT018
    shown.encode()
    for kind in Kind:
        agrees(kind, name, declared)


@settings(max_examples=examples(50, 6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged())
def test_c3_c4_c6_any_damage_ends_in_a_refusal_or_a_clean_file(
    data: bytes, gate: Gate, send: Callable[..., str], row: Callable[[str], CheckedFile]
) -> None:
    try:
        file_id = send(data)
    except FileRefused:
        assert gate.store.names() == []
        return
    assert sniff(data[:64]) is not None
    done = check_waiting(gate)
    found = row(file_id)
    if found.state is FileState.REFUSED:
        assert done.refused == 1
        assert found.refusal is not None
        assert gate.store.names() == []
    else:
        with gate.database.reading() as session:
            made = b"".join(content(session, gate.store, file_id).pieces)
        if found.media_type is MediaType.JPEG:
            assert Image.open(BytesIO(made)).getexif() == {}
            assert hostile.MARKER not in made
        else:
            assert PdfReader(BytesIO(made)).metadata is None
        assert len(gate.store.names()) == 1
    with gate.database.transaction() as session:
        discard(session, gate.store, [file_id])
    assert gate.store.names() == []


def test_the_limits_of_a_way_in_have_sense() -> None:
    assert ORDINARY.kinds == frozenset(Kind)
    assert ORDINARY.most_files * ORDINARY.most_bytes <= 100 * 1024 * 1024
