"""Coverage of plain intervals: cell by cell against an enumeration that shares nothing with the library."""

from math import comb, sqrt

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import betainc, ndtri

from app.analysis.stats.intervals.binomial import BinomialMethod
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from bench.coverage.plain import GRID, enumerated, exact_population, plain_limits

Z = float(ndtri(0.975))

# statistics.md section 9.1, rounded to three decimals.
PUBLISHED = {
    BinomialMethod.WALD: (0.946, 0.512, 0.883, 0.916, 0.454, 0.866, 0.895, 0.394, 0.864),
    BinomialMethod.WILSON: (0.964, 0.972, 0.945, 0.972, 0.978, 0.949, 0.954, 0.910, 0.948),
    BinomialMethod.CLOPPER_PEARSON: (0.980, 0.996, 0.984, 0.972, 0.978, 0.985, 0.971, 0.986, 0.984),
    BinomialMethod.JEFFREYS: (0.930, 0.972, 0.984, 0.952, 0.978, 0.985, 0.926, 0.986, 0.984),
}


def beta_root(a: float, b: float, tail: float) -> float:
    return brentq(lambda x: betainc(a, b, x) - tail, 0.0, 1.0, xtol=1e-15)


def wald(x, n):
    half = Z * sqrt(x / n * (1 - x / n) / n)
    return x / n - half, x / n + half


def wilson(x, n):
    """Roots of n (x/n - p)² = z² p (1 - p)."""
    a, b, c = n + Z * Z, -(2 * x + Z * Z), x * x / n
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    return (0.0 if x == 0 else low), (1.0 if x == n else high)


def clopper_pearson(x, n):
    low = 0.0 if x == 0 else beta_root(x, n - x + 1, 0.025)
    return low, 1.0 if x == n else beta_root(x + 1, n - x, 0.975)


def jeffreys(x, n):
    low = 0.0 if x == 0 else beta_root(x + 0.5, n - x + 0.5, 0.025)
    return low, 1.0 if x == n else beta_root(x + 0.5, n - x + 0.5, 0.975)


INDEPENDENT = {
    BinomialMethod.WALD: wald,
    BinomialMethod.WILSON: wilson,
    BinomialMethod.CLOPPER_PEARSON: clopper_pearson,
    BinomialMethod.JEFFREYS: jeffreys,
}


def coverage(p, n, limits) -> float:
    held = 0.0
    for x in range(n + 1):
        low, high = limits(x, n)
        held += comb(n, x) * p**x * (1 - p) ** (n - x) if low <= p <= high else 0.0
    return held


@pytest.mark.parametrize("method", INDEPENDENT)
@pytest.mark.parametrize(("p", "n"), GRID)
def test_coverage_equals_that_of_an_independent_enumeration(method, p, n):
    found = enumerated(p, n, plain_limits(method)).coverage
    assert found == pytest.approx(coverage(p, n, INDEPENDENT[method]), abs=1e-9)
    assert found == pytest.approx(PUBLISHED[method][GRID.index((p, n))], abs=5.01e-4)


def exact_coverage(satisfied, population, n) -> float:
    held = 0.0
    for x in range(max(0, n - population + satisfied), min(n, satisfied) + 1):
        low, high = hypergeometric_limits(x, n, population, confidence_level=0.95)
        chance = comb(satisfied, x) * comb(population - satisfied, n - x) / comb(population, n)
        held += chance if low <= satisfied / population <= high else 0.0
    return held


@pytest.mark.parametrize(("population", "n"), [(1, 1), (7, 3), (20, 19), (40, 12)])
def test_coverage_of_exact_limits_equals_that_of_an_independent_enumeration(population, n):
    every = [exact_coverage(satisfied, population, n) for satisfied in range(population + 1)]
    found = exact_population(population, n)
    assert found.lowest == pytest.approx(min(every), abs=1e-9)
    assert found.mean == pytest.approx(np.mean(every), abs=1e-9)


@pytest.mark.parametrize("population", [2, 10, 25, 60, 150, 400])
def test_exact_limits_never_cover_less_than_their_level(population):
    for n in sorted({1, population // 5 or 1, population // 2, population - 1, population}):
        assert exact_population(population, n).lowest >= 0.95
