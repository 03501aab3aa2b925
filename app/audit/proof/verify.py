"""The whole check: rows against each other, against the signed heads, and against the files exported elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditChain, AuditEvent, AuditHead
from app.audit.proof import findings
from app.audit.proof.days import Checker, Point
from app.audit.proof.findings import Finding
from app.audit.proof.head_text import Head, NotAHeadError, read_head
from app.audit.proof.heads import head_of
from app.audit.proof.keys import PublicKeys

READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong; ``unsigned_rows``: rows after the last signed place."""

    rows: int
    days: int
    heads: int
    unsigned_rows: int
    found: tuple[Finding, ...]


def verify(session: Session, keys: PublicKeys, files: Path | None) -> Report:
    """Check the record. ``files``: the folder of exported heads, a witness outside the database.

    The session sees one state throughout (``snapshot``).
    """
    stored = [head_of(row) for row in session.scalars(select(AuditHead).order_by(AuditHead.number))]
    exported, found = _read_files(files)
    found += _check_signatures(stored, keys, "trong cơ sở dữ liệu")
    found += _check_signatures(exported, keys, "trong tệp")
    found += _missing_heads(stored, exported)
    believed = [head for head in (*stored, *exported) if keys.has_signed(head)]
    checker = Checker(_points(believed))
    for row in _rows(session):
        checker.take(row)
    found += checker.finish()
    found += _check_end(session, checker, found)
    found += _unsigned_days(session, stored)
    return Report(checker.rows, checker.days, len(stored), _unsigned_rows(session, stored), tuple(found))


def snapshot(session: Session) -> Session:
    """Let everything the session reads be of one moment, although others go on writing."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _rows(session: Session) -> Iterator[AuditEvent]:
    columns = [column for column in AuditEvent.__table__.c if column.name not in ("id", "folded")]
    statement = select(*columns).order_by(AuditEvent.day, AuditEvent.sequence, AuditEvent.id)
    yield from session.execute(statement.execution_options(yield_per=READ_AT_ONCE))  # type: ignore[misc]


def _read_files(folder: Path | None) -> tuple[list[Head], list[Finding]]:
    heads, found = [], []
    for path in sorted(folder.glob("*.txt")) if folder is not None else ():
        try:
            heads.append(read_head(path.read_text(encoding="utf-8")))
        except (NotAHeadError, UnicodeDecodeError):
            found.append(findings.unreadable(path.name))
    return heads, found


def _check_signatures(heads: Iterable[Head], keys: PublicKeys, where: str) -> list[Finding]:
    return [findings.forged(head.day, head.number, where) for head in heads if not keys.has_signed(head)]


def _missing_heads(stored: Sequence[Head], exported: Sequence[Head]) -> list[Finding]:
    """Heads count without gap, and every exported one must still be there, as it was."""
    by_number = {head.number: head for head in stored}
    last = max(by_number, default=0)
    gaps = [findings.head_gone(None, number) for number in range(1, last) if number not in by_number]
    gone = [
        findings.head_gone(head.day, head.number)
        for head in exported
        if head.number > last or (head.number in by_number and by_number[head.number].signature != head.signature)
    ]
    return gaps + gone


def _points(heads: Iterable[Head]) -> dict[date, list[Point]]:
    points: dict[date, list[Point]] = defaultdict(list)
    for head in heads:
        if head.rows:
            points[head.day].append(Point(head.number, head.rows, head.hash, head.is_final))
    return points


def _check_end(session: Session, checker: Checker, found: Sequence[Finding]) -> list[Finding]:
    """The stored end of the chain knows of rows that no head has signed yet."""
    end = session.get(AuditChain, 1)
    if end is None:
        return [findings.broken(checker.day, checker.sequence + 1)] if checker.day is not None else []
    last = checker.day or date.min
    if end.hash == checker.end or any(one.day is not None and one.day >= last for one in found):
        return []  # whole, or known already
    if end.day != checker.day:
        return [findings.day_gone(end.day, end.sequence)] if end.sequence else [findings.broken(end.day, 1)]
    if end.sequence > checker.sequence:
        return [findings.cut(end.day, end.sequence, checker.sequence)]
    return [findings.broken(end.day, checker.sequence + 1)]


def _unsigned_days(session: Session, stored: Sequence[Head]) -> list[Finding]:
    final = {head.day for head in stored if head.is_final}
    newest = max(final, default=date.min)
    days = session.scalars(select(AuditEvent.day).where(AuditEvent.day < newest).distinct().order_by(AuditEvent.day))
    return [findings.unsigned(day) for day in days if day not in final]


def _unsigned_rows(session: Session, stored: Sequence[Head]) -> int:
    day, rows = max(((head.day, head.rows) for head in stored), default=(date.min, 0))
    later = (AuditEvent.day > day) | ((AuditEvent.day == day) & (AuditEvent.sequence > rows))
    return session.scalar(select(func.count()).select_from(AuditEvent).where(later)) or 0
