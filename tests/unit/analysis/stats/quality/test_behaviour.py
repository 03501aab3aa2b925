"""Ceiling, floor and straight-lining shares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.behaviour import ceiling_and_floor, straight_liners, straight_lining

LEVELS = arrays.arrays(np.int64, st.tuples(st.integers(1, 5), st.just(5)), elements=st.integers(0, 20))


def test_ends_of_the_scale():
    found = ceiling_and_floor([[1, 0, 0, 1, 8], [0, 0, 0, 0, 0]])
    assert (found.ceiling[0], found.floor[0], found.n[0]) == (0.8, 0.1, 10)
    assert np.isnan([found.ceiling[1], found.floor[1]]).all()
    assert found.n[1] == 0
    weighted = ceiling_and_floor([2.5, 0, 7.5], n=4)
    assert (float(weighted.ceiling), float(weighted.floor), int(weighted.n)) == (0.75, 0.25, 4)


@settings(max_examples=30)
@given(levels=LEVELS)
def test_shares_stay_inside_and_add_up_over_units(levels):
    found = ceiling_and_floor(levels)
    answered = found.n > 0
    assert ((found.ceiling[answered] + found.floor[answered]) <= 1 + 1e-12).all()
    total = ceiling_and_floor(levels.sum(axis=0))
    if answered.any():
        assert float(total.ceiling) == pytest.approx((found.ceiling * found.n)[answered].sum() / found.n.sum())


def test_the_same_answer_all_the_way():
    x = np.array([[5, 5, 5], [3, 3, np.nan], [1, 2, 1], [4, np.nan, np.nan], [np.nan] * 3, [1, 1, 1]])
    found = straight_lining(x, levels=5, minimum_answers=2)
    assert (found.share, found.n, found.by_level) == (0.75, 4, (0.25, 0, 0.25, 0, 0.25))
    indicator = straight_liners(x, minimum_answers=2)
    assert np.array_equal(indicator, [1, 1, 0, np.nan, np.nan, 1], equal_nan=True)
    strict = straight_lining(x, levels=5, minimum_answers=3, weights=[2, 1, 1, 1, 1, 1])
    assert (strict.share, strict.n) == (0.75, 3)


def test_nobody_with_enough_answers():
    found = straight_lining(np.full((3, 2), np.nan), levels=5, minimum_answers=2)
    assert np.isnan(found.share)
    assert found.n == 0


def test_bad_input_is_named():
    with pytest.raises(BadInputError, match=r"no level of 1\.\.5"):
        straight_lining([[1, 6]], levels=5, minimum_answers=2)
    with pytest.raises(BadInputError, match="no level"):
        straight_lining([[1, 2.5]], levels=5, minimum_answers=2)
    with pytest.raises(BadInputError, match="minimum of 1"):
        straight_liners([[1, 2]], minimum_answers=1)
    with pytest.raises(BadInputError, match="minimum of 3"):
        straight_liners([[1, 2]], minimum_answers=3)
    with pytest.raises(BadInputError, match="weights"):
        straight_lining([[1, 2]], levels=5, minimum_answers=2, weights=[np.nan])
    with pytest.raises(BadInputError, match="two levels"):
        ceiling_and_floor([3])
    with pytest.raises(BadInputError, match="not negative"):
        ceiling_and_floor([3, -1])
