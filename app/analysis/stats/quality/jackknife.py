"""Delete-one-PSU jackknife from cross-products kept by PSU: for figures without a simple linear form (JKn).

Only sums are taken away, so a survey of a million answers costs as many small matrices as it has PSUs.
Finite population corrections are left out: the standard error is then on the safe side.
"""

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import LonelyPsu
from app.analysis.stats.errors import BadInputError, LonelyPsuError, MethodDoesNotFitError
from app.analysis.stats.quality.products import CrossProducts, Floats, Ints


def psus_per_stratum(psu_stratum: Ints) -> Ints:
    """For every PSU the number of PSUs of its stratum, shape (P,)."""
    sizes = np.bincount(psu_stratum)
    return np.asarray(sizes[psu_stratum], dtype=np.int64)


def delete_one_psu(by_psu: CrossProducts, psu_stratum: Ints) -> CrossProducts:
    """Sums with each PSU left out and the rest of its stratum weighted up by n/(n - 1), leading axis P.

    PSUs without complete rows count among the n of their stratum. A PSU that is alone in its stratum cannot be left
    out; its replicate is the whole sample, and `jackknife_covariance` gives it no part.

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
    alone = size == 1

    def left_out(sums: Floats) -> Floats:
        extra = (1,) * (sums.ndim - 1)
        of_stratum = np.zeros((int(stratum.max()) + 1, *sums.shape[1:]))
        np.add.at(of_stratum, stratum, sums)
        total, mine = of_stratum.sum(axis=0), of_stratum[stratum]
        replicate = total - mine + factor.reshape(-1, *extra) * (mine - sums)
        return np.asarray(np.where(alone.reshape(-1, *extra), total, replicate))

    n = by_psu.n.sum() - np.where(alone, 0, by_psu.n)
    return CrossProducts(n, left_out(by_psu.weight), left_out(by_psu.first), left_out(by_psu.second), by_psu.origin)


def jackknife_covariance(replicates: npt.ArrayLike, psu_stratum: Ints, *, lonely: LonelyPsu) -> Floats:
    """Covariance of the figures: Σ over PSUs of (n_h - 1)/n_h (θ_i - θ̄)(θ_i - θ̄)', θ̄ the mean of the replicates.

    Parameters
    ----------
    replicates : array_like, shape (P, m)
        The m figures with each PSU left out.
    psu_stratum : ndarray of int, shape (P,)
    lonely : LonelyPsu
        FAIL refuses strata with one PSU; REMOVE and CERTAINTY give them no part; AVERAGE multiplies by strata over
        strata with two PSUs or more.

    Returns
    -------
    ndarray, shape (m, m)
        NaN when no stratum has two PSUs, or a replicate does not exist.

    Raises
    ------
    LonelyPsuError
        A stratum with one PSU and FAIL.
    MethodDoesNotFitError
        A stratum with one PSU and ADJUST: leaving out a stratum whole is no replicate of this design.

    References
    ----------
    Wolter (2007), ch. 4; R: ``svrVar`` with ``mse = FALSE`` on ``as.svrepdesign(type = "JKn")``.
    """
    theta = np.asarray(replicates, dtype=np.float64)
    size = psus_per_stratum(np.asarray(psu_stratum))
    usable = size > 1
    if not usable.all() and lonely is LonelyPsu.FAIL:
        message = f"stratum {int(np.asarray(psu_stratum)[~usable][0])} has one sampled unit"
        raise LonelyPsuError(message)
    if not usable.all() and lonely is LonelyPsu.ADJUST:
        message = "the delete-one-PSU jackknife has no form of the rule 'adjust' for strata with one sampled unit"
        raise MethodDoesNotFitError(message)
    if not usable.any():
        return np.full((theta.shape[1], theta.shape[1]), np.nan)
    kept = theta[usable] - theta[usable].mean(axis=0)
    scaled = kept * ((size[usable] - 1) / size[usable])[:, None]
    factor = 1.0
    if lonely is LonelyPsu.AVERAGE:
        stratum = np.asarray(psu_stratum)
        factor = len(np.unique(stratum)) / len(np.unique(stratum[usable]))
    return np.asarray(factor * (scaled.T @ kept))
