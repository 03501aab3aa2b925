"""Base weights, non-response, trimming, Kish's figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError, EmptyCategoryError
from app.analysis.stats.weighting.base import adjust_for_nonresponse, design_weights, inclusion
from app.analysis.stats.weighting.margins import Margin
from app.analysis.stats.weighting.raking import post_stratify, rake
from app.analysis.stats.weighting.summary import summarise
from app.analysis.stats.weighting.trimming import trim, trim_and_recalibrate

weights = st.lists(st.floats(0.1, 100), min_size=2, max_size=40).map(np.array)


def test_design_weights_over_stages():
    chance = [inclusion([2, 3], [10, 30]), inclusion([5, 4], [20, 4])]
    assert design_weights(chance).tolist() == pytest.approx([20, 10])
    assert inclusion(5, 5).tolist() == [1]


@pytest.mark.parametrize(("n", "population"), [(0, 5), (6, 5), (np.nan, 5), (1, np.nan), (-1, 5)])
def test_more_drawn_than_there_are_is_refused(n, population):
    with pytest.raises(BadInputError, match="row 1"):
        inclusion([1, n], [5, population])


def test_chances_that_are_none():
    with pytest.raises(BadInputError, match="stage 2, row 1"):
        design_weights([[0.5, 0.5], [0.5, 1.5]])
    with pytest.raises(BadInputError, match="at least one stage"):
        design_weights([])


@settings(max_examples=40)
@given(weights, st.data())
def test_those_who_answered_carry_their_cell(base, data):
    cells = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=len(base), max_size=len(base))))
    answered = np.array(data.draw(st.lists(st.booleans(), min_size=len(base), max_size=len(base))))
    for cell in set(cells.tolist()):
        answered[np.argmax(cells == cell)] = True
    found = adjust_for_nonresponse(base, cells, answered)
    for cell, rate in zip(found.cells, found.rates, strict=True):
        assert found.weights[cells[answered] == cell].sum() == pytest.approx(base[cells == cell].sum())
        assert 0 < rate <= 1
    assert found.respondents.sum() == answered.sum()


def test_cells_without_answers_are_named():
    with pytest.raises(EmptyCategoryError, match="'b', 'c'"):
        adjust_for_nonresponse(np.ones(4), ["a", "b", "c", "c"], np.array([True, False, False, False]))
    with pytest.raises(BadInputError, match="one per row"):
        adjust_for_nonresponse(np.ones(2), ["a", "b"], np.array([1, 0]))
    with pytest.raises(BadInputError, match="without a category"):
        adjust_for_nonresponse(np.ones(2), ["a", ""], np.array([True, True]))


def test_kish_figures():
    found = summarise([1.0, 1, 2])
    assert (found.n, found.total, found.sum_of_squares, found.median) == (3, 4, 6, 1)
    assert found.kish_deff == pytest.approx(18 / 16)
    assert found.kish_n_eff == pytest.approx(16 / 6)
    assert found.cv2 == pytest.approx(found.kish_deff - 1)
    assert summarise([7.0]).kish_deff == 1
    for wrong in ([], [1, np.nan], [-1.0, 1.0]):
        with pytest.raises(BadInputError):
            summarise(wrong)


@settings(max_examples=60)
@given(weights, st.floats(1.05, 4))
def test_strict_trimming_keeps_the_sum_and_the_limit(given_weights, times):
    limit = times * given_weights.mean()
    found = trim(given_weights, upper=limit, strict=True)
    assert found.weights.sum() == pytest.approx(given_weights.sum())
    assert found.weights.max() <= limit * (1 + 1e-12)
    assert found.after.kish_deff <= found.before.kish_deff * (1 + 1e-12)
    order = np.argsort(given_weights, kind="stable")
    assert (np.diff(found.weights[order]) >= -1e-9).all()
    assert trim(found.weights, upper=limit * (1 + 1e-9), strict=True).weights == pytest.approx(found.weights)


def test_one_pass_may_lift_others_over_the_limit():
    given_weights = np.array([10.0, 4.4, 1, 1, 1])
    once, strict = (trim(given_weights, upper=5, strict=strict) for strict in (False, True))
    assert once.weights.tolist() == pytest.approx([5, 5.65, 2.25, 2.25, 2.25])
    assert strict.weights.tolist() == pytest.approx([5, 5, *[2.25 + 0.65 / 3] * 3])
    assert strict.cut.tolist() == [True, True, False, False, False]
    assert strict.spread == pytest.approx(5.65)


def test_lower_limits_and_limits_that_cannot_hold():
    found = trim([1.0, 5, 6], upper=np.inf, lower=2, strict=True)
    assert found.weights.tolist() == [2, 4.5, 5.5]
    with pytest.raises(BadInputError, match="keep their sum"):
        trim([3.0, 3], upper=2, strict=True)
    with pytest.raises(BadInputError, match="wrong way"):
        trim([3.0, 3], upper=2, lower=2, strict=False)
    untouched = trim([1.0, 2], upper=3, strict=True)
    assert untouched.weights.tolist() == [1, 2]
    assert not untouched.cut.any()


def test_trimmed_weights_keep_the_residuals_of_the_calibration():
    start = np.array([1.0, 2, 1, 1, 1, 1])
    weighting = post_stratify(start, Margin.of("m", list("aabbbb"), {"a": 60, "b": 40}))
    calibrated = weighting.applied_to(SurveyDesign.of(6, lonely=LonelyPsu.FAIL, weights=start))
    cut = trim(calibrated.weights, upper=30, strict=True).applied_to(calibrated)
    assert cut.weights.tolist() == pytest.approx([22, 30, 12, 12, 12, 12])
    # Not at the known total any more, so the category itself has an error again.
    share = np.array([1.0, 1, 0, 0, 0, 0])
    assert means(calibrated, share).se[0] == pytest.approx(0, abs=1e-12)
    assert means(cut, share).se[0] > 0.01


def heavy_tail():
    rng = np.random.default_rng(8)
    sex, age = rng.integers(0, 2, 200), np.where(rng.random(200) < 0.03, 1, 0)
    start = rng.lognormal(0, 1.1, 200)
    wanted = {"sex": {"0": 4000, "1": 6000}, "age": {"0": 9500, "1": 500}}
    return start, [Margin.of("sex", sex, wanted["sex"]), Margin.of("age", age, wanted["age"])]


def test_our_rule_cuts_spreads_and_calibrates_again():
    start, margins = heavy_tail()
    raked = rake(start, margins)
    found = trim_and_recalibrate(raked, lambda w: rake(w, margins), times_median=5)
    assert found.rows_cut > 0
    assert found.after.kish_deff < found.before.kish_deff
    assert found.weighting.weights.sum() == pytest.approx(10_000, rel=1e-8)
    assert found.weighting.gap < 1e-9
    assert (found.weighting.weights > found.limit * (1 + 1e-6)).sum() == found.rows_above
    assert "weights_trimmed" in found.notes


def test_weights_that_the_totals_push_above_the_limit_again_are_told():
    start = np.ones(21)
    margin = Margin.of("m", ["a"] * 20 + ["b"], {"a": 20, "b": 30})
    found = trim_and_recalibrate(
        post_stratify(start, margin), lambda w: post_stratify(w, margin), times_median=3, max_cycles=4
    )
    assert (found.rows_cut, found.rows_above, found.cycles) == (1, 1, 4)
    assert found.notes == ("weights_trimmed", "weights_above_limit")


def test_nothing_to_cut_and_multiples_outside_the_rule():
    margin = Margin.of("m", ["a", "b"], {"a": 2, "b": 3})
    weighting = post_stratify([1.0, 1], margin)
    found = trim_and_recalibrate(weighting, lambda w: post_stratify(w, margin), times_median=3)
    assert (found.rows_cut, found.cycles, found.notes) == (0, 0, ())
    assert found.weighting is weighting
    for times in (2.9, 5.1):
        with pytest.raises(BadInputError, match="3 to 5"):
            trim_and_recalibrate(weighting, lambda w: post_stratify(w, margin), times_median=times)
