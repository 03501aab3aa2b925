"""The stored sums: added by day closing, read by every page, rebuilt from the answers to prove them.

Live sums stand by counter and month, by unit for the whole round, and by unit, month and category of respondents.
Everything else is a sum or a difference of these.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.analysis.cells import Answered, CellKey, cells, layout_of
from app.analysis.models import WHOLE_ROUND, WHOLE_UNIT, Dimension, Ledger, RollupCell
from app.analysis.stats import sums
from app.survey.definitions import QuestionSet
from app.survey.models import Response, SurveyRound
from app.survey.sets import set_of
from app.units.models import Counter

Ints = npt.NDArray[np.int64]
READ_AT_ONCE = 100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The key of a stored cell within one ledger and round."""

    unit_id: int
    counter_id: int
    from_month: int
    to_month: int
    dimension: Dimension
    category: str

    @property
    def columns(self) -> dict[str, object]:
        """The key as column values."""
        return {
            "unit_id": self.unit_id,
            "counter_id": self.counter_id,
            "from_month": self.from_month,
            "to_month": self.to_month,
            "dimension": self.dimension,
            "category": self.category,
        }


def counter_month(unit_id: int, key: CellKey) -> Place:
    """Place of a counter's month."""
    return Place(unit_id, key.counter_id, key.month, key.month, key.dimension, key.category)


def unit_month(unit_id: int, key: CellKey) -> Place:
    """Place of the month of a unit's own counters together."""
    return Place(unit_id, WHOLE_UNIT, key.month, key.month, key.dimension, key.category)


def unit_round(unit_id: int) -> Place:
    """Place of a unit's own counters over the whole round."""
    return Place(unit_id, WHOLE_UNIT, *WHOLE_ROUND, Dimension.ALL, "")


def live_places(unit_of: Mapping[int, int], found: Mapping[CellKey, Ints]) -> dict[Place, Ints]:
    """The additions to the live ledger that new answers make."""
    additions: dict[Place, Ints] = {}
    for key, vector in found.items():
        unit_id = unit_of[key.counter_id]
        if key.dimension is Dimension.ALL:
            _plus(additions, counter_month(unit_id, key), vector)
            _plus(additions, unit_round(unit_id), vector)
        else:
            _plus(additions, unit_month(unit_id, key), vector)
    return additions


def _plus(additions: dict[Place, Ints], place: Place, vector: Ints) -> None:
    present = additions.get(place)
    additions[place] = vector.copy() if present is None else present + vector


def add_to_ledger(
    session: Session, ledger: Ledger, round_id: int, question_set: QuestionSet, additions: Mapping[Place, Ints]
) -> None:
    """Add sums to the cells of a ledger, making those that do not exist yet; inside a writing transaction."""
    layout = layout_of(question_set)
    present = _read_places(session, ledger, round_id, question_set, sorted(additions))
    new: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for place, vector in sorted(additions.items()):
        total = vector + present[place] if place in present else vector
        row = {
            "ledger": ledger,
            "round_id": round_id,
            **place.columns,
            "n": int(sums.responses(total)),
            "sums": sums.to_bytes(layout, total),
        }
        (changed if place in present else new).append(row)
    if new:
        session.execute(insert(RollupCell), new)
    if changed:
        session.execute(update(RollupCell), changed)


def _read_places(
    session: Session, ledger: Ledger, round_id: int, question_set: QuestionSet, places: Sequence[Place]
) -> dict[Place, Ints]:
    layout = layout_of(question_set)
    key = tuple_(
        RollupCell.unit_id,
        RollupCell.counter_id,
        RollupCell.from_month,
        RollupCell.to_month,
        RollupCell.dimension,
        RollupCell.category,
    )
    found: dict[Place, Ints] = {}
    for start in range(0, len(places), READ_AT_ONCE):
        wanted = [tuple(place.columns.values()) for place in places[start : start + READ_AT_ONCE]]
        statement = _cells_of(ledger, round_id).where(key.in_(wanted))
        found.update((place_of(row), sums.from_bytes(layout, row.sums)) for row in session.execute(statement))
    return found


def _cells_of(ledger: Ledger, round_id: int) -> Select[int, int, int, int, Dimension, str, int, bytes]:
    return select(
        RollupCell.unit_id,
        RollupCell.counter_id,
        RollupCell.from_month,
        RollupCell.to_month,
        RollupCell.dimension,
        RollupCell.category,
        RollupCell.n,
        RollupCell.sums,
    ).where(RollupCell.ledger == ledger, RollupCell.round_id == round_id)


def place_of(row: Row[int, int, int, int, Dimension, str, int, bytes]) -> Place:
    """The key of a row read by this module."""
    return Place(row.unit_id, row.counter_id, row.from_month, row.to_month, row.dimension, row.category)


def rebuild(session: Session, survey_round: SurveyRound) -> dict[Place, Ints]:
    """The live sums of a round computed anew from its answers; equal to what is stored, always."""
    question_set = set_of_round(survey_round)
    return live_places(units_of_counters(session), cells(question_set, list(answers_of(session, survey_round.id))))


def stored(session: Session, ledger: Ledger, survey_round: SurveyRound) -> dict[Place, Ints]:
    """All cells of a ledger of a round."""
    layout = layout_of(set_of_round(survey_round))
    rows = session.execute(_cells_of(ledger, survey_round.id))
    return {place_of(row): sums.from_bytes(layout, row.sums) for row in rows}


def replace_live(session: Session, survey_round: SurveyRound) -> int:
    """Write the live sums of a round anew from its answers; the number of cells."""
    fresh = rebuild(session, survey_round)
    session.execute(delete(RollupCell).where(RollupCell.ledger == Ledger.LIVE, RollupCell.round_id == survey_round.id))
    add_to_ledger(session, Ledger.LIVE, survey_round.id, set_of_round(survey_round), fresh)
    return len(fresh)


def answers_of(session: Session, round_id: int) -> Iterable[Answered]:
    """The closed answers of a round, streamed."""
    statement = select(Response.counter_id, Response.answered_on, Response.channel, Response.answers).where(
        Response.round_id == round_id
    )
    for counter_id, on, channel, packed in session.execute(statement).yield_per(10_000):
        yield Answered(counter_id, on.year * 100 + on.month, channel, packed)


def set_of_round(survey_round: SurveyRound) -> QuestionSet:
    """The question set of a round."""
    return set_of(survey_round.question_set_version)


def units_of_counters(session: Session) -> dict[int, int]:
    """Counter id → unit id."""
    return {row.id: row.unit_id for row in session.execute(select(Counter.id, Counter.unit_id))}
