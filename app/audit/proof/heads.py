"""Signing heads, exporting them, and the line that goes on printed reports."""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import chain
from app.audit.models import AuditEvent, AuditHead
from app.audit.proof.head_text import Head, grouped
from app.audit.proof.keys import SigningKey, load_or_make
from app.audit.services import record
from app.audit.tags import Action
from app.db.session import Database
from app.i18n.formats import format_date

FOLDER = "audit-heads"


def open_key(database: Database, folder: Path) -> tuple[SigningKey, bool]:
    """The signing key of an installation, and whether it was made just now, which is itself recorded."""
    key, made = load_or_make(folder)
    if made:
        with database.transaction() as session:
            record(session, None, Action.AUDIT_KEY_MAKE, f"key:{key.key_id}")
    return key, made


def sign_due(session: Session, key: SigningKey) -> list[Head]:
    """Sign the end of every past day that has no final head, and the present end of today.

    Whoever holds the transaction holds the end of the chain. A day that is signed as final gets no row any more: the
    chain moves to today first.
    """
    today = clock.local_date()
    end = chain.lock(session, today)
    if end.day < today:
        end = chain.End(today, 0, end.hash)
        chain.move(session, end)
    number = session.scalar(select(func.max(AuditHead.number))) or 0
    made = []
    for day, rows, digest in _unsigned_ends(session, end.day):
        number += 1
        made.append(_sign(key, number, day, rows, digest, is_final=day < end.day))
    session.add_all([_row(head) for head in made])
    return made


def heads(session: Session, since: date | None = None) -> Iterable[Head]:
    """All heads, oldest first, or those of the days from ``since`` on."""
    statement = select(AuditHead).order_by(AuditHead.number)
    if since is not None:
        statement = statement.where(AuditHead.day >= since)
    return (head_of(row) for row in session.scalars(statement.execution_options(yield_per=500)))


def latest(session: Session) -> Head | None:
    """The newest head."""
    row = session.scalars(select(AuditHead).order_by(AuditHead.number.desc()).limit(1)).first()
    return None if row is None else head_of(row)


def latest_head(session: Session) -> str:
    """The newest head in words, for printed reports and the notes of files."""
    head = latest(session)
    if head is None:
        return "Nhật ký chưa có đầu chuỗi nào được ký."
    state = "chốt ngày" if head.is_final else "trong ngày"
    return (
        f"Đầu chuỗi nhật ký số {head.number}, ngày {format_date(head.day)} ({state}), {head.rows} dòng, "
        f"mã {grouped(head.hash)}, khóa {head.key_id}."
    )


def export(made: Iterable[Head], folder: Path) -> int:
    """Write the newest head of each day as ``2026-11-21.txt``; how many files were written."""
    newest = {head.day: head for head in made}  # heads come oldest first
    if newest:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for day, head in newest.items():
        path = folder / f"{day.isoformat()}.txt"
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(head.text(), encoding="utf-8")
        draft.replace(path)
    return len(newest)


def head_of(row: AuditHead) -> Head:
    """A stored head."""
    return Head(
        row.number, row.day, row.rows, row.hash, row.is_final, row.signed_at, row.key_id, signature=row.signature
    )


def _unsigned_ends(session: Session, today: date) -> Sequence[Row[date, int, bytes]]:
    """The last row of each past day without final head, and of today, if it is not signed yet."""
    # A day whose head was taken away is not signed again: that would cover the traces.
    final = session.scalar(select(func.max(AuditHead.day)).where(AuditHead.is_final)) or date.min
    last = (
        select(AuditEvent.day, func.max(AuditEvent.sequence).label("rows"))
        .where(AuditEvent.day > final)
        .group_by(AuditEvent.day)
        .subquery()
    )
    signed = select(AuditHead.number).where(AuditHead.day == today, AuditHead.rows == last.c.rows)
    statement = (
        select(AuditEvent.day, AuditEvent.sequence, AuditEvent.hash)
        .join(last, (last.c.day == AuditEvent.day) & (last.c.rows == AuditEvent.sequence))
        .where((AuditEvent.day < today) | ~signed.exists())
        .order_by(AuditEvent.day)
    )
    return session.execute(statement).all()


def _sign(key: SigningKey, number: int, day: date, rows: int, digest: bytes, *, is_final: bool) -> Head:
    moment = clock.now().replace(microsecond=0)
    head = Head(number, day, rows, digest, is_final, moment, key.key_id)
    return Head(number, day, rows, digest, is_final, moment, key.key_id, signature=key.sign(head.statement()))


def _row(head: Head) -> AuditHead:
    return AuditHead(
        number=head.number,
        day=head.day,
        rows=head.rows,
        hash=head.hash,
        is_final=head.is_final,
        signed_at=head.signed_at,
        key_id=head.key_id,
        signature=head.signature,
    )
