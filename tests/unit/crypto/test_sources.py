"""Where keys come from: a folder, a command that unwraps them, the environment."""

import stat
import sys
from pathlib import Path

import pytest

from app.crypto.errors import KeysMissingError, KeysUnreadableError, UnknownKeyError
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys, KeyFolder, environment_text, new_environment_key

COMMAND = """
import sys
act, marks = sys.argv[1], open({calls!r}, "a")
marks.write(act + "\\n")
data = sys.stdin.buffer.read()
print("a note of the key server", file=sys.stderr)
if act == "wrap":
    sys.stdout.buffer.write(b"WRAPPED:" + data[::-1])
elif data.startswith(b"WRAPPED:"):
    sys.stdout.buffer.write(data[8:][::-1])
else:
    sys.exit(3)
"""


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    made = KeyFolder(tmp_path / "var" / "keys")
    assert made.create()
    return made


def test_the_first_key_lies_in_files_of_their_owner_only(folder: KeyFolder) -> None:
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    files = sorted(folder.folder.iterdir())
    assert [path.name for path in files] == ["0001.key", "active", "index.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert folder.load().active == 1
    assert not folder.create()


def test_a_creation_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.create()
    first = folder.load()
    (tmp_path / "active").unlink()
    with pytest.raises(KeysMissingError):
        folder.load()
    assert folder.create()
    assert folder.load() == first


def test_keys_open_to_others_or_broken_are_refused_with_the_remedy(folder: KeyFolder) -> None:
    path = folder.folder / "0001.key"
    path.chmod(0o644)
    with pytest.raises(KeysUnreadableError, match="chmod 600"):
        folder.load()
    path.chmod(0o600)
    path.write_text("0" * 63)
    with pytest.raises(KeysUnreadableError, match=r"0001\.key"):
        folder.load()
    (folder.folder / "active").write_text("one")
    with pytest.raises(KeysUnreadableError, match="active"):
        folder.load()


def test_a_missing_index_key_is_named(folder: KeyFolder) -> None:
    (folder.folder / "index.key").unlink()
    with pytest.raises(KeysMissingError, match="index"):
        folder.load()


def test_a_process_notices_a_new_key_when_it_reads_and_when_it_writes(folder: KeyFolder) -> None:
    old, new = Keeper(folder), Keeper(folder)
    old.ring()
    folder.add(2)
    folder.activate(2)
    sealed = new.encrypt(b"x", b"a.b")
    assert old.decrypt(sealed, b"a.b") == b"x"  # a number it does not know: it looks again
    third = Keeper(folder)
    third.ring()
    folder.add(3)
    folder.activate(3)
    third._looked -= 2  # two seconds later
    assert third.ring().active == 3
    with pytest.raises(UnknownKeyError):
        third.decrypt(sealed[:2] + bytes([99]) + sealed[3:], b"a.b")


def test_a_folder_out_of_reach_for_a_moment_stops_nobody(folder: KeyFolder) -> None:
    keys = Keeper(folder)
    sealed = keys.encrypt(b"x", b"a.b")
    folder.folder.rename(folder.folder.with_name("away"))
    keys._looked -= 2
    assert keys.decrypt(keys.encrypt(b"y", b"a.b"), b"a.b") == b"y"
    assert keys.decrypt(sealed, b"a.b") == b"x"


def test_retired_keys_are_put_aside_or_destroyed(folder: KeyFolder) -> None:
    for key_id in (2, 3):
        folder.add(key_id)
    folder.activate(3)
    folder.retire(1, destroy=False)
    folder.retire(2, destroy=True)
    assert set(folder.load().keys) == {3}
    assert [path.name for path in (folder.folder / "retired").iterdir()] == ["0001.key"]
    folder.retire(1, destroy=False)


@pytest.fixture
def wrapped(tmp_path: Path) -> tuple[KeyFolder, Path]:
    script, calls = tmp_path / "kms.py", tmp_path / "calls"
    script.write_text(COMMAND.format(calls=str(calls)))
    folder = KeyFolder(tmp_path / "keys", f"{sys.executable} {script}")
    folder.create()
    return folder, calls


def test_a_command_wraps_and_unwraps_once_a_key_and_process(wrapped: tuple[KeyFolder, Path], capfd) -> None:
    folder, calls = wrapped
    first = folder.load()
    assert {path.name for path in folder.folder.iterdir()} == {"0001.wrapped", "active", "index.wrapped"}
    content = b"".join(path.read_bytes() for path in folder.folder.iterdir())
    assert first.key(1).hex().encode() not in content
    folder.add(2)
    folder.activate(2)
    assert folder.load().keys[1] == first.keys[1]
    assert calls.read_text().split() == ["wrap", "wrap", "unwrap", "unwrap", "wrap", "unwrap"]
    assert first.key(1).hex() not in "".join(capfd.readouterr())


def test_a_command_that_fails_is_named_without_what_it_was_given(wrapped: tuple[KeyFolder, Path]) -> None:
    folder, _calls = wrapped
    path = folder.folder / "0001.wrapped"
    path.write_bytes(b"something else")
    with pytest.raises(KeysUnreadableError, match="status 3") as caught:
        folder.load()
    assert "something" not in str(caught.value)
    missing = KeyFolder(folder.folder, "/nowhere/kms")
    with pytest.raises(KeysUnreadableError, match="FileNotFoundError"):
        missing.load()


def test_an_environment_holds_a_ring(tmp_path: Path) -> None:
    first, second, index = (new_environment_key() for _ in range(3))
    ring = EnvironmentKeys(environment_text(2, index, {1: first, 2: second})).load()
    assert (ring.active, sorted(ring.keys)) == (2, [1, 2])
    assert list(tmp_path.iterdir()) == []
