"""Rotation and retirement of keys, beside a running application.

A rotation makes a key, lets it encrypt, waits until every process has noticed, and encrypts everything anew in small
transactions. Whatever it does is stored with how far it has come, so that one killed anywhere goes on where it was.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.crypto.keeper import LOOK_AGAIN_SECONDS, Keeper
from app.crypto.sources import KeyFolder
from app.db import locks
from app.db.session import Database
from app.errors import DomainError
from app.files.store import PLACE as FILES
from app.files.store import FileStore
from app.keys.columns import encrypted_columns
from app.keys.errors import NothingToRotate, RotationRunning, StillInUse
from app.keys.models import EncryptionKey, KeyRotation
from app.keys.start import uses

BATCH = 500
PAUSE_SECONDS = 0.005  # lets writers of an embedded database in between two batches
MOST_PASSES = 5
# Longer than any transaction may last: what was encrypted before a worker noticed the new key is stored by then.
SETTLING = timedelta(minutes=10)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What rotation works on."""

    database: Database
    keys: Keeper
    store: FileStore
    lock_folder: Path


def rotate(tools: Tools, say: Say) -> int:
    """Go over to a new key, or go on with a rotation that was interrupted; the number of the key.

    Raises
    ------
    RotationRunning
        When another process is at it.
    NothingToRotate
        When keys come from the environment and no newer one has been made active there.
    """
    with _alone(tools):
        to_key = _unfinished(tools)
        if to_key is None:
            to_key = _new_key(tools)
        else:
            say(f"Tiếp tục lần đổi sang khóa {to_key} còn dở.")
        _activate(tools, to_key)
        _work_off(tools, to_key, say)
        return to_key


def encrypt_anew(tools: Tools, say: Say) -> int:
    """Encrypt with the active key whatever is not, without a new one: what was written late, or restored."""
    with _alone(tools):
        to_key = _unfinished(tools) or tools.keys.reread().active
        _activate(tools, to_key)
        with tools.database.transaction() as session:
            _begin(session, to_key)
        _work_off(tools, to_key, say)
        return to_key


def retire(tools: Tools, key_id: int, *, destroy: bool) -> None:
    """Take a key out of use after proof that nothing is encrypted with it.

    Raises
    ------
    StillInUse
        When it is the active one, something bears it, a rotation is not finished, or a slow writer might still
        use it.
    """
    with _alone(tools):
        ring = tools.keys.reread()
        if key_id == ring.active:
            raise StillInUse(f"Khóa {key_id} đang dùng để mã hóa. Đổi khóa trước: flask keys rotate.")
        if _unfinished(tools) is not None:
            raise StillInUse("Lần đổi khóa trước chưa xong. Chạy lại: flask keys rotate.")
        _refuse_while_settling(tools, ring.active)
        with tools.database.transaction() as session:
            row = session.get(EncryptionKey, key_id)
            if row is None or row.retired_at is not None:
                raise StillInUse(f"Không có khóa {key_id} nào đang chờ bỏ.")
            if left := _left(uses(session.connection(), tools.store), lambda other: other == key_id):
                raise StillInUse(f"Khóa {key_id} còn được dùng: {left}. Chạy: flask keys reencrypt.")
            row.retired_at = clock.now()
            record(session, None, Action.KEY_RETIRE, f"key:{key_id}", {"destroyed": destroy})
        if isinstance(tools.keys.source, KeyFolder):
            tools.keys.source.retire(key_id, destroy=destroy)


@contextmanager
def _alone(tools: Tools) -> Iterator[None]:
    with locks.held(tools.database, tools.lock_folder, "keys") as is_free:
        if not is_free:
            raise RotationRunning("Một tiến trình khác đang đổi khóa.")
        yield


def _unfinished(tools: Tools) -> int | None:
    with tools.database.reading() as session:
        return session.scalar(select(func.max(KeyRotation.to_key)).where(KeyRotation.finished_at.is_(None)))


def _new_key(tools: Tools) -> int:
    """Make the next key and note that everything is to go over to it; numbers are never given twice."""
    source, ring = tools.keys.source, tools.keys.reread()
    with tools.database.reading() as session:
        known = set(session.scalars(select(EncryptionKey.id)))
        counts = uses(session.connection(), tools.store)
    if isinstance(source, KeyFolder):
        # A key that nobody has noted was made by a rotation killed a moment later.
        to_key = next((key_id for key_id in sorted(ring.keys) if key_id not in known and key_id > ring.active), None)
        if to_key is None:
            to_key = max(known | set(ring.keys)) + 1
            source.add(to_key)
    else:
        to_key = ring.active
        if not _left(counts, lambda key_id: key_id != to_key):
            raise NothingToRotate(
                f"Mọi dữ liệu đã dùng khóa {to_key}. Khóa nằm ở {source.where}: tạo khóa mới bằng flask keys generate, "
                "thêm vào biến đó ở mọi máy, khởi động lại, rồi đổi active và khởi động lại."
            )
    ring = tools.keys.reread()
    with tools.database.transaction() as session:
        if session.get(EncryptionKey, to_key) is None:
            check = ring.check_value(to_key)
            session.add(EncryptionKey(id=to_key, check_value=check, first_seen_at=clock.now(), active_from=None))
            session.flush()  # the rows of the rotation refer to it
        _begin(session, to_key)
        record(session, None, Action.KEY_ROTATE, f"key:{to_key}", {"from": sorted(set(ring.keys) - {to_key})})
    return to_key


