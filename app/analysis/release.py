"""Release to the public and to unit officers: answers pass from the pending ledger into sealed blocks.

``stats/blocks.py`` decides and proves; this module carries it out. A view of those audiences is a sum of whole
blocks, so it changes only by ten answers or more at once, and no two views differ by fewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.analysis import rollups
from app.analysis.cells import REST, layout_of, people_of_index
from app.analysis.models import WHOLE_UNIT, Dimension, Ledger, RollupCell
from app.analysis.rollups import Place
from app.analysis.stats.blocks import Block, Pending, breakdown_is_disclosed, seal
from app.analysis.stats.layout import SumsLayout
from app.analysis.stats.sums import responses
from app.calendar.periods import Period, PeriodKind
from app.survey.models import SurveyRound
from app.units.queries import path_ids, unit_by_id

Ints = npt.NDArray[np.int64]
GroupKey = tuple[int, int]  # counter id, month


def seal_due(session: Session, *, today: date, closed_through: date, least: int) -> int:
    """Seal every block that has become large enough; the number of new blocks."""
    statement = select(RollupCell.round_id).where(RollupCell.ledger == Ledger.PENDING).distinct()
    rounds = session.scalars(select(SurveyRound).where(SurveyRound.id.in_(statement)).order_by(SurveyRound.id)).all()
    return sum(_seal_round(session, one, today=today, closed_through=closed_through, least=least) for one in rounds)


def _seal_round(session: Session, survey_round: SurveyRound, *, today: date, closed_through: date, least: int) -> int:
    layout = layout_of(rollups.set_of_round(survey_round))
    waiting = rollups.stored(session, Ledger.PENDING, survey_round)
    groups: dict[GroupKey, dict[Place, Ints]] = defaultdict(dict)
    for place, vector in waiting.items():
        groups[place.counter_id, place.from_month][place] = vector
    paths = {unit: last_path(session, unit, today) for unit in {place.unit_id for place in waiting}}
    pending = [
        Pending(
            counter=place.counter_id,
            path=paths[place.unit_id],
            month=Period(PeriodKind.MONTH, *divmod(place.from_month, 100)),
            n=people_of_index(layout, vector),
        )
        for place, vector in waiting.items()
        if place.dimension is Dimension.ALL
    ]
    sealing = seal(pending, closed_through=closed_through, threshold=least)
    additions: dict[Place, Ints] = {}
    for block in sealing.blocks:
        parts = [groups[part.counter, _month(part.month)] for part in block.parts]
        for place, vector in _released(layout, block, parts, least).items():
            additions[place] = additions[place] + vector if place in additions else vector
        _drop_pending(session, survey_round.id, (place for part in parts for place in part))
    if additions:
        rollups.add_to_ledger(session, Ledger.RELEASED, survey_round.id, rollups.set_of_round(survey_round), additions)
    return len(sealing.blocks)


def _released(layout: SumsLayout, block: Block, parts: Iterable[Mapping[Place, Ints]], least: int) -> dict[Place, Ints]:
    """What a block adds to the released ledger: its whole, and each breakdown whose categories are all large enough."""
    by_category: dict[tuple[Dimension, str], Ints] = {}
    for part in parts:
        for place, vector in part.items():
            key = (place.dimension, place.category)
            by_category[key] = by_category[key] + vector if key in by_category else vector
    scope = block.scope
    first, last = _month_span(scope.period)
    counter_id = WHOLE_UNIT if scope.counter is None else scope.counter
    shown: dict[Place, Ints] = {}
    for dimension in Dimension:
        table = {category: vector for (kind, category), vector in by_category.items() if kind is dimension}
        if dimension in REST:
            table[REST[dimension]] = by_category[Dimension.ALL, ""] - sum(table.values(), np.int64(0))
        # A tap alone is an answer too: a category of three taps and no details would show those three.
        counts = [n for vector in table.values() for n in (people_of_index(layout, vector), int(responses(vector)))]
        if dimension is Dimension.ALL or breakdown_is_disclosed(counts, threshold=least):
            for category, vector in table.items():
                shown[Place(scope.unit, counter_id, first, last, dimension, category)] = vector
    shown[rollups.unit_round(scope.unit)] = by_category[Dimension.ALL, ""]
    return shown


def last_path(session: Session, unit_id: int, today: date) -> tuple[int, ...]:
    """A unit and those above it, today or on its last day."""
    ended = unit_by_id(session, unit_id).valid_to
    return tuple(path_ids(session, unit_id, min(today, ended) if ended is not None else today))


def _drop_pending(session: Session, round_id: int, places: Iterable[Place]) -> None:
    for counter_id, month in {(place.counter_id, place.from_month) for place in places}:
        session.execute(
            delete(RollupCell).where(
                RollupCell.ledger == Ledger.PENDING,
                RollupCell.round_id == round_id,
                RollupCell.counter_id == counter_id,
                RollupCell.from_month == month,
            )
        )


def _month(period: Period) -> int:
    return period.first_day.year * 100 + period.first_day.month


def _month_span(period: Period) -> tuple[int, int]:
    return _month(period), period.last_day.year * 100 + period.last_day.month
