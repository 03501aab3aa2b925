"""Exact limits of a share in a population of known size, n drawn without replacement (statistics.md section 3.4)."""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import Floats, Limits
from app.analysis.stats.quantiles import check_level, log_choose

# Cells worked on at a time: keeps the table of probabilities at a few megabytes.
BATCH = 512

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
    drawn, size = np.asarray(n), np.asarray(population)
    cells = np.broadcast_arrays(np.asarray(x, dtype=np.float64), drawn.astype(np.float64), size.astype(np.float64))
    counted, people, everybody = (cell.ravel() for cell in cells)
    _check(counted, people, everybody)
    low, high = np.empty(len(counted)), np.empty(len(counted))
    for start in range(0, len(counted), BATCH):
        part = slice(start, start + BATCH)
        s, m, total = counted[part], people[part], everybody[part]
        low[part] = _smallest(s, m, total, tail) / total
        # The same search from the other side: unsatisfied people are counted instead of satisfied ones.
        high[part] = (total - _smallest(m - s, m, total, tail)) / total
    return low.reshape(cells[0].shape), high.reshape(cells[0].shape)


def _check(x: Floats, n: Floats, population: Floats) -> None:
    fits = (x >= 0) & (x <= n) & (n <= population) & (n >= 1) & (x == np.rint(x)) & (n == np.rint(n))
    fits &= population == np.rint(population)
    if not fits.all():
        where = int(np.argmin(fits))
        message = f"cell {where}: {x[where]:g} of {n[where]:g} drawn from {population[where]:g} cannot be"
        raise BadInputError(message)


def _smallest(x: Floats, n: Floats, population: Floats, tail: float) -> Floats:
    """Smallest number of satisfied people with P(X >= x) above the tail; halving, all cells at once."""
    first, last = x.copy(), population - (n - x)
    while (first < last).any():
        middle = np.floor((first + last) / 2.0)
        above = _at_least(x, n, population, middle) > tail * (1.0 + TIE)
        searching = first < last
        last = np.where(searching & above, middle, last)
        first = np.where(searching & ~above, middle + 1.0, first)
    return first


def _at_least(x: Floats, n: Floats, population: Floats, satisfied: Floats) -> Floats:
    """P(X >= x), summed on the side of x that has fewer terms."""
    upper = n - x + 1.0 <= x
    first, last = np.where(upper, x, 0.0), np.where(upper, n, x - 1.0)
    steps = np.arange(max(float((last - first).max()) + 1.0, 0.0))
    values = first[:, None] + steps
    possible = (values <= last[:, None]) & (values <= satisfied[:, None])
    possible &= (n[:, None] - values) <= (population - satisfied)[:, None]
    safe = np.where(possible, values, np.maximum(0.0, n - (population - satisfied))[:, None])
    logs = (
        log_choose(satisfied[:, None], safe)
        + log_choose((population - satisfied)[:, None], n[:, None] - safe)
        - log_choose(population, n)[:, None]
    )
    total = np.where(possible, np.exp(logs), 0.0).sum(axis=1)
    return np.asarray(np.where(upper, total, 1.0 - total))
