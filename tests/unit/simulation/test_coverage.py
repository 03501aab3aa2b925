"""How often the intervals of the product hold the truth of the generator.

The people of a unit are a simple random sample of its world, so a 95 % interval should hold the truth in about 95 of
100 worlds. Seeds are fixed: the counts below never change by chance.
"""

import numpy as np
import pytest

from app.analysis.cells import layout_of
from app.analysis.stats import index, sums
from app.analysis.stats.layout import Level
from app.analysis.stats.results import SampleKind
from app.analysis.stats.spread import Aggregation
from app.simulation.population import People, draw_people
from app.simulation.truth import Truth
from app.survey.packing import layout
from tests.unit.simulation.worlds import COUNTER_SET, small_world

SEEDS = range(240)
PEOPLE = 1_200


def matrix(people: People) -> np.ndarray:
    """The answers as the database holds them."""
    where = layout(COUNTER_SET)
    codes = np.zeros((len(people), where.width), dtype=np.uint8)
    codes[:, where.overall] = people.tap
    codes[:, where.respondent_kind] = people.kind
    codes[:, list(where.criteria)] = people.criteria
    return codes


@pytest.fixture(scope="module")
def crowds():
    """Sums of every unit and of all units together, for each seed, in one world."""
    world = small_world()
    cells = []
    for seed in SEEDS:
        people = draw_people(world, PEOPLE, seed)
        of_units = sums.from_answers_grouped(layout_of(COUNTER_SET), matrix(people), people.unit, len(world.units))
        cells.append(np.vstack([of_units, of_units.sum(axis=0)]))
    return Truth.of(world), np.stack(cells)


@pytest.mark.parametrize("formula", list(index.Formula))
@pytest.mark.parametrize("aggregation", [Aggregation.MEAN_OF_CRITERIA, Aggregation.POOLED])
def test_intervals_hold_the_truth_in_about_95_of_100_samples(crowds, formula, aggregation) -> None:
    truth, cells = crowds
    units = len(truth.world.units)
    table = index.index_table(
        layout_of(COUNTER_SET),
        cells.reshape(-1, cells.shape[-1]),
        formula=formula,
        aggregation=aggregation,
        confidence_level=0.95,
        sample_kind=SampleKind.OPEN,
        method=index.FITTING_METHOD[SampleKind.OPEN],
    )
    place = table.position(Level.OVERALL)
    groups = [*([unit] for unit in range(units)), None]
    expected = np.array([truth.expected(formula.value, units).overall[aggregation.value] for units in groups])
    low, high = (side[:, place].reshape(len(SEEDS), units + 1) for side in (table.low, table.high))
    held = ((low <= expected) & (expected <= high)).mean(axis=0)
    # 240 samples: a true 95 % shows as 0.950 ± 0.014; the bands are three of these wide.
    assert held[:-1].mean() == pytest.approx(0.95, abs=0.02)
    assert (held > 0.9).all()
    assert (high - low)[:, -1].mean() < (high - low)[:, 0].mean()


def test_intervals_of_single_criteria_and_of_the_tap_hold_the_truth(crowds) -> None:
    truth, cells = crowds
    table = index.index_table(
        layout_of(COUNTER_SET),
        cells[:, -1],
        formula=index.Formula.TOP2,
        aggregation=Aggregation.MEAN_OF_CRITERIA,
        confidence_level=0.95,
        sample_kind=SampleKind.OPEN,
        method=index.FITTING_METHOD[SampleKind.OPEN],
    )
    expected = truth.expected("TOP2")
    held = [
        ((table.low[:, place] <= value) & (value <= table.high[:, place])).mean()
        for code, value in expected.criteria.items()
        for place in [table.position(Level.CRITERION, code)]
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    assert min(held) > 0.9
