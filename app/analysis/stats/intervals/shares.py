"""Intervals of a design-based share by name, from one cell's own variance (statistics.md section 3.1).

These are the methods of R's ``svyciprop``. The recommended default, which learns the design effect from the whole
survey, is `smoothed`; which one fits which situation says `recommended`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign, unit_totals
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.likelihood import likelihood_limits, scoring_information
from app.analysis.stats.intervals.limits import Floats, Limits, clopper_pearson_limits, wald_limits, wilson_limits
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.quantiles import check_level, t_quantile

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

# A variance below this is a zero with rounding noise (statistics.md section 13).
ZERO_VARIANCE = 1e-24


class ShareMethod(StrEnum):
    """Named intervals of a design-based share; the value is the name R's ``svyciprop`` uses.

    MEAN is Wald with t. XLOGIT is Wald on the logit scale; LOGIT the same through a logistic fit, which has no limits
    with fewer than 2 degrees of freedom. LIKELIHOOD is the profile likelihood scaled by the design effect
    (Rao, Scott 1984). ASIN is Wald on the arcsine scale. BETA is Korn-Graubard (1998); BETA_TRUNC the same with at
    most n people, and with n where the variance is 0. WILSON is the score interval with the cell's own n_eff.
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
class ShareBasis:
    """What an interval of a share is made from; every array has shape (k,), one entry per cell.

    Attributes
    ----------
    value : float array
        Shares (or scores) in 0..1, NaN where nobody answered.
    se : float array
        Design-based standard error; NaN where the whole design is a single primary unit.
    n, n_psu, n_strata : int array
        Answers, and the primary units and strata they came from.
    information : float array or None
        Information on the logit that the logistic fit of n answers ended with; None: n p (1 - p).
    """

    value: Floats
    se: Floats
    n: Ints
    n_psu: Ints
    n_strata: Ints
    information: Floats | None = None

    @property
    def df(self) -> Ints:
        """Degrees of freedom of each cell: primary units less strata among its rows."""
        return self.n_psu - self.n_strata

    @cached_property
    def at_the_ends(self) -> Bools:
        """Cells at 0 % or 100 %."""
        return (self.value <= 0.0) | (self.value >= 1.0)

    @cached_property
    def without_variance(self) -> Bools:
        """Cells whose variance is 0 up to rounding."""
        return self.se**2 < ZERO_VARIANCE

    @cached_property
    def n_eff(self) -> Floats:
        """Effective size p(1-p)/v: infinite where v is 0, NaN at 0 % and 100 %."""
        p = np.where(self.at_the_ends, np.nan, self.value)
        flat = self.without_variance
        return np.where(flat & np.isfinite(p), np.inf, p * (1.0 - p) / np.where(flat, np.nan, self.se**2))

    def n_eff_df(self, *, confidence_level: float) -> Floats:
        """Effective size brought to the degrees of freedom: n_eff (t[n-1] / t[df])²."""
        return self.n_eff * (_t(confidence_level, self.n - 1) / _t(confidence_level, self.df)) ** 2


@dataclass(frozen=True, eq=False)
class ShareLimits:
    """Limits of k cells; NaN where the method has none, and then the reason."""

    method: ShareMethod
    confidence_level: float
    low: Floats
    high: Floats
    reasons: tuple[Reason | None, ...]


