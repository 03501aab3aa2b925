"""Post-stratification and raking: margins reproduced, order and scale without effect, refusals that name the place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means, totals
from app.analysis.stats.errors import BadInputError, EmptyCategoryError, NotConvergedError
from app.analysis.stats.weighting.calibration import Auxiliaries, calibrate
from app.analysis.stats.weighting.distances import Distance
from app.analysis.stats.weighting.margins import Margin, crossed
from app.analysis.stats.weighting.raking import post_stratify, rake
from app.analysis.stats.weighting.weighting import ResidualFit, WeightingMethod


@st.composite
def samples(draw):
    """Rows that reach every cell of a 2 × 3 table, starting weights, and totals of both margins of one population."""
    extra = draw(st.integers(0, 30))
    cells = [(a, b) for a in "fm" for b in "xyz"] + [
        (draw(st.sampled_from("fm")), draw(st.sampled_from("xyz"))) for _ in range(extra)
    ]
    order = draw(st.permutations(range(len(cells))))
    first, second = (np.array([cells[i][side] for i in order]) for side in (0, 1))
    start = np.array(draw(st.lists(st.floats(0.5, 20), min_size=len(cells), max_size=len(cells))))
    counts = np.array(draw(st.lists(st.integers(20, 400), min_size=6, max_size=6)), float).reshape(2, 3)
    return (
        first,
        second,
        start,
        dict(zip("fm", counts.sum(1), strict=True)),
        dict(zip("xyz", counts.sum(0), strict=True)),
    )


def margins(first, second, one, two):
    return [Margin.of("sex", first, one), Margin.of("age", second, two)]


@settings(max_examples=50)
@given(samples())
def test_raked_weights_reproduce_every_margin(sample):
    first, second, start, one, two = sample
    found = rake(start, margins(*sample[:2], one, two))
    assert found.gap < 1e-9
    assert (found.weights > 0).all()
    for labels, wanted in ((first, one), (second, two)):
        for category, total in wanted.items():
            assert found.weights[labels == category].sum() == pytest.approx(total, rel=1e-8)


@settings(max_examples=40)
@given(samples(), st.floats(0.01, 100), st.randoms())
def test_scale_and_order_of_rows_have_no_effect(sample, factor, random):
    first, second, start, one, two = sample
    found = rake(start, margins(first, second, one, two)).weights
    assert rake(start * factor, margins(first, second, one, two)).weights == pytest.approx(found, rel=1e-7)
    order = list(range(len(start)))
    random.shuffle(order)
    again = rake(start[order], margins(first[order], second[order], one, two)).weights
    assert again == pytest.approx(found[order], rel=1e-7)


@settings(max_examples=30)
@given(samples())
def test_order_of_margins_has_no_effect_and_raking_twice_changes_nothing(sample):
    first, second, start, one, two = sample
    both = margins(first, second, one, two)
    found = rake(start, both)
    assert rake(start, both[::-1]).weights == pytest.approx(found.weights, rel=1e-7)
    again = rake(found.weights, both)
    assert again.rounds == 0
    assert again.weights == pytest.approx(found.weights, rel=1e-12)


@settings(max_examples=30)
@given(samples())
def test_raking_is_calibration_with_the_exponential_distance(sample):
    first, second, start, one, two = sample
    both = margins(first, second, one, two)
    design = SurveyDesign.of(len(start), lonely=LonelyPsu.FAIL, weights=start)
    y = np.arange(len(start), dtype=float)
    raked, calibrated = rake(start, both), calibrate(start, Auxiliaries.of_margins(both), distance=Distance.EXPONENTIAL)
    assert calibrated.weights == pytest.approx(raked.weights, rel=1e-6)
    ses = [means(w.applied_to(design), y).se[0] for w in (raked, calibrated)]
    assert ses[0] == pytest.approx(ses[1], rel=1e-6, abs=1e-9)


@settings(max_examples=30)
@given(samples())
def test_residual_variance_by_the_formula_written_out(sample):
    first, second, start, one, two = sample
    weighting = rake(start, margins(first, second, one, two))
    design = SurveyDesign.of(len(start), lonely=LonelyPsu.FAIL, weights=start)
    y = np.cos(np.arange(len(start), dtype=float))
    w = weighting.weights
    z = (y - (w @ y) / w.sum()) / w.sum()
    x = np.column_stack([first == "f", first == "m", second == "x", second == "y"]).astype(float)
    b = np.linalg.solve(x.T @ (start[:, None] * x), x.T @ (start * z))
    u = w * (z - x @ b)
    n = len(u)
    by_hand = np.sqrt(n / (n - 1) * ((u - u.mean()) ** 2).sum())
    assert means(weighting.applied_to(design), y).se[0] == pytest.approx(by_hand, rel=1e-8, abs=1e-12)


def test_the_known_totals_themselves_have_no_error():
    first = np.array(["a", "a", "b", "b", "b"])
    weighting = post_stratify([1.0, 2, 3, 4, 5], Margin.of("m", first, {"a": 30, "b": 70}))
    design = weighting.applied_to(SurveyDesign.of(5, lonely=LonelyPsu.FAIL, weights=[1.0, 2, 3, 4, 5]))
    found = totals(design, (first == "a").astype(float))
    assert found.value[0] == pytest.approx(30)
    assert found.se[0] == pytest.approx(0, abs=1e-12)
    assert weighting.method is WeightingMethod.POST_STRATIFIED
    assert weighting.factors == pytest.approx(np.array([10, 10, 70 / 12, 70 / 12, 70 / 12]))


def test_post_stratified_mean_of_a_plain_sample_has_the_textbook_variance():
    y = np.array([1.0, 3, 5, 10, 14])
    strata = np.array([1.0, 1, 1, 2, 2])
    start = np.full(5, 20.0)
    weighting = post_stratify(start, Margin.of("m", strata, {"1": 40, "2": 60}))
    found = means(weighting.applied_to(SurveyDesign.of(5, lonely=LonelyPsu.FAIL, weights=start)), y)
    assert found.value[0] == pytest.approx(0.4 * 3 + 0.6 * 12)
    spread = 0.4**2 / 9 * 8 + 0.6**2 / 4 * 8
    assert found.variance[0] == pytest.approx(5 / 4 * spread)


def test_equal_residual_weights_only_matter_when_the_start_is_unequal():
    labels = np.array(["a", "a", "a", "b", "b"])
    margin = Margin.of("m", labels, {"a": 10, "b": 20})
    y = np.array([1.0, 2, 4, 8, 16])
    for start, same in ((np.ones(5), True), (np.array([1.0, 2, 3, 4, 5]), False)):
        weighting = post_stratify(start, margin)
        design = SurveyDesign.of(5, lonely=LonelyPsu.FAIL, weights=start)
        ses = [means(weighting.fitted_with(fit).applied_to(design), y).se[0] for fit in ResidualFit]
        assert bool(ses[0] == pytest.approx(ses[1])) is same


def test_a_calibrated_design_can_be_calibrated_again():
    rng = np.random.default_rng(3)
    one, two = rng.integers(0, 2, 60), rng.integers(0, 3, 60)
    design = SurveyDesign.of(60, lonely=LonelyPsu.FAIL, weights=np.full(60, 5.0))
    first = post_stratify(design.weights, Margin.of("one", one, {"0": 100, "1": 200}))
    once = first.applied_to(design)
    second = post_stratify(once.weights, Margin.of("two", two, {"0": 100, "1": 100, "2": 100}))
    y = one + two + rng.normal(size=60)
    assert means(second.applied_to(once), y).se[0] < means(second.applied_to(design), y).se[0] < means(design, y).se[0]


def test_an_empty_category_is_named_with_its_margin():
    labels = ["a", "b"]
    with pytest.raises(EmptyCategoryError, match=r"'stype': 'c', 'd'; margin 'wide': 'y'"):
        rake(
            [1.0, 1.0],
            [
                Margin.of("stype", labels, {"a": 1, "b": 2, "c": 1, "d": 3}),
                Margin.of("wide", ["x", "x"], {"x": 5, "y": 2}),
            ],
        )
    with pytest.raises(EmptyCategoryError, match="'stype': 'c'"):
        post_stratify([1.0, 1.0], Margin.of("stype", labels, {"a": 1, "b": 2, "c": 1}))


def test_partial_post_stratification_leaves_out_and_says_so():
    found = post_stratify([1.0, 1.0], Margin.of("stype", ["a", "c"], {"a": 10, "b": 20, "c": 5}), partial=True)
    assert found.weights.tolist() == [10, 5]
    assert found.notes == ("not_represented:stype:b",)


def test_margins_of_different_populations_are_refused():
    both = [Margin.of("m", ["a", "b"], {"a": 10, "b": 10}), Margin.of("n", ["x", "y"], {"x": 10, "y": 11})]
    with pytest.raises(BadInputError, match="'m' 20, 'n' 21"):
        rake([1.0, 1.0], both)


def test_totals_that_the_occupied_cells_cannot_reach_name_the_margin():
    # a|y and b|x are empty: sex and age would have to agree.
    both = [Margin.of("m", ["a", "b"], {"a": 10, "b": 10}), Margin.of("n", ["x", "y"], {"x": 12, "y": 8})]
    with pytest.raises(NotConvergedError, match=r"200 rounds: margin '[mn]', category"):
        rake([1.0, 1.0], both)
    with pytest.raises(NotConvergedError, match="3 rounds"):
        rake([1.0, 1.0], both, max_rounds=3)


def test_labels_and_totals_that_do_not_go_together():
    with pytest.raises(BadInputError, match="'m': rows in 'b'"):
        Margin.of("m", ["a", "b"], {"a": 10})
    with pytest.raises(BadInputError, match="'m': rows in 'b'"):
        Margin.of("m", ["a", "b"], {"a": 10, "b": 0})
    with pytest.raises(BadInputError, match="'m', category 'a'"):
        Margin.of("m", ["a"], {"a": -1})
    with pytest.raises(BadInputError, match="'m': 1 rows without a category, first row 1"):
        Margin.of("m", np.array(["a", None], dtype=object), {"a": 1})
    with pytest.raises(BadInputError, match="without a category"):
        Margin.of("m", [1.0, np.nan], {"1": 1})
    with pytest.raises(BadInputError, match="labels of shape"):
        Margin.of("m", [], {"a": 1})
    assert Margin.of("m", ["a"], {"a": 1, "b": 0}).categories == ("a",)


def test_starting_weights_that_are_none():
    margin = Margin.of("m", ["a", "b"], {"a": 1, "b": 1})
    for wrong in ([1.0, 0.0], [1.0, np.nan], [1.0, -2.0], [1.0], [np.inf, 1.0]):
        with pytest.raises(BadInputError):
            rake(wrong, [margin])
    with pytest.raises(BadInputError, match="rows"):
        rake([1.0, 1.0], [])
    with pytest.raises(BadInputError, match="rows"):
        rake([1.0, 1.0], [margin, Margin.of("n", ["a"], {"a": 1})])
    with pytest.raises(BadInputError, match="tolerance"):
        rake([1.0, 1.0], [margin], tolerance=0)
    with pytest.raises(BadInputError, match="2 weights for a design of 3 rows"):
        rake([1.0, 1.0], [margin]).applied_to(SurveyDesign.of(3, lonely=LonelyPsu.FAIL, weights=np.ones(3)))


def test_one_row_and_crossed_labels():
    assert rake([3.0], [Margin.of("m", ["a"], {"a": 12})]).weights.tolist() == [12]
    labels = crossed(["p1", "p1", "p2"], [1, 2, 1])
    assert labels.tolist() == ["p1|1", "p1|2", "p2|1"]
