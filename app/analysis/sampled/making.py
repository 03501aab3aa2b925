"""From imported rows to what is stored of a round: cell sums, facts of the design, findings on the questionnaire."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.analysis.cells import layout_of
from app.analysis.sampled.questionnaire import (
    AnswerTable,
    Consistency,
    Driver,
    Drivers,
    Questionnaire,
    judge,
)
from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.plan import CellPlan, Drawn, Within
from app.analysis.stats.cells.stored import STORED_VERSION
from app.analysis.stats.cells.sums import CellSums
from app.analysis.stats.cells.whole import WEIGHT_BITS, digits_for, whole_weights
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.layout import Level, Scoring
from app.survey import packing
from app.survey.definitions import QuestionSet
from app.survey.sampled.rows import SampledRows

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MADE_BY = 100 + STORED_VERSION
"""Version of this code (hundreds) and of the form of stored sums: what another one made is made again."""
UNIT = "unit"
LONELY = LonelyPsu.ADJUST
"""A stratum with a single sampled place is centred at the mean of all places (statistics.md section 2.3)."""


@dataclass(frozen=True, slots=True)
class DesignFacts:
    """What sums do not know of the design they came from.

    ``populations``: people in each stratum, where people were drawn one by one and their number is known.
    ``simple_samples``: for units that are a stratum of their own with equal weights, the number of people they were
    drawn from: a plain random sample of a known number of dossiers.
    """

    digits: int
    has_clusters: bool
    people: int
    places: int
    strata: int
    populations: dict[str, int] | None
    simple_samples: dict[str, int]


def facts_from_json(content: dict[str, Any]) -> DesignFacts:
    """Read the stored form."""
    return DesignFacts(**content)


def plan_of(question_set: QuestionSet, facts: DesignFacts) -> CellPlan:
    """The plan of the sums of a round; units are named by their number, which never changes.

    Village samples keep no products per cell, because their second stage is not used (docs/adr/0012).
    """
    drawn, within = (Drawn.CLUSTERS, Within.DOMAIN) if facts.has_clusters else (Drawn.PEOPLE, Within.CELL)
    layout = layout_of(question_set)
    return CellPlan(layout, (UNIT,), facts.digits, (Scoring.TOP2, Scoring.LEVEL), drawn, within)


def made(rows: SampledRows, *, confidence_level: float) -> tuple[CellSums, DesignFacts, Questionnaire]:
    """Everything that is stored of a round's answers."""
    digits, weights = _whole_weights(rows)
    facts = _facts(rows, digits)
    unit = Labelled(rows.unit.astype(np.intp), tuple(map(str, rows.unit_ids)))
    stratum = Labelled(rows.stratum.astype(np.intp), rows.strata)
    sums = from_answers(
        plan_of(rows.question_set, facts),
        rows.answers,
        weights=weights,
        stratum=stratum,
        psu=_places(rows),
        domains=[unit],
    )
    return sums, facts, judge(_answer_table(rows), confidence_level=confidence_level)


def _places(rows: SampledRows) -> Labelled | None:
    """Labels of the sampled places; the same label in two strata is one label, told apart by the stratum."""
    if rows.psu is None or rows.psus is None:
        return None
    return Labelled.of(np.array(rows.psus, dtype=str)[rows.psu])


def _whole_weights(rows: SampledRows) -> tuple[int, Ints]:
    if int(rows.weight_units.max(initial=1)) < 1 << WEIGHT_BITS:
        return rows.weight_digits, rows.weight_units
    digits = digits_for(rows.weight)
    return digits, whole_weights(rows.weight, digits=digits)


def _facts(rows: SampledRows, digits: int) -> DesignFacts:
    has_clusters = rows.psu is not None
    populations: dict[str, int] | None = None
    simple: dict[str, int] = {}
    if not has_clusters and rows.populations:
        first = rows.populations[0]
        populations = {rows.strata[at]: int(count) for at, count in zip(rows.stratum, first, strict=True)}
        simple = _simple_samples(rows, populations)
    places = len(rows) if rows.psu is None else len(np.unique(rows.psu))
    return DesignFacts(digits, has_clusters, len(rows), places, len(np.unique(rows.stratum)), populations, simple)


def _simple_samples(rows: SampledRows, populations: dict[str, int]) -> dict[str, int]:
    found = {}
    for place, unit_id in enumerate(rows.unit_ids):
        mine = rows.unit == place
        strata = np.unique(rows.stratum[mine])
        alone = len(strata) == 1 and bool(np.all(mine == (rows.stratum == strata[0])))
        if alone and len(np.unique(rows.weight_units[mine])) == 1:
            found[str(unit_id)] = populations[rows.strata[int(strata[0])]]
    return found


def _answer_table(rows: SampledRows) -> AnswerTable:
    layout = layout_of(rows.question_set)
    where = packing.layout(rows.question_set)
    levels = _levels(rows.answers[:, [criterion.column for criterion in layout.criteria]], layout.levels)
    overall = None
    if rows.question_set.overall is not None and where.overall is not None:
        overall = _levels(rows.answers[:, where.overall], len(rows.question_set.overall.choices))
    return AnswerTable(
        levels=levels,
        scale=layout.levels,
        factors=[(group.code, group.members) for group in layout.groups if group.level is Level.FACTOR],
        overall=overall,
        design=SurveyDesign.of(
            len(rows),
            lonely=LONELY,
            weights=rows.weight,
            strata=rows.stratum,
            clusters=() if rows.psu is None else (rows.psu,),
            nested=False,
        ),
    )


def _levels(codes: npt.NDArray[np.uint8], highest: int) -> Floats:
    return np.where((codes >= 1) & (codes <= highest), codes.astype(np.float64), np.nan)


def questionnaire_to_json(found: Questionnaire) -> dict[str, Any]:
    """The stored form."""
    return asdict(found)


def questionnaire_from_json(content: dict[str, Any]) -> Questionnaire:
    """Read the stored form."""
    drivers = content["drivers"]
    return Questionnaire(
        consistency=tuple(
            Consistency(
                **{
                    **one,
                    "item_rest": tuple(one["item_rest"]),
                    "if_dropped": tuple(one["if_dropped"]),
                    "notes": tuple((code, tuple(items)) for code, items in one["notes"]),
                }
            )
            for one in content["consistency"]
        ),
        straight_share=content["straight_share"],
        straight_n=content["straight_n"],
        drivers=Drivers(
            tuple(Driver(**one) for one in drivers["drivers"]),
            drivers["r_squared"],
            drivers["n"],
            tuple(drivers["notes"]),
            drivers["reason"],
        ),
    )
