"""Reports on invented sampled surveys: rows without a database, answers from a seeded generator."""

from collections.abc import Sequence

import numpy as np

from app.analysis.cells import layout_of
from app.analysis.sampled.figures import Reading
from app.analysis.sampled.making import made
from app.analysis.stats.index import Formula
from app.analysis.stats.results import SampleKind
from app.analysis.stats.spread import Aggregation
from app.survey import packing
from app.survey.models import SampleKind as RoundKind
from app.survey.sampled.rows import SampledRows
from tests.support.sample_sets import sample

SET = sample("sampled_example_1")
LEVELS = (0.1, 0.6, 0.3)  # of 3, 4, 5


def survey_rows(
    sizes: Sequence[int],
    *,
    satisfied: Sequence[float] | None = None,
    villages: int | None = 4,
    kind: RoundKind = RoundKind.PROBABILITY,
    population: int | None = None,
    seed: int = 1,
) -> SampledRows:
    """People of units 1, 2, …: each unit a stratum, its people in villages (None: drawn one by one)."""
    rng = np.random.default_rng(seed)
    shares = [0.9] * len(sizes) if satisfied is None else satisfied
    n, unit = sum(sizes), np.repeat(np.arange(len(sizes)), sizes)
    answers = np.full((n, packing.layout(SET).width), 255, dtype=np.uint8)
    for criterion in layout_of(SET).criteria:
        happy = rng.random(n) < np.array(shares)[unit]
        answers[:, criterion.column] = np.where(happy, rng.integers(4, 6, n), rng.integers(1, 4, n))
    within = np.concatenate([np.arange(size) for size in sizes])
    psus = None if villages is None else tuple(f"V{u}-{v}" for u in range(len(sizes)) for v in range(villages))
    return SampledRows(
        sample_kind=kind,
        question_set=SET,
        revision=1,
        answers=answers,
        unit_ids=tuple(range(1, len(sizes) + 1)),
        unit_codes=tuple(f"U{u:02}" for u in range(1, len(sizes) + 1)),
        unit=unit,
        strata=tuple(f"S{u:03}" for u in range(len(sizes))),
        stratum=unit.copy(),
        psus=psus,
        psu=None if villages is None else unit * villages + within % villages,
        weight=np.ones(n),
        weight_units=np.ones(n, dtype=np.int64),
        weight_digits=0,
        populations=() if population is None else (np.full(n, float(population)),),
    )


def reading_of(rows: SampledRows, *, formula: Formula = Formula.TOP2, **changes: Aggregation) -> Reading:
    """The sums of rows as a round reads them."""
    sums, facts, _ = made(rows, confidence_level=0.95)
    aggregation = changes.get("aggregation", Aggregation.MEAN_OF_CRITERIA)
    return Reading(sums, facts, formula, aggregation, SampleKind(rows.sample_kind.value), 0.95)


def alone(count: int) -> list[frozenset[int]]:
    """Units 1..count, each a group of its own."""
    return [frozenset([unit]) for unit in range(1, count + 1)]
