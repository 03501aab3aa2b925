"""Calibration: totals reproduced, bounds kept, and refused exactly where no weights within the bounds exist."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means, totals
from app.analysis.stats.errors import BadInputError, EmptyCategoryError, MethodDoesNotFitError, NotConvergedError
from app.analysis.stats.weighting.calibration import Auxiliaries, calibrate
from app.analysis.stats.weighting.distances import Distance
from app.analysis.stats.weighting.margins import Margin
from app.analysis.stats.weighting.weighting import WeightingMethod

BOUNDS = (0.3, 3.0)


@st.composite
def problems(draw):
    """Rows with an intercept, a measurement and a category, weights, and totals that some factors in bounds reach."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n = draw(st.integers(6, 40))
    columns = {"all": np.ones(n), "x": rng.normal(3, 2, n), "c": (np.arange(n) % 3 == 0).astype(float)}
    start = rng.uniform(1, 6, n)
    factors = rng.uniform(0.5, 2.5, n)
    return columns, start, {name: float(start * factors @ x) for name, x in columns.items()}


def auxiliaries(columns, wanted):
    return Auxiliaries.of(columns, wanted)


@settings(max_examples=40)
@given(problems(), st.sampled_from(list(Distance)))
def test_totals_are_reproduced_within_the_bounds(problem, distance):
    columns, start, wanted = problem
    found = calibrate(start, auxiliaries(columns, wanted), distance=distance, bounds=BOUNDS)
    for name, x in columns.items():
        assert found.weights @ x == pytest.approx(wanted[name], rel=1e-8, abs=1e-8)
    assert found.factors.min() >= BOUNDS[0] - 1e-12
    assert found.factors.max() <= BOUNDS[1] + 1e-12


@settings(max_examples=40)
@given(problems(), st.sampled_from(list(Distance)), st.floats(0.6, 1.6), st.floats(0.6, 1.6))
def test_refused_exactly_where_no_factors_within_the_bounds_exist(problem, distance, wider, other):
    columns, start, wanted = problem
    wanted = wanted | {"x": wanted["x"] * wider, "c": wanted["c"] * other}
    table = np.stack(list(columns.values())) * start

    def reachable(slack):
        limits = [(BOUNDS[0] + slack, BOUNDS[1] - slack)] * len(start)
        return linprog(np.zeros(len(start)), A_eq=table, b_eq=list(wanted.values()), bounds=limits).status == 0

    inside, outside = reachable(1e-4), not reachable(-1e-4)

    def computed():
        return calibrate(start, auxiliaries(columns, wanted), distance=distance, bounds=BOUNDS)

    if inside:
        assert computed().gap < 1e-9
    elif outside:
        with pytest.raises(NotConvergedError, match=r"'(all|x|c)'"):
            computed()


@settings(max_examples=30)
@given(problems(), st.floats(0.01, 100), st.randoms())
def test_units_of_a_variable_and_order_of_rows_have_no_effect(problem, factor, random):
    columns, start, wanted = problem
    found = calibrate(start, auxiliaries(columns, wanted), distance=Distance.EXPONENTIAL).weights
    scaled = auxiliaries(columns | {"x": columns["x"] * factor}, wanted | {"x": wanted["x"] * factor})
    assert calibrate(start, scaled, distance=Distance.EXPONENTIAL).weights == pytest.approx(found, rel=1e-6)
    order = list(range(len(start)))
    random.shuffle(order)
    shuffled = auxiliaries({name: x[order] for name, x in columns.items()}, wanted)
    again = calibrate(start[order], shuffled, distance=Distance.EXPONENTIAL).weights
    assert again == pytest.approx(found[order], rel=1e-6)


@settings(max_examples=30)
@given(problems())
def test_linear_calibration_is_the_regression_estimator(problem):
    columns, start, wanted = problem
    found = calibrate(start, auxiliaries(columns, wanted), distance=Distance.LINEAR)
    x = np.stack(list(columns.values()), axis=1)
    lacking = np.array(list(wanted.values())) - start @ x
    by_hand = start * (1 + x @ np.linalg.solve(x.T @ (start[:, None] * x), lacking))
    assert found.weights == pytest.approx(by_hand, rel=1e-7, abs=1e-9)
    assert found.method is WeightingMethod.LINEAR
    assert ("negative_weights" in found.notes) is bool((found.weights < 0).any())


