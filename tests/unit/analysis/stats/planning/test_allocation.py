"""Sharing a total out: formulas, bounds, whole numbers that add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.allocation import (
    AllocationMethod,
    largest_remainder,
    neyman,
    power_allocation,
    proportional,
)

SIZES = [4000, 2500, 1500, 600]
SPREADS = np.sqrt([0.9 * 0.1, 0.8 * 0.2, 0.95 * 0.05, 0.7 * 0.3])


def test_neyman_and_proportional():
    by_spread = neyman(SIZES, SPREADS, 600, minimum=0)
    np.testing.assert_allclose(
        by_spread.formula, [256.9710570811044, 214.14254756758694, 70.00692932695974, 58.87946602434893]
    )
    np.testing.assert_allclose(by_spread.exact, by_spread.formula)
    np.testing.assert_array_equal(by_spread.whole, [257, 214, 70, 59])
    by_size = proportional(SIZES, 600, minimum=0)
    np.testing.assert_allclose(by_size.exact, 600 * np.array(SIZES) / 8600)
    np.testing.assert_array_equal(by_size.whole, [279, 174, 105, 42])
    assert (by_spread.method, by_size.method) == (AllocationMethod.NEYMAN, AllocationMethod.PROPORTIONAL)


def test_power_lies_between_equal_precision_and_neyman():
    variation = SPREADS / np.array([0.9, 0.8, 0.95, 0.7])
    whole = power_allocation(
        SIZES, variation, 600, power=1.0, measure=np.array(SIZES) * [0.9, 0.8, 0.95, 0.7], minimum=0
    )
    np.testing.assert_allclose(whole.formula, neyman(SIZES, SPREADS, 600, minimum=0).formula)
    alike = power_allocation(SIZES, variation, 600, power=0.0, minimum=0)
    np.testing.assert_allclose(alike.formula, 600 * variation / variation.sum())
    half = power_allocation(SIZES, np.ones(4), 600, power=0.5, minimum=0)
    np.testing.assert_allclose(half.formula, 600 * np.sqrt(SIZES) / np.sqrt(SIZES).sum())


def test_strata_at_a_bound_stay_there_and_the_others_keep_their_proportions():
    shared = proportional([10, 1000, 2000, 30], 300, minimum=25)
    np.testing.assert_allclose(shared.exact, [10, 265 / 3, 2 * 265 / 3, 25])
    np.testing.assert_array_equal(shared.whole, [10, 88, 177, 25])
    assert shared.formula[0] < 10
    above = neyman([10, 1000], [5.0, 0.1], 100, minimum=0)
    np.testing.assert_allclose(above.exact, [10, 90])
    assert above.formula[0] > 10


def test_strata_without_spread_take_what_the_others_cannot():
    np.testing.assert_array_equal(neyman([10, 40, 20], [0.3, 0.0, 0.0], 40, minimum=0).whole, [10, 20, 10])
    np.testing.assert_array_equal(neyman([10, 40, 20], [0.3, 0.0, 0.0], 5, minimum=1).whole, [3, 1, 1])


def test_everybody_and_nobody():
    np.testing.assert_array_equal(proportional([3, 0, 5], 8, minimum=2).whole, [3, 0, 5])
    np.testing.assert_array_equal(proportional([3, 0, 5], 0, minimum=0).whole, [0, 0, 0])
    np.testing.assert_array_equal(power_allocation([3, 0, 5], [1, 1, 1], 4, power=0, minimum=0).whole, [2, 0, 2])


@pytest.mark.parametrize(
    ("sizes", "spreads", "total", "minimum"),
    [
        ([10, 10], [1, 1], 21, 0), ([10, 10], [1, 1], 3, 2), ([10, 10], [1, 1], -1, 0), ([10, 10], [1, 1], 2.5, 0),
        ([10, 10], [1, 1], 5, -1), ([10, 10], [1], 5, 0), ([10, 10], [1, -1], 5, 0), ([10, 10], [0, 0], 5, 0),
        ([10, 10], [1, np.nan], 5, 0), ([10, 1.5], [1, 1], 5, 0), ([10, -1], [1, 1], 5, 0), ([], [], 0, 0),
        ([0, 0], [1, 1], 0, 0), ([[10, 10]], [[1, 1]], 5, 0),
    ],
)  # fmt: skip
def test_what_cannot_be_shared_out_is_refused(sizes, spreads, total, minimum):
    with pytest.raises(BadInputError):
        neyman(sizes, spreads, total, minimum=minimum)


@pytest.mark.parametrize("power", [-0.1, 1.1, np.nan])
def test_a_power_outside_its_range_is_refused(power):
    with pytest.raises(BadInputError, match="power"):
        power_allocation(SIZES, SPREADS, 10, power=power, minimum=0)


@settings(max_examples=60)
@given(
    strata=st.lists(st.tuples(st.integers(0, 5000), st.floats(0.0, 10.0)), min_size=1, max_size=30),
    minimum=st.integers(0, 40),
    part=st.floats(0.0, 1.0),
)
def test_whole_numbers_add_up_and_keep_to_the_bounds(strata, minimum, part):
    sizes = np.array([size for size, _ in strata], dtype=float)
    spreads = np.array([spread if spread > 1e-300 else 0.0 for _, spread in strata])
    least = np.minimum(sizes, minimum)
    total = int(np.ceil(least.sum() + part * (sizes.sum() - least.sum())))
    if not (sizes * spreads).sum() > 0:
        return
    shared = neyman(sizes, spreads, total, minimum=minimum)
    assert shared.whole.sum() == total
    assert shared.exact.sum() == pytest.approx(total, abs=1e-6)
    assert np.all(shared.whole >= least)
    assert np.all(shared.whole <= sizes)
    assert np.all(np.abs(shared.whole - shared.exact) < 1 + 1e-6)
    free = (shared.exact > least + 1e-6) & (shared.exact < sizes - 1e-6) & (shared.formula > total * 1e-9)
    if free.any():
        claims = shared.exact[free] / shared.formula[free]
        np.testing.assert_allclose(claims, claims[0], rtol=1e-6)


def test_largest_remainder_by_hand():
    np.testing.assert_array_equal(largest_remainder([1.5, 1.5, 1.0], 4), [2, 1, 1])
    np.testing.assert_array_equal(largest_remainder([2.9999999999, 0.0000000001], 3), [3, 0])
    with pytest.raises(BadInputError):
        largest_remainder([1.5, 1.5], 4)
    with pytest.raises(BadInputError):
        largest_remainder([-1.0, 5.0], 4)
