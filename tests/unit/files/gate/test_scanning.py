"""The virus scanner: a real daemon with a signature of our own; what happens while it is away."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.tags import Action
from app.errors import Missing
from app.files.gate.checking import Checked, Gate, check_waiting
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.queries import content
from app.files.gate.refusals import Refusal
from app.files.gate.scanner import Scanner, ScannerDown
from tests.support import documents, hostile
from tests.support.clamd import KNOWN, SIGNATURE, free_port, running_clamd

Row = Callable[[str], CheckedFile]
Send = Callable[..., str]
INFECTED = hostile.saved(hostile.picture(), "JPEG", comment=KNOWN)


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with running_clamd() as running:
        yield running


@pytest.mark.server
def test_c8_malware_is_refused_erased_and_recorded(scanner: Scanner, gate: Gate, send: Send, row: Row) -> None:
    bad, good = send(INFECTED, "a.jpg"), send(hostile.jpeg(), "b.jpg")
    assert check_waiting(replace(gate, scanner=scanner)) == Checked(accepted=1, refused=1)
    assert (row(bad).state, row(bad).refusal, row(bad).stored_name) == (FileState.REFUSED, Refusal.MALWARE, None)
    assert (row(good).state, row(good).is_scanned) == (FileState.ACCEPTED, True)
    assert gate.store.names() == [row(good).stored_name]
    with gate.database.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.FILE_MALWARE))
        assert SIGNATURE in repr(event.detail)
        assert bad not in repr((event.subject, event.detail))


@pytest.mark.server
def test_c8_what_we_would_clean_away_is_scanned_all_the_same(
    scanner: Scanner, gate: Gate, send: Send, row: Row
) -> None:
    behind_the_end = send(hostile.saved(hostile.picture(), "PNG") + KNOWN)
    in_a_pdf = send(documents.pdf(more=[documents.stream(b"", KNOWN)]))
    assert check_waiting(replace(gate, scanner=scanner)) == Checked(refused=2)
    assert {row(one).refusal for one in (behind_the_end, in_a_pdf)} == {Refusal.MALWARE}
    assert gate.store.names() == []


@pytest.mark.server
def test_c8_while_the_scanner_is_away_files_wait_and_are_scanned_later(gate: Gate, send: Send, row: Row) -> None:
    port = free_port()
    away = replace(gate, scanner=Scanner("127.0.0.1", port))
    assert check_waiting(away) == Checked()  # nothing waits: nobody asks
    bad, good = send(INFECTED), send(hostile.jpeg())
    for _ in range(7):  # however often
        assert check_waiting(away) == Checked(is_scanner_down=True)
    assert {row(one).state for one in (bad, good)} == {FileState.WAITING}
    assert {row(one).tries for one in (bad, good)} == {0}
    with gate.database.reading() as session:
        for one in (bad, good):
            with pytest.raises(Missing):
                content(session, gate.store, one)
    with running_clamd(port):
        assert check_waiting(away) == Checked(accepted=1, refused=1)
    assert row(bad).refusal is Refusal.MALWARE
    assert row(good).state is FileState.ACCEPTED


@pytest.mark.server
def test_c8_a_scanner_that_gives_no_verdict_lets_files_wait(gate: Gate, send: Send, row: Row) -> None:
    noise = hostile.saved(hostile.Image.effect_noise((2000, 2000), 90).convert("RGB"), "JPEG", quality=95)
    file_id = send(noise)
    with running_clamd(most="1M") as small:
        assert check_waiting(replace(gate, scanner=small)) == Checked(is_scanner_down=True)
    assert (row(file_id).state, row(file_id).tries) == (FileState.WAITING, 0)


@pytest.mark.parametrize(
    "answer", [b"", b"stream: ", b"\xff\xfe\0", b"stream: something ERROR\0", b"x" * 10_000, b"PONG\0"], ids=range(6)
)
def test_c8_whatever_answers_is_no_verdict_unless_it_is_one(answer: bytes, gate: Gate, send: Send, row: Row) -> None:
    """A server that answers the first question well and the second one with nonsense."""
    file_id = send(hostile.jpeg())
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer, args=(server, [b"PONG\0", answer]))
        answering.start()
        fake = Scanner("127.0.0.1", server.getsockname()[1])
        assert check_waiting(replace(gate, scanner=fake)) == Checked(is_scanner_down=True)
        answering.join()
    assert row(file_id).state is FileState.WAITING


def test_c8_a_scanner_that_hangs_up_at_once_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer, args=(server, [b""]))
        answering.start()
        assert not Scanner("127.0.0.1", server.getsockname()[1]).is_there()
        answering.join()


@pytest.mark.server
def test_the_client_speaks_to_a_real_daemon(scanner: Scanner) -> None:
    assert scanner.is_there()
    assert scanner.found_in([b"harmless", b"", b"words"]) is None
    assert scanner.found_in([]) is None
    assert scanner.found_in([KNOWN[:9], KNOWN[9:]]) == f"{SIGNATURE}.UNOFFICIAL"
    with pytest.raises(ScannerDown, match="size limit"):
        scanner.found_in(bytes(1 << 20) for _ in range(40))


def _answer(server: socket.socket, answers: list[bytes]) -> None:
    for answer in answers:
        line, _ = server.accept()
        with line:
            line.settimeout(5)
            received = BytesIO()
            while not received.getvalue().endswith((b"zPING\0", bytes(4))):
                received.write(line.recv(65536))
            line.sendall(answer)


@pytest.mark.server
def test_c8_what_was_accepted_without_a_scanner_is_scanned_once_there_is_one(
    scanner: Scanner, gate: Gate, send: Send, row: Row
) -> None:
    bad, good = send(hostile.jpeg(), "a.jpg"), send(hostile.jpeg(), "b.jpg")
    assert check_waiting(gate) == Checked(accepted=2)
    signed = gate.store.save([INFECTED])  # as if the list of signatures had grown
    with gate.database.transaction() as session:
        session.get_one(CheckedFile, bad).stored_name = signed.name
    assert check_waiting(replace(gate, scanner=Scanner("127.0.0.1", free_port()))) == Checked(is_scanner_down=True)
    assert check_waiting(replace(gate, scanner=scanner)) == Checked(refused=1)
    assert (row(bad).state, row(bad).refusal, row(bad).stored_name) == (FileState.REFUSED, Refusal.MALWARE, None)
    assert (row(good).state, row(good).is_scanned) == (FileState.ACCEPTED, True)
    assert signed.name not in gate.store.names()
    assert check_waiting(replace(gate, scanner=scanner)) == Checked()
