"""Quantiles: the rules against numpy's, and Woodruff's limits by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.designs.quantile import QuantileRule, ShareLimits, quantiles
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quantiles import t_quantile

NAN = float("nan")
NUMPY = {
    QuantileRule.MATH: "inverted_cdf",
    QuantileRule.HF1: "inverted_cdf",
    QuantileRule.SCHOOL: "averaged_inverted_cdf",
    QuantileRule.HF2: "averaged_inverted_cdf",
    QuantileRule.HF4: "interpolated_inverted_cdf",
    QuantileRule.HF5: "hazen",
    QuantileRule.HF6: "weibull",
    QuantileRule.HF7: "linear",
    QuantileRule.HF8: "median_unbiased",
    QuantileRule.HF9: "normal_unbiased",
}


def plain(weights):
    return SurveyDesign.of(len(weights), lonely=LonelyPsu.FAIL, weights=weights)


def read(y, weights, probabilities, *, rule=QuantileRule.MATH, limits=ShareLimits.MEAN, domain=None):
    return quantiles(
        plain(np.asarray(weights, float)),
        y,
        probabilities=probabilities,
        rule=rule,
        limits=limits,
        confidence_level=0.95,
        domain=domain,
    )


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 50).map(float), min_size=2, max_size=20),
    st.integers(1, 31).map(lambda k: k / 32),
    st.sampled_from(list(QuantileRule)),
)
def test_rules_agree_with_numpy_for_equal_weights(y, p, rule):
    found = read(y, np.ones(len(y)), [p], rule=rule)
    assert found.value[0] == pytest.approx(np.quantile(y, p, method=NUMPY[rule]), abs=1e-12)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 9).map(float), st.integers(1, 4)), min_size=2, max_size=10),
    st.integers(1, 31).map(lambda k: k / 32),
    st.sampled_from([QuantileRule.MATH, QuantileRule.SCHOOL]),
)
def test_whole_weights_are_repeated_people(rows, p, rule):
    y, weights = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    everybody = np.repeat(y, weights.astype(int))
    assert read(y, weights, [p], rule=rule).value[0] == np.quantile(everybody, p, method=NUMPY[rule])


def test_limits_are_those_of_the_share_read_back():
    y = np.arange(1.0, 41.0)
    found = read(y, np.ones(40), [0.5])
    se = means(plain(np.ones(40)), (y <= 20.0).astype(float)).se[0]
    half = float(t_quantile(0.95, 39)) * se
    assert (found.value[0], found.n, found.df) == (20.0, 40, 39)
    assert found.low[0] == np.ceil((0.5 - half) * 40)
    assert found.high[0] == np.ceil((0.5 + half) * 40)
    assert found.se[0] == pytest.approx((found.high[0] - found.low[0]) / 2 / float(t_quantile(0.95, 39)))


@pytest.mark.parametrize("limits", list(ShareLimits))
def test_every_kind_of_limits_contains_the_quantile(limits):
    found = read(np.arange(100.0), np.linspace(1, 3, 100), [0.1, 0.5, 0.9], limits=limits)
    assert np.all(found.low < found.value)
    assert np.all(found.value < found.high)


def test_limits_that_leave_the_scale_or_are_not_defined_are_missing():
    wide = read(np.arange(5.0), np.ones(5), [0.1, 0.7])
    assert np.isnan(wide.low[0])
    assert np.isnan(wide.high[1])
    for limits in (ShareLimits.XLOGIT, ShareLimits.BETA, ShareLimits.ASIN):
        assert np.isnan(read(np.ones(6), np.ones(6), [0.5], limits=limits).low[0])
    same = read(np.ones(6), np.ones(6), [0.5])
    assert (same.low[0], same.value[0], same.high[0]) == (1.0, 1.0, 1.0)


def test_the_smallest_value_below_its_first_share():
    assert read([7.0, 3.0, 5.0], [1.0, 8.0, 1.0], [0.0, 0.1, 0.8, 0.85, 1.0]).value.tolist() == [3, 3, 3, 5, 7]


def test_missing_answers_and_other_domains_do_not_count():
    y = np.array([1.0, NAN, 3.0, 9.0, 9.0])
    found = read(y, np.ones(5), [1.0], domain=np.array([True, True, True, False, False]))
    assert (found.value[0], found.n, found.df) == (3.0, 2, 1)


def test_one_answer_is_its_own_quantile_and_has_no_limits_by_beta():
    design = SurveyDesign.of(1, lonely=LonelyPsu.REMOVE, weights=[2.0])
    for rule in QuantileRule:
        found = quantiles(design, [4.0], probabilities=[0.5], rule=rule, limits=ShareLimits.BETA, confidence_level=0.95)
        assert found.value[0] == 4.0
        assert np.isnan(found.low[0])


@pytest.mark.parametrize(
    ("y", "p"), [([1.0, 2.0], 1.5), ([1.0, 2.0], -0.1), ([1.0, 2.0], NAN), ([NAN, NAN], 0.5), ([1.0], 0.5)]
)
def test_bad_input_is_named(y, p):
    with pytest.raises(BadInputError):
        read(np.array(y), np.ones(2), [p])


def test_without_degrees_of_freedom_there_are_no_limits():
    design = SurveyDesign.of(6, lonely=LonelyPsu.REMOVE, weights=np.ones(6), clusters=[np.repeat([0, 1, 2], 2)])
    found = quantiles(
        design,
        np.arange(6.0),
        probabilities=[0.5],
        rule=QuantileRule.MATH,
        limits=ShareLimits.MEAN,
        confidence_level=0.95,
        domain=np.arange(6) < 2,
    )
    assert found.df == 0
    assert np.isfinite(found.value).all()
    assert np.isnan([found.low, found.high, found.se]).all()
