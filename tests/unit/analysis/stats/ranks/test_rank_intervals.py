"""Rank intervals: reference values, what must always hold, who is not ranked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.singles import WilsonUnits
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.ranks.intervals import SIMULTANEOUS, RankMethod, pair_quantile, rank_intervals
from app.analysis.stats.ranks.smoothed_intervals import mover_rank_intervals
from app.analysis.stats.ranks.step_down import step_down_rank_intervals
from app.analysis.stats.results import SampleKind
from tests.unit.analysis.stats.comparisons.reference import reference_cases

KIND = SampleKind.PROBABILITY
NAMES = {
    "tukey_kramer": RankMethod.TUKEY,
    "kww_sidak": RankMethod.JOINT_SIDAK,
    "kww_bonferroni": RankMethod.JOINT_BONFERRONI,
    "holm_pairs": RankMethod.HOLM,
    "naive_overlap": RankMethod.OVERLAP,
}
EIGHT = [96.4, 95.1, 94.8, 92.0, 90.3, 89.9, 85.2, 80.7]
MOVER = [RankMethod.TUKEY, RankMethod.MARGINAL]
some_units = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), min_size=2, max_size=9).map(np.array)
some_shares = st.lists(
    st.tuples(st.sampled_from([0.0, 0.8, 0.9, 1.0]) | st.floats(0, 1), st.floats(1, 400), st.floats(2, 60)),
    min_size=2,
    max_size=9,
).map(np.array)


def ranked(estimate, covariance, method=RankMethod.TUKEY, *, df=np.inf, level=0.95, kind=KIND):
    return rank_intervals(estimate, covariance, df=df, method=method, confidence_level=level, sample_kind=kind)


def limits(ranks):
    return list(zip(ranks.low.tolist(), ranks.high.tolist(), strict=True))


@pytest.mark.parametrize("expected", reference_cases("09-ranks", "rank_ci"))
def test_every_method_gives_the_reference_ranks(expected):
    covariance = expected.get("vcov", expected["se"])
    for name, method in NAMES.items():
        found = ranked(expected["estimate"], covariance, method, df=float(expected["df"]), level=expected["level"])
        assert found.low.tolist() == expected[name]["lower"]
        assert found.high.tolist() == expected[name]["upper"]
        if "quantile" in expected[name]:
            assert found.critical == pytest.approx(expected[name]["quantile"], rel=1e-10)


@pytest.mark.parametrize("expected", reference_cases("15-smoothed-wilson", "difference_mover"))
def test_ranks_from_smoothed_limits(expected):
    units = WilsonUnits.of(expected["estimate"], expected["n_eff"], expected["df_star"])
    found = mover_rank_intervals(
        units,
        correlation=expected["correlation"],
        method=RankMethod.TUKEY,
        confidence_level=0.95,
        sample_kind=KIND,
    )
    assert found.critical == pytest.approx(expected["rank_crit"], rel=5e-8)
    assert found.low.tolist() == expected["rank_lower"]
    assert found.high.tolist() == expected["rank_upper"]


def test_the_worked_example():
    """statistics.md, section 4.3."""
    found = ranked(EIGHT, [1.2] * 8)
    assert found.critical == pytest.approx(3.0309, abs=5e-5)
    assert limits(found) == [(1, 4), (1, 5), (1, 6), (1, 6), (2, 7), (3, 7), (5, 8), (7, 8)]
    assert found.rank.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found.simultaneous
    assert not ranked(EIGHT, [1.2] * 8, RankMethod.MARGINAL).simultaneous


def check_honest(found):
    units = len(found.rank)
    assert ((found.low >= 1) & (found.low <= found.rank) & (found.rank <= found.high) & (found.high <= units)).all()
    assert not (found.separated & found.separated.T).any()


@pytest.mark.parametrize("method", list(RankMethod))
@settings(max_examples=25)
@given(units=some_units, df=st.sampled_from([3.0, 20.0, np.inf]), level=st.floats(0.5, 0.96))
def test_intervals_contain_the_observed_rank_and_widen_with_the_level(method, units, df, level):
    estimate, se = units.T.astype(float)
    small, large = (ranked(estimate, se, method, df=df, level=each) for each in (level, level + 0.03))
    check_honest(small)
    assert ((large.low <= small.low) & (small.high <= large.high)).all()


@pytest.mark.parametrize("method", MOVER)
@settings(max_examples=25)
@given(units=some_shares, level=st.floats(0.5, 0.96))
def test_the_same_holds_for_smoothed_limits(method, units, level):
    single = WilsonUnits.of(*units.T)
    small, large = (
        mover_rank_intervals(single, correlation=None, method=method, confidence_level=each, sample_kind=KIND)
        for each in (level, level + 0.03)
    )
    check_honest(small)
    assert ((large.low <= small.low) & (small.high <= large.high)).all()


@pytest.mark.parametrize("method", list(RankMethod))
@settings(max_examples=15)
@given(units=some_units, random=st.randoms(use_true_random=False), shift=st.integers(-50, 50))
def test_order_of_units_shift_and_scale_do_not_matter(method, units, random, shift):
    estimate, se = units.T.astype(float)
    places = list(range(estimate.size))
    random.shuffle(places)
    plain = ranked(estimate, se, method)
    moved = ranked(4.0 * estimate[places] + shift, 4.0 * se[places], method)
    assert limits(moved) == [limits(plain)[place] for place in places]


def test_one_unit_alone_gets_a_shorter_interval_than_all_together():
    every, alone = (ranked(EIGHT, [1.2] * 8, method) for method in MOVER)
    assert alone.critical < every.critical
    assert (alone.high - alone.low).sum() <= (every.high - every.low).sum()
    assert pair_quantile(RankMethod.MARGINAL, 2, np.inf, 0.95) == pytest.approx(1.959964, abs=1e-6)


def test_simultaneous_coverage_of_thirty_equal_units():
    """Every interval must contain every rank: Tukey in about 95 % of surveys, overlap in about 41 %."""
    random = np.random.default_rng(2026)
    held = {RankMethod.TUKEY: 0, RankMethod.JOINT_SIDAK: 0, RankMethod.OVERLAP: 0}
    for _ in range(400):
        estimate = random.normal(size=30)
        for method in held:
            held[method] += not ranked(estimate, np.ones(30), method).separated.any()
    assert 366 <= held[RankMethod.TUKEY] <= 393
    assert held[RankMethod.JOINT_SIDAK] >= held[RankMethod.TUKEY]
    assert held[RankMethod.OVERLAP] < 220


def test_a_census_ranks_itself_and_ties_share_a_rank():
    found = ranked([0.3, 0.9, 3 * 0.1, 0.5], [0.0] * 4, kind=SampleKind.CENSUS)
    assert found.rank.tolist() == [3, 1, 3, 2]
    assert limits(found) == [(3, 4), (1, 1), (3, 4), (2, 2)]
    counted = WilsonUnits.of([0.3, 0.9, 3 * 0.1, 0.5], [np.inf] * 4, np.inf)
    exact = mover_rank_intervals(
        counted, correlation=None, method=RankMethod.TUKEY, confidence_level=0.95, sample_kind=SampleKind.CENSUS
    )
    assert limits(exact) == limits(found)


def test_everybody_satisfied_everywhere_separates_nobody():
    units = WilsonUnits.of([1.0] * 5, [3, 10, 50, 200, 1000], 20)
    found = mover_rank_intervals(
        units, correlation=np.eye(5), method=RankMethod.TUKEY, confidence_level=0.95, sample_kind=KIND
    )
    assert limits(found) == [(1, 5)] * 5
    assert found.rank.tolist() == [1] * 5


def test_step_down_settles_at_least_the_pairs_of_the_plain_method():
    noise = np.random.default_rng(1).standard_normal((50_000, 8))
    stepped = step_down_rank_intervals(EIGHT, [1.2] * 8, confidence_level=0.95, noise=noise, sample_kind=KIND)
    plain = ranked(EIGHT, [1.2] * 8)
    assert stepped.critical[0] == pytest.approx(plain.critical, abs=0.02)
    assert list(stepped.critical) == sorted(stepped.critical, reverse=True)
    assert (stepped.ranks.separated >= plain.separated).all()
    check_honest(stepped.ranks)
    certain = step_down_rank_intervals([2, 1], [0, 0], confidence_level=0.95, noise=noise[:, :2], sample_kind=KIND)
    assert limits(certain.ranks) == [(1, 1), (2, 2)]
    assert certain.critical == ()


def test_open_samples_are_never_ranked():
    noise = np.zeros((1000, 2))
    units = WilsonUnits.of([0.9, 0.8], [10, 10], 5)
    for method in RankMethod:
        with pytest.raises(MethodDoesNotFitError, match="open sample"):
            ranked([0.9, 0.8], [0.1, 0.1], method, kind=SampleKind.OPEN)
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        mover_rank_intervals(
            units, correlation=None, method=RankMethod.TUKEY, confidence_level=0.95, sample_kind=SampleKind.OPEN
        )
    with pytest.raises(MethodDoesNotFitError, match="open sample"):
        step_down_rank_intervals(
            [0.9, 0.8], [0.1, 0.1], confidence_level=0.95, noise=noise, sample_kind=SampleKind.OPEN
        )


@pytest.mark.parametrize(
    ("estimate", "se", "df", "words"),
    [
        ([0.9], [0.1], 5, "at least two"),
        ([0.9, np.nan], [0.1, 0.1], 5, "unit 1 has no estimate"),
        ([0.9, 0.8], [0.1, np.nan], 5, "unit 1 has no usable"),
        ([0.9, 0.8], [-0.1, 0.1], 5, "unit 0 has no usable"),
        ([0.9, 0.8], [0.1], 5, "square covariance"),
        ([0.9, 0.8], [0.1, 0.1], 0, "degrees of freedom"),
        ([0.9, 0.8], [[0.1, 0], [0, -0.1]], 5, "unit 1"),
    ],
)
def test_what_cannot_be_ranked_is_named(estimate, se, df, words):
    with pytest.raises(BadInputError, match=words):
        ranked(estimate, se, df=df)


def test_methods_that_do_not_go_with_smoothed_limits_or_bad_noise():
    units = WilsonUnits.of([0.9, 0.8], [10, 10], 5)
    for method in set(RankMethod) - set(MOVER):
        with pytest.raises(BadInputError, match="one quantile"):
            mover_rank_intervals(units, correlation=None, method=method, confidence_level=0.95, sample_kind=KIND)
    for noise, words in ((np.zeros((10, 2)), "1000 rows"), (np.zeros((1000, 3)), "1000 rows")):
        with pytest.raises(BadInputError, match=words):
            step_down_rank_intervals([1, 2], [1, 1], confidence_level=0.95, noise=noise, sample_kind=KIND)
    with pytest.raises(BadInputError, match="standard errors"):
        step_down_rank_intervals([1, 2], [1], confidence_level=0.95, noise=np.zeros((1000, 2)), sample_kind=KIND)
    assert RankMethod.MARGINAL not in SIMULTANEOUS
