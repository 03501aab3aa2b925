"""Replicates made from designs: beside linearisation, at the edges, refused where nothing honest can be made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.designs.linearised import means, totals
from app.analysis.stats.errors import BadInputError, LonelyPsuError, MethodDoesNotFitError
from app.analysis.stats.replication.estimates import Centre, replicate_means, replicate_ratios, replicate_totals
from app.analysis.stats.replication.hadamard import hadamard
from app.analysis.stats.replication.making import balanced_half_samples, jackknife, rescaled_bootstrap
from app.analysis.stats.replication.replicates import ReplicateKind, rank_degrees_of_freedom

# Levy and Lemeshow's ambulances: 3 strata of 2 units.
STATIONS = {"strata": [1, 1, 2, 2, 3, 3], "clusters": [[1, 2, 1, 2, 1, 2]], "weights": [5.0] * 6, "nested": True}
ARRESTS, ALIVE = np.array([120, 78, 185, 228, 670, 530.0]), np.array([25, 24, 30, 49, 80, 70.0])
JK1, JKN = ReplicateKind.JK1, ReplicateKind.JKN


def design(lonely=LonelyPsu.FAIL, **given):
    rows = len(next(iter(value for key, value in given.items() if key in {"weights", "strata"})))
    return SurveyDesign.of(rows, lonely=lonely, **given)


def ratio(replicates, centre=Centre.REPLICATES):
    return replicate_ratios(replicates, ALIVE, ARRESTS, domain=None, centre=centre)


@st.composite
def samples(draw, *, pairs=False, fpc=False):
    """A design with strata and clusters, and two columns of answers with gaps."""
    sizes = [2 * draw(st.integers(1, 2)) if pairs else draw(st.integers(2, 5)) for _ in range(draw(st.integers(1, 5)))]
    seed = draw(st.integers(0, 10**6))
    random = np.random.default_rng(seed)
    stratum, cluster, population = [], [], []
    for number, size in enumerate(sizes):
        for unit in range(size):
            people = int(random.integers(1, 5))
            stratum += [number] * people
            cluster += [unit] * people
            population += [size + number + 1] * people
    rows = len(stratum)
    shuffled = random.permutation(rows)
    made = SurveyDesign.of(
        rows,
        lonely=LonelyPsu.FAIL,
        weights=random.uniform(1, 9, rows),
        strata=np.array(stratum)[shuffled],
        clusters=[np.array(cluster)[shuffled]],
        populations=[np.array(population, dtype=float)[shuffled]] if fpc else None,
        nested=True,
    )
    y = random.normal(3, 1, (rows, 2))
    y[random.random((rows, 2)) < 0.1] = np.nan
    return made, y


@settings(max_examples=40)
@given(samples(fpc=True))
def test_the_jackknife_of_a_total_is_the_linearised_variance(sample):
    made, y = sample
    found = replicate_totals(jackknife(made, kind=JKN), y, domain=None, centre=Centre.FULL_SAMPLE)
    linear = totals(made, y)
    np.testing.assert_allclose(found.value, linear.value)
    np.testing.assert_allclose(found.covariance, linear.covariance, rtol=1e-9, atol=1e-9)
    assert found.df == made.degrees_of_freedom == rank_degrees_of_freedom(jackknife(made, kind=JKN).factors)


@settings(max_examples=40)
@given(samples(pairs=True), st.floats(0.0, 0.9))
def test_half_samples_of_a_total_are_the_linearised_variance(sample, rho):
    made, y = sample
    # Half samples pair units: with two units in every stratum nothing else is lost.
    pairs = np.all(made.stages[0].sampled == 2)
    replicates = balanced_half_samples(made, fay_rho=rho, split=True)
    found = replicate_totals(replicates, y, domain=None, centre=Centre.REPLICATES)
    np.testing.assert_allclose(found.replicate_values.mean(axis=0), found.value)
    if pairs:
        np.testing.assert_allclose(found.covariance, totals(made, y).covariance, rtol=1e-8, atol=1e-9)
    assert replicates.df == int((made.stages[0].sampled / 2).sum())


@settings(max_examples=20)
@given(samples(), st.integers(0, 1000))
def test_replicates_do_not_know_the_order_of_rows(sample, seed):
    made, y = sample
    order = np.random.default_rng(seed).permutation(made.rows)
    other = SurveyDesign.of(
        made.rows,
        lonely=LonelyPsu.FAIL,
        weights=made.weights[order],
        strata=made.stratum[order],
        clusters=[made.psu[order]],
    )
    for centre in Centre:
        one = replicate_means(jackknife(made, kind=JKN), y, domain=None, centre=centre)
        two = replicate_means(jackknife(other, kind=JKN), y[order], domain=None, centre=centre)
        np.testing.assert_allclose(one.covariance, two.covariance, rtol=1e-8, atol=1e-12)


def test_ambulances():
    made = design(**STATIONS)
    half = ratio(balanced_half_samples(made, fay_rho=0.0, split=False))
    assert half.value[0] == pytest.approx(0.15350635008282718)
    assert half.se[0] == pytest.approx(0.009418400669918494)
    assert (half.df, half.kind, half.replicate_values.shape) == (3, ReplicateKind.BRR, (4, 1))
    low, high = half.limits(confidence_level=0.95)
    assert (high - low)[0] == pytest.approx(2 * 3.182446305 * half.se[0])
    assert ratio(balanced_half_samples(made, fay_rho=0.3, split=False)).se[0] == pytest.approx(0.009525187477705237)
    assert ratio(jackknife(made, kind=JKN)).se[0] == pytest.approx(0.009846457203997157)


def test_replicates_stand_in_the_order_of_the_rows():
    made = design(weights=[1.0] * 4, strata=["b", "a", "b", "a"], clusters=[[7, 9, 5, 3]])
    deleted = [int(np.argmin(jackknife(made, kind=JKN).weights_of(r))) for r in range(4)]
    assert deleted == [0, 2, 1, 3]


def test_a_census_stratum_gets_no_replicate_and_no_half():
    made = design(weights=[1.0] * 5, strata=[1, 1, 2, 2, 2], populations=[[10, 10, 3, 3, 3]])
    replicates = jackknife(made, kind=JKN)
    assert (replicates.count, replicates.df) == (2, 1)
    half = balanced_half_samples(made, fay_rho=0.0, split=False)
    assert half.notes == ("finite_population_not_used",)
    np.testing.assert_array_equal(half.factors[2:], 1.0)
    np.testing.assert_array_equal(
        rescaled_bootstrap(made, replicates=5, generator=np.random.default_rng(1)).factors[2:], 1.0
    )
    with pytest.raises(MethodDoesNotFitError, match="every unit"):
        jackknife(design(weights=[1.0] * 2, strata=[1, 1], populations=[[2, 2]]), kind=JKN)


def test_a_census_without_strata_has_no_variance():
    made = design(weights=[1.0] * 3, populations=[[3, 3, 3]])
    found = replicate_means(jackknife(made, kind=JK1), [1.0, 2.0, 6.0], domain=None, centre=Centre.REPLICATES)
    assert found.se[0] == 0.0


def test_later_stages_with_a_correction_are_said_to_be_left_out():
    people = {"clusters": [[1, 1, 2, 2], [1, 2, 1, 2]], "populations": [[9] * 4, [5] * 4]}
    made = design(weights=[1.0] * 4, **people)
    assert jackknife(made, kind=JK1).notes == ("later_stages_not_used",)


LONELY = {"weights": [2.0, 2.0, 3.0, 3.0, 4.0], "strata": [1, 1, 2, 2, 3]}
Y = np.array([1.0, 3.0, 2.0, 5.0, 4.0])


def test_strata_of_one_unit_follow_the_rule_of_the_design():
    with pytest.raises(LonelyPsuError, match="single"):
        jackknife(design(**LONELY), kind=JKN)

    def variance(rule):
        found = replicate_totals(jackknife(design(rule, **LONELY), kind=JKN), Y, domain=None, centre=Centre.FULL_SAMPLE)
        return found.covariance[0, 0], found.df

    removed, df = variance(LonelyPsu.REMOVE)
    assert removed == pytest.approx(totals(design(LonelyPsu.REMOVE, **LONELY), Y).variance[0])
    assert df == 2
    assert variance(LonelyPsu.CERTAINTY) == (removed, df)
    assert variance(LonelyPsu.AVERAGE)[0] == pytest.approx(removed * 5 / 4)
    total = float(np.array(LONELY["weights"]) @ Y)
    # The whole stratum away, the two others times 3/2: 3/2 (16 - total/3)².
    assert variance(LonelyPsu.ADJUST)[0] == pytest.approx(removed + 1.5 * (16 - total / 3) ** 2)
    assert variance(LonelyPsu.ADJUST)[1] == 3


def test_all_strata_of_one_unit():
    made = design(LonelyPsu.ADJUST, weights=[1.0, 2.0, 3.0], strata=[1, 2, 3])
    replicates = jackknife(made, kind=JKN)
    assert replicates.df == 2 == rank_degrees_of_freedom(replicates.factors)
    for rule in (LonelyPsu.REMOVE, LonelyPsu.AVERAGE):
        with pytest.raises(MethodDoesNotFitError):
            jackknife(design(rule, weights=[1.0, 2.0, 3.0], strata=[1, 2, 3]), kind=JKN)


def test_what_has_no_replicates_is_refused():
    one = design(weights=[1.0, 1.0], clusters=[[1, 1]])
    with pytest.raises(MethodDoesNotFitError, match="single primary unit"):
        jackknife(one, kind=JK1)
    with pytest.raises(MethodDoesNotFitError, match="without strata"):
        jackknife(design(**STATIONS), kind=JK1)
    with pytest.raises(MethodDoesNotFitError, match="no jackknife"):
        jackknife(design(**STATIONS), kind=ReplicateKind.BRR)
    odd = design(weights=[1.0] * 5, strata=[1, 1, 2, 2, 2])
    with pytest.raises(MethodDoesNotFitError, match="has 3"):
        balanced_half_samples(odd, fay_rho=0.0, split=True)
    with pytest.raises(MethodDoesNotFitError, match="has 4"):
        balanced_half_samples(design(weights=[1.0] * 4, strata=[1] * 4), fay_rho=0.0, split=False)
    for rho in (-0.1, 1.0, np.nan):
        with pytest.raises(BadInputError, match="rho"):
            balanced_half_samples(design(**STATIONS), fay_rho=rho, split=False)
    with pytest.raises(BadInputError, match="bootstrap"):
        rescaled_bootstrap(design(**STATIONS), replicates=1, generator=np.random.default_rng(1))
    with pytest.raises(MethodDoesNotFitError, match="adjust"):
        rescaled_bootstrap(design(LonelyPsu.ADJUST, **LONELY), replicates=9, generator=np.random.default_rng(1))
    with pytest.raises(BadInputError, match="too many"):
        jackknife(design(weights=np.ones(8000)), kind=JK1)
    calibrated = design(**STATIONS).reweighted(np.ones(6), residualise=lambda u: u)
    with pytest.raises(MethodDoesNotFitError, match="adjusted"):
        jackknife(calibrated, kind=JKN)


def test_the_bootstrap_comes_near_linearisation_and_repeats_with_its_seed():
    random = np.random.default_rng(5)
    stratum = np.repeat(np.arange(4), 15)
    y = random.normal(3 + stratum, 1.0)
    made = SurveyDesign.of(
        60, lonely=LonelyPsu.FAIL, weights=random.uniform(1, 3, 60), strata=stratum, populations=[np.full(60, 40.0)]
    )
    boot = rescaled_bootstrap(made, replicates=3000, generator=np.random.default_rng(9))
    found = replicate_means(boot, y, domain=None, centre=Centre.FULL_SAMPLE)
    assert found.se[0] == pytest.approx(means(made, y).se[0], rel=0.05)
    assert boot.df == 56
    assert np.all(boot.factors > 0)
    again = rescaled_bootstrap(made, replicates=3000, generator=np.random.default_rng(9))
    np.testing.assert_array_equal(boot.factors, again.factors)
    np.testing.assert_allclose(boot.factors.reshape(4, 15, -1).sum(axis=1), 15.0)


@pytest.mark.parametrize("least", [1, 2, 3, 5, 9, 13, 20, 21, 28, 33, 36, 44, 49, 60, 76, 93, 101, 120, 200])
def test_hadamard_matrices(least):
    matrix = hadamard(least)
    order = len(matrix)
    assert least <= order <= least + 11
    np.testing.assert_array_equal(matrix @ matrix.T, order * np.eye(order))
    assert set(np.unique(matrix)) <= {-1, 1}
    assert np.all(matrix[0] == 1)
    assert np.all(matrix[:, 0] == 1)


@pytest.mark.parametrize("least", [0, -4, 5000])
def test_orders_that_are_not_offered(least):
    with pytest.raises(BadInputError):
        hadamard(least)
