"""The job: each waiting file is scanned, made anew in the confined process, and accepted, or refused and erased.

Files that were accepted while no scanner was set are scanned once there is one: what turns out bad is refused then.

Safe to run twice and by two runners. A named lock keeps them apart; should it ever fail, only the one whose count of
tries still stands in the row may settle it, and the other erases what it made. A runner killed in the middle leaves
the file waiting.
"""

import re
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import select, update

from app.audit.services import record
from app.audit.tags import Action
from app.crypto.errors import NotEncryptedError, TamperedError
from app.db import locks
from app.db.session import Database
from app.errors import Missing
from app.files.gate.ending import erase_if_undone, erase_when_done
from app.files.gate.kinds import HEAD_BYTES, sniff
from app.files.gate.models import CheckedFile, FileState
from app.files.gate.refusals import FileRefused, Refusal
from app.files.gate.remaking import LONGEST_SECONDS, remade
from app.files.gate.scanner import Scanner, ScannerDown
from app.files.gate.words import refused
from app.files.store import FileStore, StoredFile

LOCK = "file-gate"
MOST_TRIES = 5
"""A file over which the runner itself died so often is refused."""
MOST_RESCANNED = 50
"""Files accepted unscanned that one run looks at: the next minute brings the next ones."""
_NOT_A_CODE = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Gate:
    """What checking needs."""

    database: Database
    store: FileStore
    lock_folder: Path
    scanner: Scanner | None = None
    seconds: float = LONGEST_SECONDS


@dataclass(slots=True)
class Checked:
    """What one run did."""

    accepted: int = 0
    refused: int = 0
    is_scanner_down: bool = False
    failures: list[Exception] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Claim:
    file_id: str
    stored_name: str
    tries: int


def check_waiting(gate: Gate) -> Checked:
    """Check everything that waits.

    Raises
    ------
    Exception
        The first thing that went wrong with the house and not with a file (no key, no storage), after the other files
        have been checked; what it hit goes on waiting.
    """
    done = Checked()
    with locks.held(gate.database, gate.lock_folder, LOCK) as is_free:
        waiting = _waiting(gate) if is_free else []
        if waiting and gate.scanner is not None and not gate.scanner.is_there():
            done.is_scanner_down = True
            return done
        for file_id in waiting:
            claim = _claim(gate, file_id)
            if claim is not None and not _check(gate, claim, done):
                break
        if is_free and not done.is_scanner_down and not done.failures:
            _rescan(gate, done)
    if done.failures:
        raise done.failures[0]
    return done


def _waiting(gate: Gate) -> list[str]:
    with gate.database.reading() as session:
        waiting = select(CheckedFile.id).where(CheckedFile.state == FileState.WAITING).order_by(CheckedFile.id)
        return list(session.scalars(waiting))


def _claim(gate: Gate, file_id: str) -> _Claim | None:
    with gate.database.transaction() as session:
        row = session.execute(
            update(CheckedFile)
            .where(CheckedFile.id == file_id, CheckedFile.state == FileState.WAITING)
            .values(tries=CheckedFile.tries + 1)
            .returning(CheckedFile.stored_name, CheckedFile.tries)
        ).one_or_none()
    return None if row is None or row.stored_name is None else _Claim(file_id, row.stored_name, row.tries)


def _check(gate: Gate, claim: _Claim, done: Checked) -> bool:
    """Check one file; False when there is no use in going on."""
    try:
        made = _made(gate, claim)
    except FileRefused as error:
        done.refused += _refuse(gate, claim, error.code)
    except (Missing, TamperedError, NotEncryptedError):
        done.refused += _refuse(gate, claim, Refusal.LOST)
    except ScannerDown:
        _let_wait(gate, claim)
        done.is_scanner_down = True
        return False
    except Exception as error:  # noqa: BLE001 - the house's fault, not the file's: raised at the end of the run
        _let_wait(gate, claim)
        done.failures.append(error)
    else:
        done.accepted += _accept(gate, claim, made)
    return True


