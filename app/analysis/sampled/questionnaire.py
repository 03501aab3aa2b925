"""How good the questionnaire was in a round, and what goes with overall satisfaction: computed from whole rows.

Alpha, omega and drivers need people who answered everything asked together, so they are made once for each import and
stored as figures, not as answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.drivers.priority import PlacedFactor, priority_matrix_of_survey
from app.analysis.stats.errors import StatisticsError
from app.analysis.stats.quality.behaviour import straight_lining
from app.analysis.stats.quality.factor_fit import Heywood
from app.analysis.stats.quality.omega import omega_of_rows
from app.analysis.stats.quality.reliability import Reliability, reliability_of_rows, reliability_of_survey
from app.analysis.stats.results import Interval, NoData

Floats = npt.NDArray[np.float64]

LEAST_OMEGA_ITEMS = 3
# Delete-one-place products of more numbers than these would cost gigabytes; many people drawn one by one have plain
# limits then.
MOST_PRODUCTS = 4_000_000
NO_OVERALL_QUESTION = "no_overall_question"
ONE_FACTOR = "one_factor"
NOT_COMPUTABLE = "not_computable"


@dataclass(frozen=True, slots=True)
class Consistency:
    """How well the criteria of a factor (or, code "overall", of the whole) measure one thing.

    ``item_rest`` and ``if_dropped`` follow the order of the criteria; None where there is no such number.
    ``notes``: (code of `quality/notes.py`, positions of criteria). Without alpha, ``reason`` says why.
    """

    code: str
    items: int
    n: int
    alpha: float | None
    low: float | None
    high: float | None
    omega: float | None
    item_rest: tuple[float | None, ...]
    if_dropped: tuple[float | None, ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Driver:
    """A factor beside overall satisfaction: its share of what is explained, its mean level, its place."""

    code: str
    share: float
    share_low: float | None
    share_high: float | None
    level: float
    level_low: float | None
    level_high: float | None
    quadrant: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Drivers:
    """All factors; without any, ``reason`` says why."""

    drivers: tuple[Driver, ...]
    r_squared: float | None
    n: int
    notes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Findings on a whole round."""

    consistency: tuple[Consistency, ...]
    straight_share: float | None
    straight_n: int
    drivers: Drivers


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """Levels of the criteria, shape (people, criteria), NaN for none; groups of their positions; the overall question.

    ``overall`` is None where the set does not ask it.
    """

    levels: Floats
    scale: int
    factors: Sequence[tuple[str, tuple[int, ...]]]
    overall: Floats | None
    design: SurveyDesign


def judge(table: AnswerTable, *, confidence_level: float) -> Questionnaire:
    """Findings on the answers of a round, weighted, with limits from the sampling design."""
    everything = ("overall", tuple(range(table.levels.shape[1])))
    groups = [*table.factors, *([everything] if len(table.factors) != 1 else [])]
    straight = _straight(table)
    return Questionnaire(
        consistency=tuple(
            _consistency(table, code, members, confidence_level) for code, members in groups if len(members) > 1
        ),
        straight_share=straight[0],
        straight_n=straight[1],
        drivers=_drivers(table, confidence_level),
    )


def _consistency(table: AnswerTable, code: str, members: tuple[int, ...], confidence_level: float) -> Consistency:
    x = table.levels[:, list(members)]
    try:
        found = _reliability(table, x, confidence_level)
    except StatisticsError:
        found = NoData(NOT_COMPUTABLE)
    if isinstance(found, NoData):
        n = int((~np.isnan(x).any(axis=1)).sum())
        return Consistency(code, len(members), n, None, None, None, None, (), (), (), found.reason)
    limits = found.interval
    return Consistency(
        code=code,
        items=found.items,
        n=found.n,
        alpha=found.alpha,
        low=None if limits is None else limits.low,
        high=None if limits is None else limits.high,
        omega=_omega(table, x),
        item_rest=tuple(map(_number, found.item_rest)),
        if_dropped=tuple(map(_number, found.alpha_if_dropped)),
        notes=tuple((note.code.value, note.items) for note in found.notes),
        reason="",
    )


def _reliability(table: AnswerTable, x: Floats, confidence_level: float) -> Reliability | NoData:
    design = table.design
    if len(design.psu_stratum) * x.shape[1] ** 2 > MOST_PRODUCTS:
        return reliability_of_rows(x, confidence_level=confidence_level, weights=design.weights)
    return reliability_of_survey(x, design=design, confidence_level=confidence_level, first_stage_fpc=False)


def _omega(table: AnswerTable, x: Floats) -> float | None:
    if x.shape[1] < LEAST_OMEGA_ITEMS:
        return None
    try:
        found = omega_of_rows(x, heywood=Heywood.BOUND, standardised=False, weights=table.design.weights)
    except StatisticsError:
        return None
    return None if isinstance(found, NoData) else _number(found.omega)


def _straight(table: AnswerTable) -> tuple[float | None, int]:
    """Share of people who gave every criterion the same level, among those who answered at least half of them."""
    least = max(2, -(-table.levels.shape[1] // 2))
    if table.levels.shape[1] < least:
        return None, 0
    found = straight_lining(table.levels, levels=table.scale, minimum_answers=least, weights=table.design.weights)
    return _number(found.share), found.n


def _drivers(table: AnswerTable, confidence_level: float) -> Drivers:
    nothing = [NO_OVERALL_QUESTION] if table.overall is None else [ONE_FACTOR] if len(table.factors) < 2 else []
    if nothing or table.overall is None:
        return Drivers((), None, 0, (), nothing[0])
    scores = np.column_stack([_score(table.levels[:, list(members)]) for _, members in table.factors])
    codes = [code for code, _ in table.factors]
    try:
        found = priority_matrix_of_survey(
            table.overall,
            scores,
            design=table.design,
            factors=codes,
            confidence_level=confidence_level,
            first_stage_fpc=False,
        )
    except StatisticsError:
        found = NoData(NOT_COMPUTABLE)
    if isinstance(found, NoData):
        return Drivers((), None, 0, (), found.reason)
    notes = tuple(note.value for note in found.notes)
    return Drivers(tuple(map(_driver, found.factors)), found.r_squared, found.n, notes, "")


def _score(x: Floats) -> Floats:
    """Mean level of a factor for each person who answered at least half of it."""
    answered = (~np.isnan(x)).sum(axis=1)
    enough = 2 * answered >= x.shape[1]
    total = np.where(np.isnan(x), 0.0, x).sum(axis=1)
    return np.where(enough, total / np.maximum(answered, 1), np.nan)


def _driver(one: PlacedFactor) -> Driver:
    share, level = _ends(one.importance_interval), _ends(one.performance_interval)
    return Driver(one.name, one.importance, *share, one.performance, *level, one.quadrant.value, one.sure)


def _ends(limits: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if limits is None else (limits.low, limits.high)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
