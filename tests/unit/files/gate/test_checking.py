"""From quarantine to an accepted file, or to a refused one of which nothing is left."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from app.errors import Missing
from app.files.gate.checking import MOST_TRIES, Checked, Gate, check_waiting
from app.files.gate.models import CheckedFile, FileState, MediaType
from app.files.gate.queries import content
from app.files.gate.refusals import Refusal
from app.files.gate.services import discard
from app.files.storage import LocalFolder
from app.files.store import FileStore
from tests.support import documents, hostile
from tests.support.databases import address_of
from tests.support.keys import TEST_KEYS

Row = Callable[[str], CheckedFile]
Send = Callable[..., str]
ROOT = Path(__file__).resolve().parents[4]


def read(gate: Gate, file_id: str) -> bytes:
    with gate.database.reading() as session:
        return b"".join(content(session, gate.store, file_id).pieces)


def closed(gate: Gate, file_id: str) -> bool:
    try:
        read(gate, file_id)
    except Missing:
        return True
    return False


def test_a_photo_waits_and_is_then_another_file(gate: Gate, send: Send, row: Row) -> None:
    file_id = send(hostile.jpeg(2000, 1000), "ảnh hộ khẩu.jpg", "image/jpeg")
    sent = row(file_id).stored_name
    assert closed(gate, file_id)
    assert check_waiting(gate) == Checked(accepted=1)
    found, made = row(file_id), read(gate, file_id)
    assert (found.state, found.media_type, found.refusal) == (FileState.ACCEPTED, MediaType.JPEG, None)
    assert (found.size, found.is_scanned, found.tries) == (len(made), False, 1)
    assert found.declared_name == "ảnh hộ khẩu.jpg"
    assert hostile.MARKER not in made
    assert gate.store.names() == [found.stored_name]
    assert found.stored_name != sent
    assert check_waiting(gate) == Checked()


def test_c7_the_download_name_is_ours(gate: Gate, send: Send) -> None:
    ids = [send(hostile.png(), '"; filename="x\r\nX: 1.png'), send(documents.pdf(), "../../đơn.pdf")]
    check_waiting(gate)
    with gate.database.reading() as session:
        found = [content(session, gate.store, one) for one in ids]
    assert [one.download_name for one in found] == [f"anh-{ids[0][:8]}.jpg", f"tai-lieu-{ids[1][:8]}.pdf"]
    assert [one.media_type for one in found] == [MediaType.JPEG, MediaType.PDF]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hostile.jpeg(400, 300)[:2500], Refusal.UNREADABLE),
        (hostile.png_of(5000, 4800), Refusal.UNREADABLE),
        (documents.locked(), Refusal.PDF_LOCKED),
        (documents.pdf(**documents.ACTIVE["open-action"]), Refusal.PDF_ACTIVE),  # type: ignore[arg-type]
        (documents.pdf(**documents.ATTACHED["embedded"]), Refusal.PDF_ATTACHMENTS),  # type: ignore[arg-type]
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_c3_after_refusal_nothing_is_left(
    data: bytes, code: Refusal, gate: Gate, send: Send, row: Row, tmp_path: Path, empty_temporary_folder: Path
) -> None:
    file_id = send(data, "x")
    assert check_waiting(gate) == Checked(refused=1)
    assert (row(file_id).state, row(file_id).refusal, row(file_id).stored_name) == (FileState.REFUSED, code, None)
    assert closed(gate, file_id)
    assert gate.store.names() == []
    left = [path for path in (tmp_path / "files").rglob("*") if path.is_file() and path.name != "lock"]
    assert left == [] == list(empty_temporary_folder.iterdir())


def test_c3_a_file_lost_or_changed_in_quarantine_is_refused(gate: Gate, send: Send, row: Row, tmp_path: Path) -> None:
    gone, cut, plain = (send(hostile.jpeg()) for _ in range(3))
    gate.store.erase(str(row(gone).stored_name))
    names = [str(row(one).stored_name) for one in (cut, plain)]
    paths = [tmp_path / "files" / name[:2] / name for name in names]
    paths[0].write_bytes(paths[0].read_bytes()[:-5])
    paths[1].write_bytes(hostile.jpeg())
    assert check_waiting(gate) == Checked(refused=3)
    assert {row(one).refusal for one in (gone, cut, plain)} == {Refusal.LOST}
    assert gate.store.names() == []


def test_two_runners_at_once_accept_each_file_once(gate: Gate, send: Send, row: Row) -> None:
    ids = [send(hostile.jpeg()) for _ in range(6)]
    done: list[Checked] = []
    runners = [threading.Thread(target=lambda: done.append(check_waiting(gate))) for _ in range(3)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sum(one.accepted for one in done) == 6
    assert {row(one).state for one in ids} == {FileState.ACCEPTED}
    assert sorted(gate.store.names()) == sorted(str(row(one).stored_name) for one in ids)
    assert {row(one).tries for one in ids} == {1}


class Meddling(FileStore):
    """A store during whose reading something happens."""

    def __init__(self, store: FileStore, happens: Callable[[], None]) -> None:
        super().__init__(store.storage)
        self._happens = happens

    def read(self, name: str) -> Iterator[bytes]:
        self._happens()
        return super().read(name)


def test_should_the_lock_fail_only_one_of_two_settles_a_file(gate: Gate, send: Send, row: Row) -> None:
    file_id = send(hostile.jpeg())

    def other_claims() -> None:
        with gate.database.transaction() as session:
            session.execute(update(CheckedFile).values(tries=CheckedFile.tries + 1))

    assert check_waiting(replace(gate, store=Meddling(gate.store, other_claims))) == Checked()
    assert row(file_id).state is FileState.WAITING
    assert gate.store.names() == [row(file_id).stored_name]
    assert check_waiting(gate) == Checked(accepted=1)


def test_a_file_discarded_while_it_is_checked_does_not_come_back(gate: Gate, send: Send) -> None:
    file_id = send(hostile.jpeg())

    def discarded() -> None:
        with gate.database.transaction() as session:
            discard(session, gate.store, [file_id])

    assert check_waiting(replace(gate, store=Meddling(gate.store, discarded))) == Checked(refused=0)
    assert gate.store.names() == []


def test_a_fault_of_the_house_lets_a_file_wait_and_others_pass(gate: Gate, send: Send, row: Row) -> None:
    ids = [send(hostile.jpeg()) for _ in range(3)]
    fault = iter([OSError("disk"), None, None])

    def happens() -> None:
        error = next(fault, None)
        if error is not None:
            raise error

    with pytest.raises(OSError, match="disk"):
        check_waiting(replace(gate, store=Meddling(gate.store, happens)))
    states = sorted(row(one).state.value for one in ids)
    assert states == ["accepted", "accepted", "waiting"]
    assert {row(one).tries for one in ids if row(one).state is FileState.WAITING} == {0}
    assert check_waiting(gate) == Checked(accepted=1)


def test_a_file_over_which_runners_die_is_given_up(gate: Gate, send: Send, row: Row) -> None:
    file_id = send(hostile.jpeg())
    with gate.database.transaction() as session:
        session.execute(update(CheckedFile).values(tries=MOST_TRIES))
    assert check_waiting(gate) == Checked(refused=1)
    assert row(file_id).refusal is Refusal.TOOK_TOO_LONG


KILLED = """
import sys, time
from pathlib import Path
from app.crypto import keeper
from app.crypto.keeper import Keeper
from app.crypto.sources import EnvironmentKeys
from app.db.session import Database
from app.files.gate.checking import Gate, check_waiting
from app.files.storage import LocalFolder
from app.files.store import FileStore

