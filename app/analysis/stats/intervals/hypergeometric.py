"""Exact limits of a share in a population of known size, n drawn without replacement (statistics.md section 3.4)."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import together
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import Floats, Limits
from app.analysis.stats.quantiles import check_level

Ints = npt.NDArray[np.int64]
LogFactorial = Callable[[Ints], Floats]

# Cells worked on at a time: keeps the table of probabilities at a few megabytes.
BATCH = 512

# Up to this population logarithms of factorials are looked up: many times faster, 8 MB at most.
LARGEST_TABLE = 1_000_000

# Whole numbers up to this are exact in doubles.
LARGEST_POPULATION = 1 << 53

# A probability that equals the tail up to rounding is not above it: 1 of 40 is exactly 0.025.
TIE = 1e-9


def hypergeometric_limits(
    x: npt.ArrayLike, n: npt.ArrayLike, population: npt.ArrayLike, *, confidence_level: float
) -> Limits:
    """Exact limits of the share of a population, elementwise over cells.

    Lower: the smallest K with P(X >= x | K) > alpha/2; upper: the largest K with P(X <= x | K) > alpha/2; both divided
    by the population. A census (n = population) gives [p, p] by itself. Limits are whole people, so with nearly
    everybody drawn x/n may lie a fraction of one person outside them.

    Parameters
    ----------
    x, n, population : array_like of whole numbers
        Satisfied among the answers, answers, people or dossiers the answers were drawn from.
    confidence_level : float
        Coverage is never below it.

    Returns
    -------
    low, high : ndarray
        Inside [0, 1].

    Raises
    ------
    BadInputError
        When not 0 <= x <= n <= population, n is 0, or a number is not whole.

    References
    ----------
    Clopper-Pearson by tail inversion for a finite population; Cochran (1977), section 3.6.
    """
    tail = (1.0 - check_level(confidence_level)) / 2.0
    cells = np.broadcast_arrays(*together(x=x, n=n, population=population))
    counted, people, everybody = _whole(*(cell.ravel() for cell in cells))
    log_factorial = _log_factorials(int(everybody.max(initial=0)))
    low, high = np.empty(len(counted)), np.empty(len(counted))
    for start in range(0, len(counted), BATCH):
        part = slice(start, start + BATCH)
        s, m, total = counted[part], people[part], everybody[part]
        low[part] = _smallest(s, m, total, tail, log_factorial) / total
        # The same search from the other side: unsatisfied people are counted instead of satisfied ones.
        high[part] = (total - _smallest(m - s, m, total, tail, log_factorial)) / total
    return low.reshape(cells[0].shape), high.reshape(cells[0].shape)


def _whole(x: Floats, n: Floats, population: Floats) -> tuple[Ints, Ints, Ints]:
    fits = (x >= 0) & (x <= n) & (n <= population) & (n >= 1) & (population <= LARGEST_POPULATION)
    for each in (x, n, population):
        fits &= each == np.rint(each)
    if not fits.all():
        where = int(np.argmin(fits))
        message = f"cell {where}: {x[where]:g} of {n[where]:g} drawn from {population[where]:g} cannot be"
        raise BadInputError(message)
    return x.astype(np.int64), n.astype(np.int64), population.astype(np.int64)


def _log_factorials(largest: int) -> LogFactorial:
    from scipy.special import gammaln

    if largest > LARGEST_TABLE:
        return lambda k: np.asarray(gammaln(k + 1.0))
    table = np.asarray(gammaln(np.arange(largest + 1) + 1.0))
    return lambda k: table[k]


def _smallest(x: Ints, n: Ints, population: Ints, tail: float, log_factorial: LogFactorial) -> Ints:
    """Smallest number of satisfied people with P(X >= x) above the tail; halving, all cells at once."""
    first, last = x.copy(), population - (n - x)
    while (first < last).any():
        middle = (first + last) // 2
        above = _at_least(x, n, population, middle, log_factorial) > tail * (1.0 + TIE)
        searching = first < last
        last = np.where(searching & above, middle, last)
        first = np.where(searching & ~above, middle + 1, first)
    return first


def _at_least(x: Ints, n: Ints, population: Ints, satisfied: Ints, log_factorial: LogFactorial) -> Floats:
    """P(X >= x), summed on the side of x that has fewer terms."""
    upper = n - x + 1 <= x
    unsatisfied = population - satisfied
    # Only what can happen is counted: at least n - unsatisfied, at most the satisfied people.
    first = np.maximum(np.where(upper, x, 0), n - unsatisfied)
    last = np.minimum(np.where(upper, n, x - 1), satisfied)
    steps = np.arange(max(int((last - first).max()) + 1, 0))
    # Terms beyond the last one are not counted, but have to be terms of something possible.
    lowest, highest = np.maximum(0, n - unsatisfied), np.minimum(n, satisfied)
    values = np.clip(first[:, None] + steps, lowest[:, None], highest[:, None])
    rest = n[:, None] - values
    logs = log_factorial(values) + log_factorial(satisfied[:, None] - values)
    logs += log_factorial(rest) + log_factorial(unsatisfied[:, None] - rest)
    constant = log_factorial(satisfied) + log_factorial(unsatisfied) + log_factorial(n) + log_factorial(population - n)
    chance = np.exp((constant - log_factorial(population))[:, None] - logs)
    total = np.where(steps <= (last - first)[:, None], chance, 0.0).sum(axis=1)
    return np.asarray(np.where(upper, total, 1.0 - total))
