"""Design-based t tests: two groups of one survey, or one mean against a given value (also before and after)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, truths
from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import Linearised, difference, means
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quantiles import t_quantile
from app.analysis.stats.results import Interval, SampleKind

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TTest:
    """A difference with its test.

    Parameters
    ----------
    difference, se : float
        On the scale of the variable.
    statistic, df, p : float
        t, design degrees of freedom less one, two-sided p value.
    interval : Interval
        Limits of the difference at `confidence_level`.
    n : int
        People behind it.
    confidence_level : float
    sample_kind : SampleKind
    """

    difference: float
    se: float
    statistic: float
    df: int
    p: float
    interval: Interval
    n: int
    confidence_level: float
    sample_kind: SampleKind


def two_sample_t(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    first: Bools,
    second: Bools,
    confidence_level: float,
    sample_kind: SampleKind,
) -> TTest:
    """Compare the means of two groups of respondents: second minus first.

    Parameters
    ----------
    design : SurveyDesign
        The whole design.
    y : array_like, shape (respondents,)
        NaN for no answer.
    first, second : ndarray of bool, shape (respondents,)
        The two groups; nobody may be in both.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    BadInputError
        When a group is empty or the groups overlap.
    MethodDoesNotFitError
        When the sampled units leave no degree of freedom.

    References
    ----------
    Korn, Graubard (1999), Analysis of Health Surveys, ch. 3. R: survey::svyttest.
    """
    values = _column(y, design.rows)
    first, second = truths(first, design.rows, "first"), truths(second, design.rows, "second")
    if (first & second).any():
        message = f"respondent {int(np.argmax(first & second))} is in both groups"
        raise BadInputError(message)
    for name, group in (("first", first), ("second", second)):
        if not (group & ~np.isnan(values)).any():
            message = f"nobody of the {name} group answered"
            raise BadInputError(message)
    return _tested(difference(design, values, first=second, second=first), 0.0, confidence_level, sample_kind)


def one_sample_t(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    expected: float,
    domain: Bools | None,
    confidence_level: float,
    sample_kind: SampleKind,
) -> TTest:
    """Compare a mean with a given value; for paired answers hand in their difference and expect 0.

    Parameters
    ----------
    design : SurveyDesign
        The whole design.
    y : array_like, shape (respondents,)
        NaN for no answer.
    expected : float
        The value to compare with; `difference` is the mean less this.
    domain : ndarray of bool, shape (respondents,), or None
        Respondents to test, None for all.
    confidence_level : float
    sample_kind : SampleKind

    Raises
    ------
    BadInputError
        When nobody answered.
    MethodDoesNotFitError
        When the sampled units leave no degree of freedom.
    """
    mean = means(design, _column(y, design.rows), domain=domain)
    if not mean.n[0]:
        message = "nobody of the domain answered"
        raise BadInputError(message)
    return _tested(mean, expected, confidence_level, sample_kind)


def _column(y: npt.ArrayLike, rows: int) -> npt.NDArray[np.float64]:
    values = numbers(y, "y")
    if values.shape != (rows,):
        message = f"{rows} respondents need one value each, got shape {values.shape}"
        raise BadInputError(message)
    return values


def _tested(found: Linearised, expected: float, confidence_level: float, sample_kind: SampleKind) -> TTest:
    from scipy.special import stdtr

    if not np.isfinite(expected):
        message = f"the expected value {expected} is not a number"
        raise BadInputError(message)
    df = found.df - 1
    if df < 1:
        message = f"{found.df} degrees of freedom of the design leave none for a t test"
        raise MethodDoesNotFitError(message)
    gap, se = float(found.value[0]) - expected, float(found.se[0])
    certain = float(np.copysign(np.inf, gap)) if gap else 0.0
    statistic = gap / se if se > 0.0 else certain
    half = float(t_quantile(confidence_level, df)) * se
    p = 2.0 * float(stdtr(df, -abs(statistic)))
    interval = Interval(gap - half, gap + half)
    return TTest(gap, se, statistic, df, p, interval, int(found.n[0]), confidence_level, sample_kind)
