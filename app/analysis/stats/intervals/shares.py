"""Intervals of a design-based share by name, from one cell's own variance (statistics.md section 3.1).

These are the methods of R's ``svyciprop``. The recommended default, which learns the design effect from the whole
survey, is `smoothed`; which one fits which situation says `recommended`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.analysis.stats.intervals.basis import ShareBasis
from app.analysis.stats.intervals.likelihood import likelihood_limits, share_of_logit
from app.analysis.stats.intervals.limits import Floats, Limits, clopper_pearson_limits, wald_limits, wilson_limits
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.quantiles import check_level, t_quantile


class ShareMethod(StrEnum):
    """Named intervals of a design-based share; the value is the name R's ``svyciprop`` uses.

    MEAN is Wald with t. XLOGIT is Wald on the logit scale; LOGIT the same through a logistic fit, which has no limits
    where the t quantile is so large that its normal level rounds to 1 (one degree of freedom at 95 %). LIKELIHOOD is
    the profile likelihood scaled by the design effect (Rao, Scott 1984). ASIN is Wald on the arcsine scale. BETA is
    Korn-Graubard (1998); BETA_TRUNC the same with at most n people, and with n where the variance is 0. WILSON is the
    score interval with the cell's own n_eff.
    """

    MEAN = "mean"
    XLOGIT = "xlogit"
    LOGIT = "logit"
    LIKELIHOOD = "likelihood"
    ASIN = "asin"
    BETA = "beta"
    BETA_TRUNC = "beta_trunc"
    WILSON = "wilson"


@dataclass(frozen=True, eq=False)
class ShareIntervals:
    """Limits of k cells; NaN where the method has none, and then the reason."""

    method: ShareMethod
    confidence_level: float
    low: Floats
    high: Floats
    reasons: tuple[Reason | None, ...]


def share_limits(basis: ShareBasis, *, method: ShareMethod, confidence_level: float, cut: bool) -> ShareIntervals:
    """Limits of every cell of a basis by a named method.

    Parameters
    ----------
    basis : ShareBasis
    method : ShareMethod
    confidence_level : float
        For example 0.95.
    cut : bool
        Keep MEAN and ASIN inside [0, 1] (ASIN: the angle inside the quarter circle); without it they stand as the
        formula gives them and as R prints them. The other methods are always inside.

    Returns
    -------
    ShareIntervals
        A limit that does not exist is NaN, with the reason; no method but MEAN and BETA_TRUNC exists at variance 0,
        and none but BETA_TRUNC at 0 % and 100 %.

    References
    ----------
    Korn, Graubard (1998), Surv. Methodol. 24:193; Rao, Scott (1984), Ann. Stat. 12:46; Dean, Pagano (2015), J. Surv.
    Stat. Methodol. 3:484. R: ``survey::svyciprop``.
    """
    check_level(confidence_level)
    low, high = _limits(_usable(basis, method), method, confidence_level, cut=cut)
    return ShareIntervals(method, confidence_level, low, high, _reasons(basis, method, low, high))


def _usable(basis: ShareBasis, method: ShareMethod) -> ShareBasis:
    """The basis with NaN where the method has no answer, so that the formulas need no cases of their own."""
    if method is ShareMethod.BETA_TRUNC:
        return basis
    unusable = basis.at_the_ends
    if method is not ShareMethod.MEAN:
        unusable = unusable | basis.without_variance
    value, se = (np.where(unusable, np.nan, x) for x in (basis.value, basis.se))
    return ShareBasis(value, se, basis.n, basis.n_psu, basis.n_strata, basis.information)


def _limits(basis: ShareBasis, method: ShareMethod, level: float, *, cut: bool) -> Limits:
    p, se, t = basis.value, basis.se, t_quantile(level, basis.df)
    match method:
        case ShareMethod.MEAN:
            limits = wald_limits(p, se, t, cut=cut)
        case ShareMethod.XLOGIT:
            limits = _logit_limits(p, se, t)
        case ShareMethod.LOGIT:
            limits = _fitted_logit_limits(p, se, t)
        case ShareMethod.LIKELIHOOD:
            limits = likelihood_limits(p, se, basis.n, t, information=basis.information)
        case ShareMethod.ASIN:
            limits = _arcsine_limits(p, se, t, cut=cut)
        case ShareMethod.BETA:
            limits = _korn_graubard(p, basis.n_eff_df(confidence_level=level), level)
        case ShareMethod.BETA_TRUNC:
            people = np.minimum(basis.n, basis.n_eff_df(confidence_level=level))
            flat = (basis.without_variance | basis.at_the_ends) & np.isfinite(basis.se)
            limits = _korn_graubard(p, np.where(flat, basis.n, people), level)
        case ShareMethod.WILSON:
            limits = wilson_limits(p, basis.n_eff, t)
    return limits


def _logit_limits(p: Floats, se: Floats, t: Floats) -> Limits:
    half, centre = t * se / (p * (1.0 - p)), np.log(p / (1.0 - p))
    return share_of_logit(centre - half), share_of_logit(centre + half)


def _fitted_logit_limits(p: Floats, se: Floats, t: Floats) -> Limits:
    from scipy.special import ndtr

    low, high = _logit_limits(p, se, t)
    certain = np.isfinite(se) & (1.0 - 2.0 * ndtr(-t) >= 1.0)
    return np.where(certain, 0.0, low), np.where(certain, 1.0, high)


def _arcsine_limits(p: Floats, se: Floats, t: Floats, *, cut: bool) -> Limits:
    half = t * se / (2.0 * np.sqrt(p * (1.0 - p)))
    angle = np.arcsin(np.sqrt(p))
    low, high = angle - half, angle + half
    if cut:
        low, high = np.maximum(low, 0.0), np.minimum(high, np.pi / 2.0)
    return np.sin(low) ** 2, np.sin(high) ** 2


def _korn_graubard(p: Floats, people: Floats, level: float) -> Limits:
    known = np.isfinite(people)
    n = np.where(known, people, 1.0)
    low, high = clopper_pearson_limits(n * p, n, confidence_level=level)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _reasons(basis: ShareBasis, method: ShareMethod, low: Floats, high: Floats) -> tuple[Reason | None, ...]:
    """Why a limit is missing, cell by cell: the plainest reason first."""
    ladder = (
        (Reason.NO_ANSWERS, basis.n == 0),
        (Reason.ONE_ANSWER, basis.n == 1),
        (Reason.ONE_PSU, basis.n_psu == 1),
        (Reason.NO_DEGREES_OF_FREEDOM, basis.df <= 0),
        (Reason.UNDEFINED_AT_THE_ENDS, basis.at_the_ends),
        (Reason.NO_VARIANCE, basis.without_variance),
        (Reason.LIMIT_NOT_REACHED, np.ones(low.shape, dtype=bool)),
    )
    first = np.argmax([holds for _, holds in ladder], axis=0)
    open_ended = (method in {ShareMethod.LOGIT, ShareMethod.LIKELIHOOD}) & ((low <= 0.0) | (high >= 1.0))
    missing = np.isnan(low) | np.isnan(high) | open_ended
    return tuple(ladder[step][0] if gone else None for step, gone in zip(first, missing, strict=True))
