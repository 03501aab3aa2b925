"""Exact limits in a known population."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits

SAMPLES = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(0, 300)))
SMALL = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(0, 15)))


def chance(population, satisfied, n, x):
    """P(X = x) as an exact fraction."""
    return Fraction(comb(satisfied, x) * comb(population - satisfied, n - x), comb(population, n))


def by_hand(x, n, population, tail):
    fits = [
        k
        for k in range(x, population - (n - x) + 1)
        if sum(chance(population, k, n, i) for i in range(x, n + 1)) > tail
        and sum(chance(population, k, n, i) for i in range(x + 1)) > tail
    ]
    return min(fits) / population, max(fits) / population


@settings(max_examples=40)
@given(SMALL, st.sampled_from([Fraction(1, 40), Fraction(1, 20), Fraction(1, 200)]))
def test_limits_are_those_of_exact_fractions(sample, tail):
    x, n, more = sample
    low, high = hypergeometric_limits(x, n, n + more, confidence_level=float(1 - 2 * tail))
    assert (float(low), float(high)) == pytest.approx(by_hand(x, n, n + more, tail), abs=1e-12)


@given(SAMPLES)
def test_limits_hold_the_share_and_what_is_possible(sample):
    x, n, more = sample
    population = n + more
    low, high = (float(limit) for limit in hypergeometric_limits(x, n, population, confidence_level=0.95))
    # Limits are whole people of the population, so the share may lie up to one of them outside: 1 of 79 from 80.
    step = 1 / population
    assert low - step <= x / n <= high + step
    assert x / population <= low <= high <= (x + more) / population
    if more == 0:
        assert (low, high) == (x / n, x / n)


@given(SAMPLES, st.floats(0.5, 0.9))
def test_a_higher_level_is_wider_and_unsatisfied_people_mirror_it(sample, level):
    x, n, more = sample
    low, high = hypergeometric_limits(x, n, n + more, confidence_level=level)
    lower, higher = hypergeometric_limits(x, n, n + more, confidence_level=level + 0.05)
    assert lower <= low <= high <= higher
    mirrored = hypergeometric_limits(n - x, n, n + more, confidence_level=level)
    assert np.array([1 - high, 1 - low]) == pytest.approx(np.array(mirrored), abs=1e-12)


def test_a_large_population_gives_the_binomial_limits():
    exact = hypergeometric_limits([95, 0, 50], 100, 10_000_000, confidence_level=0.95)
    plain = binomial_limits([95, 0, 50], 100, method=BinomialMethod.CLOPPER_PEARSON, confidence_level=0.95, cut=True)
    assert np.array(exact) == pytest.approx(np.array(plain), abs=1e-5)


def test_thousands_of_cells_at_once():
    rng = np.random.default_rng(5)
    n = rng.integers(1, 300, (300, 22))
    x, population = rng.binomial(n, 0.93), n + rng.integers(0, 2000, n.shape)
    low, high = hypergeometric_limits(x, n, population, confidence_level=0.95)
    assert low.shape == (300, 22)
    for cell in ((0, 0), (7, 21), (299, 3)):
        assert (low[cell], high[cell]) == hypergeometric_limits(
            x[cell], n[cell], population[cell], confidence_level=0.95
        )


@pytest.mark.parametrize("bad", [(1, 0, 5), (6, 5, 9), (3, 5, 4), (-1, 5, 9), (1.5, 5, 9), (1, 5, 9.5)])
def test_what_cannot_be_is_refused(bad):
    with pytest.raises(BadInputError, match="cell 0"):
        hypergeometric_limits(*bad, confidence_level=0.95)
