"""Importance-performance matrix: which factor to mend first, with limits, and how sure its place is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.drivers.importance import importance, lmg_shares
from app.analysis.stats.drivers.notes import DriverCode
from app.analysis.stats.drivers.regression import check_varies, with_outcome
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.jackknife import (
    delete_one_psu,
    first_stage_fractions,
    jackknife_covariance,
    occupied_degrees_of_freedom,
    products_by_psu,
    psus_per_stratum,
)
from app.analysis.stats.quality.products import Bools, CrossProducts, Floats, Ints, correlation_of
from app.analysis.stats.quantiles import check_level, t_quantile
from app.analysis.stats.results import Interval, NoData


class Quadrant(StrEnum):
    """Place of a factor: importance against 1/number of factors, performance against the mean performance."""

    FIX_FIRST = "fix_first"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    POSSIBLE_OVERKILL = "possible_overkill"


@dataclass(frozen=True, slots=True)
class PlacedFactor:
    """One factor of the matrix.

    Attributes
    ----------
    name : str
    performance : float
        Weighted mean score.
    performance_interval : Interval or None
    importance : float
        LMG share of R², 0..1; the shares add up to 1.
    importance_interval : Interval or None
        None without degrees of freedom.
    quadrant : Quadrant
    sure : bool
        Whether neither coordinate's limits cross its cut. For performance the limits are those of the distance from
        the mean performance, since the cut moves with the sample too.
    """

    name: str
    performance: float
    performance_interval: Interval | None
    importance: float
    importance_interval: Interval | None
    quadrant: Quadrant
    sure: bool


@dataclass(frozen=True, slots=True)
class PriorityMatrix:
    """All factors and the two cuts; always association, never cause."""

    factors: tuple[PlacedFactor, ...]
    performance_cut: float
    importance_cut: float
    r_squared: float
    n: int
    df: int
    confidence_level: float
    method: str
    notes: tuple[DriverCode, ...]


def priority_matrix(
    by_psu: CrossProducts,
    *,
    factors: Sequence[str],
    psu_stratum: Ints,
    lonely: LonelyPsu,
    confidence_level: float,
    fractions: npt.ArrayLike | None = None,
) -> PriorityMatrix | NoData:
    """The matrix from cross-products kept by PSU.

    Limits come from the delete-one-PSU jackknife: t limits on the logit scale for importance, which keeps them inside
    0..1, and plain t limits for performance.

    Parameters
    ----------
    by_psu : CrossProducts
        Leading axis P (every respondent his own PSU is allowed); columns: the factor scores, then the outcome.
    factors : sequence of str
    psu_stratum : ndarray of int, shape (P,)
    lonely : LonelyPsu
    confidence_level : float
    fractions : array_like, shape (P,), optional
        First-stage sampling fractions of the PSUs' strata; None makes no finite population correction.

    Returns
    -------
    PriorityMatrix
        ``NoData`` with not more rows than factors plus one (``too_few_complete``), or R² 0 (``nothing_explained``).

    Raises
    ------
    BadInputError, TooManyDriversError, MethodDoesNotFitError, LonelyPsuError
        As `importance` and `jackknife_covariance`.

    References
    ----------
    Martilla, James (1977), J. Marketing 41:77; Grömping (2007), Am. Stat. 61:139.
    """
    check_level(confidence_level)
    k = len(factors)
    if by_psu.first.shape[1:] != (k + 1,) or np.ndim(by_psu.n) != 1:
        message = f"cross-products of shape {by_psu.first.shape} for {k} factors and an outcome"
        raise BadInputError(message)
    total = by_psu.total()
    if total.n <= k + 1:
        return NoData("too_few_complete")
    covariance = total.covariance()
    check_varies(np.diagonal(covariance), (*factors, "outcome"))
    whole = importance(correlation_of(covariance))
    if whole.r_squared <= 0:
        return NoData("nothing_explained")
    stratum = np.asarray(psu_stratum)
    df = occupied_degrees_of_freedom(by_psu, stratum)
    performance, share = total.means()[:k], np.array(whole.share)
    figures = np.concatenate([performance, performance - performance.mean(), share])
    se = _jackknife_se(by_psu, stratum, lonely, fractions)
    low, high = _limits(figures, se, df, k, confidence_level)
    placed = tuple(_placed(j, name, figures, low, high, k) for j, name in enumerate(factors))
    return PriorityMatrix(
        factors=placed,
        performance_cut=float(performance.mean()),
        importance_cut=1.0 / k,
        r_squared=whole.r_squared,
        n=int(total.n),
        df=df,
        confidence_level=confidence_level,
        method="lmg_jackknife",
        notes=_notes(placed, stratum, known=bool(np.isfinite(low).all())),
    )


def priority_matrix_of_survey(
    outcome: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    design: SurveyDesign,
    factors: Sequence[str],
    confidence_level: float,
    first_stage_fpc: bool,
    domain: Bools | None = None,
) -> PriorityMatrix | NoData:
    """`priority_matrix` from rows: outcome (rows,), factor scores (rows, k), NaN missing; the design stays whole.

    `first_stage_fpc` takes the design's first-stage fractions; right only where PSUs are observed whole.
    """
    return priority_matrix(
        products_by_psu(with_outcome(outcome, x), design=design, domain=domain),
        factors=factors,
        psu_stratum=design.psu_stratum,
        lonely=design.lonely,
        confidence_level=confidence_level,
        fractions=first_stage_fractions(design) if first_stage_fpc else None,
    )


def _jackknife_se(by_psu: CrossProducts, stratum: Ints, lonely: LonelyPsu, fractions: npt.ArrayLike | None) -> Floats:
    """Standard errors of performance, its distance from the mean, and importance, shape (3k,)."""
    replicates = delete_one_psu(by_psu, stratum)
    means = replicates.means()[:, :-1]
    lmg = lmg_shares(correlation_of(replicates.covariance()))
    explained = lmg.sum(axis=1, keepdims=True)
    shares = lmg / np.where(explained > 0, explained, np.nan)
    theta = np.hstack([means, means - means.mean(axis=1, keepdims=True), shares])
    variance = np.diagonal(jackknife_covariance(theta, stratum, lonely=lonely, fractions=fractions))
    return np.sqrt(np.maximum(variance, 0.0))


def _limits(figures: Floats, se: Floats, df: int, k: int, confidence_level: float) -> tuple[Floats, Floats]:
    """Limits of all figures; NaN without degrees of freedom."""
    if df < 1:
        return np.full_like(figures, np.nan), np.full_like(figures, np.nan)
    half = float(t_quantile(confidence_level, df)) * se
    low, high = figures - half, figures + half
    share = figures[2 * k :]
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    spread = half[2 * k :] / (safe * (1.0 - safe))
    odds = np.log(safe / (1.0 - safe))
    low[2 * k :] = np.where(inside, _expit(odds - spread), share)
    high[2 * k :] = np.where(inside, _expit(odds + spread), share)
    return low, high


def _placed(j: int, name: str, figures: Floats, low: Floats, high: Floats, k: int) -> PlacedFactor:
    distance, share, cut = figures[k + j], figures[2 * k + j], 1.0 / k
    if share >= cut:
        quadrant = Quadrant.FIX_FIRST if distance < 0 else Quadrant.KEEP_UP
    else:
        quadrant = Quadrant.LOW_PRIORITY if distance < 0 else Quadrant.POSSIBLE_OVERKILL
    away = low[k + j] > 0 or high[k + j] < 0
    clear = low[2 * k + j] > cut or high[2 * k + j] < cut
    return PlacedFactor(
        name=name,
        performance=float(figures[j]),
        performance_interval=_interval(low[j], high[j]),
        importance=float(share),
        importance_interval=_interval(low[2 * k + j], high[2 * k + j]),
        quadrant=quadrant,
        sure=bool(away and clear),
    )


def _interval(low: float, high: float) -> Interval | None:
    return Interval(float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else None


def _notes(placed: tuple[PlacedFactor, ...], stratum: Ints, *, known: bool) -> tuple[DriverCode, ...]:
    found = (
        (DriverCode.ASSOCIATION_NOT_CAUSE, True),
        (DriverCode.NO_DF, not known),
        (DriverCode.LONELY_PSU, bool((psus_per_stratum(stratum) == 1).any())),
        (DriverCode.UNSURE_QUADRANT, not all(factor.sure for factor in placed)),
    )
    return tuple(code for code, holds in found if holds)


def _expit(value: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(value))
