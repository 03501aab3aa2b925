"""Estimates from replicates: given weights, any statistic, quantiles, domains that vanish, bad input."""

import numpy as np
import pytest

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.replication.estimates import (
    Centre,
    replicate_estimate,
    replicate_means,
    replicate_quantiles,
    replicate_ratios,
    replicate_totals,
    replicate_variance,
)
from app.analysis.stats.replication.making import balanced_half_samples, jackknife, rescaled_bootstrap
from app.analysis.stats.replication.replicates import ReplicateKind, given_replicates


def sample(rows=24, seed=3):
    random = np.random.default_rng(seed)
    made = SurveyDesign.of(
        rows, lonely=LonelyPsu.FAIL, weights=random.uniform(1, 4, rows), clusters=[np.repeat(np.arange(6), rows // 6)]
    )
    return made, random.normal(10, 2, (rows, 2))


def jk(made):
    return jackknife(made, kind=ReplicateKind.JK1)


@pytest.mark.parametrize("centre", list(Centre))
def test_any_statistic_is_the_same_as_the_built_in_ones(centre):
    made, y = sample()
    domain = np.arange(24) % 3 > 0
    y[4, 0] = np.nan
    answered = domain[:, None] & ~np.isnan(y)
    filled = np.where(answered, y, 0.0)
    pairs = [
        (replicate_totals(jk(made), y, domain=domain, centre=centre), lambda w: w @ filled),
        (replicate_means(jk(made), y, domain=domain, centre=centre), lambda w: (w @ filled) / (w @ answered)),
        (
            replicate_ratios(jk(made), y[:, 0], y[:, 1], domain=domain, centre=centre),
            lambda w: (w @ filled[:, 0]) / (w @ (filled[:, 1] * answered[:, 0])),
        ),
    ]
    for built_in, statistic in pairs:
        other = replicate_estimate(jk(made), statistic, centre=centre)
        np.testing.assert_allclose(built_in.value, other.value)
        np.testing.assert_allclose(built_in.replicate_values, other.replicate_values)
        np.testing.assert_allclose(built_in.covariance, other.covariance, rtol=1e-8)


def test_variance_around_the_full_estimate_is_never_smaller_for_one_scale():
    made, y = sample()
    around = [
        replicate_means(jk(made), y, domain=None, centre=centre).se
        for centre in (Centre.REPLICATES, Centre.FULL_SAMPLE)
    ]
    assert np.all(around[0] <= around[1])


def test_quantiles():
    made = SurveyDesign.of(5, lonely=LonelyPsu.FAIL, weights=np.ones(5))
    y = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    found = replicate_quantiles(jk(made), y, [0.2, 0.5, 0.8, 0.81], domain=None, centre=Centre.REPLICATES)
    np.testing.assert_array_equal(found.value, [1, 3, 4, 5])
    assert found.notes == ("jackknife_not_valid_for_quantiles",)
    boot = rescaled_bootstrap(made, replicates=50, generator=np.random.default_rng(1))
    assert replicate_quantiles(boot, y, 0.5, domain=None, centre=Centre.REPLICATES).notes == ()
    inside = np.array([True, True, False, False, False])
    np.testing.assert_array_equal(
        replicate_quantiles(boot, y, 0.9, domain=inside, centre=Centre.REPLICATES).value, [5.0]
    )


def test_quantiles_of_nobody():
    made, y = sample()
    found = replicate_quantiles(jk(made), y[:, 0], 0.5, domain=np.zeros(24, dtype=bool), centre=Centre.REPLICATES)
    assert np.isnan(found.value[0])


def test_a_domain_in_one_unit_has_an_estimate_and_no_standard_error():
    made, y = sample()
    domain = np.arange(24) < 4
    found = replicate_means(jk(made), y, domain=domain, centre=Centre.FULL_SAMPLE)
    np.testing.assert_allclose(found.value, np.average(y[:4], axis=0, weights=made.weights[:4]))
    assert np.isnan(found.se).all()
    assert found.notes == ("undefined_in_some_replicates",)


def test_bootstrap_replicates_without_the_domain_are_discarded_and_it_is_said():
    made, y = sample()
    boot = rescaled_bootstrap(made, replicates=200, generator=np.random.default_rng(2))
    domain = np.arange(24) < 8
    found = replicate_means(boot, y[:, 0], domain=domain, centre=Centre.REPLICATES)
    assert np.isnan(found.replicate_values).any()
    kept = found.replicate_values[~np.isnan(found.replicate_values)]
    assert found.se[0] == pytest.approx(np.sqrt(((kept - kept.mean()) ** 2).sum() / 199))
    assert found.notes == ("undefined_replicates_discarded",)


def test_fay_keeps_every_domain():
    made = SurveyDesign.of(4, lonely=LonelyPsu.FAIL, weights=np.ones(4), strata=[1, 1, 2, 2])
    domain = np.array([True, False, False, False])
    one = {"domain": domain, "centre": Centre.REPLICATES}
    half = replicate_means(balanced_half_samples(made, fay_rho=0.0, split=False), [1.0, 2, 3, 4], **one)
    assert np.isnan(half.replicate_values).any()
    fay = replicate_means(balanced_half_samples(made, fay_rho=0.5, split=False), [1.0, 2, 3, 4], **one)
    assert not np.isnan(fay.replicate_values).any()


def test_given_weights_are_those_that_were_made():
    made, y = sample()
    own = jk(made)
    combined = np.column_stack(list(own.each()))
    for table, is_combined in ((combined, True), (combined / made.weights[:, None], False)):
        given = given_replicates(made.weights, table, combined=is_combined, scale=own.scale, kind=ReplicateKind.JK1)
        assert given.df == own.df == 5
        np.testing.assert_allclose(
            replicate_means(given, y, domain=None, centre=Centre.REPLICATES).covariance,
            replicate_means(own, y, domain=None, centre=Centre.REPLICATES).covariance,
        )


def test_replicates_with_scale_zero_do_not_count():
    table = np.array([[0.0, 2.0, 9.0], [2.0, 0.0, 1.0]])
    given = given_replicates([1.0, 1.0], table, combined=False, scale=0.5, rscales=[1, 1, 0], df=1)
    without = given_replicates([1.0, 1.0], table[:, :2], combined=False, scale=0.5, df=1)
    one, two = (replicate_means(each, [1.0, 4.0], domain=None, centre=Centre.REPLICATES) for each in (given, without))
    np.testing.assert_allclose(one.covariance, two.covariance)


def test_calibrated_replicates_know_the_known_total():
    made, y = sample()
    group = np.arange(24) % 2

    def to_known_sizes(weights):
        factors = np.array([100.0, 50.0]) / np.bincount(group, weights=weights)
        return weights * factors[group]

    calibrated = jk(made).adjusted(to_known_sizes)
    known = replicate_totals(calibrated, group.astype(float), domain=None, centre=Centre.FULL_SAMPLE)
    assert known.value[0] == pytest.approx(50.0)
    assert known.se[0] == pytest.approx(0.0, abs=1e-9)
    assert replicate_means(calibrated, y, domain=None, centre=Centre.FULL_SAMPLE).se.min() > 0
    with pytest.raises(BadInputError, match="adjusted"):
        jk(made).adjusted(lambda weights: -weights)


@pytest.mark.parametrize(
    ("weights", "table", "changed"),
    [
        ([1.0, 1.0], [[1.0, 1.0]], {}), ([1.0, 1.0], [[1.0], [1.0]], {}), ([], np.empty((0, 3)), {}),
        ([1.0, 0.0], np.ones((2, 3)), {}), ([1.0, np.nan], np.ones((2, 3)), {}),
        ([1.0, 1.0], [[1.0, -1.0], [1.0, 1.0]], {}), ([1.0, 1.0], [[1.0, np.nan], [1.0, 1.0]], {}),
        ([1.0, 1.0], [[1.0, 0.0], [1.0, 0.0]], {}), ([1.0, 1.0], np.ones((2, 3)), {"scale": 0.0}),
        ([1.0, 1.0], np.ones((2, 3)), {"scale": np.inf}), ([1.0, 1.0], np.ones((2, 3)), {"rscales": [1, 1]}),
        ([1.0, 1.0], np.ones((2, 3)), {"rscales": [1, 1, -1]}),
    ],
)  # fmt: skip
def test_impossible_given_weights_are_refused(weights, table, changed):
    with pytest.raises(BadInputError):
        given_replicates(weights, table, **({"combined": False, "scale": 1.0} | changed))


def test_impossible_questions_are_refused():
    made, y = sample()
    one = {"domain": None, "centre": Centre.REPLICATES}
    with pytest.raises(BadInputError, match="24 rows"):
        replicate_means(jk(made), y[:5], **one)
    with pytest.raises(BadInputError, match="finite"):
        replicate_means(jk(made), np.full(24, np.inf), **one)
    with pytest.raises(BadInputError, match="truth"):
        replicate_means(jk(made), y, domain=np.ones(24), centre=Centre.REPLICATES)
    with pytest.raises(BadInputError, match="denominators"):
        replicate_ratios(jk(made), y, y[:, 0], **one)
    with pytest.raises(BadInputError, match="one variable"):
        replicate_quantiles(jk(made), y, 0.5, **one)
    for bad in (0.0, 1.0, np.nan, [[0.5]]):
        with pytest.raises(BadInputError, match="probabilities"):
            replicate_quantiles(jk(made), y[:, 0], bad, **one)
    with pytest.raises(BadInputError, match="same list"):
        replicate_estimate(jk(made), lambda w: np.ones(int((w > 0).sum())), centre=Centre.REPLICATES)
    with pytest.raises(BadInputError, match="shape"):
        replicate_variance(jk(made), [1.0], np.ones((5, 1)), centre=Centre.REPLICATES)
