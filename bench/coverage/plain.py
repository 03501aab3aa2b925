"""Plain samples: coverage by enumerating every possible number of satisfied people, so without any chance in it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.intervals.basis import ShareBasis
from app.analysis.stats.intervals.binomial import BinomialMethod, binomial_limits
from app.analysis.stats.intervals.hypergeometric import hypergeometric_limits
from app.analysis.stats.intervals.limits import Limits, wald_limits
from app.analysis.stats.intervals.shares import ShareMethod, share_limits
from app.analysis.stats.quantiles import log_choose, normal_quantile

Floats = npt.NDArray[np.float64]
LEVEL = 0.95

GRID = (
    (0.80, 30),
    (0.93, 10),
    (0.93, 30),
    (0.93, 100),
    (0.98, 30),
    (0.98, 100),
    (0.98, 400),
    (0.995, 100),
    (0.995, 400),
)
POPULATIONS = ((30, 10), (30, 25), (100, 30), (100, 80), (300, 30), (300, 100), (1000, 100), (1000, 400))


@dataclass(frozen=True, slots=True)
class Exact:
    """Coverage and mean width of one method for one true share."""

    coverage: float
    width: float


@dataclass(frozen=True, slots=True)
class ExactPopulation:
    """Exact limits of n drawn from a known population: over every possible share of it."""

    population: int
    n: int
    lowest: float
    mean: float
    width: float


def plain_limits(method: BinomialMethod) -> Callable[[Floats, int], Limits]:
    """Limits of x of n people by a named method."""
    return lambda x, n: binomial_limits(x, n, method=method, confidence_level=LEVEL, cut=True)


def wald(x: Floats, n: int) -> Limits:
    """P ± 1.96 se inside [0, 1], with the standard error of a sample of n people drawn one by one."""
    p = x / n
    return wald_limits(p, np.sqrt(p * (1.0 - p) / (n - 1)), normal_quantile(LEVEL), cut=True)


def logit_limits(x: Floats, n: int) -> Limits:
    """Logit limits with every person a sampling unit; where they do not exist, at 0 and n of n, Clopper-Pearson."""
    p, people = x / n, np.full(len(x), n)
    basis = ShareBasis(p, np.sqrt(p * (1.0 - p) / (n - 1)), people, people, np.ones_like(people))
    found = share_limits(basis, method=ShareMethod.XLOGIT, confidence_level=LEVEL, cut=True)
    ends = plain_limits(BinomialMethod.CLOPPER_PEARSON)(x, n)
    return np.where(np.isnan(found.low), ends[0], found.low), np.where(np.isnan(found.high), ends[1], found.high)


METHODS: dict[str, Callable[[Floats, int], Limits]] = {
    "Wald": wald,
    "logit": logit_limits,
    "Wilson": plain_limits(BinomialMethod.WILSON),
    "Clopper–Pearson": plain_limits(BinomialMethod.CLOPPER_PEARSON),
    "Jeffreys": plain_limits(BinomialMethod.JEFFREYS),
}


def enumerated(p: float, n: int, limits: Callable[[Floats, int], Limits]) -> Exact:
    """Coverage of a method: the chance of every x whose limits hold p, added up."""
    x = np.arange(n + 1.0)
    chance = np.exp(log_choose(n, x) + x * np.log(p) + (n - x) * np.log1p(-p))
    low, high = limits(x, n)
    return Exact(float(chance[(low <= p) & (p <= high)].sum()), float((chance * (high - low)).sum()))


def plain_grid() -> dict[tuple[float, int], dict[str, Exact]]:
    """Every method at every point of the grid."""
    return {(p, n): {name: enumerated(p, n, limits) for name, limits in METHODS.items()} for p, n in GRID}


def exact_population(population: int, n: int) -> ExactPopulation:
    """Coverage of the exact limits for every number of satisfied people that a population can hold."""
    x = np.arange(n + 1.0)
    low, high = hypergeometric_limits(x, n, population, confidence_level=LEVEL)
    satisfied = np.arange(population + 1.0)[:, None]
    possible = (x <= satisfied) & (n - x <= population - satisfied)
    inside = np.where(possible, x, np.maximum(0.0, n - population + satisfied))
    logs = log_choose(satisfied, inside) + log_choose(population - satisfied, n - inside) - log_choose(population, n)
    chance = np.where(possible, np.exp(logs), 0.0)
    true = satisfied / population
    held = (chance * ((low <= true) & (true <= high))).sum(axis=1)
    return ExactPopulation(population, n, float(held.min()), float(held.mean()), float((chance @ (high - low)).mean()))
