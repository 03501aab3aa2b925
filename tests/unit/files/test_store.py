"""The one file store: encrypted on the way in, nothing plain on the disk, nothing left of what failed."""

import hashlib
import secrets
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto.errors import EncryptionError
from app.errors import Missing
from app.files.storage import LocalFolder
from app.files.store import FileStore

MARKER = b"Nguyen Thi Marker 0912345678 "


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(LocalFolder(tmp_path / "files"))


def test_a_file_comes_back_whole_with_its_size_and_checksum(store: FileStore, tmp_path: Path) -> None:
    data = MARKER * 10_000
    saved = store.save([data[:5], data[5:100_000], data[100_000:]])
    assert b"".join(store.read(saved.name)) == data
    assert (saved.size, saved.checksum) == (len(data), hashlib.sha256(data).hexdigest())
    assert store.names() == [saved.name]
    assert store.key_id(saved.name) == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"Marker" in path.read_bytes() for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files if path.name == saved.name} == {0o600}
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_names_are_random_and_tell_nothing_of_the_content(store: FileStore) -> None:
    first, second = (store.save([b"same"]).name for _ in range(2))
    assert first != second
    assert len(first) == 32


def test_c9_no_plain_copy_is_on_the_disk_while_a_file_arrives(store: FileStore, tmp_path: Path, monkeypatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def arriving() -> Iterator[bytes]:
        for _ in range(8):
            yield MARKER * 5_000
            seen.extend(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    store.save(arriving())
    assert any(len(content) > 100_000 for content in seen)  # the test does look at the draft
    assert not any(b"Marker" in content for content in seen)


def test_c3_c9_an_upload_that_breaks_off_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield MARKER * 10_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.save(broken())
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_drafts_of_a_killed_process_are_swept_later(store: FileStore, tmp_path: Path) -> None:
    kept = store.save([b"x"]).name
    (tmp_path / "files" / "drafts" / "left").write_bytes(b"encrypted, half")
    assert store.sweep(3600) == 0
    assert store.sweep(0) == 1
    assert store.names() == [kept]


@pytest.mark.parametrize("name", ["", "x", "../secret_key", "A" * 32, "0" * 31, "0" * 33, "0" * 32, "drafts/left"])
def test_c7_other_names_lead_nowhere(store: FileStore, name: str) -> None:
    with pytest.raises(Missing):
        store.read(name)


def test_erased_is_gone_and_stays_gone(store: FileStore, tmp_path: Path) -> None:
    name = store.save([MARKER]).name
    reading = store.read(name)
    store.erase(name)
    store.erase(name)
    assert b"".join(reading) == MARKER  # whoever had opened it reads on
    with pytest.raises(Missing):
        store.read(name)
    assert store.encrypt_anew(name) is False
    assert store.names() == []
    assert list((tmp_path / "files").rglob(name)) == []


def test_erasing_while_it_is_encrypted_anew_does_not_bring_it_back(store: FileStore) -> None:
    for _ in range(20):
        name = store.save([secrets.token_bytes(200_000)]).name
        anew = threading.Thread(target=store.encrypt_anew, args=(name,))
        anew.start()
        store.erase(name)
        anew.join()
        assert store.names() == []


def test_f_files_swapped_on_the_disk_do_not_open(store: FileStore, tmp_path: Path) -> None:
    names = [store.save([content]).name for content in (b"one", b"two")]
    paths = [tmp_path / "files" / name[:2] / name for name in names]
    first, second = (path.read_bytes() for path in paths)
    paths[0].write_bytes(second)
    paths[1].write_bytes(first)
    for name in names:
        with pytest.raises(EncryptionError):
            b"".join(store.read(name))
