"""Seals: Merkle roots over the answers of rounds that have ended, kept as events of the record.

The root stands in the chain itself, so it is as safe as the rest of the record. What the leaves are is handed in by
the package that owns the answers; they come in the order of random keys, which tells nothing about who came first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.proof.findings import Finding, answers_changed
from app.audit.proof.merkle import MerkleRoot, merkle_root
from app.audit.services import record
from app.audit.tags import Action

KIND = "round"


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of rows of a round: its key in the event, its name for people, its leaves in a fixed order."""

    key: str
    name: str
    leaves: Callable[[Session, int], Iterator[bytes]]


Roots = Mapping[str, MerkleRoot]


def roots_of(session: Session, round_id: int, sources: Iterable[Source]) -> Roots:
    """The root of each kind of rows of a round."""
    return {source.key: merkle_root(source.leaves(session, round_id)) for source in sources}


def seal(session: Session, round_id: int, unit_id: int, roots: Roots) -> None:
    """Record the roots of a round that has ended."""
    new = {key: {"rows": root.leaves, "root": root.digest.hex()} for key, root in roots.items()}
    record(session, None, Action.ROUND_SEAL, f"{KIND}:{round_id}", unit_id=unit_id, new=new)


def sealed_rounds(session: Session) -> set[int]:
    """The rounds that have been sealed."""
    return {round_id for round_id, _ in _seals(session)}


def check(session: Session, sources: Sequence[Source]) -> list[Finding]:
    """Compute every root anew and compare; a round is read once however often it was sealed."""
    found: list[Finding] = []
    by_key = {source.key: source for source in sources}
    for round_id, sealed in _seals(session):
        for key, was in sealed.items():
            source = by_key.get(key)
            if source is None or not isinstance(was, dict):
                found.append(answers_changed(round_id, f"niêm phong có mục lạ “{key}”."))
                continue
            words = _difference(source, was, merkle_root(source.leaves(session, round_id)))
            if words:
                found.append(answers_changed(round_id, words))
    return found


def _difference(source: Source, was: Mapping[str, object], now: MerkleRoot) -> str:
    if (was.get("rows"), was.get("root")) == (now.leaves, now.digest.hex()):
        return ""
    before = was.get("rows")
    if isinstance(before, int) and before > now.leaves:
        return f"{source.name}: đã mất {before - now.leaves} (niêm phong {before}, nay còn {now.leaves})."
    if isinstance(before, int) and before < now.leaves:
        return f"{source.name}: thừa {now.leaves - before} (niêm phong {before}, nay có {now.leaves})."
    return f"{source.name}: vẫn đủ {now.leaves} nhưng nội dung đã bị sửa hoặc thay."


def _seals(session: Session) -> list[tuple[int, Mapping[str, object]]]:
    statement = select(AuditEvent.subject, AuditEvent.new_value).where(AuditEvent.action == Action.ROUND_SEAL.value)
    rows = session.execute(statement.order_by(AuditEvent.day, AuditEvent.sequence)).all()
    return [(int(subject.removeprefix(f"{KIND}:")), new or {}) for subject, new in rows]
