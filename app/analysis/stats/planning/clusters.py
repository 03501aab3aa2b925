"""Asking in villages: the design effect to expect and how many people to take in each (statistics.md section 8)."""

import math

from app.analysis.stats.errors import BadInputError
from app.analysis.stats.planning.checks import check_above, check_share


def planned_deff(*, people_per_cluster: float, icc: float, weight_cv_squared: float) -> float:
    """Design effect to expect: (1 + (m - 1) ICC) (1 + CV²).

    Parameters
    ----------
    people_per_cluster : float
        Average number of answers per cluster m, at least 1.
    icc : float
        Correlation of answers inside a cluster; 0.05 to 0.1 is usual. Not below -1/(m - 1).
    weight_cv_squared : float
        Square of the coefficient of variation of the weights; 0 for equal weights.

    Raises
    ------
    BadInputError
        For a value outside its range.

    References
    ----------
    Kish (1965), Survey Sampling, 5.4; Kish (1992), J. Off. Stat. 8:183.
    """
    m = check_above(people_per_cluster, name="people per cluster", least=1.0, or_equal=True)
    check_above(weight_cv_squared, name="squared variation of the weights", least=0.0, or_equal=True)
    clustering = 1.0 + (m - 1.0) * icc
    if not -1.0 <= icc <= 1.0 or clustering < 0.0:
        message = f"correlation inside clusters {icc!r} cannot be with {m:g} people in each"
        raise BadInputError(message)
    return clustering * (1.0 + weight_cv_squared)


def optimum_per_cluster(*, cluster_cost: float, person_cost: float, icc: float) -> float:
    """Number of people per cluster that gives the smallest variance for the money: √(c1/c2 · (1 - ICC)/ICC).

    Parameters
    ----------
    cluster_cost : float
        Cost c1 of going to one more cluster, above 0.
    person_cost : float
        Cost c2 of one more interview there, above 0, in the same money.
    icc : float
        Correlation inside a cluster, strictly between 0 and 1: without any, one cluster would be best.

    Returns
    -------
    float
        Not rounded; the optimum is flat.

    Raises
    ------
    BadInputError
        For a value outside its range.

    References
    ----------
    Cochran (1977), Sampling Techniques, 10.6.
    """
    check_above(cluster_cost, name="cost of a cluster", least=0.0, or_equal=False)
    check_above(person_cost, name="cost of a person", least=0.0, or_equal=False)
    check_share(icc, name="correlation inside clusters", ends=False)
    return math.sqrt(cluster_cost / person_cost * (1.0 - icc) / icc)
