"""How far a share from people who chose to answer may lie from that of everybody (Meng 2018, Ann. Appl. Stat. 12:685).

Meng's identity: p - P = ρ · √((1 - f + CV²)/f) · σ, where P is the share of all N people served, f = n/N, CV² the
squared coefficient of variation of the weights (0 without weights), σ² = P(1 - P), and ρ the data defect correlation:
how being satisfied and (weighted) answering go together among the N. ρ is 0 on average in a random sample and cannot
be known from an open one; the band says what a ρ that cannot be excluded would do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.results import Interval

# Data defect correlations shown by default (statistics.md section 7 works with 0.05).
DATA_DEFECTS = (0.01, 0.02, 0.03, 0.04, 0.05)


@dataclass(frozen=True, slots=True)
class DefectBand:
    """Where the share of everybody would lie for one data defect correlation of either sign.

    Attributes
    ----------
    correlation : float
        Size of ρ, above 0.
    interval : Interval
        `low` holds if satisfied people answer more readily (ρ > 0), `high` if dissatisfied ones do.
    effective_size : float
        Random answers the sample is worth: f/(1 - f + CV²)/ρ².
    """

    correlation: float
    interval: Interval
    effective_size: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sensitivity of one share to self-selection; a band of assumptions, not a confidence interval.

    Attributes
    ----------
    value : float
    n, population : int
        Answers, and people served altogether.
    bands : tuple of DefectBand
        One for each correlation, in the given order.
    possible : Interval
        What the counts alone allow: everybody else dissatisfied, everybody else satisfied.
    """

    value: float
    n: int
    population: int
    bands: tuple[DefectBand, ...]
    possible: Interval


def effective_size(*, n: int, population: int, correlation: float, cv2: float = 0.0) -> float:
    """Random answers an open sample is worth: f/(1 - f + CV²)/ρ²; infinite for a census or no defect.

    Raises
    ------
    BadInputError
        When not 0 < n <= N, ρ is outside -1..1, or CV² is below 0.
    """
    if not (0 < n <= population and -1.0 <= correlation <= 1.0 and 0.0 <= cv2 < np.inf):
        message = f"n {n} of N {population}, data defect correlation {correlation}, CV² {cv2}: cannot be"
        raise BadInputError(message)
    lacking = (1.0 - n / population + cv2) * correlation**2
    return n / population / lacking if lacking > 0 else np.inf


def sensitivity(
    value: float,
    *,
    n: int,
    population: int,
    satisfied: float,
    cv2: float = 0.0,
    kappa: float = 1.0,
    defects: Sequence[float] = DATA_DEFECTS,
) -> Sensitivity:
    """Band of the share of everybody for data defect correlations of both signs.

    P stands on both sides of the identity; solving it for P gives Wilson's limits with quantile 1 and Meng's
    effective size, so the band stays inside 0..1 and does not collapse where everybody who answered is satisfied.

    Parameters
    ----------
    value : float
        Share or bounded score in 0..1, plain or adjusted.
    n, population : int
        Answers; all people served.
    satisfied : float
        Sum of the answers (0/1 or scores), unweighted: what is already known of the N.
    cv2 : float
        Squared coefficient of variation of the weights behind `value`.
    kappa : float
        Variance of the scores over p(1 - p); 1 for shares.
    defects : sequence of float
        Sizes of ρ, in (0, 1].

    Raises
    ------
    BadInputError
        Numbers that cannot be.
    """
    if not (0.0 <= value <= 1.0 and 0.0 <= satisfied <= n and 0.0 <= kappa <= 1.0 + 1e-9):
        message = f"value {value}, {satisfied} satisfied of {n}, kappa {kappa}: cannot be"
        raise BadInputError(message)
    if not defects or min(defects) <= 0:
        message = f"data defect correlations {tuple(defects)} have to be above 0"
        raise BadInputError(message)
    # Raking can bring an adjusted share a little outside what the counts allow; the bounds never exclude it.
    least = min(value, satisfied / population)
    most = max(value, (satisfied + population - n) / population)
    bands = []
    for correlation in defects:
        size = effective_size(n=n, population=population, correlation=correlation, cv2=cv2)
        low, high = value, value
        if np.isfinite(size) and kappa > 0:
            low, high = (float(limit) for limit in wilson_limits(value, size / kappa, 1.0))
        bands.append(DefectBand(float(correlation), Interval(max(low, least), min(high, most)), size))
    return Sensitivity(value, n, population, tuple(bands), Interval(least, most))
