"""How many people to ask for one share: by precision, normal or Wilson half width (statistics.md section 8)."""

import math
from dataclasses import dataclass
from enum import StrEnum

from app.analysis.stats.planning.checks import (
    check_above,
    check_margin,
    check_population,
    check_rate,
    check_share,
    rounded_up,
)
from app.analysis.stats.planning.notes import PlanNote
from app.analysis.stats.quantiles import normal_quantile


class SizeMethod(StrEnum):
    """How a size was found."""

    NORMAL = "normal"
    WILSON = "wilson"
    YAMANE = "yamane"


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How many people to ask, with the steps that led there.

    Attributes
    ----------
    effective : float
        Answers a simple random sample of an endless population would need.
    infinite : float
        The same times the design effect.
    exact : float
        After the finite population correction, not rounded.
    answers : int
        Answers needed: `exact` rounded up once, never above the population.
    invitations : int
        People to invite so that `answers` can be expected at the response rate. Above the population when there are
        too few people (note ``invitations_above_population``).
    method : SizeMethod
    confidence_level : float or None
        None where the formula has none.
    notes : tuple of PlanNote
    """

    effective: float
    infinite: float
    exact: float
    answers: int
    invitations: int
    method: SizeMethod
    confidence_level: float | None
    notes: tuple[PlanNote, ...] = ()


def size_for_margin(
    *,
    margin: float,
    share: float,
    confidence_level: float,
    population: int | None,
    deff: float,
    response_rate: float,
) -> SampleSize:
    """Size at which z times the standard error of a share is the margin.

    n0 = z² p (1 - p) deff / e², n = n0 / (1 + (n0 - 1) / N), divided by the response rate; rounded up at the end.

    Parameters
    ----------
    margin : float
        Half width e wanted, a fraction: 0.05 for 5 points.
    share : float
        Expected share p, strictly between 0 and 1; 0.5 is the safe choice.
    confidence_level : float
    population : int or None
        People there are, N; None without a finite population correction.
    deff : float
        Design effect, above 0; see `planned_deff`.
    response_rate : float
        Expected share of invited people who answer, above 0 and at most 1.

    Raises
    ------
    BadInputError
        For a value outside its range.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 4; Kish (1965), Survey Sampling, ch. 8.
    """
    check_margin(margin)
    check_share(share, name="expected share", ends=False)
    z = normal_quantile(confidence_level)
    effective = z * z * share * (1.0 - share) / (margin * margin)
    return finished_size(
        effective,
        method=SizeMethod.NORMAL,
        confidence_level=confidence_level,
        population=population,
        deff=deff,
        response_rate=response_rate,
    )


def size_for_wilson_half_width(
    *,
    half_width: float,
    share: float,
    confidence_level: float,
    population: int | None,
    deff: float,
    response_rate: float,
) -> SampleSize:
    """Size at which half the length of the Wilson interval is the target; for shares near 0 or 1.

    With q = p (1 - p) the positive root of h²(n + z²)² = z²(q n + z²/4):
    n = z² (q - 2 h² + √(q² + h² (1 - 2 p)²)) / (2 h²). Parameters as in `size_for_margin`, except that a share of 0
    or 1 is allowed.

    Raises
    ------
    BadInputError
        For a value outside its range.

    References
    ----------
    Wilson (1927), JASA 22:209; statistics.md section 8.
    """
    h = check_margin(half_width)
    p = check_share(share, name="expected share", ends=True)
    z = normal_quantile(confidence_level)
    spread = p * (1.0 - p)
    root = math.sqrt(spread * spread + h * h * (1.0 - 2.0 * p) ** 2)
    effective = z * z * (spread - 2.0 * h * h + root) / (2.0 * h * h)
    return finished_size(
        effective,
        method=SizeMethod.WILSON,
        confidence_level=confidence_level,
        population=population,
        deff=deff,
        response_rate=response_rate,
    )


def finished_size(
    effective: float,
    *,
    method: SizeMethod,
    confidence_level: float | None,
    population: int | None,
    deff: float,
    response_rate: float,
) -> SampleSize:
    """Take an effective size through design effect, finite population and response rate to whole people.

    Raises
    ------
    BadInputError
        When the design effect is not above 0, the response rate not above 0 and at most 1, the population not a
        whole number of at least 1.
    """
    check_above(deff, name="design effect", least=0.0, or_equal=False)
    check_rate(response_rate)
    check_population(population)
    infinite = effective * deff
    exact, answers = infinite, max(rounded_up(infinite), 1)
    if population is not None:
        # Below one effective answer the correction would raise the size: there is nothing to correct.
        exact = infinite / (1.0 + max(infinite - 1.0, 0.0) / population)
        answers = min(max(rounded_up(exact), 1), population)
    invitations = rounded_up(answers / response_rate)
    notes = () if population is None else size_notes(population, answers, invitations)
    return SampleSize(effective, infinite, exact, answers, invitations, method, confidence_level, notes)


def size_notes(population: int, answers: int, invitations: int) -> tuple[PlanNote, ...]:
    """What a planner must be told about a size beside the number of people there are."""
    notes = (PlanNote.ASK_EVERYBODY,) if answers >= population else ()
    return (*notes, PlanNote.TOO_FEW_TO_INVITE) if invitations > population else notes
