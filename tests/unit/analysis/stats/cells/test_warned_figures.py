"""Figures of sampled rounds carry the warning that no interval can be relied on, wherever they are shown."""

import numpy as np
import pytest

from app.analysis.stats.cells.drawing import Drawing
from app.analysis.stats.cells.plan import Drawn
from app.analysis.stats.cells.table import sampled_index_table
from app.analysis.stats.cells.view import View
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.index import Formula, IntervalMethod
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.layout import Level
from app.analysis.stats.results import SampleKind
from app.analysis.stats.spread import Aggregation
from tests.unit.analysis.stats.cells.surveys import LAYOUT, Survey

PEOPLE = 30
WARNINGS = {Reason.FEW_DISSATISFIED, Reason.UNLIKE_OTHERS}


def villages(dissatisfied, units) -> Survey:
    """Villages of 30 people, in each of which so many answer with the lowest level and the others with the highest."""
    place = np.repeat(np.arange(len(dissatisfied)), PEOPLE)
    low = np.tile(np.arange(PEOPLE), len(dissatisfied)) < np.asarray(dissatisfied)[place]
    answers = np.full((len(place), LAYOUT.columns), 5, dtype=np.uint8)
    answers[low] = 1
    answers[:, 7] = 1
    unit = np.asarray(units)[place]
    return Survey(
        answers=answers,
        weights=np.ones(len(place)),
        stratum=unit.astype(str),
        psu=place.astype(str),
        unit=np.char.add("U", unit.astype(str)),
        channel=np.full(len(place), "counter"),
        digits=0,
    )


def notes(asked, *, drawn=Drawn.CLUSTERS, alone=False):
    view = View.of(asked.sums(asked.plan(drawn)), by=("unit",))
    options = {
        "formula": Formula.TOP2,
        "aggregation": Aggregation.RESPONDENT,
        "confidence_level": 0.95,
        "sample_kind": SampleKind.PROBABILITY,
        "method": IntervalMethod.SMOOTHED_WILSON,
        "drawing": Drawing(LonelyPsu.ADJUST),
        "planned_icc": None,
    }
    table = sampled_index_table(view, **options)
    places = range(len(view.units))
    if alone:
        tables = [sampled_index_table(view.one(unit), **options, pooled=table.pooled) for unit in places]
    else:
        tables = [table] * len(places)
    column = table.position(Level.OVERALL)
    found = [tables[unit].estimate(0 if alone else unit, column).notes for unit in places]
    return [WARNINGS & set(each) for each in found]


@pytest.mark.parametrize("alone", [False, True])
def test_one_unit_whose_dissatisfied_people_live_in_one_village_is_warned_of(alone):
    one_bad = villages([0] * 11 + [20], [0] * 12)
    assert notes(one_bad, alone=alone) == [{Reason.FEW_DISSATISFIED}]
    assert notes(villages([0] * 12, [0] * 12), alone=alone) == [{Reason.FEW_DISSATISFIED}]


def test_many_dissatisfied_people_in_many_villages_need_no_warning():
    assert notes(villages([6, 9, 7, 8, 5, 9, 6, 7, 8, 10, 6, 7], [0] * 12)) == [set()]


def test_people_drawn_one_by_one_need_no_warning():
    assert notes(villages([0] * 11 + [2], [0] * 12), drawn=Drawn.PEOPLE) == [set()]


@pytest.mark.parametrize("alone", [False, True])
def test_a_unit_unlike_the_others_is_named_and_no_other(alone):
    calm = [4, 6, 5, 7, 5, 6, 4, 7]
    mixed = villages([*calm, *calm, 0, 30, 0, 0, 28, 2, 0, 30], np.repeat([0, 1, 2], 8))
    # Two calm units against one: their places are as alike as chance makes people.
    many = villages([*calm * 9, 0, 30, 0, 0, 28, 2, 0, 30], np.repeat(np.arange(10), 8))
    assert notes(mixed, alone=alone)[:2] == [set(), set()]
    assert notes(many, alone=alone) == [*[set()] * 9, {Reason.UNLIKE_OTHERS}]
