"""Differences of two plain shares."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.comparisons.two_shares import two_shares
from app.analysis.stats.errors import BadInputError

SAMPLE = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def fisher_by_hand(x1, n1, x2, n2):
    both, satisfied = n1 + n2, x1 + x2
    chance = {
        k: Fraction(comb(n1, k) * comb(n2, satisfied - k), comb(both, satisfied))
        for k in range(max(0, satisfied - n2), min(n1, satisfied) + 1)
    }
    return float(sum(p for p in chance.values() if p <= chance[x1]))


@settings(max_examples=60)
@given(SAMPLE, SAMPLE)
def test_limits_hold_the_difference_and_turn_with_it(first, second):
    found = two_shares(*first, *second, confidence_level=0.95)
    turned = two_shares(*second, *first, confidence_level=0.95)
    assert -1 <= found.newcombe_low <= found.difference <= found.newcombe_high <= 1
    assert -1 <= found.wald_low <= found.difference <= found.wald_high <= 1
    assert float(found.newcombe_low) == pytest.approx(-float(turned.newcombe_high))
    assert float(found.p_fisher) == pytest.approx(fisher_by_hand(*first, *second), rel=1e-6)
    assert float(found.p_fisher) == pytest.approx(float(turned.p_fisher))
    assert float(found.p_pooled) == pytest.approx(float(turned.p_pooled), nan_ok=True)


@given(SAMPLE, SAMPLE, st.floats(0.5, 0.9))
def test_a_higher_level_is_wider(first, second, level):
    inner, outer = (two_shares(*first, *second, confidence_level=x) for x in (level, level + 0.05))
    assert outer.newcombe_low <= inner.newcombe_low <= inner.newcombe_high <= outer.newcombe_high


def test_many_pairs_at_once_and_the_ends():
    found = two_shares([10, 5, 0], [10, 5, 4], [0, 7, 0], [20, 7, 9], confidence_level=0.95)
    assert found.difference.tolist() == [1, 0, 0]
    assert np.isnan(found.p_pooled).tolist() == [False, True, True]
    assert found.p_fisher[1:].tolist() == pytest.approx([1, 1])
    assert (found.newcombe_low[0] > 0, found.newcombe_high[0]) == (True, 1)


@pytest.mark.parametrize("bad", [(1, 0, 1, 5), (6, 5, 1, 5), (-1, 5, 1, 5)])
def test_what_is_no_share_is_refused(bad):
    with pytest.raises(BadInputError):
        two_shares(*bad, confidence_level=0.95)
