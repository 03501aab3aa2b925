"""Estimates of a design with everything that has to be printed beside them, many at once.

`Linearised` holds values and influences; this gives them limits by a named method, design effects, and the reason
wherever there is no standard error or no limit.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.effects import SrsReference, mean_design_effects
from app.analysis.stats.designs.linearised import Linearised, means
from app.analysis.stats.errors import MethodDoesNotFitError
from app.analysis.stats.intervals.basis import share_basis
from app.analysis.stats.intervals.reasons import Reason
from app.analysis.stats.intervals.shares import ShareMethod, share_limits
from app.analysis.stats.quantiles import check_level, t_quantile
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


class WaldMethod(StrEnum):
    """Value ± quantile · se, with Student's t on the degrees of freedom of the domain or the normal quantile.

    For means, totals and ratios; shares near 0 or 1 need `design_shares` or the smoothed interval (statistics.md 9).
    """

    T = "wald_t"
    NORMAL = "wald_normal"


@dataclass(frozen=True, eq=False)
class DesignEstimates:
    """Estimates of k statistics; arrays have shape (k,).

    Attributes
    ----------
    value, se, low, high : float array
        In units of the statistic. NaN where it does not exist, and then the notes say why. A design of a single
        primary unit has no standard error, whatever the rule for lonely units; a census has 0 and limits [p, p].
    n : int array
        Respondents behind each value.
    n_eff, deff : float array
        Effective number of people, and the design effect. NaN where nothing varies, or for totals and ratios.
    df : int
        Degrees of freedom of the domain: primary units less strata.
    method : WaldMethod or ShareMethod
    confidence_level : float
    sample_kind : SampleKind
    notes : tuple of tuple of Reason
        For each statistic what the reader has to be told.
    """

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n: Ints
    n_eff: Floats
    deff: Floats
    df: int
    method: WaldMethod | ShareMethod
    confidence_level: float
    sample_kind: SampleKind
    notes: tuple[tuple[Reason, ...], ...]


def wald_estimates(
    found: Linearised, *, method: WaldMethod, confidence_level: float, sample_kind: SampleKind
) -> DesignEstimates:
    """Limits of any linearised statistics: means, totals, ratios, indices, differences.

    Parameters
    ----------
    found : Linearised
    method : WaldMethod
    confidence_level : float
    sample_kind : SampleKind
        PROBABILITY or CENSUS.

    Raises
    ------
    MethodDoesNotFitError
        An open sample has no sampling design: see `weighting.open_sample` and `index.index_table`.
    BadInputError
        A level outside 0..1.

    References
    ----------
    Särndal, Swensson, Wretman (1992), ch. 5. R: ``confint(svymean(...), df = ...)``.
    """
    nothing = np.full(len(found.value), np.nan)
    return _wald(found, nothing, method, confidence_level, sample_kind)


def design_means(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    method: WaldMethod,
    reference: SrsReference,
    confidence_level: float,
    sample_kind: SampleKind,
    domain: Bools | None = None,
) -> DesignEstimates:
    """Means with limits, design effects and effective sizes n / deff.

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
        NaN is outside the domain of its column.
    method : WaldMethod
    reference : SrsReference
        The simple random sample that design effects compare with.
    confidence_level, sample_kind
        As in `wald_estimates`.
    domain : bool array, shape (rows,), optional

    Raises
    ------
    MethodDoesNotFitError, BadInputError
        As `wald_estimates` and `means`.
    """
    deff = mean_design_effects(design, y, reference=reference, domain=domain)
    return _wald(means(design, y, domain=domain), deff, method, confidence_level, sample_kind)


def design_shares(
    design: SurveyDesign,
    y: npt.ArrayLike,
    *,
    method: ShareMethod,
    confidence_level: float,
    sample_kind: SampleKind,
    domain: Bools | None = None,
) -> DesignEstimates:
    """Shares with limits by a named method, inside [0, 1]; n_eff is p(1-p)/v, deff v over p(1-p)/(n-1).

    Parameters
    ----------
    design : SurveyDesign
    y : array_like, shape (rows,) or (rows, k)
        0/1 answers or scores in 0..1; NaN is outside the domain of its column.
    method : ShareMethod
    confidence_level, sample_kind
        As in `wald_estimates`.
    domain : bool array, shape (rows,), optional

    Raises
    ------
    MethodDoesNotFitError, BadInputError
        As `wald_estimates` and `share_basis`.

    References
    ----------
    statistics.md sections 2.2 and 3.1. R: ``svyciprop``.
    """
    _check(sample_kind, confidence_level)
    basis = share_basis(design, y, domain=domain)
    limits = share_limits(basis, method=method, confidence_level=confidence_level, cut=True)
    spread = basis.value * (1.0 - basis.value) / np.where(basis.n > 1, basis.n - 1.0, np.nan)
    varies = spread > 0.0
    notes = [_notes(n, reason) for n, reason in zip(basis.n.tolist(), limits.reasons, strict=True)]
    return _of_kind(
        DesignEstimates(
            value=basis.value,
            se=basis.se,
            low=limits.low,
            high=limits.high,
            n=basis.n,
            n_eff=basis.n_eff,
            deff=np.where(varies, basis.se**2 / np.where(varies, spread, 1.0), np.nan),
            df=means(design, y, domain=domain).df,
            method=method,
            confidence_level=confidence_level,
            sample_kind=sample_kind,
            notes=tuple(notes),
        )
    )


def _wald(
    found: Linearised, deff: Floats, method: WaldMethod, confidence_level: float, sample_kind: SampleKind
) -> DesignEstimates:
    _check(sample_kind, confidence_level)
    single = len(found.design.psu_stratum) == 1 and not np.any(found.design.stages[0].fraction >= 1.0)
    exists = (found.n > 0) & (not single)
    se = np.full(len(found.value), np.nan)
    if exists.any() and sample_kind is not SampleKind.CENSUS:
        se = np.where(exists, found.se, np.nan)
    quantile = float(t_quantile(confidence_level, found.df if method is WaldMethod.T else np.inf))
    reason = Reason.ONE_PSU if single else Reason.NO_DEGREES_OF_FREEDOM if np.isnan(quantile) else None
    usable = np.isfinite(deff) & (deff > 0.0)
    return _of_kind(
        DesignEstimates(
            value=found.value,
            se=se,
            low=found.value - quantile * se,
            high=found.value + quantile * se,
            n=found.n,
            n_eff=np.where(usable, found.n / np.where(usable, deff, 1.0), np.nan),
            deff=deff,
            df=found.df,
            method=method,
            confidence_level=confidence_level,
            sample_kind=sample_kind,
            notes=tuple(_notes(n, reason) for n in found.n.tolist()),
        )
    )


def _notes(n: int, reason: Reason | None) -> tuple[Reason, ...]:
    if n == 0:
        return (Reason.NO_ANSWERS,)
    found = (Reason.ONE_ANSWER, n == 1), (reason, reason is not None and reason is not Reason.ONE_ANSWER)
    return tuple(each for each, holds in found if holds and each is not None)


def _of_kind(estimates: DesignEstimates) -> DesignEstimates:
    """A census leaves nothing to chance: [p, p], standard error 0, and the note says so."""
    if estimates.sample_kind is not SampleKind.CENSUS:
        return estimates
    nothing = np.full_like(estimates.value, np.nan)
    return replace(
        estimates,
        se=np.where(np.isnan(estimates.value), np.nan, 0.0),
        low=estimates.value,
        high=estimates.value,
        n_eff=nothing,
        deff=nothing,
        notes=tuple((Reason.CENSUS,) if n else (Reason.NO_ANSWERS,) for n in estimates.n.tolist()),
    )


def _check(sample_kind: SampleKind, confidence_level: float) -> None:
    check_level(confidence_level)
    if sample_kind is SampleKind.OPEN:
        message = "an open sample has no sampling design: people chose to answer; adjust it or show a model range"
        raise MethodDoesNotFitError(message)
