"""The index table of sampled surveys: agrees with the rows, keeps its promises at every edge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.cells.drawing import Drawing
from app.analysis.stats.cells.plan import Drawn, Within
from app.analysis.stats.cells.table import sampled_index_table
from app.analysis.stats.cells.view import View
from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.index import Formula, IntervalMethod
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.layout import Level, Scoring
from app.analysis.stats.results import NoData, SampleKind
from app.analysis.stats.smoothed_units import smoothed_scores, smoothed_shares
from app.analysis.stats.spread import Aggregation
from tests.unit.analysis.stats.cells.surveys import LAYOUT, survey, surveys
from tests.unit.analysis.stats.cells.test_cell_figures import (
    answers_and_scores,
    close,
    drawings,
    raw_design,
)

OPTIONS = {
    "confidence_level": 0.95,
    "sample_kind": SampleKind.PROBABILITY,
    "method": IntervalMethod.SMOOTHED_WILSON,
    "planned_icc": 0.05,
}


def table_of(asked, drawing, *, drawn=Drawn.CLUSTERS, within=Within.CELL, by=("unit",), **options):
    view = View.of(asked.sums(asked.plan(drawn, within)), by=by)
    given_options = {"formula": Formula.TOP2, "aggregation": Aggregation.RESPONDENT, **OPTIONS, **options}
    return sampled_index_table(view, drawing=drawing, **given_options), view


def codes_of(asked, view) -> np.ndarray:
    return np.array([view.units.index((label,)) for label in asked.unit.tolist()])


@settings(max_examples=40)
@given(surveys(min_rows=8), st.sampled_from(list(Drawn)), st.integers(0, 2))
def test_shares_and_their_limits_equal_those_of_the_rows(asked, drawn, stages):
    drawing = drawings(asked, drawn, LonelyPsu.REMOVE, stages)
    table, view = table_of(asked, drawing, drawn=drawn)
    design = raw_design(asked, drawn, drawing)
    if design.degrees_of_freedom <= 0:
        assert table.notes == (Reason.PLANNED_DESIGN_EFFECT,)
        return
    _, y = answers_and_scores(asked, Scoring.TOP2)
    raw = smoothed_shares(design, y, codes_of(asked, view), confidence_level=0.95, sample_kind=SampleKind.PROBABILITY)
    k = len(LAYOUT.criteria)
    assert close(table.value[:, :k], raw.value)
    assert close(table.se[:, :k] ** 2, raw.se**2)
    assert close(table.low[:, :k], raw.low)
    assert close(table.high[:, :k], raw.high)
    assert close(table.n_eff[:, :k], raw.n_eff)
    assert (table.n[:, :k] == raw.n).all()
    assert close(table.pooled.deff_all[0], raw.design.deff_all)


@settings(max_examples=40)
@given(surveys(min_rows=8), st.sampled_from(list(Formula)), st.integers(0, 1))
def test_the_respondent_index_and_its_limits_equal_those_of_the_rows(asked, formula, stages):
    drawing = drawings(asked, Drawn.CLUSTERS, LonelyPsu.ADJUST, stages)
    table, view = table_of(asked, drawing, formula=formula, within=Within.DOMAIN)
    design = raw_design(asked, Drawn.CLUSTERS, drawing)
    if design.degrees_of_freedom <= 0:
        return
    answered, y = answers_and_scores(asked, Scoring.TOP2 if formula is Formula.TOP2 else Scoring.LEVEL)
    if formula is Formula.MEAN5:
        y = (y - 1) / 4
    m = answered.sum(axis=1)
    c = np.where(2 * m >= len(LAYOUT.criteria), np.nansum(y, axis=1) / np.maximum(m, 1), np.nan)
    raw = smoothed_scores(design, c, codes_of(asked, view), confidence_level=0.95, sample_kind=SampleKind.PROBABILITY)
    place = table.position(Level.OVERALL)

    def printed(unit):
        return unit if formula is Formula.TOP2 else (1 + 4 * unit) / 5

    assert close(table.value[:, place], printed(raw.value[:, 0]))
    assert np.allclose(table.low[:, place], printed(raw.low[:, 0]), rtol=1e-8, equal_nan=True)
    assert np.allclose(table.high[:, place], printed(raw.high[:, 0]), rtol=1e-8, equal_nan=True)


@settings(max_examples=60)
@given(
    surveys(min_rows=1),
    st.sampled_from(list(Drawn)),
    st.sampled_from(list(Formula)),
    st.sampled_from(list(Aggregation)),
    st.integers(0, 2),
)
def test_limits_hold_the_value_stay_on_the_scale_and_widen_with_the_level(asked, drawn, formula, aggregation, stages):
    drawing = drawings(asked, drawn, LonelyPsu.REMOVE, stages)
    options = {"drawn": drawn, "formula": formula, "aggregation": aggregation}
    table, _ = table_of(asked, drawing, **options)
    wide, _ = table_of(asked, drawing, **options, confidence_level=0.99)
    seen = ~np.isnan(table.value)
    lowest = 0.0 if formula is Formula.TOP2 else 0.2
    assert (table.low[seen] >= lowest - 1e-12).all()
    assert (table.high[seen] <= 1.0 + 1e-12).all()
    assert (table.low[seen] <= table.value[seen]).all()
    assert (table.value[seen] <= table.high[seen]).all()
    assert (wide.low[seen] <= table.low[seen] + 1e-12).all()
    assert (wide.high[seen] >= table.high[seen] - 1e-12).all()
    assert (table.high[seen] > table.low[seen]).all()
    assert (seen == (table.n > 0)).all()
    for cell, column in np.argwhere(seen)[:5]:
        assert table.estimate(cell, column).n == table.n[cell, column]


@settings(max_examples=20)
@given(surveys(min_rows=4), st.integers(1, 5))
def test_weights_of_another_size_change_nothing(asked, factor):
    drawing = Drawing(LonelyPsu.ADJUST)
    one, _ = table_of(asked, drawing, aggregation=Aggregation.MEAN_OF_CRITERIA)
    other, _ = table_of(asked.rescaled(asked.weights * factor), drawing, aggregation=Aggregation.MEAN_OF_CRITERIA)
    for name in ("value", "low", "high", "n_eff", "df"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-8, atol=1e-9, equal_nan=True)


@settings(max_examples=20)
@given(surveys(min_rows=8), st.sampled_from(list(Aggregation)), st.sampled_from(list(Formula)))
def test_one_unit_alone_has_the_limits_of_the_table_of_all(asked, aggregation, formula):
    drawing = Drawing(LonelyPsu.ADJUST)
    table, view = table_of(asked, drawing, aggregation=aggregation, formula=formula)
    for unit in range(len(view.units)):
        options = {**OPTIONS, "aggregation": aggregation, "formula": formula, "drawing": drawing}
        alone = sampled_index_table(view.one(unit), **options, pooled=table.pooled)
        for name in ("value", "se", "low", "high", "n_eff", "df", "deff", "deff_star"):
            assert close(getattr(alone, name)[0], getattr(table, name)[unit])


def test_a_census_is_given_no_range():
    asked = survey(5, 30)
    table, _ = table_of(asked, Drawing(LonelyPsu.FAIL), sample_kind=SampleKind.CENSUS, method=IntervalMethod.CENSUS)
    seen = ~np.isnan(table.value)
    assert (table.low[seen] == table.value[seen]).all()
    assert (table.high[seen] == table.value[seen]).all()
    assert (table.se[seen] == 0).all()


def test_a_unit_taken_whole_is_a_census_and_others_are_not():
    asked = survey(6, 200, strata=2, psus=4, units=1)
    asked.unit[:] = asked.stratum
    sizes = {"S0": 4.0, "S1": 40.0}
    table, view = table_of(asked, Drawing(LonelyPsu.FAIL, sizes))
    assert view.units == (("S0",), ("S1",))
    assert (table.high - table.low)[0].max() == 0
    assert (table.high - table.low)[1].min() > 0


def test_one_sampling_unit_in_the_whole_survey_uses_the_planned_design_effect_and_says_so():
    asked = survey(7, 40, strata=1, psus=1, units=1)
    for lonely in LonelyPsu:
        table, _ = table_of(asked, Drawing(lonely))
        assert table.notes == (Reason.PLANNED_DESIGN_EFFECT,)
        assert np.isnan(table.se).all()
        figure = table.estimate(0, 0)
        assert Reason.PLANNED_DESIGN_EFFECT in figure.notes
        assert figure.n_eff == pytest.approx(figure.n / (1 + 39 * 0.05))
        assert figure.df is None
    with pytest.raises(BadInputError, match="planned_icc"):
        table_of(asked, Drawing(LonelyPsu.REMOVE), planned_icc=None)


def test_one_person_has_a_value_and_wide_limits():
    asked = survey(8, 1)
    asked.answers[:] = 5
    asked.answers[:, 7] = 1
    table, _ = table_of(asked, Drawing(LonelyPsu.FAIL))
    assert (table.value == 1.0).all()
    assert (table.high == 1.0).all()
    assert (table.low < 0.3).all()


def test_everybody_satisfied_or_nobody_keeps_an_open_end():
    asked = survey(9, 60)
    asked.answers[:, 1:7] = 5
    high, _ = table_of(asked, Drawing(LonelyPsu.FAIL))
    asked.answers[:, 1:7] = 1
    low, _ = table_of(asked, Drawing(LonelyPsu.FAIL))
    assert (high.value == 1).all()
    assert (high.low < 1).all()
    assert (low.value == 0).all()
    assert (low.high > 0).all()
    assert high.estimate(0, 0).notes == (Reason.NO_VARIANCE,)


def test_a_unit_without_answers_to_a_criterion_has_no_figure_there():
    asked = survey(10, 60)
    asked.answers[asked.unit == "U0", 1] = 255
    table, _ = table_of(asked, Drawing(LonelyPsu.FAIL), aggregation=Aggregation.MEAN_OF_CRITERIA)
    assert isinstance(table.estimate(0, 0), NoData)
    assert Reason.CRITERIA_WITHOUT_ANSWERS in table.estimate(0, table.position(Level.OVERALL)).notes
    assert table.deff.shape == table.value.shape


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"sample_kind": SampleKind.OPEN, "method": IntervalMethod.WILSON_OWN_VARIANCE}, MethodDoesNotFitError),
        ({"method": IntervalMethod.CENSUS}, MethodDoesNotFitError),
        ({"planned_icc": 1.5}, BadInputError),
        ({"confidence_level": 1.0}, BadInputError),
    ],
)
def test_what_does_not_fit_is_refused(options, error):
    with pytest.raises(error):
        table_of(survey(11, 30), Drawing(LonelyPsu.FAIL), **options)


def test_no_unit_is_refused():
    view = View.of(survey(12, 5).sums(survey(12, 5).plan()), by=("unit",), where={"unit": ["nobody"]})
    with pytest.raises(BadInputError, match="no domain"):
        sampled_index_table(
            view, formula=Formula.TOP2, aggregation=Aggregation.POOLED, drawing=Drawing(LonelyPsu.FAIL), **OPTIONS
        )
