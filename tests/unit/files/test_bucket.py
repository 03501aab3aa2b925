"""Files in a bucket: the same promises as in a folder, kept by a server that speaks S3."""

import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from app.config import Config, ConfigError, S3Place
from app.crypto import keeper
from app.crypto.errors import TamperedError
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, environment_text
from app.db.session import Database
from app.errors import Missing
from app.files.gate.checking import Checked, Gate, check_waiting
from app.files.gate.limits import ORDINARY
from app.files.gate.queries import content
from app.files.gate.refusals import FileRefused
from app.files.gate.services import discard, receive
from app.files.gate.sweeping import sweep
from app.files.s3 import Bucket
from app.files.store import FileStore
from app.keys.start import store_of
from tests.support import documents, hostile
from tests.support.keys import keeper_of_tests
from tests.support.s3 import running_s3

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parents[3]
MARKER = b"Nguyen Thi Marker 0912345678 "
SETTINGS = {
    "LANGNGHE_SECRET_KEY": "x" * 40,
    "LANGNGHE_FILES": "s3://bucket/some/prefix/",
    "LANGNGHE_S3_ENDPOINT": "https://s3.tinh.gov.vn/",
    "LANGNGHE_S3_REGION": "hn",
    "LANGNGHE_S3_ACCESS_KEY_ID": "id",
    "LANGNGHE_S3_SECRET_ACCESS_KEY": "very-secret",
}


@pytest.fixture(scope="module")
def server() -> Iterator[S3Place]:
    with running_s3() as place:
        yield place


@pytest.fixture
def place(server: S3Place) -> S3Place:
    """A prefix nobody has used."""
    return replace(server, prefix=f"of/{secrets.token_hex(4)}")


@pytest.fixture
def store(place: S3Place) -> FileStore:
    return FileStore(Bucket(place))


def raw(place: S3Place, name: str) -> bytes:
    """What the server holds."""
    return b"".join(Bucket(place).get(name))


@pytest.mark.parametrize("pieces", [1, 100, 6000], ids=["small", "one part", "several parts"])
def test_a_file_comes_back_whole_and_lies_there_encrypted(store: FileStore, place: S3Place, pieces: int) -> None:
    saved = store.save([MARKER * 100] * pieces)
    assert b"".join(store.read(saved.name)) == MARKER * 100 * pieces
    assert saved.size == len(MARKER) * 100 * pieces
    assert store.names() == [saved.name]
    assert b"Marker" not in raw(place, saved.name)
    assert store.key_id(saved.name) == 1
    assert store.stale(0) == [saved.name]
    assert store.stale(3600) == []
    assert store.sweep(0) == 0


@pytest.mark.parametrize("pieces", [3, 4000])
def test_c3_c9_an_upload_that_breaks_off_leaves_nothing(store: FileStore, pieces: int) -> None:
    def broken() -> Iterator[bytes]:
        yield from [MARKER * 100] * pieces
        raise FileRefusedHere

    with pytest.raises(FileRefusedHere):
        store.save(broken())
    assert store.names() == []


class FileRefusedHere(Exception):
    """What a check raises in the middle of an upload."""


def test_erasing_and_unknown_names(store: FileStore) -> None:
    saved = store.save([MARKER])
    store.erase(saved.name)
    store.erase(saved.name)
    assert store.names() == []
    for name in (saved.name, "0" * 32, "../../etc/passwd", ""):
        with pytest.raises(Missing):
            store.read(name)
    assert not store.encrypt_anew(saved.name)


def test_a_renamed_or_cut_object_does_not_open(store: FileStore, place: S3Place) -> None:
    saved = store.save([MARKER * 5000])
    bucket = Bucket(place)
    other = secrets.token_hex(16)
    bucket.put(other, [raw(place, saved.name)])
    bucket.replace(saved.name, [raw(place, saved.name)[:-1]])
    for name in (saved.name, other):
        with pytest.raises(TamperedError):
            b"".join(store.read(name))


def test_keys_are_rotated_object_by_object(store: FileStore) -> None:
    saved = store.save([MARKER * 300_000])  # several parts
    keeper.use(Keeper(EnvironmentKeys(environment_text(2, "1d" * 32, {1: "1e" * 32, 2: "2e" * 32}))))
    try:
        assert store.encrypt_anew(saved.name)
        assert store.key_id(saved.name) == 2
        assert b"".join(store.read(saved.name)) == MARKER * 300_000
    finally:
        keeper.use(keeper_of_tests())


def test_f8_what_is_erased_while_it_is_replaced_does_not_come_back(store: FileStore, place: S3Place) -> None:
    saved = store.save([MARKER])
    bucket = Bucket(place)

    def erased_meanwhile() -> Iterator[bytes]:
        yield b"new"
        store.erase(saved.name)
        yield b"content"

    assert not bucket.replace(saved.name, erased_meanwhile())
    assert store.names() == []


