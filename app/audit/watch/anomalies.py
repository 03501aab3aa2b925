"""What stands out: much reading, files at night, many files, many refusals. Shown to the auditor, judged by people."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.models import AuditEvent
from app.audit.queries import begin_of
from app.audit.tags import Action
from app.audit.watch import thresholds

READ_AT_ONCE = 2000
VERBS = ("read", "export", "refuse")


class Kind(StrEnum):
    """Kinds of what stands out."""

    MASS_READING = "mass-reading"
    NIGHT_EXPORT = "night-export"
    MANY_EXPORTS = "many-exports"
    MANY_REFUSALS = "many-refusals"


WORDS: Mapping[Kind, str] = {
    Kind.MASS_READING: "Đọc hàng loạt",
    Kind.NIGHT_EXPORT: "Tải tệp ban đêm",
    Kind.MANY_EXPORTS: "Tải nhiều tệp",
    Kind.MANY_REFUSALS: "Sai mật khẩu hoặc mã nhiều lần",
}


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something that stands out. ``hour`` is None for a whole day; ``threshold`` what it reached."""

    kind: Kind
    day: date
    hour: int | None
    actor_id: int | None
    subject: str | None
    count: int
    threshold: int


Place = tuple[date, int | None, int | None, str | None]


def anomalies(session: Session, since: date, until: date, allowed: frozenset[int] | None = None) -> list[Anomaly]:
    """What stands out from one day to another, newest first, by the thresholds that held on each day."""
    counted = _count(session, since, until, allowed)
    days = {place[0] for counts in counted.values() for place in counts}
    held = {day: thresholds.on(session, day) for day in days}
    limits = {
        Kind.MASS_READING: "reads_per_hour",
        Kind.MANY_EXPORTS: "exports_per_day",
        Kind.MANY_REFUSALS: "refusals_per_hour",
    }
    found = [
        Anomaly(kind, *place, count, held[place[0]][name])
        for kind, name in limits.items()
        for place, count in counted[kind].items()
        if count >= held[place[0]][name]
    ]
    found += [
        Anomaly(Kind.NIGHT_EXPORT, *place, count, held[place[0]]["night_begins"])
        for place, count in counted[Kind.NIGHT_EXPORT].items()
        if is_night(place[1] or 0, held[place[0]])
    ]
    return sorted(found, key=lambda one: (one.day, one.hour or 0, one.count), reverse=True)


def is_night(hour: int, held: Mapping[str, int]) -> bool:
    """Whether an hour lies in the night, which may go over midnight."""
    begins, ends = held["night_begins"], held["night_ends"]
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


def _count(session: Session, since: date, until: date, allowed: frozenset[int] | None) -> dict[Kind, Counter[Place]]:
    counted: dict[Kind, Counter[Place]] = {kind: Counter() for kind in Kind}
    read: dict[Place, set[str]] = defaultdict(set)
    actions = {action.value: action.verb for action in Action if action.verb in VERBS}
    statement = select(
        AuditEvent.occurred_at, AuditEvent.action, AuditEvent.actor_id, AuditEvent.subject, AuditEvent.unit_id
    ).where(
        AuditEvent.action.in_(actions),
        AuditEvent.occurred_at >= begin_of(since),
        AuditEvent.occurred_at < begin_of(until + timedelta(days=1)),
    )
    for row in session.execute(statement.execution_options(yield_per=READ_AT_ONCE)):
        if allowed is not None and row.unit_id not in allowed:
            continue
        day, hour = _local(row.occurred_at)
        verb = actions[row.action]
        if verb == "read":
            read[day, hour, row.actor_id, None].add(row.subject)
        elif verb == "refuse":
            counted[Kind.MANY_REFUSALS][day, hour, row.actor_id, row.subject] += 1
        elif verb == "export":
            counted[Kind.MANY_EXPORTS][day, None, row.actor_id, None] += 1
            counted[Kind.NIGHT_EXPORT][day, hour, row.actor_id, None] += 1
    counted[Kind.MASS_READING].update({place: len(subjects) for place, subjects in read.items()})
    return counted


def _local(moment: datetime) -> tuple[date, int]:
    here = moment.astimezone(clock.VIETNAM)
    return here.date(), here.hour
