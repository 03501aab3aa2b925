"""McDonald's omega: how much of the sum of the items one common factor explains."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.quality.factor_fit import FactorFit, Heywood, fit_factors
from app.analysis.stats.quality.notes import QualityCode, QualityNote
from app.analysis.stats.quality.products import as_table, centre_of, check_covariance, correlation_of, cross_products
from app.analysis.stats.results import NoData


@dataclass(frozen=True, slots=True)
class Omega:
    """Omega of one factor.

    Attributes
    ----------
    omega : float
        (Σλ)²/((Σλ)² + Σψ).
    loadings, residual : tuple of float
        Per item, in the units of the matrix that was given.
    chi_square, df, p_value : float, int, float
        Fit of the one-factor model; p is NaN with three items (df 0: the model always fits).
    n : int
        People with every item answered.
    notes : tuple of QualityNote
    """

    omega: float
    loadings: tuple[float, ...]
    residual: tuple[float, ...]
    chi_square: float
    df: int
    p_value: float
    n: int
    notes: tuple[QualityNote, ...]


def omega(covariance: npt.ArrayLike, *, n: int, heywood: Heywood) -> Omega | NoData:
    """One-factor maximum likelihood on a covariance (or correlation) matrix.

    Parameters
    ----------
    covariance : array_like, shape (k, k)
        Divisor n (or the sum of weights); a correlation matrix gives omega of standardised items.
    n : int
        People behind it.
    heywood : Heywood

    Raises
    ------
    MethodDoesNotFitError
        Fewer than three items, or no convergence.
    BadInputError
        Constant items, or items that are exact combinations of each other.

    References
    ----------
    McDonald (1999), Test Theory, ch. 6. R: ``lavaan::cfa(std.lv = TRUE)`` for covariances, ``factanal`` for
    correlations.
    """
    if n < 2:
        return NoData("too_few_complete")
    matrix = check_covariance(covariance, least=1)
    if len(matrix) < 3:
        message = f"omega needs at least three items, not {len(matrix)}"
        raise MethodDoesNotFitError(message)
    fit = fit_factors(matrix, np.ones((len(matrix), 1), dtype=bool), heywood=heywood)
    loadings = fit.loadings[:, 0]
    common = loadings.sum() ** 2
    df = len(matrix) * (len(matrix) + 1) // 2 - fit.parameters
    chi_square = n * fit.discrepancy
    return Omega(
        omega=float(common / (common + fit.residual.sum())),
        loadings=tuple(map(float, loadings)),
        residual=tuple(map(float, fit.residual)),
        chi_square=chi_square,
        df=df,
        p_value=chi_square_p(chi_square, df),
        n=n,
        notes=fit_notes(fit, heywood, df, n),
    )


def omega_of_rows(
    x: npt.ArrayLike, *, heywood: Heywood, standardised: bool, weights: npt.ArrayLike | None = None
) -> Omega | NoData:
    """`omega` of the complete rows of `x`, shape (rows, k); `standardised` takes their correlations."""
    table = as_table(x)
    products = cross_products(table, weights=weights, origin=centre_of(table))
    if products.n < 2:
        return NoData("too_few_complete")
    covariance = products.covariance()
    constant = np.diagonal(covariance) == 0
    if constant.any():
        message = f"item {int(np.argmax(constant))} does not vary among the {int(products.n)} complete rows"
        raise BadInputError(message)
    matrix = correlation_of(covariance) if standardised else covariance
    return omega(matrix, n=int(products.n), heywood=heywood)


def chi_square_p(chi_square: float, df: int) -> float:
    """Upper tail; NaN without degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, chi_square)) if df > 0 else float("nan")


def fit_notes(fit: FactorFit, heywood: Heywood, df: int, n: int) -> tuple[QualityNote, ...]:
    """Remarks every factor model carries: improper residuals, nothing to test, few answers."""
    notes: list[QualityNote] = []
    if fit.at_bound:
        code = QualityCode.HEYWOOD_BOUND if heywood is Heywood.BOUND else QualityCode.HEYWOOD_FREE
        notes.append(QualityNote(code, fit.at_bound))
    if df == 0:
        notes.append(QualityNote(QualityCode.JUST_IDENTIFIED))
    if is_small(n, fit.parameters):
        notes.append(QualityNote(QualityCode.SMALL_SAMPLE))
    return tuple(notes)


def is_small(n: int, parameters: int) -> bool:
    """Fewer than 200 people, or fewer than 5 a parameter (Bentler, Chou 1987, Sociol. Methods Res. 16:78)."""
    return n < max(200, 5 * parameters)