def _begin(session: Session, to_key: int) -> None:
    session.execute(delete(KeyRotation).where(KeyRotation.to_key == to_key))
    places = [*(column.place for column in encrypted_columns()), FILES]
    session.add_all(KeyRotation(to_key=to_key, place=place, changed=0) for place in places)


def _activate(tools: Tools, to_key: int) -> None:
    source = tools.keys.source
    if isinstance(source, KeyFolder) and tools.keys.reread().active != to_key:
        source.activate(to_key)
    tools.keys.reread()
    with tools.database.transaction() as session:
        row = session.get_one(EncryptionKey, to_key)
        if row.active_from is None:
            row.active_from = clock.now()
    time.sleep(LOOK_AGAIN_SECONDS + 0.5)  # every process on this folder has looked again by then


def _work_off(tools: Tools, to_key: int, say: Say) -> None:
    """Encrypt anew, place by place, until nothing bears another key."""
    for _ in range(MOST_PASSES):
        for column in encrypted_columns():
            _columns_pass(tools, to_key, column.place)
        _files_pass(tools, to_key)
        with tools.database.reading() as session:
            counts = uses(session.connection(), tools.store)
        late = [place for place, count in counts.items() if set(count) - {to_key}]
        if not late:
            _report(tools, to_key, say)
            return
        with tools.database.transaction() as session:  # written meanwhile with the old key, behind our back
            for row in session.scalars(
                select(KeyRotation).where(KeyRotation.to_key == to_key, KeyRotation.place.in_(late))
            ):
                row.reached = row.finished_at = None
    raise StillInUse(
        f"Sau {MOST_PASSES} lượt vẫn còn dữ liệu được ghi bằng khóa cũ: một máy chủ chưa đọc được khóa mới. "
        "Khởi động lại máy chủ đó rồi chạy lại: flask keys rotate."
    )


def _columns_pass(tools: Tools, to_key: int, place: str) -> None:
    column = next(one for one in encrypted_columns() if one.place == place)
    is_done = False
    while not is_done:
        with tools.database.transaction() as session:
            row = session.get_one(KeyRotation, (to_key, place))
            if row.finished_at is not None:
                return
            reached, changed = column.encrypt_anew(
                session.connection(), tools.keys, to_key, after=row.reached, limit=BATCH
            )
            is_done = _note(row, reached, changed)
        time.sleep(PAUSE_SECONDS)


def _files_pass(tools: Tools, to_key: int) -> None:
    """One file after another: how far it has come is stored after each, and doing one twice does no harm."""
    with tools.database.reading() as session:
        row = session.get_one(KeyRotation, (to_key, FILES))
        if row.finished_at is not None:
            return
        after = "" if row.reached is None else str(json.loads(row.reached)[0])
    for name in (name for name in tools.store.names() if name > after):
        changed = _file_anew(tools.store, name, to_key)
        with tools.database.transaction() as session:
            _note(session.get_one(KeyRotation, (to_key, FILES)), json.dumps([name]), int(changed))
    with tools.database.transaction() as session:
        _note(session.get_one(KeyRotation, (to_key, FILES)), None, 0)


def _file_anew(store: FileStore, name: str, to_key: int) -> bool:
    try:
        return store.key_id(name) != to_key and store.encrypt_anew(name)
    except DomainError:
        return False  # erased meanwhile


def _note(row: KeyRotation, reached: str | None, changed: int) -> bool:
    """Store how far a place has come; whether it is done."""
    row.changed += changed
    if reached is None:
        row.finished_at = clock.now()
    else:
        row.reached = reached
    return reached is None


def _report(tools: Tools, to_key: int, say: Say) -> None:
    with tools.database.reading() as session:
        for row in session.scalars(select(KeyRotation).where(KeyRotation.to_key == to_key).order_by(KeyRotation.place)):
            say(f"  {row.place:32} {row.changed:>9} giá trị được mã hóa lại")


def _refuse_while_settling(tools: Tools, active: int) -> None:
    with tools.database.reading() as session:
        since = session.get_one(EncryptionKey, active).active_from
    if since is None or clock.now() < since + SETTLING:
        minutes = int(SETTLING.total_seconds() // 60)
        raise StillInUse(
            f"Khóa {active} mới dùng chưa đủ {minutes} phút; một lần ghi bắt đầu trước đó có thể chưa xong. Xin chờ."
        )


def _left(counts: dict[str, Counter[int]], is_meant: Callable[[int], bool]) -> str:
    left = {place: sum(n for key_id, n in count.items() if is_meant(key_id)) for place, count in counts.items()}
    return ", ".join(f"{place} {n}" for place, n in left.items() if n)
