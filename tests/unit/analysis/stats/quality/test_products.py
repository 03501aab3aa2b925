"""Cross-products: they add up, forget the order, and give the covariance that numpy gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.jackknife import delete_one_psu, jackknife_covariance
from app.analysis.stats.quality.products import correlation_of, cross_products, pairwise_covariance


def whole_numbers(seed, rows=40, k=3):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, (rows, k)).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    return x, rng.integers(1, 1000, rows).astype(float), rng.integers(0, 7, rows)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_any_partition_in_any_order_gives_the_same_bits(seed):
    x, w, groups = whole_numbers(seed)
    rng = np.random.default_rng(seed)
    whole = cross_products(x, weights=w, groups=groups, group_count=7)
    parts = np.array_split(rng.permutation(len(x)), rng.integers(1, 6))
    added = None
    for part in parts:
        one = cross_products(x[part], weights=w[part], groups=groups[part], group_count=7)
        added = one if added is None else one + added
    for name in ("n", "weight", "first", "second"):
        assert np.array_equal(getattr(added, name), getattr(whole, name))
    flat = cross_products(x, weights=w)
    assert np.array_equal(whole.total().second, flat.second)
    assert flat.total() is flat


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_covariance_is_numpys(seed):
    x, w, _ = whole_numbers(seed)
    complete = ~np.isnan(x).any(axis=1)
    expected = np.cov(x[complete].T, aweights=w[complete], bias=True)
    found = cross_products(x, weights=w)
    assert found.covariance() == pytest.approx(expected, rel=1e-9, abs=1e-12)
    about = cross_products(x, weights=w, origin=[3, 3, 3])
    assert about.covariance() == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert about.means() == pytest.approx(found.means())
    assert found.select([2, 0]).covariance() == pytest.approx(expected[np.ix_([2, 0], [2, 0])], rel=1e-9)
    spread = np.sqrt(np.diagonal(expected))
    assert correlation_of(expected) * np.outer(spread, spread) == pytest.approx(expected)


def test_empty_sets_and_constant_columns():
    nothing = cross_products(np.full((2, 2), np.nan))
    assert nothing.n == 0
    assert np.isnan(nothing.covariance()).all()
    assert np.isnan(nothing.means()).all()
    constant = cross_products([[0.1, 1], [0.1, 2], [0.1, 4]]).covariance()
    assert (constant[0] == 0).all()
    assert np.isnan(correlation_of(constant)[0]).all()
    assert np.isnan(pairwise_covariance(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2)))).all()


def test_leaving_out_one_psu():
    x, w, groups = whole_numbers(3, rows=60)
    stratum = np.array([0, 0, 0, 1, 1, 1, 1])
    sums = cross_products(x, weights=w, groups=groups, group_count=7)
    replicates = delete_one_psu(sums, stratum)
    for psu in range(7):
        size = (stratum == stratum[psu]).sum()
        factor = np.where(stratum[groups] == stratum[psu], size / (size - 1), 1.0)
        kept = groups != psu
        by_hand = cross_products(x[kept], weights=(w * factor)[kept])
        assert replicates.second[psu] == pytest.approx(by_hand.second, rel=1e-10)
        assert replicates.n[psu] == by_hand.n
    totals = replicates.first
    variance = np.diagonal(jackknife_covariance(totals, stratum, lonely=LonelyPsu.FAIL))
    spread = sum(len(part) * part.var(axis=0, ddof=1) for part in (sums.first[stratum == 0], sums.first[stratum == 1]))
    assert variance == pytest.approx(spread, rel=1e-9)


@pytest.mark.parametrize("lonely", [LonelyPsu.REMOVE, LonelyPsu.ADJUST, LonelyPsu.AVERAGE])
def test_the_jackknife_of_a_mean_is_near_its_linearised_error(lonely):
    rng = np.random.default_rng(11)
    psu = np.arange(3000) % 60
    x = rng.normal(size=(3000, 2)) + rng.normal(size=60)[psu][:, None]
    design = SurveyDesign.of(3000, lonely=lonely, weights=np.ones(3000), strata=np.minimum(psu, 20), clusters=[psu])
    sums = cross_products(x, weights=design.weights, groups=design.psu)
    replicates = delete_one_psu(sums, design.psu_stratum).means()
    found = np.diagonal(jackknife_covariance(replicates, design.psu_stratum, lonely=lonely))
    assert np.sqrt(found) == pytest.approx(means(design, x).se, rel=0.02)


def test_bad_input_is_named():
    with pytest.raises(BadInputError, match="different origins"):
        cross_products([[1, 2]]) + cross_products([[1, 2]], origin=[1, 1])
    with pytest.raises(BadInputError, match="rows × columns"):
        cross_products([1, 2])
    with pytest.raises(BadInputError, match="origin"):
        cross_products([[1, 2]], origin=[1])
    with pytest.raises(BadInputError, match="shape"):
        cross_products([[1, 2]], weights=[1, 2])
    with pytest.raises(BadInputError, match="whole numbers"):
        cross_products([[1, 2]], groups=[0.5])
    with pytest.raises(BadInputError, match=r"0\.\.1"):
        cross_products([[1, 2]], groups=[2], group_count=2)
    with pytest.raises(BadInputError, match="PSUs"):
        delete_one_psu(cross_products([[1, 2]], groups=[0]), np.array([0, 0]))
