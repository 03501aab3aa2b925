"""Who stands for a unit: rights follow units through mergers, splits and dissolutions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.units.models import Unit, UnitParent, UnitSuccession


def standing_for(session: Session, unit_ids: Collection[int], on: date) -> Mapping[int, frozenset[int]]:
    """The living units that stand for each of these on a day.

    A living unit stands for itself, an ended one is stood for by what followed it, along the whole chain; where nothing
    followed, by the unit it stood under when it ended. However many units, at most three questions are asked.
    """
    ended = set(session.scalars(select(Unit.id).where(Unit.valid_to < on)))
    if ended.isdisjoint(unit_ids):
        return {unit_id: frozenset({unit_id}) for unit_id in unit_ids}
    followers: defaultdict[int, set[int]] = defaultdict(set)
    steps = select(UnitSuccession.old_unit_id, UnitSuccession.new_unit_id).where(UnitSuccession.effective_on <= on)
    for old, new in session.execute(steps):
        if old != new:
            followers[old].add(new)
    above = _above_at_the_end(session, on)

    def stands(unit_id: int, seen: frozenset[int]) -> frozenset[int]:
        if unit_id in seen:
            return frozenset()
        if unit_id not in ended:
            return frozenset({unit_id})
        nexts = followers.get(unit_id) or ({above[unit_id]} if unit_id in above else set())
        return frozenset().union(*(stands(one, seen | {unit_id}) for one in nexts))

    return {unit_id: stands(unit_id, frozenset()) for unit_id in unit_ids}


def _above_at_the_end(session: Session, on: date) -> dict[int, int]:
    """The unit above each ended one on its last day."""
    rows = session.execute(
        select(UnitParent.unit_id, UnitParent.parent_id)
        .join(Unit, Unit.id == UnitParent.unit_id)
        .where(
            Unit.valid_to < on,
            UnitParent.valid_from <= Unit.valid_to,
            (UnitParent.valid_to.is_(None)) | (UnitParent.valid_to >= Unit.valid_to),
        )
    )
    return dict(rows.all())
