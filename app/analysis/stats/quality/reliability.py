"""Cronbach's alpha with limits, alpha if an item is dropped, item-rest correlations; also under a survey design."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.jackknife import (
    delete_one_psu,
    first_stage_fractions,
    jackknife_covariance,
    occupied_degrees_of_freedom,
    products_by_psu,
    psus_per_stratum,
)
from app.analysis.stats.quality.notes import QualityCode, QualityNote
from app.analysis.stats.quality.products import (
    CrossProducts,
    Floats,
    Ints,
    as_table,
    centre_of,
    check_covariance,
    correlation_of,
    cross_products,
    pairwise_covariance,
)
from app.analysis.stats.quantiles import check_level, t_quantile
from app.analysis.stats.results import Interval, NoData

REPEATED_ABOVE = 0.95


@dataclass(frozen=True, slots=True)
class Reliability:
    """Alpha of one factor.

    Attributes
    ----------
    alpha, alpha_standardised, mean_r : float
        From covariances; from correlations; mean correlation of two items. The last two are NaN when an item is
        constant. Alpha is at most 1 and may be negative.
    interval : Interval or None
        At `confidence_level`, by `method`: ``feldt`` or ``jackknife``. None when there are no degrees of freedom.
    n : int
        Rows in which every item was answered; all figures rest on these.
    items : int
    alpha_if_dropped : tuple of float
        Alpha of the other items; NaN with two items.
    item_rest : tuple of float
        Correlation of each item with the sum of the others; NaN for a constant item.
    se, df : float or None
        Delete-one-PSU standard error and PSUs less strata, for ``jackknife``.
    notes : tuple of QualityNote
    """

    alpha: float
    alpha_standardised: float
    mean_r: float
    interval: Interval | None
    confidence_level: float
    method: str
    n: int
    items: int
    alpha_if_dropped: tuple[float, ...]
    item_rest: tuple[float, ...]
    se: float | None = None
    df: float | None = None
    notes: tuple[QualityNote, ...] = ()


def alpha_of(covariance: npt.ArrayLike) -> Floats:
    """K/(K - 1) (1 - Σ variances / variance of the sum), over leading axes; NaN when the sum does not vary.

    References
    ----------
    Cronbach (1951), Psychometrika 16:297.
    """
    matrix = numbers(covariance, "covariance")
    k = matrix.shape[-1]
    if k < 2:
        message = "alpha needs at least two items"
        raise BadInputError(message)
    total = matrix.sum(axis=(-2, -1))
    own = np.einsum("...ii->...", matrix)
    value = k / (k - 1) * (1.0 - own / np.where(total > 0, total, np.nan))
    # Items that repeat each other give 1 plus rounding.
    return np.asarray(np.minimum(value, 1.0))


def reliability(covariance: npt.ArrayLike, *, n: int, confidence_level: float) -> Reliability | NoData:
    """Alpha from a covariance matrix, with the limits of a plain random sample.

    Parameters
    ----------
    covariance : array_like, shape (k, k)
        Of the items, with any divisor: alpha does not depend on it.
    n : int
        People behind the matrix.
    confidence_level : float

    Returns
    -------
    Reliability
        ``NoData`` with fewer than two people (``too_few_complete``) or when the sum does not vary (``no_variance``).

    Raises
    ------
    BadInputError
        Not a covariance matrix of two items or more.

    References
    ----------
    Feldt (1965), Psychometrika 30:357: 1 - (1 - alpha) F[n-1, (n-1)(K-1)]. R: ``psych::alpha``.
    """
    check_level(confidence_level)
    if n < 2:
        return NoData("too_few_complete")
    matrix = check_covariance(covariance, least=2)
    alpha = float(alpha_of(matrix))
    if np.isnan(alpha):
        return NoData("no_variance")
    r = correlation_of(matrix)
    k = len(matrix)
    mean_r = float(r[np.triu_indices(k, 1)].mean())
    item_rest = _item_rest(matrix)
    return Reliability(
        alpha=alpha,
        alpha_standardised=float(k * mean_r / (1.0 + (k - 1) * mean_r)) if mean_r != -1.0 / (k - 1) else float("nan"),
        mean_r=mean_r,
        interval=feldt_interval(alpha, n=n, items=k, confidence_level=confidence_level),
        confidence_level=confidence_level,
        method="feldt",
        n=n,
        items=k,
        alpha_if_dropped=_if_dropped(matrix),
        item_rest=tuple(map(float, item_rest)),
        notes=_notes(matrix, alpha, item_rest),
    )


def reliability_of_rows(
    x: npt.ArrayLike, *, confidence_level: float, weights: npt.ArrayLike | None = None
) -> Reliability | NoData:
    """`reliability` of the complete rows of `x`, shape (rows, k); NaN is a missing answer.

    With weights the Feldt limits still count people, and a note says that the design is not in them.
    """
    table = as_table(x)
    products = cross_products(table, weights=weights, origin=centre_of(table))
    if products.n < 2:
        return NoData("too_few_complete")
    result = reliability(products.covariance(), n=int(products.n), confidence_level=confidence_level)
    if weights is None or isinstance(result, NoData):
        return result
    return replace(result, notes=(*result.notes, QualityNote(QualityCode.DESIGN_IGNORED)))


def reliability_from_pairs(
    rr: npt.ArrayLike, yr: npt.ArrayLike, yy: npt.ArrayLike, *, confidence_level: float
) -> Reliability | NoData:
    """`reliability` from within-person sums of plain counts, each pair of items over the people who answered both.

    For open samples, whose stored sums hold pairs and not complete rows. It uses more answers than complete rows do
    and agrees with them when nothing is missing; ``n`` is the smallest number of people behind a pair.

    Parameters
    ----------
    rr, yr, yy : array_like, shape (k, k)
        Σ r_j r_k, Σ r_j r_k y_j and Σ r_j r_k y_j y_k, unweighted.

    Raises
    ------
    BadInputError
        Sums that no set of answers gives, or so many missing answers that the pairs contradict each other.
    """
    covariance = pairwise_covariance(rr, yr, yy)
    pairs = int(np.min(numbers(rr, "rr"), initial=np.inf)) if covariance.size else 0
    if pairs < 2:
        return NoData("too_few_complete")
    result = reliability(covariance, n=pairs, confidence_level=confidence_level)
    if isinstance(result, NoData):
        return result
    return replace(result, notes=(*result.notes, QualityNote(QualityCode.PAIRWISE)))


def reliability_by_psu(
    by_psu: CrossProducts,
    *,
    psu_stratum: Ints,
    lonely: LonelyPsu,
    confidence_level: float,
    fractions: npt.ArrayLike | None = None,
) -> Reliability | NoData:
    """Weighted alpha with a delete-one-PSU standard error, from the cross-products of every PSU.

    Limits: 1 - (1 - alpha) exp(± t se/(1 - alpha)), that is t limits for the logarithm of 1 - alpha, on which alpha is
    nearly normal and which keeps them below 1. Degrees of freedom: PSUs with complete rows less their strata.

    Parameters
    ----------
    by_psu : CrossProducts
        Leading axis P; PSUs without complete rows with zeros.
    psu_stratum : ndarray of int, shape (P,)
    lonely : LonelyPsu
    confidence_level : float
    fractions : array_like, shape (P,), optional
        First-stage sampling fractions of the PSUs' strata; None makes no finite population correction.

    Raises
    ------
    LonelyPsuError
        As `jackknife_covariance`.

    References
    ----------
    R: ``survey::svycralpha`` for the value, ``withReplicates`` on a JKn design for the standard error.
    """
    total = by_psu.total()
    if total.n < 2:
        return NoData("too_few_complete")
    plain = reliability(total.covariance(), n=int(total.n), confidence_level=confidence_level)
    if isinstance(plain, NoData):
        return plain
    stratum = np.asarray(psu_stratum)
    thetas = alpha_of(delete_one_psu(by_psu, stratum).covariance())
    se = float(np.sqrt(jackknife_covariance(thetas[:, None], stratum, lonely=lonely, fractions=fractions)[0, 0]))
    df = occupied_degrees_of_freedom(by_psu, stratum)
    notes = plain.notes
    if (psus_per_stratum(stratum) == 1).any():
        notes = (*notes, QualityNote(QualityCode.LONELY_PSU))
    if df < 1 or np.isnan(se):
        interval, notes = None, (*notes, QualityNote(QualityCode.NO_DF))
    else:
        interval = _log_limits(plain.alpha, se, df, confidence_level)
    return replace(plain, interval=interval, se=se, df=df, method="jackknife", notes=notes)


def reliability_of_survey(
    x: npt.ArrayLike,
    *,
    design: SurveyDesign,
    confidence_level: float,
    first_stage_fpc: bool,
    domain: npt.NDArray[np.bool_] | None = None,
) -> Reliability | NoData:
    """`reliability_by_psu` from rows: the design stays whole, rows outside the domain count as not answered.

    `first_stage_fpc` takes the design's first-stage fractions, as R does; right only where PSUs are observed whole.
    """
    return reliability_by_psu(
        products_by_psu(x, design=design, domain=domain),
        psu_stratum=design.psu_stratum,
        lonely=design.lonely,
        confidence_level=confidence_level,
        fractions=first_stage_fractions(design) if first_stage_fpc else None,
    )


def feldt_interval(alpha: float, *, n: int, items: int, confidence_level: float) -> Interval:
    """Limits of alpha for n people drawn independently (Feldt 1965); [1, 1] at alpha = 1."""
    from scipy.special import fdtri

    tail = (1.0 - check_level(confidence_level)) / 2.0
    quantiles = fdtri(n - 1.0, (n - 1.0) * (items - 1.0), [1.0 - tail, tail])
    low, high = 1.0 - (1.0 - alpha) * quantiles
    return Interval(float(low), float(high))


def _log_limits(alpha: float, se: float, df: float, confidence_level: float) -> Interval:
    rest = 1.0 - alpha
    if rest <= 0.0:
        return Interval(alpha, alpha)
    spread = float(t_quantile(confidence_level, df)) * se / rest
    return Interval(1.0 - rest * float(np.exp(spread)), 1.0 - rest * float(np.exp(-spread)))


def _item_rest(matrix: Floats) -> Floats:
    own = np.diagonal(matrix)
    with_sum = matrix.sum(axis=1)
    rest = matrix.sum() - 2.0 * with_sum + own
    scale = own * rest
    return np.asarray((with_sum - own) / np.sqrt(np.where(scale > 0, scale, np.nan)))


def _if_dropped(matrix: Floats) -> tuple[float, ...]:
    k = len(matrix)
    if k == 2:
        return (float("nan"),) * 2
    left = [np.delete(np.delete(matrix, j, axis=0), j, axis=1) for j in range(k)]
    return tuple(map(float, alpha_of(np.stack(left))))


def _notes(matrix: Floats, alpha: float, item_rest: Floats) -> tuple[QualityNote, ...]:
    reversed_items = tuple(map(int, np.flatnonzero(item_rest < 0)))
    constant = tuple(map(int, np.flatnonzero(np.diagonal(matrix) == 0)))
    found = (
        (QualityCode.REVERSED_ITEM, reversed_items, bool(reversed_items)),
        (QualityCode.CONSTANT_ITEM, constant, bool(constant)),
        (QualityCode.ITEMS_REPEAT, (), alpha > REPEATED_ABOVE),
    )
    return tuple(QualityNote(code, items) for code, items, holds in found if holds)
