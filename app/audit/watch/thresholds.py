"""From which numbers on something stands out: data with a history, so that past days keep the numbers they had."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.errors import BadThreshold
from app.audit.models import AuditThreshold
from app.audit.services import record
from app.audit.tags import Action

FILE = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that may be set, with what stands in its place at first."""

    name: str
    value: int
    least: int
    most: int
    words: str


def _load() -> tuple[Threshold, ...]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Threshold(name, **entry) for name, entry in content.items())


KNOWN: tuple[Threshold, ...] = _load()


def on(session: Session, day: date) -> Mapping[str, int]:
    """The numbers that hold on a day."""
    statement = select(AuditThreshold.name, AuditThreshold.value).where(AuditThreshold.valid_from <= day)
    rows = session.execute(statement.order_by(AuditThreshold.valid_from, AuditThreshold.id)).all()
    return {one.name: one.value for one in KNOWN} | {name: value for name, value in rows}  # noqa: C416 - rows, not pairs


def history(session: Session) -> list[AuditThreshold]:
    """Every change, newest first."""
    return list(session.scalars(select(AuditThreshold).order_by(AuditThreshold.id.desc()).limit(50)))


def change(session: Session, actor_id: int | None, name: str, value: int, reason: str) -> None:
    """Let another number hold from today on.

    Raises
    ------
    BadThreshold, ReasonMissing
        For an unknown name or a number out of range; without a reason.
    """
    known = next((one for one in KNOWN if one.name == name), None)
    if known is None or not known.least <= value <= known.most:
        limits = "" if known is None else f" (từ {known.least} đến {known.most})"
        raise BadThreshold(f"Ngưỡng này không có hoặc giá trị không hợp lệ{limits}.")
    today = clock.local_date()
    before = on(session, today)[name]
    record(
        session,
        actor_id,
        Action.AUDIT_THRESHOLD_SET,
        f"threshold:{name}",
        old={"value": before},
        new={"value": value},
        reason=reason,
    )
    row = AuditThreshold(name=name, value=value, valid_from=today, reason=reason, set_by=actor_id, set_at=clock.now())
    session.add(row)
