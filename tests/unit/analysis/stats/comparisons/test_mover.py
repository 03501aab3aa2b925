"""Differences built from single limits: reference values, p values that agree with the limits, properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.mover import correlations, mover_difference, mover_limits
from app.analysis.stats.comparisons.results import WHOLE_SURVEY
from app.analysis.stats.comparisons.singles import CallableUnits, WilsonUnits
from app.analysis.stats.comparisons.whole import mover_versus_whole
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import clopper_pearson_limits, wilson_limits
from app.analysis.stats.quantiles import normal_quantile
from app.analysis.stats.results import SampleKind
from app.analysis.stats.smoothed import SmoothedDesign
from tests.unit.analysis.stats.comparisons.reference import reference_cases

KIND = SampleKind.PROBABILITY
units = st.lists(
    st.tuples(st.sampled_from([0.0, 0.3, 0.9, 0.95, 1.0]) | st.floats(0, 1), st.floats(1, 500), st.floats(2, 60)),
    min_size=2,
    max_size=6,
)


@pytest.mark.parametrize("expected", reference_cases("15-smoothed-wilson", "difference_mover"))
def test_limits_p_values_and_corrections(expected):
    single = WilsonUnits.of(expected["estimate"], expected["n_eff"], expected["df_star"])
    found = mover_difference(single, correlation=expected["correlation"], confidence_level=0.95, sample_kind=KIND)
    for ours, name in (
        (found.difference, "difference"),
        (found.low, "lower"),
        (found.high, "upper"),
        (found.p, "p"),
        (found.holm, "holm"),
        (found.benjamini_hochberg, "BH"),
    ):
        np.testing.assert_allclose(ours, expected[name], rtol=1e-8, atol=1e-11)


@settings(max_examples=50)
@given(units, st.floats(0.5, 0.97))
def test_limits_contain_the_difference_agree_with_p_and_widen(chosen, level):
    single = WilsonUnits.of(*np.array(chosen).T)
    small = mover_difference(single, correlation=None, confidence_level=level, sample_kind=KIND)
    large = mover_difference(single, correlation=None, confidence_level=level + 0.02, sample_kind=KIND)
    assert ((small.low <= small.difference) & (small.difference <= small.high)).all()
    assert ((large.low <= small.low + 1e-15) & (small.high <= large.high + 1e-15)).all()
    assert ((small.low >= -1) & (small.high <= 1)).all()
    apart = (small.low > 0) | (small.high < 0)
    assert (apart <= (small.p <= 1 - level + 1e-9)).all()
    assert (~apart <= (small.p >= 1 - level - 1e-9)).all()
    np.testing.assert_allclose(large.p, small.p, rtol=1e-6, atol=1e-11)


@settings(max_examples=50)
@given(units, st.sampled_from([-1.0, 0.999, 1.0]) | st.floats(-1, 1), st.floats(0.5, 0.99))
def test_p_values_agree_with_the_shown_limits_at_every_correlation(chosen, r, level):
    single = WilsonUnits.of(*np.array(chosen[:2]).T)
    found = mover_difference(single, correlation=[[1, r], [r, 1]], confidence_level=level, sample_kind=KIND)
    apart = found.low[0] > 0 or found.high[0] < 0
    assert found.p[0] <= 1 - level + 1e-9 if apart else found.p[0] >= 1 - level - 1e-9


def test_with_a_correlation_near_one_the_shown_level_decides():
    """Limits of 50 % against 55.2 % exclude 0 far out in the tails only."""
    single = WilsonUnits.of([0.55221, 0.5], [32.28, 267.06], [53.3, 5.166])
    found = mover_difference(single, correlation=[[1, 0.999], [0.999, 1]], confidence_level=0.72, sample_kind=KIND)
    assert found.low[0] < 0 < found.high[0]
    assert found.p[0] > 0.28


@settings(max_examples=30)
@given(units, st.floats(-0.9, 0.9))
def test_turning_a_pair_round_turns_the_limits_round(chosen, r):
    single = WilsonUnits.of(*np.array(chosen[:2]).T)
    matrix = [[1, r], [r, 1]]
    there, back = (
        mover_difference(single, correlation=matrix, confidence_level=0.9, sample_kind=KIND, pairs=pair)
        for pair in (([0], [1]), ([1], [0]))
    )
    assert there.low[0] == pytest.approx(-back.high[0], abs=1e-14)
    assert there.p[0] == pytest.approx(back.p[0], rel=1e-6, abs=1e-11)


def test_positive_correlation_narrows():
    low, high = mover_limits((0.9, 0.85, 0.94), (0.8, 0.74, 0.85), correlation=[0.0, 0.5])
    assert low[1] > low[0]
    assert high[1] < high[0]


def test_any_interval_method_can_be_differenced():
    x, n = np.array([95.0, 80.0]), np.array([100.0, 100.0])

    def exact(places, alpha):
        limits = [
            clopper_pearson_limits(x[i], n[i], confidence_level=1 - a) for i, a in zip(places, alpha, strict=True)
        ]
        return np.array([low for low, _ in limits]), np.array([high for _, high in limits])

    found = mover_difference(CallableUnits(x / n, exact), correlation=None, confidence_level=0.95, sample_kind=KIND)
    (l1, l2), (u1, u2) = clopper_pearson_limits(x, n, confidence_level=0.95)
    low, high = mover_limits((0.95, l1, u1), (0.8, l2, u2), correlation=0.0)
    assert [found.low[0], found.high[0]] == pytest.approx([float(low), float(high)])
    assert 0 < found.p[0] < 0.01


def test_independent_plain_samples_are_newcombes_limits():
    """Newcombe (1998), method 10, 56 of 70 against 48 of 80: 0.0524 to 0.3339."""
    p, n = np.array([56 / 70, 48 / 80]), np.array([70, 80])
    found = mover_difference(WilsonUnits.of(p, n, np.inf), correlation=None, confidence_level=0.95, sample_kind=KIND)
    assert [found.low[0], found.high[0]] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    low, _ = wilson_limits(p, n, normal_quantile(0.95))
    assert found.low[0] < low[0] - p[1]


def test_equal_units_have_p_one_and_a_census_has_no_width():
    equal = mover_difference(
        WilsonUnits.of([0.9, 0.9], [50, 20], [10, 5]), correlation=None, confidence_level=0.95, sample_kind=KIND
    )
    assert equal.p.tolist() == [1.0]
    census = mover_difference(
        WilsonUnits.of([0.9, 0.8, 0.9], [np.inf] * 3, np.inf),
        correlation=None,
        confidence_level=0.95,
        sample_kind=SampleKind.CENSUS,
    )
    assert census.low.tolist() == census.high.tolist() == census.difference.tolist()
    assert census.p.tolist() == [1e-12, 1.0, 1e-12]


def test_one_person_says_nothing_and_no_answer_is_not_counted():
    found = mover_difference(
        WilsonUnits.of([1.0, 0.0, np.nan], [1, 1, 5], [10, 10, 10]),
        correlation=None,
        confidence_level=0.95,
        sample_kind=KIND,
    )
    assert found.p[0] > 0.1
    assert np.isnan(found.p[1:]).all()
    assert found.holm[0] == found.p[0]


def test_correlations_skip_estimates_without_spread():
    r = correlations([[4.0, 2.0, 0.0], [2.0, 5.0, 0.0], [0.0, 0.0, 0.0]])
    assert r[0, 1] == pytest.approx(2 / np.sqrt(20))
    assert r[2].tolist() == [0.0, 0.0, 1.0]
    with pytest.raises(BadInputError, match="square"):
        correlations([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("p", "n", "df", "words"),
    [
        ([0.9, 1.2], [10, 10], 5, "unit 1"),
        ([0.9, 0.8], [10, 0], 5, "unit 1"),
        ([0.9, 0.8], [10, 10], 0, "unit 0"),
        ([0.9, 0.8], [10], 5, "one length"),
    ],
)
def test_impossible_units_are_named(p, n, df, words):
    with pytest.raises(BadInputError, match=words):
        WilsonUnits.of(p, n, df)


def test_impossible_comparisons_are_refused():
    two = WilsonUnits.of([0.9, 0.8], [10, 10], 5)
    with pytest.raises(BadInputError, match="2 x 2"):
        mover_difference(two, correlation=[[1, 3], [3, 1]], confidence_level=0.95, sample_kind=KIND)
    with pytest.raises(BadInputError, match="at least two"):
        mover_difference(WilsonUnits.of([0.9], [10], 5), correlation=None, confidence_level=0.95, sample_kind=KIND)
    with pytest.raises(BadInputError, match="confidence level"):
        mover_difference(two, correlation=None, confidence_level=95, sample_kind=KIND)


def test_each_unit_against_the_whole_survey():
    units, whole = WilsonUnits.of([0.95, 0.85, 0.9], [80, 60, 40], 20), WilsonUnits.of([0.9], [180], 20)
    found = mover_versus_whole(units, whole, correlation=[0.6, 0.5, 0.4], confidence_level=0.95, sample_kind=KIND)
    assert (found.second == WHOLE_SURVEY).all()
    assert found.first.tolist() == [0, 1, 2]
    assert found.difference.tolist() == pytest.approx([0.05, -0.05, 0.0])
    assert found.p[2] == 1.0
    assert found.holm.max() <= 1.0
    # The first unit, by the formula for one pair.
    (low1, low), (high1, high) = wilson_limits([0.95, 0.9], [80, 180], 2.0859634)
    one, _ = mover_limits((0.95, low1, high1), (0.9, low, high), correlation=0.6)
    assert found.low[0] == pytest.approx(float(one), abs=1e-8)
    with pytest.raises(BadInputError, match="one whole"):
        mover_versus_whole(units, units, correlation=[0, 0, 0], confidence_level=0.95, sample_kind=KIND)
    with pytest.raises(BadInputError, match="3 correlations"):
        mover_versus_whole(units, whole, correlation=[0.6], confidence_level=0.95, sample_kind=KIND)


def test_a_unit_taken_whole_is_a_census_in_the_smoothed_table():
    design = SmoothedDesign(
        1.2, np.array([1.1, 1.3]), np.array([1.2, 1.2]), np.array([0.0, 1.0]), np.array([9.0, 8.0]), 1
    )
    units = WilsonUnits.smoothed([0.9, 0.8], [30.0, 40.0], design)
    low, high = units.limits(np.array([0, 1]), np.array([0.05, 0.05]))
    assert low[0] == high[0] == 0.9
    assert low[1] < 0.8 < high[1]
    assert units.df.tolist() == [9.0, 8.0]
