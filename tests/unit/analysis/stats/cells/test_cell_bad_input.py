"""What cannot be a cell sum, a unit or a figure is refused by name."""

import numpy as np
import pytest

from app.analysis.stats.cells.counting import from_answers
from app.analysis.stats.cells.drawing import Drawing, stages_of
from app.analysis.stats.cells.figures import criteria, distribution, item
from app.analysis.stats.cells.keys import Labelled
from app.analysis.stats.cells.sums import add
from app.analysis.stats.cells.view import View
from app.analysis.stats.cells.whole import whole_weights
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.layout import Scoring
from tests.unit.analysis.stats.cells.surveys import LAYOUT, survey

ASKED = survey(1, 60)
PLAN = ASKED.plan()
SUMS = ASKED.sums(PLAN)
VIEW = View.of(SUMS, by=("unit",))
FIGURES = criteria(VIEW, Scoring.TOP2, squares=False)
STAGES = stages_of(SUMS, Drawing(LonelyPsu.ADJUST))
CODE = LAYOUT.items[0].code


@pytest.mark.parametrize("labels", [["a", None], [1.0, np.nan], [["a"], ["b"]], [[1], [1, 2]]])
def test_every_row_has_one_label(labels):
    with pytest.raises(BadInputError, match="labels"):
        Labelled.of(labels)


@pytest.mark.parametrize("part", ["answers", "weights"])
def test_answers_and_weights_are_arrays(part):
    given = {"answers": ASKED.answers, "weights": whole_weights(ASKED.weights, digits=PLAN.digits)}
    given[part] = given[part].tolist()
    with pytest.raises(BadInputError, match="arrays"):
        from_answers(
            PLAN,
            given["answers"],
            weights=given["weights"],
            stratum=Labelled.of(ASKED.stratum),
            psu=Labelled.of(ASKED.psu),
            domains=[Labelled.of(ASKED.unit), Labelled.of(ASKED.channel)],
        )


@pytest.mark.parametrize("unit", [-1, len(VIEW.units)])
def test_a_unit_that_is_not_there(unit):
    with pytest.raises(BadInputError, match="unit"):
        VIEW.one(unit)
    with pytest.raises(BadInputError, match="unit"):
        FIGURES.covariance(STAGES, [(0, unit)])
    with pytest.raises(BadInputError, match="figure 99"):
        FIGURES.contrast(STAGES, [(99, 0)], [1.0])


def test_an_item_or_scores_that_are_not_there():
    with pytest.raises(BadInputError, match="'zz'"):
        distribution(VIEW, "zz", squares=False)
    for scores in (np.ones((1, 9)), np.ones(5), np.full((1, 5), np.nan)):
        with pytest.raises(BadInputError, match="scores"):
            item(VIEW, CODE, scores, squares=False)


def test_a_view_of_nobody_has_no_figures():
    for view in (View.of(SUMS, by=("unit",), where={"channel": ["post"]}), View.of(add(PLAN, []), by=("unit",))):
        with pytest.raises(BadInputError, match="no domain"):
            criteria(view, Scoring.TOP2, squares=False)
        with pytest.raises(BadInputError, match="no domain"):
            distribution(view, CODE, squares=False)


@pytest.mark.parametrize("count", ["many", None, -3, np.nan, np.inf, 1])
def test_populations_are_counts_no_smaller_than_what_was_drawn(count):
    with pytest.raises(BadInputError, match=r"population|drawn"):
        stages_of(SUMS, Drawing(LonelyPsu.ADJUST, dict.fromkeys(SUMS.keys.strata, count)))
