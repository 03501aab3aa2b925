"""Reads stored sums for a view. Every page, file and API gets its numbers through ``sums_by_unit``."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app.analysis.cells import REST, layout_of
from app.analysis.models import WHOLE_ROUND, WHOLE_UNIT, Dimension, Ledger, RollupCell
from app.analysis.rollups import set_of_round
from app.analysis.stats import sums
from app.analysis.view import Filters
from app.survey.models import SurveyRound
from app.units.models import counter_field

Ints = npt.NDArray[np.int64]
MANY = 500


def sums_by_unit(
    session: Session, survey_round: SurveyRound, ledger: Ledger, units: Collection[int], filters: Filters
) -> dict[int, Ints]:
    """The sums of a view by unit; units without any answer are absent.

    With a counter or field, only cells of single counters count: a block that several counters share belongs to none.
    """
    if ledger is not Ledger.LIVE or REST.get(filters.dimension) != filters.category:
        return _sums(session, survey_round, ledger, units, filters, RollupCell.category == filters.category)
    whole = _sums(session, survey_round, ledger, units, replace(filters, channel=None, kind=None), true())
    others = _sums(session, survey_round, ledger, units, filters, true())
    return {unit: vector - others[unit] if unit in others else vector for unit, vector in whole.items()}


def _sums(
    session: Session,
    survey_round: SurveyRound,
    ledger: Ledger,
    units: Collection[int],
    filters: Filters,
    category: ColumnElement[bool],
) -> dict[int, Ints]:
    layout = layout_of(set_of_round(survey_round))
    statement = select(RollupCell.unit_id, RollupCell.sums).where(
        RollupCell.ledger == ledger,
        RollupCell.round_id == survey_round.id,
        RollupCell.dimension == filters.dimension,
        category,
        *_months(filters, is_ready=filters.is_whole),
    )
    if filters.counter_id is not None:
        statement = statement.where(RollupCell.counter_id == filters.counter_id)
    elif filters.field_id is not None:
        members = select(counter_field.c.counter_id).where(counter_field.c.field_id == filters.field_id)
        statement = statement.where(RollupCell.counter_id.in_(members))
    if len(units) <= MANY:
        statement = statement.where(RollupCell.unit_id.in_(list(units)))
    found: dict[int, Ints] = {}
    for unit_id, stored in session.execute(statement):
        if unit_id in units:
            vector = sums.from_bytes(layout, stored)
            found[unit_id] = found[unit_id] + vector if unit_id in found else vector
    return found


def total_of(survey_round: SurveyRound, by_unit: dict[int, Ints], units: Iterable[int]) -> Ints:
    """The sums of some units together."""
    return sums.add(layout_of(set_of_round(survey_round)), (by_unit[unit] for unit in units if unit in by_unit))


@dataclass(frozen=True, slots=True)
class People:
    """How many people answered, by unit, counter (``WHOLE_UNIT`` where a block belongs to none) and category."""

    unit_id: int
    counter_id: int
    category: str
    n: int


def people(
    session: Session, survey_round: SurveyRound, ledger: Ledger, units: Collection[int], filters: Filters
) -> list[People]:
    """What the small-number rule needs to know of a view: its siblings by category and counter as well."""
    by_counter = filters.counter_id is not None or filters.field_id is not None
    rows = _people(session, survey_round, ledger, units, filters, is_ready=filters.period is None and not by_counter)
    if ledger is not Ledger.LIVE or filters.dimension not in REST:
        return rows
    left: dict[int, int] = defaultdict(int)
    for row in _people(session, survey_round, ledger, units, replace(filters, channel=None, kind=None), is_ready=False):
        left[row.unit_id] += row.n
    for row in rows:
        left[row.unit_id] -= row.n
    rest = REST[filters.dimension]
    return [*rows, *(People(unit, WHOLE_UNIT, rest, n) for unit, n in left.items())]


def _people(
    session: Session,
    survey_round: SurveyRound,
    ledger: Ledger,
    units: Collection[int],
    filters: Filters,
    *,
    is_ready: bool,
) -> list[People]:
    counted = func.sum(RollupCell.n)
    statement = (
        select(RollupCell.unit_id, RollupCell.counter_id, RollupCell.category, counted)
        .where(
            RollupCell.ledger == ledger,
            RollupCell.round_id == survey_round.id,
            RollupCell.dimension == filters.dimension,
            *_months(filters, is_ready=is_ready and filters.dimension is Dimension.ALL),
        )
        .group_by(RollupCell.unit_id, RollupCell.counter_id, RollupCell.category)
    )
    if len(units) <= MANY:
        statement = statement.where(RollupCell.unit_id.in_(list(units)))
    found = session.execute(statement)
    return [People(unit, counter, category, int(n)) for unit, counter, category, n in found if unit in units]


def _months(filters: Filters, *, is_ready: bool) -> list[ColumnElement[bool]]:
    """The condition on the months of cells: the ready sums of the whole round, or cells inside the period."""
    if is_ready:
        return [
            RollupCell.from_month == WHOLE_ROUND[0],
            RollupCell.to_month == WHOLE_ROUND[1],
            RollupCell.counter_id == WHOLE_UNIT,
        ]
    first, last = filters.months
    return [RollupCell.from_month >= max(first, 1), RollupCell.to_month <= last]


def counters_with_field(session: Session, field_id: int) -> frozenset[int]:
    """The counters that serve a field of administration."""
    return frozenset(session.scalars(select(counter_field.c.counter_id).where(counter_field.c.field_id == field_id)))