@settings(max_examples=30)
@given(problems(), st.sampled_from(list(Distance)))
def test_what_is_calibrated_has_no_error_and_a_perfect_fit_none_either(problem, distance):
    columns, start, wanted = problem
    weighting = calibrate(start, auxiliaries(columns, wanted), distance=distance, bounds=BOUNDS)
    design = weighting.applied_to(SurveyDesign.of(len(start), lonely=LonelyPsu.FAIL, weights=start))
    fitted = 2 * columns["x"] - columns["c"] + 5
    assert totals(design, fitted).se[0] == pytest.approx(0, abs=1e-8 * wanted["all"])
    assert means(design, fitted).se[0] == pytest.approx(0, abs=1e-8)


def test_totals_already_there_leave_the_weights_alone():
    start = np.array([1.0, 2, 3])
    for distance in Distance:
        found = calibrate(start, auxiliaries({"all": np.ones(3)}, {"all": 6}), distance=distance, bounds=BOUNDS)
        assert found.rounds == 0
        assert found.weights == pytest.approx(start, rel=1e-14)


def test_totals_that_contradict_each_other_are_named():
    same = np.ones(4)
    with pytest.raises(NotConvergedError, match=r"'a'|'b'"):
        calibrate(same, auxiliaries({"a": same, "b": same}, {"a": 8, "b": 9}), distance=Distance.LINEAR)
    with pytest.raises(NotConvergedError, match="'never'"):
        calibrate(
            same, auxiliaries({"a": same, "never": 0 * same}, {"a": 8, "never": 3}), distance=Distance.EXPONENTIAL
        )
    twice = auxiliaries({"a": same, "b": same}, {"a": 8, "b": 8})
    assert calibrate(same, twice, distance=Distance.LINEAR).weights == pytest.approx(2 * same)


def test_a_total_of_zero_and_far_away_totals():
    x = np.array([-1.0, -2, 1, 3])
    found = calibrate(np.ones(4), auxiliaries({"x": x}, {"x": 0}), distance=Distance.EXPONENTIAL)
    assert found.weights @ x == pytest.approx(0, abs=1e-8)
    for distance in Distance:
        with pytest.raises(NotConvergedError, match="bounds"):
            calibrate(np.ones(4), auxiliaries({"x": x}, {"x": 1e9}), distance=distance, bounds=BOUNDS)


def test_bounds_and_columns_that_make_no_sense():
    one = auxiliaries({"all": np.ones(2)}, {"all": 3})
    for bounds in ((1.0, 2.0), (0.5, 0.9), (2.0, 0.5), (-0.5, 2.0)):
        with pytest.raises(BadInputError, match="bounds"):
            calibrate([1.0, 1], one, distance=Distance.LOGIT, bounds=bounds)
    with pytest.raises(MethodDoesNotFitError):
        calibrate([1.0, 1], one, distance=Distance.LOGIT)
    with pytest.raises(MethodDoesNotFitError):
        calibrate([1.0, 1], one, distance=Distance.LOGIT, bounds=(0.5, np.inf))
    with pytest.raises(BadInputError, match="'x' is missing in row 1"):
        auxiliaries({"x": [1, np.nan]}, {"x": 3})
    with pytest.raises(BadInputError, match="total"):
        auxiliaries({"x": [1, 2]}, {"x": np.nan})
    with pytest.raises(BadInputError, match="same"):
        auxiliaries({"x": [1, 2]}, {"y": 3})
    with pytest.raises(BadInputError, match="shapes"):
        auxiliaries({"x": [1, 2], "y": [1]}, {"x": 3, "y": 3})
    with pytest.raises(EmptyCategoryError, match="'m': 'b'"):
        Auxiliaries.of_margins([Margin.of("m", ["a"], {"a": 1, "b": 2})])
