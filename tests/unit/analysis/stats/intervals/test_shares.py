"""Design-based shares: every named interval, where it exists, and why not."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.basis import ShareBasis, share_basis
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.intervals.shares import ShareMethod, share_limits

METHODS = st.sampled_from(list(ShareMethod))
# Made by an own trace of the profile: an approximation, tested apart.
ELEMENTARY = st.sampled_from([method for method in ShareMethod if method is not ShareMethod.LIKELIHOOD])


@st.composite
def bases(draw, cells=4):
    """Cells with a share inside 0..1, a variance of their own and at least 3 degrees of freedom."""
    shape = {"min_size": cells, "max_size": cells}
    p = np.array(draw(st.lists(st.floats(0.02, 0.98), **shape)))
    n_psu = np.array(draw(st.lists(st.integers(5, 60), **shape)))
    n = n_psu * np.array(draw(st.lists(st.integers(2, 20), **shape)))
    deff = np.array(draw(st.lists(st.floats(0.7, 4.0), **shape)))
    return ShareBasis(p, np.sqrt(deff * p * (1 - p) / n), n, n_psu, np.minimum(n_psu - 3, 2))


def clusters(answers, *, populations=None, lonely=LonelyPsu.REMOVE, strata=None):
    """One list of answers per cluster."""
    labels = np.repeat(np.arange(len(answers)), [len(each) for each in answers])
    y = np.concatenate([np.asarray(each, dtype=float) for each in answers])
    size = {} if populations is None else {"populations": [np.repeat(populations, len(y))]}
    if strata is not None:
        size["strata"] = np.asarray(strata)[labels]
    return SurveyDesign.of(len(y), lonely=lonely, weights=np.ones(len(y)), clusters=[labels], **size), y


def only(design, y, method, **options):
    found = share_limits(share_basis(design, y, **options), method=method, confidence_level=0.95, cut=True)
    return float(found.low[0]), float(found.high[0]), found.reasons[0]


@given(bases(), METHODS, st.floats(0.8, 0.98))
def test_limits_hold_the_share_inside_0_and_1(basis, method, level):
    found = share_limits(basis, method=method, confidence_level=level, cut=True)
    known = ~(np.isnan(found.low) | np.isnan(found.high))
    assert (found.low[known] >= 0).all()
    assert (found.high[known] <= 1).all()
    assert (found.low[known] <= basis.value[known]).all()
    assert (found.high[known] >= basis.value[known]).all()
    assert [reason is None for reason in found.reasons] == known.tolist() or method in {"logit", "likelihood"}
    if method not in {ShareMethod.LIKELIHOOD, ShareMethod.LOGIT}:
        assert known.all()


@given(bases(), ELEMENTARY, st.floats(0.5, 0.9))
def test_a_higher_level_moves_both_limits_outwards(basis, method, level):
    inner, outer = (share_limits(basis, method=method, confidence_level=x, cut=True) for x in (level, level + 0.05))
    assert (outer.low <= inner.low + 1e-12).all()
    assert (outer.high >= inner.high - 1e-12).all()


@given(bases(), METHODS)
def test_satisfied_and_unsatisfied_mirror_each_other(basis, method):
    mirrored = ShareBasis(1 - basis.value, basis.se, basis.n, basis.n_psu, basis.n_strata)
    ours, theirs = (share_limits(x, method=method, confidence_level=0.95, cut=True) for x in (basis, mirrored))
    assert ours.low == pytest.approx(1 - theirs.high, abs=1e-6, nan_ok=True)
    assert ours.high == pytest.approx(1 - theirs.low, abs=1e-6, nan_ok=True)


@settings(max_examples=40)
@given(bases())
def test_the_likelihood_limits_are_close_to_the_exact_ones(basis):
    """At the limit the deviance of n_eff answers, times n/(n - 1), is the squared quantile."""
    found = share_limits(basis, method=ShareMethod.LIKELIHOOD, confidence_level=0.95, cut=True)
    wilson = share_limits(basis, method=ShareMethod.WILSON, confidence_level=0.95, cut=True)
    for cell, p in enumerate(basis.value):
        assume(basis.n_eff[cell] * min(p, 1 - p) > 5)
        people = basis.n_eff[cell] * (basis.n[cell] - 1) / basis.n[cell]
        quantile = np.sqrt(_score(p, wilson.low[cell], basis.n_eff[cell]))
        for limit in (found.low[cell], found.high[cell]):
            deviance = 2 * people * (p * math.log(p / limit) + (1 - p) * math.log((1 - p) / (1 - limit)))
            assert math.sqrt(deviance) == pytest.approx(quantile, rel=0.01)


def _score(p, limit, people):
    return people * (p - limit) ** 2 / (limit * (1 - limit))


@given(st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))))
def test_a_simple_sample_gives_the_plain_intervals(counts):
    x, n = counts
    design, y = clusters([[1]] * x + [[0]] * (n - x))
    basis = share_basis(design, y)
    assert (int(basis.n[0]), int(basis.n_psu[0]), int(basis.df[0])) == (n, n, n - 1)
    assert basis.n_eff[0] == pytest.approx(n - 1)
    assert basis.n_eff_df(confidence_level=0.95)[0] == pytest.approx(n - 1)
    low, high, _ = only(design, y, ShareMethod.BETA)
    plain = binomial_limits(
        x * (n - 1) / n, n - 1, method=BinomialMethod.CLOPPER_PEARSON, confidence_level=0.95, cut=True
    )
    assert np.array([low, high]) == pytest.approx(np.array(plain))


@pytest.mark.parametrize(("answer", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_everybody_alike(answer, share):
    design, y = clusters([[answer] * 5] * 6)
    basis = share_basis(design, y)
    assert (basis.value[0], basis.se[0]) == (share, 0.0)
    assert np.isnan(basis.n_eff[0])
    for method in ShareMethod:
        low, high, reason = only(design, y, method)
        if method is ShareMethod.BETA_TRUNC:
            exact = binomial_limits(
                share * 30, 30, method=BinomialMethod.CLOPPER_PEARSON, confidence_level=0.95, cut=True
            )
            assert (low, high, reason) == (float(exact[0]), float(exact[1]), None)
        else:
            assert (np.isnan([low, high]).all(), reason) == (True, Reason.UNDEFINED_AT_THE_ENDS)


def test_places_that_agree_have_no_variance_and_a_census_neither():
    same = clusters([[1, 1, 1, 1, 0]] * 6)
    everybody = clusters([[1], [1], [0], [1]], populations=4)
    for design, y in (same, everybody):
        basis = share_basis(design, y)
        assert np.isinf(basis.n_eff[0])
        p = basis.value[0]
        assert only(design, y, ShareMethod.MEAN) == (p, p, None)
        low, high, reason = only(design, y, ShareMethod.BETA_TRUNC)
        assert low < p < high
        assert reason is None
        for method in set(ShareMethod) - {ShareMethod.MEAN, ShareMethod.BETA_TRUNC}:
            low, high, reason = only(design, y, method)
            assert np.isnan([low, high]).all()
            assert reason is Reason.NO_VARIANCE


def test_one_answer_one_place_one_place_a_stratum_and_nobody():
    one = clusters([[1]])
    place = clusters([[1, 0, 1, 1]])
    strata = clusters([[1, 0], [1, 1]], strata=[0, 1])
    for (design, y), reason in (
        (one, Reason.ONE_ANSWER),
        (place, Reason.ONE_PSU),
        (strata, Reason.NO_DEGREES_OF_FREEDOM),
    ):
        for method in set(ShareMethod) - {ShareMethod.BETA_TRUNC}:
            assert only(design, y, method)[2] is reason
    for design, y in (one, place):
        basis = share_basis(design, y)
        assert not np.isnan(basis.value[0])
        assert np.isnan(basis.se[0])
        assert only(design, y, ShareMethod.BETA_TRUNC)[2] is not None
    design, y = clusters([[1, 0], [1, 1], [0]])
    nobody = only(design, y, ShareMethod.WILSON, domain=np.zeros(5, dtype=bool))
    assert nobody[2] is Reason.NO_ANSWERS


def test_the_fit_has_no_limits_with_one_degree_of_freedom():
    design, y = clusters([[1, 1, 0], [1, 1]])
    assert only(design, y, ShareMethod.LOGIT) == (0.0, 1.0, Reason.LIMIT_NOT_REACHED)
    low, high, reason = only(design, y, ShareMethod.XLOGIT)
    assert 0 < low < high < 1
    assert reason is None


def test_columns_and_domains_are_cells_of_their_own():
    rng = np.random.default_rng(3)
    y = np.where(rng.random((80, 3)) < 0.2, np.nan, rng.random((80, 3)) < 0.8)
    village = np.repeat(np.arange(10), 8)
    domain = rng.random(80) < 0.6
    design = SurveyDesign.of(80, lonely=LonelyPsu.FAIL, weights=rng.uniform(1, 3, 80), clusters=[village])
    together = share_basis(design, y, domain=domain)
    for column in range(3):
        alone = share_basis(design, y[:, column], domain=domain)
        for name in ("value", "se", "n", "n_psu", "n_strata", "information"):
            assert getattr(together, name)[column] == pytest.approx(getattr(alone, name)[0])


def test_uncut_formulas_may_leave_the_scale():
    basis = share_basis(*clusters([[1, 1, 1], [1, 1, 1], [0, 1, 1]]))
    bare = share_limits(basis, method=ShareMethod.MEAN, confidence_level=0.95, cut=False)
    cut = share_limits(basis, method=ShareMethod.MEAN, confidence_level=0.95, cut=True)
    assert bare.high[0] > 1 == cut.high[0]


def test_what_is_no_share_is_refused():
    design, _ = clusters([[1], [0]])
    with pytest.raises(BadInputError, match="between 0 and 1"):
        share_basis(design, [4.0, 5.0])
    with pytest.raises(BadInputError, match="confidence level"):
        share_limits(share_basis(design, [1.0, 0.0]), method=ShareMethod.WILSON, confidence_level=95, cut=True)