def share_basis(design: SurveyDesign, y: npt.ArrayLike, *, domain: Bools | None = None) -> ShareBasis:
    """Shares of the columns of y with everything their intervals need.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
        0/1 answers or scores in 0..1; NaN is a missing answer.
    domain : bool array, shape (rows,), optional
        Rows to estimate; the design stays whole.

    Raises
    ------
    BadInputError
        For a value outside 0..1, and everything `means` refuses.
    """
    columns = np.asarray(y, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if ((columns < 0.0) | (columns > 1.0)).any():
        message = "shares and scores lie between 0 and 1"
        raise BadInputError(message)
    estimate = means(design, columns, domain=domain)
    answered = ~np.isnan(columns) if domain is None else ~np.isnan(columns) & domain[:, None]
    psus = unit_totals(answered.astype(np.float64), design.stages[0]) > 0.0
    strata = np.zeros((int(design.psu_stratum.max()) + 1, columns.shape[1]), dtype=bool)
    np.logical_or.at(strata, design.psu_stratum, psus)
    single = len(design.psu_stratum) == 1
    return ShareBasis(
        value=estimate.value,
        se=np.full_like(estimate.value, np.nan) if single else estimate.se,
        n=estimate.n,
        n_psu=psus.sum(axis=0),
        n_strata=strata.sum(axis=0),
        information=scoring_information(np.where(answered, columns, np.nan), design.weights),
    )


def share_limits(basis: ShareBasis, *, method: ShareMethod, confidence_level: float, cut: bool) -> ShareLimits:
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
    ShareLimits
        A limit that does not exist is NaN, with the reason; no method but MEAN and BETA_TRUNC exists at variance 0,
        and none but BETA_TRUNC at 0 % and 100 %.

    References
    ----------
    Korn, Graubard (1998), Surv. Methodol. 24:193; Rao, Scott (1984), Ann. Stat. 12:46; Dean, Pagano (2015), J. Surv.
    Stat. Methodol. 3:484. R: ``survey::svyciprop``.
    """
    check_level(confidence_level)
    low, high = _limits(_usable(basis, method), method, confidence_level, cut=cut)
    return ShareLimits(method, confidence_level, low, high, _reasons(basis, method, low, high))


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
    p, se, t = basis.value, basis.se, _t(level, basis.df)
    match method:
        case ShareMethod.MEAN:
            limits = wald_limits(p, se, t, cut=cut)
        case ShareMethod.XLOGIT:
            limits = _logit_limits(p, se, t)
        case ShareMethod.LOGIT:
            # One degree of freedom leaves the fit with no limit on either side.
            low, high = _logit_limits(p, se, t)
            open_ended = np.isfinite(se) & (basis.df < 2)
            limits = (np.where(open_ended, 0.0, low), np.where(open_ended, 1.0, high))
        case ShareMethod.LIKELIHOOD:
            limits = likelihood_limits(p, se, basis.n, t, information=basis.information)
        case ShareMethod.ASIN:
            limits = _arcsine_limits(p, se, t, cut=cut)
        case ShareMethod.BETA:
            limits = _korn_graubard(p, basis.n_eff_df(confidence_level=level), level)
        case ShareMethod.BETA_TRUNC:
            people = np.minimum(basis.n, basis.n_eff_df(confidence_level=level))
            flat = basis.without_variance | basis.at_the_ends
            limits = _korn_graubard(p, np.where(flat, basis.n, people), level)
        case ShareMethod.WILSON:
            limits = wilson_limits(p, basis.n_eff, t)
    return limits


def _t(confidence_level: float, df: Ints) -> Floats:
    """Student quantile; NaN without degrees of freedom."""
    return np.where(df > 0, t_quantile(confidence_level, df), np.nan)


def _logit_limits(p: Floats, se: Floats, t: Floats) -> Limits:
    from scipy.special import expit, logit

    half = t * se / (p * (1.0 - p))
    return expit(logit(p) - half), expit(logit(p) + half)


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
        (basis.n == 0, Reason.NO_ANSWERS),
        (basis.n == 1, Reason.ONE_ANSWER),
        (basis.n_psu == 1, Reason.ONE_PSU),
        (basis.df <= 0, Reason.NO_DEGREES_OF_FREEDOM),
        (basis.at_the_ends, Reason.UNDEFINED_AT_THE_ENDS),
        (basis.without_variance, Reason.NO_VARIANCE),
    )
    found = np.full(low.shape, Reason.LIMIT_NOT_REACHED, dtype=object)
    for holds, reason in reversed(ladder):
        found[holds] = reason
    open_ended = (method in {ShareMethod.LOGIT, ShareMethod.LIKELIHOOD}) & ((low <= 0.0) | (high >= 1.0))
    missing = np.isnan(low) | np.isnan(high) | open_ended
    return tuple(reason if gone else None for reason, gone in zip(found, missing, strict=True))
