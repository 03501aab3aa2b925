"""Pairs of units by z and t, and each unit against the mean of all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.pairwise import pairwise_t, pairwise_z, versus_mean_t, versus_mean_z
from app.analysis.stats.comparisons.results import MEAN_OF_ALL
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.results import SampleKind
from tests.unit.analysis.stats.comparisons.reference import reference_cases

OPTIONS = {"confidence_level": 0.95, "sample_kind": SampleKind.PROBABILITY}


@pytest.mark.parametrize("expected", reference_cases("08-multiple-testing", "pairwise_z"))
def test_all_pairs_of_independent_units(expected):
    found = pairwise_z(expected["estimate"], expected["se"], **OPTIONS)
    assert (found.first + 1).tolist() == expected["i"]
    assert (found.second + 1).tolist() == expected["j"]
    for ours, name in (
        (found.difference, "difference"),
        (found.se, "se_diff"),
        (found.p, "p"),
        (found.holm, "holm"),
        (found.benjamini_hochberg, "BH"),
    ):
        np.testing.assert_allclose(ours, expected[name], rtol=1e-10)


@pytest.mark.parametrize("expected", reference_cases("08-multiple-testing", "versus_mean_z"))
def test_each_unit_against_the_mean_of_all(expected):
    found = versus_mean_z(expected["estimate"], expected["se"], **OPTIONS)
    assert (found.second == MEAN_OF_ALL).all()
    np.testing.assert_allclose(found.difference, expected["difference"], rtol=1e-10)
    np.testing.assert_allclose(found.se, expected["se_diff"], rtol=1e-10)
    np.testing.assert_allclose(found.holm, expected["holm"], rtol=1e-10)


def test_with_a_covariance_t_of_many_degrees_of_freedom_is_z():
    estimate, se = [0.9, 0.8, 0.95], np.array([0.02, 0.03, 0.01])
    z = pairwise_z(estimate, se, **OPTIONS)
    t = pairwise_t(estimate, np.diag(se**2), df=np.inf, **OPTIONS)
    assert t.p.tolist() == z.p.tolist()
    assert t.low.tolist() == z.low.tolist()
    mean_z, mean_t = versus_mean_z(estimate, se, **OPTIONS), versus_mean_t(estimate, np.diag(se**2), df=5, **OPTIONS)
    np.testing.assert_allclose(mean_t.se, mean_z.se)
    assert (mean_t.p > mean_z.p).all()


def test_shared_villages_narrow_the_difference():
    v = np.array([[4.0, 3.0], [3.0, 4.0]])
    assert pairwise_t([1.0, 0.0], v, df=20, **OPTIONS).se[0] == pytest.approx(np.sqrt(2.0))


def test_a_census_is_certain_and_equal_censuses_do_not_differ():
    found = pairwise_z([0.9, 0.8, 0.9], [0.0, 0.0, 0.0], **OPTIONS)
    assert found.p.tolist() == [0.0, 1.0, 0.0]
    assert found.low.tolist() == found.high.tolist() == found.difference.tolist()
    # 9 of 30 and 0.1 * 3 are the same share, rounded differently.
    assert pairwise_z([0.1 * 3, 9 / 30], [0.0, 0.0], **OPTIONS).p.tolist() == [1.0]


def test_a_unit_without_answers_stays_out_of_the_count():
    whole = pairwise_z([0.9, 0.8], [0.02, 0.03], **OPTIONS)
    found = pairwise_z([0.9, np.nan, 0.8], [0.02, np.nan, 0.03], **OPTIONS)
    np.testing.assert_allclose(found.holm, [np.nan, whole.holm[0], np.nan])


def test_only_the_wanted_pairs_are_counted():
    found = pairwise_z([0.9, 0.8, 0.7], [0.02, 0.03, 0.01], pairs=([2], [0]), **OPTIONS)
    assert found.difference.tolist() == pytest.approx([-0.2])
    assert found.holm.tolist() == found.p.tolist()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.2)), min_size=2, max_size=8),
    st.floats(0.5, 0.98),
)
def test_limits_contain_the_difference_and_widen_with_the_level(units, level):
    estimate, se = np.array(units).T
    kind = SampleKind.CENSUS
    small = pairwise_z(estimate, se, confidence_level=level, sample_kind=kind)
    large = pairwise_z(estimate, se, confidence_level=level + 0.01, sample_kind=kind)
    assert ((small.low <= small.difference) & (small.difference <= small.high)).all()
    assert ((large.low <= small.low) & (small.high <= large.high)).all()
    back = pairwise_z(estimate, se, confidence_level=level, sample_kind=kind, pairs=(small.second, small.first))
    assert back.p.tolist() == small.p.tolist()


@pytest.mark.parametrize(
    ("estimate", "se", "words"),
    [
        ([0.9], [0.1], "at least two"),
        ([0.9, 0.8], [0.1, -0.1], "position 1"),
        ([0.9, 0.8], [0.1], "do not go with"),
        ([0.9, np.inf], [0.1, 0.1], "finite"),
    ],
)
def test_what_cannot_be_compared_is_refused(estimate, se, words):
    with pytest.raises(BadInputError, match=words):
        pairwise_z(estimate, se, **OPTIONS)


def test_a_bad_covariance_pair_or_df_is_refused():
    with pytest.raises(BadInputError, match="symmetric"):
        pairwise_t([1, 2], [[1, 0.5], [0.1, 1]], df=3, **OPTIONS)
    with pytest.raises(BadInputError, match="square"):
        pairwise_t([1, 2], [1, 1], df=3, **OPTIONS)
    with pytest.raises(BadInputError, match="degrees of freedom"):
        pairwise_t([1, 2], np.eye(2), df=0, **OPTIONS)
    with pytest.raises(BadInputError, match="pair 0"):
        pairwise_z([1, 2], [1, 1], pairs=([0], [2]), **OPTIONS)
    with pytest.raises(BadInputError, match="one length"):
        pairwise_z([1, 2], [1, 1], pairs=([0], [1, 1]), **OPTIONS)
    with pytest.raises(BadInputError, match="missing"):
        versus_mean_z([1, np.nan], [1, 1], **OPTIONS)