class Slow(FileStore):
    def read(self, name):
        pieces = super().read(name)
        yield next(pieces)
        print("begun", flush=True)
        time.sleep(60)

keeper.use(Keeper(EnvironmentKeys(sys.argv[1])))
check_waiting(Gate(Database(sys.argv[2]), Slow(LocalFolder(Path(sys.argv[3]))), Path(sys.argv[4])))
"""


def test_c9_a_runner_killed_in_the_middle_leaves_a_waiting_file_and_nothing_else(
    gate: Gate, send: Send, row: Row, tmp_path: Path, empty_temporary_folder: Path
) -> None:
    file_id = send(hostile.jpeg(3000, 2000))
    address = address_of(gate.database)
    command = [sys.executable, "-c", KILLED, TEST_KEYS, address, str(tmp_path / "files"), str(gate.lock_folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as runner:
        assert runner.stdout is not None
        assert runner.stdout.readline() == b"begun\n"
        (child,) = Path(f"/proc/{runner.pid}/task/{runner.pid}/children").read_text().split()
        runner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}").exists()
    assert (row(file_id).state, row(file_id).tries) == (FileState.WAITING, 1)
    assert gate.store.names() == [row(file_id).stored_name]
    assert list(empty_temporary_folder.iterdir()) == []
    assert check_waiting(gate) == Checked(accepted=1)


def test_c9_what_waits_and_what_is_accepted_is_noise_on_the_disk(gate: Gate, send: Send, tmp_path: Path) -> None:
    send(hostile.jpeg())

    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())

    assert b"\xff\xd8\xff" not in on_disk()
    assert hostile.MARKER not in on_disk()
    check_waiting(gate)
    assert b"JFIF" not in on_disk()


def test_f6_files_bear_the_day_and_no_time(gate: Gate, send: Send, tmp_path: Path) -> None:
    send(hostile.jpeg())
    send(documents.pdf())
    check_waiting(gate)
    times = [path.stat().st_mtime for path in (tmp_path / "files").glob("??/*")]
    assert len(times) == 2
    assert all(one % 86400 == 0 for one in times)
    assert LocalFolder(tmp_path / "files").stale(2 * 86400) == []
