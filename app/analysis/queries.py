"""Reads stored sums for a view. Every page, file and API gets its numbers through ``sums_by_unit``."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
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
    first, last = filters.months
    statement = select(RollupCell.unit_id, RollupCell.sums).where(
        RollupCell.ledger == ledger,
        RollupCell.round_id == survey_round.id,
        RollupCell.dimension == filters.dimension,
        RollupCell.category == filters.category,
    )
    if filters.is_whole:
        statement = statement.where(
            RollupCell.from_month == WHOLE_ROUND[0],
            RollupCell.to_month == WHOLE_ROUND[1],
            RollupCell.counter_id == WHOLE_UNIT,
        )
    else:  # the ready sums of the whole round begin before every month
        statement = statement.where(
            RollupCell.from_month >= max(first, 1), RollupCell.to_month <= min(last, WHOLE_ROUND[1])
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


def category_counts(
    session: Session,
    survey_round: SurveyRound,
    ledger: Ledger,
    units: Collection[int],
    filters: Filters,
    categories: Collection[str],
) -> dict[str, dict[int, int]]:
    """People by category of the filtered dimension and by unit: what the small-number rule needs to know."""
    counts: dict[str, dict[int, int]] = {}
    for category in categories:
        asked = replace(filters, **_as_category(filters.dimension, category))
        by_unit = sums_by_unit(session, survey_round, ledger, units, asked)
        counts[category] = {unit: int(sums.responses(vector)) for unit, vector in by_unit.items()}
    return counts


def _as_category(dimension: Dimension, category: str) -> dict[str, str]:
    return {"channel": category} if dimension is Dimension.CHANNEL else {"kind": category}
