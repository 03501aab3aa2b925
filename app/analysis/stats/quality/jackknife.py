"""Delete-one-PSU jackknife from cross-products kept by PSU: for figures without a simple linear form (JKn).

Only sums are taken away, so a survey of a million answers costs as many small matrices as it has PSUs.
A first-stage finite population correction is taken only where it is asked for: with people drawn inside PSUs it is too
optimistic, and without it the standard error is on the safe side (statistics.md section 2.2).
"""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, truths
from app.analysis.stats.designs.design import LonelyPsu, SurveyDesign
from app.analysis.stats.errors import BadInputError, LonelyPsuError
from app.analysis.stats.quality.products import Bools, CrossProducts, Floats, Ints, as_table, centre_of, cross_products


def psus_per_stratum(psu_stratum: Ints) -> Ints:
    """For every PSU the number of PSUs of its stratum, shape (P,)."""
    sizes = np.bincount(psu_stratum)
    return np.asarray(sizes[psu_stratum], dtype=np.int64)


def delete_one_psu(by_psu: CrossProducts, psu_stratum: Ints) -> CrossProducts:
    """Sums with each PSU left out and the rest of its stratum weighted up by n/(n - 1), leading axis P.

    PSUs without complete rows count among the n of their stratum. A PSU alone in its stratum is left out with nobody
    to take its place; `jackknife_covariance` says whether that replicate has a part.

    Parameters
    ----------
    by_psu : CrossProducts
        Leading axis P, one set per sampled PSU.
    psu_stratum : ndarray of int, shape (P,)
        Stratum code of each PSU.
    """
    stratum = np.asarray(psu_stratum)
    if np.shape(by_psu.n) != stratum.shape or len(stratum) == 0:
        message = f"cross-products of shape {np.shape(by_psu.n)} for {len(stratum)} PSUs"
        raise BadInputError(message)
    size = psus_per_stratum(stratum)
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), 0.0)

    def left_out(sums: Floats) -> Floats:
        extra = (1,) * (sums.ndim - 1)
        of_stratum = np.zeros((int(stratum.max()) + 1, *sums.shape[1:]))
        np.add.at(of_stratum, stratum, sums)
        total, mine = of_stratum.sum(axis=0), of_stratum[stratum]
        return np.asarray(total - mine + factor.reshape(-1, *extra) * (mine - sums))

    n = by_psu.n.sum() - by_psu.n
    return CrossProducts(n, left_out(by_psu.weight), left_out(by_psu.first), left_out(by_psu.second), by_psu.origin)


def products_by_psu(x: npt.ArrayLike, *, design: SurveyDesign, domain: Bools | None) -> CrossProducts:
    """Weighted sums of the complete rows of `x`, shape (rows, k), for every primary unit of a design.

    Rows outside the domain count as not answered, so that units without anybody of it keep their zeros.

    Raises
    ------
    BadInputError
        Another number of rows than the design has, a domain that is not one truth value per row, infinite values.
    """
    table = as_table(x)
    if len(table) != design.rows:
        message = f"{len(table)} rows of answers for a design of {design.rows} rows"
        raise BadInputError(message)
    if domain is not None:
        table = np.where(truths(domain, design.rows, "domain")[:, None], table, np.nan)
    units = len(design.psu_stratum)
    return cross_products(table, weights=design.weights, groups=design.psu, group_count=units, origin=centre_of(table))


def occupied_degrees_of_freedom(by_psu: CrossProducts, psu_stratum: Ints) -> int:
    """Primary units with complete rows less their strata."""
    occupied = by_psu.n > 0
    return int(occupied.sum()) - len(np.unique(psu_stratum[occupied]))


def first_stage_fractions(design: SurveyDesign) -> Floats:
    """Sampled share of the PSUs of its stratum, for every PSU, shape (P,); 0 without population counts."""
    return np.asarray(design.stages[0].fraction[design.psu_stratum], dtype=np.float64)


def jackknife_covariance(
    replicates: npt.ArrayLike, psu_stratum: Ints, *, lonely: LonelyPsu, fractions: npt.ArrayLike | None = None
) -> Floats:
    """Covariance of the figures: Σ over PSUs of (n_h - 1)/n_h (θ_i - θ̄)(θ_i - θ̄)', θ̄ the mean of the replicates.

    Parameters
    ----------
    replicates : array_like, shape (P, m)
        The m figures with each PSU left out.
    psu_stratum : ndarray of int, shape (P,)
    lonely : LonelyPsu
        FAIL refuses strata with one PSU; REMOVE and CERTAINTY give them no part; ADJUST takes (θ_i - θ̄)(θ_i - θ̄)'
        with nothing in place of the PSU, which is what centring at the grand mean comes to; AVERAGE multiplies by
        strata over strata with two PSUs or more. A PSU taken with certainty (fraction 1) is never lonely.
    fractions : array_like, shape (P,), optional
        Each PSU's part is multiplied by 1 less its first-stage sampling fraction; None is 0.

    Returns
    -------
    ndarray, shape (m, m)
        0 when every PSU there is was taken. NaN when no PSU can be left out, or a replicate does not exist.

    Raises
    ------
    LonelyPsuError
        A stratum with one PSU and FAIL.

    References
    ----------
    Wolter (2007), ch. 4; R: ``svrVar`` with ``mse = FALSE`` on ``as.svrepdesign(type = "JKn")``.
    """
    theta = numbers(replicates, "replicates")
    stratum = np.asarray(psu_stratum)
    size = psus_per_stratum(stratum)
    left = 1.0 - (np.zeros(len(size)) if fractions is None else numbers(fractions, "fractions"))
    alone = (size == 1) & (left > 0)
    if alone.any() and lonely is LonelyPsu.FAIL:
        message = f"stratum {int(stratum[alone][0])} has one sampled unit"
        raise LonelyPsuError(message)
    if alone.all() and lonely is not LonelyPsu.ADJUST:
        return np.full((theta.shape[1], theta.shape[1]), np.nan)
    factor = len(np.unique(stratum)) / len(np.unique(stratum[~alone])) if lonely is LonelyPsu.AVERAGE else 1.0
    scale = left * (size - 1) / size
    if lonely is LonelyPsu.ADJUST:
        scale = np.where(alone, left, scale)
    part = scale > 0
    if not part.any():
        return np.zeros((theta.shape[1], theta.shape[1]))
    kept = theta[part] - theta[part].mean(axis=0)
    return np.asarray(factor * (kept * scale[part][:, None]).T @ kept)
