"""Plain shares: every method at its edges, and the properties an interval owes its reader."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits, proportion
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.results import Interval, NoData, SampleKind

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
METHODS = st.sampled_from(list(BinomialMethod))
# Around the middle of a posterior the share itself need not lie: limits hold it from about 80 % on.
LEVELS = st.floats(0.8, 0.995)
OPEN = {"sample_kind": SampleKind.OPEN, "confidence_level": 0.95}


def limits(x, n, method, level, *, cut=True):
    low, high = binomial_limits(x, n, method=method, confidence_level=level, cut=cut)
    return np.asarray(low), np.asarray(high)


@given(COUNTS, METHODS, LEVELS)
def test_limits_hold_the_share_inside_0_and_1(counts, method, level):
    estimate = proportion(*counts, method=method, confidence_level=level, sample_kind=SampleKind.OPEN)
    assert 0 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 1
    assert (estimate.method, estimate.n_eff) == (method, counts[1])
    if method is not BinomialMethod.WALD:
        assert estimate.interval.width > 0


@given(COUNTS, METHODS, st.floats(0.3, 0.9))
def test_a_higher_level_moves_both_limits_outwards(counts, method, level):
    low, high = limits(*counts, method, level)
    lower, higher = limits(*counts, method, level + 0.05)
    assert lower <= low + 1e-12
    assert higher >= high - 1e-12


@given(COUNTS, METHODS, LEVELS, st.booleans())
def test_satisfied_and_unsatisfied_mirror_each_other(counts, method, level, cut):
    x, n = counts
    low, high = limits(x, n, method, level, cut=cut)
    mirrored = limits(n - x, n, method, level, cut=cut)
    assert np.array([1 - high, 1 - low]) == pytest.approx(np.array(mirrored), abs=1e-9)


@settings(max_examples=30)
@given(st.lists(COUNTS, min_size=1, max_size=12), METHODS)
def test_many_cells_are_computed_as_one_by_one(cells, method):
    x, n = np.array(cells).T
    low, high = limits(x, n, method, 0.95)
    for position, (one_x, one_n) in enumerate(cells):
        assert (low[position], high[position]) == limits(one_x, one_n, method, 0.95)


@given(COUNTS)
def test_methods_stand_in_their_known_order(counts):
    wilson, exact = (limits(*counts, BinomialMethod[name], 0.95) for name in ("WILSON", "CLOPPER_PEARSON"))
    corrected, coull = (limits(*counts, BinomialMethod[name], 0.95) for name in ("WILSON_CONTINUITY", "AGRESTI_COULL"))
    jeffreys = limits(*counts, BinomialMethod.JEFFREYS, 0.95)
    assert corrected[0] <= wilson[0] + 1e-12 <= wilson[1] <= corrected[1] + 1e-12
    assert coull[0] <= wilson[0] + 1e-9 <= wilson[1] <= coull[1] + 1e-9
    assert exact[0] <= jeffreys[0] + 1e-9 <= jeffreys[1] <= exact[1] + 1e-9


def test_edges_of_a_share():
    wilson = {"method": BinomialMethod.WILSON, **OPEN}
    assert proportion(0, 0, **wilson) == NoData(Reason.NO_ANSWERS)
    one = proportion(1, 1, **wilson)
    assert (one.se, one.interval.high, round(one.interval.low, 6)) == (None, 1.0, 0.206549)
    assert proportion(5, 5, **{**wilson, "sample_kind": SampleKind.CENSUS}).interval == Interval(1.0, 1.0)
    for bad in ((-1, 5), (6, 5)):
        with pytest.raises(BadInputError, match="of 5"):
            proportion(*bad, **wilson)
    for level in (0, 1, 95, float("nan")):
        with pytest.raises(BadInputError, match="confidence level"):
            proportion(1, 2, **{**wilson, "confidence_level": level})


@pytest.mark.parametrize("method", BinomialMethod)
def test_cells_without_answers_have_no_limits(method):
    low, high = limits([0, np.nan, 3], [0, 5, 4], method, 0.95)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False]


def test_a_bad_cell_is_named():
    with pytest.raises(BadInputError, match=r"5 of 4 .*cell \(0, 1\)"):
        limits([[1, 5]], [[4, 4]], BinomialMethod.WILSON, 0.95)


def test_wilson_keeps_missing_cells_missing():
    low, high = wilson_limits(np.array([np.nan, 0.5]), np.array([np.nan, 10.0]), 1.96)
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] < 0.5 < high[1]
