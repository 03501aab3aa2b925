"""Reads stored sums for a view. Every page, file and API gets its numbers through ``sums_by_unit``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.analysis.cells import layout_of
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
    layout = layout_of(set_of_round(survey_round))
    statement = select(RollupCell.unit_id, RollupCell.sums).where(
        RollupCell.ledger == ledger,
        RollupCell.round_id == survey_round.id,
        RollupCell.dimension == filters.dimension,
        RollupCell.category == filters.category,
    )
    statement = statement.where(*_months(filters, is_ready=filters.is_whole))
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
    ready = filters.dimension is Dimension.ALL and filters.period is None and not by_counter
    counted = func.sum(RollupCell.n)
    statement = (
        select(RollupCell.unit_id, RollupCell.counter_id, RollupCell.category, counted)
        .where(
            RollupCell.ledger == ledger,
            RollupCell.round_id == survey_round.id,
            RollupCell.dimension == filters.dimension,
            *_months(filters, is_ready=ready),
        )
        .group_by(RollupCell.unit_id, RollupCell.counter_id, RollupCell.category)
    )
    if len(units) <= MANY:
        statement = statement.where(RollupCell.unit_id.in_(list(units)))
    rows = session.execute(statement)
    return [People(unit, counter, category, int(n)) for unit, counter, category, n in rows if unit in units]


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
