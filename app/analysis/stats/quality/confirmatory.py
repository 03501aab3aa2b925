"""Whether the answers follow the factors of the questionnaire: confirmatory factor analysis with the usual fit figures.

A check for the makers of a questionnaire, never a published result: the fit is computed as if people were drawn
independently and answered normally, so it always carries the note ``suggestion_only``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.quality.factor_fit import FactorFit, Heywood, fit_factors
from app.analysis.stats.quality.notes import QualityCode, QualityNote
from app.analysis.stats.quality.omega import chi_square_p, fit_notes
from app.analysis.stats.quality.products import Floats, as_table, centre_of, check_covariance, cross_products
from app.analysis.stats.quantiles import check_level
from app.analysis.stats.results import Interval, NoData

NOT_DISTINCT_ABOVE = 0.85
# West, Finch, Curran (1995): beyond these a maximum-likelihood fit is misled.
SKEWNESS_LIMIT = 2.0
KURTOSIS_LIMIT = 7.0


@dataclass(frozen=True, slots=True)
class Confirmatory:
    """Fit of the questionnaire's factors.

    Attributes
    ----------
    factor : tuple of int
        Factor of each item.
    loadings, loading_se, standardised, residual : tuple of float
        Per item: loading on its factor (factor variance 1), its standard error, the loading of the standardised item
        and the residual variance.
    factor_correlation : tuple of tuple of float
    omega : tuple of float
        Per factor, from this fit.
    chi_square, df, p_value : float, int, float
    cfi, tli, srmr : float
        NaN where undefined.
    rmsea : float
    rmsea_interval : Interval
        At `confidence_level` (0.90 is customary).
    n : int
    notes : tuple of QualityNote
    """

    factor: tuple[int, ...]
    loadings: tuple[float, ...]
    loading_se: tuple[float, ...]
    standardised: tuple[float, ...]
    residual: tuple[float, ...]
    factor_correlation: tuple[tuple[float, ...], ...]
    omega: tuple[float, ...]
    chi_square: float
    df: int
    p_value: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_interval: Interval
    confidence_level: float
    srmr: float
    n: int
    method: str
    notes: tuple[QualityNote, ...]


def confirmatory_check(
    covariance: npt.ArrayLike,
    *,
    factors: Sequence[Sequence[int]],
    n: int,
    heywood: Heywood,
    confidence_level: float,
    not_normal: Sequence[int] = (),
) -> Confirmatory | NoData:
    """Fit each item to its one factor, factors correlated, by maximum likelihood.

    Parameters
    ----------
    covariance : array_like, shape (items, items)
        Divisor n (or sum of weights).
    factors : sequence of sequence of int
        Items of every factor, columns from 0; every item in exactly one factor, two items or more in each.
    n : int
        People behind the matrix.
    heywood : Heywood
    confidence_level : float
        Of the RMSEA limits.
    not_normal : sequence of int
        Items known to be far from normal (`far_from_normal`); a matrix alone cannot tell.

    Raises
    ------
    BadInputError
        Items in no factor or in two, a factor of one item, constant or linearly dependent items.
    MethodDoesNotFitError
        A model that is not identified or does not converge.

    References
    ----------
    Jöreskog (1969), Psychometrika 34:183; Bentler (1990), Psychol. Bull. 107:238 (CFI, SRMR); Tucker, Lewis (1973);
    Browne, Cudeck (1993) (RMSEA). R: ``lavaan::cfa(std.lv = TRUE)``.
    """
    check_level(confidence_level)
    matrix = check_covariance(covariance, least=1)
    belongs = _factor_of_items(factors, len(matrix))
    if n < 2:
        return NoData("too_few_complete")
    pattern = np.arange(len(factors))[None, :] == belongs[:, None]
    fit = fit_factors(matrix, pattern, heywood=heywood)
    items = len(matrix)
    df = items * (items + 1) // 2 - fit.parameters
    chi_square = n * fit.discrepancy
    cfi, tli = _against_independence(matrix, chi_square, df, n)
    rmsea, limits = rmsea_of(chi_square, df=df, n=n, confidence_level=confidence_level)
    own = np.arange(items)
    loadings = fit.loadings[own, belongs]
    return Confirmatory(
        factor=tuple(map(int, belongs)),
        loadings=tuple(map(float, loadings)),
        loading_se=tuple(map(float, fit.loading_se[own, belongs] / np.sqrt(n))),
        standardised=tuple(map(float, loadings / np.sqrt(np.diagonal(matrix)))),
        residual=tuple(map(float, fit.residual)),
        factor_correlation=tuple(tuple(map(float, row)) for row in fit.factor_correlation),
        omega=_omegas(loadings, fit.residual, pattern),
        chi_square=chi_square,
        df=df,
        p_value=chi_square_p(chi_square, df),
        cfi=cfi,
        tli=tli,
        rmsea=rmsea,
        rmsea_interval=limits,
        confidence_level=confidence_level,
        srmr=_srmr(matrix, fit),
        n=n,
        method="maximum_likelihood",
        notes=_notes(fit, heywood, df, n, not_normal),
    )


def confirmatory_check_of_rows(
    x: npt.ArrayLike,
    *,
    factors: Sequence[Sequence[int]],
    heywood: Heywood,
    confidence_level: float,
    weights: npt.ArrayLike | None = None,
) -> Confirmatory | NoData:
    """`confirmatory_check` of the complete rows of `x`, shape (rows, items), and how far they are from normal."""
    table = as_table(x)
    products = cross_products(table, weights=weights, origin=centre_of(table))
    if products.n < 2:
        return NoData("too_few_complete")
    return confirmatory_check(
        products.covariance(),
        factors=factors,
        n=int(products.n),
        heywood=heywood,
        confidence_level=confidence_level,
        not_normal=far_from_normal(table, weights=weights),
    )


def far_from_normal(x: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> tuple[int, ...]:
    """Columns whose skewness is beyond ±2 or whose excess kurtosis is beyond 7, over the complete rows."""
    table = as_table(x)
    complete = ~np.isnan(table).any(axis=1)
    if not complete.any():
        return ()
    w = np.ones(len(table)) if weights is None else numbers(weights, "weights")
    share = w[complete] / w[complete].sum()
    centred = table[complete] - share @ table[complete]
    second = share @ centred**2
    scale = np.where(second > 0, second, np.nan)
    skewness = (share @ centred**3) / scale**1.5
    kurtosis = (share @ centred**4) / scale**2 - 3.0
    far = (np.abs(skewness) > SKEWNESS_LIMIT) | (np.abs(kurtosis) > KURTOSIS_LIMIT)
    return tuple(map(int, np.flatnonzero(far)))


def rmsea_of(chi_square: float, *, df: int, n: int, confidence_level: float) -> tuple[float, Interval]:
    """Root mean square error of approximation, √(max(χ² - df, 0)/(df n)), with limits from the noncentral χ².

    Without degrees of freedom it is 0: nothing can be wrong with a model that always fits.
    """
    if df == 0:
        return 0.0, Interval(0.0, 0.0)
    tail = (1.0 - check_level(confidence_level)) / 2.0
    low, high = (_noncentrality(chi_square, df, share) for share in (1.0 - tail, tail))
    value = np.sqrt(np.array([low, max(chi_square - df, 0.0), high]) / (df * n))
    return float(value[1]), Interval(float(value[0]), float(value[2]))


def _noncentrality(chi_square: float, df: int, share: float) -> float:
    """The λ at which a noncentral χ² lies below the observed one with the given probability; 0 when none does."""
    from scipy.special import chndtr

    if chndtr(chi_square, df, 0.0) <= share:
        return 0.0
    low, high = 0.0, max(chi_square, 1.0)
    while chndtr(chi_square, df, high) > share:
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = (low + high) / 2.0
        if high - low <= 1e-12 * high:
            break
        low, high = (middle, high) if chndtr(chi_square, df, middle) > share else (low, middle)
    return (low + high) / 2.0


def _factor_of_items(factors: Sequence[Sequence[int]], items: int) -> npt.NDArray[np.intp]:
    belongs = np.full(items, -1, dtype=np.intp)
    for number, members in enumerate(factors):
        if len(members) < 2:
            message = f"factor {number} has {len(members)} items; two are needed"
            raise BadInputError(message)
        for item in members:
            if not 0 <= item < items or belongs[item] >= 0:
                message = f"item {item} of factor {number} does not exist or belongs to another factor too"
                raise BadInputError(message)
            belongs[item] = number
    if (belongs < 0).any():
        message = f"item {int(np.argmin(belongs))} belongs to no factor"
        raise BadInputError(message)
    return belongs


def _against_independence(matrix: Floats, chi_square: float, df: int, n: int) -> tuple[float, float]:
    """CFI and TLI: the distance to the model in which no two items are related."""
    items = len(matrix)
    df_0 = items * (items - 1) // 2
    chi_0 = n * (float(np.log(np.diagonal(matrix)).sum()) - float(np.linalg.slogdet(matrix)[1]))
    worst = max(chi_square - df, chi_0 - df_0, 0.0)
    cfi = 1.0 - max(chi_square - df, 0.0) / worst if worst > 0 else 1.0
    if df == 0 or chi_0 <= df_0:
        return cfi, float("nan")
    return cfi, (chi_0 / df_0 - chi_square / df) / (chi_0 / df_0 - 1.0)


def _srmr(matrix: Floats, fit: FactorFit) -> float:
    """Root mean square of the residual correlations on and below the diagonal (Bentler)."""
    implied = fit.loadings @ fit.factor_correlation @ fit.loadings.T + np.diag(fit.residual)
    scale = np.sqrt(np.diagonal(matrix))
    residue = (matrix - implied) / np.outer(scale, scale)
    return float(np.sqrt(np.mean(residue[np.tril_indices(len(matrix))] ** 2)))


def _omegas(loadings: Floats, residual: Floats, pattern: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    common = (loadings @ pattern) ** 2
    return tuple(map(float, common / (common + residual @ pattern)))


def _notes(fit: FactorFit, heywood: Heywood, df: int, n: int, not_normal: Sequence[int]) -> tuple[QualityNote, ...]:
    notes = [QualityNote(QualityCode.SUGGESTION_ONLY), *fit_notes(fit, heywood, df, n)]
    if not_normal:
        notes.append(QualityNote(QualityCode.NOT_NORMAL, tuple(not_normal)))
    above = np.triu(np.abs(fit.factor_correlation) > NOT_DISTINCT_ABOVE, 1)
    notes += [QualityNote(QualityCode.FACTORS_NOT_DISTINCT, (int(a), int(b))) for a, b in np.argwhere(above)]
    return tuple(notes)