def _rescan(gate: Gate, done: Checked) -> None:
    """Scan files that were accepted before there was a scanner."""
    if gate.scanner is None:
        return
    unscanned = select(CheckedFile.id, CheckedFile.stored_name).where(
        CheckedFile.state == FileState.ACCEPTED, CheckedFile.is_scanned.is_(False)
    )
    with gate.database.reading() as session:
        found = session.execute(unscanned.order_by(CheckedFile.id).limit(MOST_RESCANNED)).all()
    rows = [(file_id, name) for file_id, name in found if name is not None]
    if rows and not gate.scanner.is_there():
        done.is_scanner_down = True
        return
    for file_id, name in rows:
        try:
            signature = gate.scanner.found_in(gate.store.read(name))
        except ScannerDown:
            done.is_scanner_down = True
            return
        except (Missing, TamperedError, NotEncryptedError):
            done.refused += _note_rescan(gate, file_id, name, Refusal.LOST)
            continue
        if signature is not None:
            _record_malware(gate, signature)
        done.refused += _note_rescan(gate, file_id, name, None if signature is None else Refusal.MALWARE)


def _note_rescan(gate: Gate, file_id: str, name: str, refusal: Refusal | None) -> bool:
    """Note a late scan; a bad file is refused and erased. Whether it was refused."""
    settled: dict[str, object] = {"is_scanned": True}
    if refusal is not None:
        settled = {"state": FileState.REFUSED, "stored_name": None, "refusal": refusal}
    with gate.database.transaction() as session:
        changed = session.execute(
            update(CheckedFile)
            .where(CheckedFile.id == file_id, CheckedFile.stored_name == name)
            .where(CheckedFile.state == FileState.ACCEPTED)
            .values(**settled)
            .returning(CheckedFile.id)
        ).all()
        if changed and refusal is not None:
            erase_when_done(session, gate.store, name)
    return bool(changed) and refusal is not None


def _made(gate: Gate, claim: _Claim) -> StoredFile:
    """Scan what was sent and store the new file; nothing is kept of one that turns out bad half-way."""
    if claim.tries > MOST_TRIES:
        raise refused(Refusal.TOOK_TOO_LONG)
    if gate.scanner is not None:
        signature = gate.scanner.found_in(gate.store.read(claim.stored_name))
        if signature is not None:
            _record_malware(gate, signature)
            raise refused(Refusal.MALWARE)
    pieces = gate.store.read(claim.stored_name)
    first = next(pieces, b"")
    kind = sniff(first[:HEAD_BYTES])
    if kind is None:
        raise refused(Refusal.UNKNOWN_TYPE)
    with remade(chain((first,), pieces), kind, seconds=gate.seconds) as new:
        return gate.store.save(new)


def _accept(gate: Gate, claim: _Claim, made: StoredFile) -> bool:
    settled = {
        "state": FileState.ACCEPTED,
        "stored_name": made.name,
        "size": made.size,
        "checksum": made.checksum,
        "is_scanned": gate.scanner is not None,
    }
    is_ours = _settle(gate, claim, settled, made.name)
    if not is_ours:
        gate.store.erase(made.name)
    return is_ours


def _refuse(gate: Gate, claim: _Claim, code: Refusal) -> bool:
    return _settle(gate, claim, {"state": FileState.REFUSED, "stored_name": None, "refusal": code}, None)


def _settle(gate: Gate, claim: _Claim, settled: dict[str, object], made: str | None) -> bool:
    """Store the end of a check and erase what was sent, unless somebody else has settled or discarded it."""
    with gate.database.transaction() as session:
        if made is not None:
            erase_if_undone(session, gate.store, made)
        changed = session.execute(
            update(CheckedFile)
            .where(CheckedFile.id == claim.file_id, CheckedFile.state == FileState.WAITING)
            .where(CheckedFile.tries == claim.tries, CheckedFile.stored_name == claim.stored_name)
            .values(**settled)
            .returning(CheckedFile.id)
        ).all()
        if changed:
            erase_when_done(session, gate.store, claim.stored_name)
    return bool(changed)


def _let_wait(gate: Gate, claim: _Claim) -> None:
    """It was not the file's fault: the try does not count."""
    with gate.database.transaction() as session:
        session.execute(
            update(CheckedFile)
            .where(CheckedFile.id == claim.file_id, CheckedFile.tries == claim.tries)
            .values(tries=CheckedFile.tries - 1)
        )


def _record_malware(gate: Gate, signature: str) -> None:
    """What was found, not in which file: the record knows the minute, and a file must not."""
    with gate.database.transaction() as session:
        record(session, None, Action.FILE_MALWARE, "files:gate", {"signature": _NOT_A_CODE.sub("_", signature)[:100]})