def test_of_two_who_replace_at_once_one_wins_whole(store: FileStore, place: S3Place) -> None:
    saved = store.save([MARKER])
    bucket, both = Bucket(place), threading.Barrier(2)

    def late(sign: bytes) -> Iterator[bytes]:
        both.wait()
        yield sign * 1000

    done: list[bool] = []
    runners = [
        threading.Thread(target=lambda sign=sign: done.append(bucket.replace(saved.name, late(sign))))
        for sign in (b"a", b"b")
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sorted(done) == [False, True]
    assert raw(place, saved.name) in (b"a" * 1000, b"b" * 1000)


def test_the_gate_works_on_a_bucket(store: FileStore, database: Database, tmp_path: Path) -> None:
    gate = Gate(database, store, tmp_path)
    with database.transaction() as session:
        photo = receive(session, store, "a.jpg", BytesIO(hostile.jpeg(3000, 2000)), allowed=ORDINARY).id
        bad = receive(session, store, "b.pdf", BytesIO(documents.locked()), allowed=ORDINARY).id
    with pytest.raises(FileRefused), database.transaction() as session:
        receive(session, store, "c.jpg", BytesIO(b"\xff\xd8\xff"), allowed=ORDINARY)
    assert len(store.names()) == 2
    assert check_waiting(gate) == Checked(accepted=1, refused=1)
    with database.reading() as session:
        found = content(session, store, photo)
        made = b"".join(found.pieces)
    assert made.startswith(b"\xff\xd8\xff")
    assert hostile.MARKER not in made
    assert len(made) == found.size
    store.save([b"orphan"])
    assert sweep(database, store) == (0, 0)  # young
    assert len(store.names()) == 2
    with database.transaction() as session:
        assert discard(session, store, [photo, bad]) == 2
    assert len(store.names()) == 1


def test_a_bucket_out_of_reach_is_an_error_of_the_house(
    place: S3Place, database: Database, tmp_path: Path, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.files.s3.RETRY_SECONDS", 1)
    away = FileStore(Bucket(replace(place, endpoint="http://127.0.0.1:9")))
    with database.transaction() as session:
        receive(session, store, "a.jpg", BytesIO(hostile.jpeg()), allowed=ORDINARY)
    with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
        check_waiting(Gate(database, away, tmp_path))
    assert check_waiting(Gate(database, store, tmp_path)) == Checked(accepted=1)


def test_the_settings_lead_to_a_bucket(place: S3Place, config: Config) -> None:
    store = store_of(replace(config, s3=place))
    saved = store.save([MARKER])
    assert b"Marker" not in raw(place, saved.name)
    assert not config.file_dir.exists()
    found = Config.from_env(SETTINGS).s3
    assert found == S3Place("bucket", "some/prefix", "https://s3.tinh.gov.vn", "hn", "id", "very-secret")
    assert "very-secret" not in repr(Config.from_env(SETTINGS))


FORKING = """
import os, signal, sys
from dataclasses import replace
from app.config import Config, S3Place
from app.files.s3 import Bucket, UsedBeforeForkError
from app.keys.start import file_uses_apart, store_of
from pathlib import Path

place = S3Place("langnghe-test", sys.argv[2], sys.argv[1], "us-east-1", "key", "secret")
config = Config("sqlite://", Path("var"), b"x" * 40, s3=place)
signal.alarm(60)
print(dict(file_uses_apart(config)), flush=True)  # what the start asks before workers are forked
for _ in range(2):
    child = os.fork()
    if not child:
        signal.alarm(30)
        try:
            print(len(store_of(config).names()), flush=True)
        except UsedBeforeForkError:
            print("refused", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    Bucket(place).names()
"""


def test_workers_forked_after_the_start_can_use_the_bucket(store: FileStore, place: S3Place) -> None:
    """The library under it keeps threads that no fork survives: better an error than a worker that waits for ever."""
    for _ in range(2):
        store.save([MARKER])
    ended = subprocess.run(
        [sys.executable, "-c", FORKING, place.endpoint, place.prefix],
        capture_output=True, text=True, timeout=120, check=True, cwd=ROOT,
    )  # fmt: skip
    assert ended.stdout.split("\n") == ["{1: 2}", "2", "refused", ""]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGNGHE_FILES", "/some/folder"),
        ("LANGNGHE_FILES", "s3://"),
        ("LANGNGHE_FILES", "s3://bucket/a?b"),
        ("LANGNGHE_FILES", "s3://user:secret@bucket/a"),
        ("LANGNGHE_S3_ACCESS_KEY_ID", ""),
        ("LANGNGHE_S3_SECRET_ACCESS_KEY", ""),
        ("LANGNGHE_S3_ENDPOINT", "s3.tinh.gov.vn"),
        ("LANGNGHE_CLAMAV", "3310"),
        ("LANGNGHE_CLAMAV", "clamd:port"),
    ],
)
def test_wrong_settings_stop_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match="LANGNGHE_"):
        Config.from_env({**SETTINGS, name: value})


def test_the_scanner_stands_in_the_settings() -> None:
    assert Config.from_env({**SETTINGS, "LANGNGHE_CLAMAV": "127.0.0.1:3310"}).scanner == ("127.0.0.1", 3310)
    assert Config.from_env({**SETTINGS, "LANGNGHE_CLAMAV": "[::1]:3310"}).scanner == ("::1", 3310)
    assert Config.from_env(SETTINGS).scanner is None
