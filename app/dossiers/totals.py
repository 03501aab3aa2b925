"""Counts that come as totals, from a report, for times without single dossiers. Callers own the transaction."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit.services import record
from app.audit.tags import Action
from app.dossiers.errors import BadCounts
from app.dossiers.models import DossierCount
from app.dossiers.shares import Counts


@dataclass(frozen=True, slots=True)
class Totals:
    """What a report says about a unit and a stretch of days; ``field_id`` None: all fields together."""

    unit_id: int
    first_on: date
    last_on: date
    counts: Counts
    source: str
    field_id: int | None = None


def enter(session: Session, officer_id: int | None, totals: Totals) -> DossierCount:
    """Store totals; those of the same unit, days and field are replaced, and the record keeps both.

    Raises
    ------
    BadCounts
        When the days are backward or ahead, or overlap other totals of the unit, which would count dossiers twice.
    """
    if totals.last_on < totals.first_on:
        raise BadCounts("Ngày cuối đứng trước ngày đầu.", "last_on")
    if totals.first_on > clock.local_date():
        raise BadCounts("Kỳ này chưa bắt đầu.", "first_on")
    if not totals.source.strip():
        raise BadCounts("Xin ghi nguồn số liệu, ví dụ số hiệu báo cáo.", "source")
    same_field = DossierCount.field_id == totals.field_id if totals.field_id else DossierCount.field_id.is_(None)
    others = session.scalars(
        select(DossierCount).where(
            DossierCount.unit_id == totals.unit_id,
            same_field,
            DossierCount.first_on <= totals.last_on,
            DossierCount.last_on >= totals.first_on,
        )
    ).all()
    same = [one for one in others if (one.first_on, one.last_on) == (totals.first_on, totals.last_on)]
    if len(others) > len(same):
        raise BadCounts("Kỳ này trùng ngày với số liệu đã nhập của đơn vị, sẽ bị tính hai lần.", "first_on")
    row = same[0] if same else DossierCount(unit_id=totals.unit_id, field_id=totals.field_id)
    old = _figures(row) if same else None
    row.first_on, row.last_on, row.source = totals.first_on, totals.last_on, " ".join(totals.source.split())[:300]
    row.received, row.settled = totals.counts.received, totals.counts.settled
    row.on_time, row.late = totals.counts.on_time, totals.counts.late
    row.entered_by, row.entered_at = officer_id, clock.now()
    session.add(row)
    subject = f"unit:{totals.unit_id}"
    record(session, officer_id, Action.DOSSIER_TOTALS, subject, unit_id=totals.unit_id, old=old, new=_figures(row))
    return row


def _figures(row: DossierCount) -> dict[str, object]:
    return {
        "first": row.first_on.isoformat(),
        "last": row.last_on.isoformat(),
        "received": row.received,
        "settled": row.settled,
        "on_time": row.on_time,
        "late": row.late,
    }
