"""Association of two classifications in a complex sample: Rao-Scott and Wald tests of a two-way table."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.designs.design import SurveyDesign
from app.analysis.stats.designs.linearised import means
from app.analysis.stats.errors import BadInputError, MethodDoesNotFitError
from app.analysis.stats.results import SampleKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class AssociationMethod(StrEnum):
    """Named tests.

    RAO_SCOTT_F is the second-order correction with an F distribution, the default of the product. RAO_SCOTT_CHI is the
    first-order one. The Wald tests are offered for comparison; with few sampled units only the adjusted one holds.
    """

    RAO_SCOTT_F = "rao_scott_f"
    RAO_SCOTT_CHI = "rao_scott_chi"
    WALD = "wald"
    ADJUSTED_WALD = "adjusted_wald"


@dataclass(frozen=True, eq=False, slots=True)
class Association:
    """Test of independence of rows and columns.

    Parameters
    ----------
    statistic : float
        F, or the Pearson statistic of the table scaled to n people for RAO_SCOTT_CHI.
    df : tuple of float
        Degrees of freedom: two for F, one for chi-square.
    p : float
        P value.
    shares : ndarray, shape (R, C)
        Weighted shares of the cells, adding to 1; levels that nobody has are left out.
    n : int
        People behind the table.
    method : AssociationMethod
    sample_kind : SampleKind
    """

    statistic: float
    df: tuple[float, ...]
    p: float
    shares: Floats
    n: int
    method: AssociationMethod
    sample_kind: SampleKind


def association(
    design: SurveyDesign,
    rows: npt.ArrayLike,
    columns: npt.ArrayLike,
    *,
    domain: Bools | None,
    method: AssociationMethod,
    sample_kind: SampleKind,
) -> Association:
    """Test whether two classifications of the respondents are independent.

    X² is Pearson's statistic of the weighted shares, scaled to n people. With λ the eigenvalues of
    (CᵀD⁻¹C/n)⁻¹ CᵀD⁻¹VD⁻¹C (D the shares, V their design covariance, C contrasts of the interaction) the second-order
    F is X²/Σλ on (Σλ)²/Σλ² and that times the design df.

    Parameters
    ----------
    design : SurveyDesign
        The whole design.
    rows, columns : array_like of int, shape (respondents,)
        Codes from 0; below 0 stands for no answer.
    domain : ndarray of bool, shape (respondents,), or None
        Respondents to test, None for all; those without either answer are left out.
    method : AssociationMethod
    sample_kind : SampleKind

    Raises
    ------
    BadInputError
        When codes do not fit the design, or one classification has fewer than two levels.
    MethodDoesNotFitError
        When there are too few sampled units for the table, or empty cells leave the test without a meaning.

    References
    ----------
    Rao, Scott (1984), Ann. Stat. 12:46; Thomas, Rao (1987), JASA 82:630; Koch, Freeman, Freeman (1975), Int. Stat.
    Rev. 43:59. R: survey::svychisq.
    """
    first, second = _codes(rows, design.rows), _codes(columns, design.rows)
    within = (first >= 0) & (second >= 0) & (np.ones(design.rows, dtype=bool) if domain is None else domain)
    across, down = _renumbered(first, within), _renumbered(second, within)
    shape = (int(across.max()) + 1, int(down.max()) + 1)
    freedom = design.domain_degrees_of_freedom(within)
    if freedom < 1:
        message = "the rows to test have no degrees of freedom; they come from one sampled unit per stratum"
        raise MethodDoesNotFitError(message)
    if method in {AssociationMethod.WALD, AssociationMethod.ADJUSTED_WALD}:
        return _wald(design, across, down, within, shape, freedom, method, sample_kind)
    return _rao_scott(design, across, down, within, shape, freedom, method, sample_kind)


def _codes(given: npt.ArrayLike, rows: int) -> Ints:
    codes = np.asarray(given)
    if codes.shape != (rows,) or not np.issubdtype(codes.dtype, np.integer):
        message = f"a classification needs one whole number for each of {rows} rows, got {codes.dtype} {codes.shape}"
        raise BadInputError(message)
    return codes.astype(np.int64)


def _renumbered(codes: Ints, within: Bools) -> Ints:
    """Codes 0.. of the levels that occur; outside the rows to test 0, which nobody counts."""
    levels = np.unique(codes[within])
    if levels.size < 2:
        message = f"a test of association needs at least two levels on either side, got {levels.size}"
        raise BadInputError(message)
    return np.where(within, np.searchsorted(levels, np.where(within, codes, levels[0])), 0)


def _cells(across: Ints, down: Ints, within: Bools, shape: tuple[int, int]) -> Floats:
    """1 in the cell of each respondent, shape (respondents, R * C), row by row."""
    cells = np.zeros((across.size, shape[0] * shape[1]))
    cells[np.arange(across.size), across * shape[1] + down] = 1.0
    return np.where(within[:, None], cells, 0.0)


def _rao_scott(
    design: SurveyDesign,
    across: Ints,
    down: Ints,
    within: Bools,
    shape: tuple[int, int],
    freedom: int,
    method: AssociationMethod,
    sample_kind: SampleKind,
) -> Association:
    from scipy.special import chdtrc, fdtrc

    cells = means(design, _cells(across, down, within, shape), domain=within)
    shares, n = cells.value.reshape(shape), int(within.sum())
    independent = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    pearson = n * float(((shares - independent) ** 2 / independent).sum())
    inverse = np.where(cells.value > 0.0, 1.0 / np.where(cells.value > 0.0, cells.value, 1.0), 0.0)
    contrasts = np.kron(_contrasts(shape[0]), _contrasts(shape[1]))
    scaled = inverse[:, None] * contrasts
    effects = _solved(contrasts.T @ scaled / n, scaled.T @ cells.covariance @ scaled)
    total, squares = float(np.trace(effects)), float(np.trace(effects @ effects))
    if not total > 0.0:
        message = "the table has no design variance; the test has no meaning"
        raise MethodDoesNotFitError(message)
    if method is AssociationMethod.RAO_SCOTT_CHI:
        count = contrasts.shape[1]
        p = float(chdtrc(count, pearson * count / total))
        return Association(pearson, (float(count),), p, shares, n, method, sample_kind)
    above = total * total / squares
    below, statistic = above * freedom, pearson / total
    p = float(fdtrc(above, below, statistic))
    return Association(statistic, (above, below), p, shares, n, method, sample_kind)


def _contrasts(levels: int) -> Floats:
    """Each level against the last one: columns add to 0, so products of two such sets are free of main effects."""
    return np.vstack([np.eye(levels - 1), -np.ones(levels - 1)])


def _wald(
    design: SurveyDesign,
    across: Ints,
    down: Ints,
    within: Bools,
    shape: tuple[int, int],
    freedom: int,
    method: AssociationMethod,
    sample_kind: SampleKind,
) -> Association:
    """Wald test of the cell totals less what independence expects, all but one row and column of them."""
    from scipy.special import fdtrc

    cells = _cells(across, down, within, shape)
    totals = (design.weights @ cells).reshape(shape)
    whole, by_row, by_column = totals.sum(), totals.sum(axis=1), totals.sum(axis=0)
    gap = totals - np.outer(by_row, by_column) / whole
    in_cells = cells.reshape(-1, *shape)
    in_row, in_column = in_cells.sum(axis=2), in_cells.sum(axis=1)
    expected = (in_row[:, :, None] * by_column + by_row[:, None] * in_column[:, None, :]) / whole
    margin = np.outer(by_row, by_column) / whole**2 * within[:, None, None]
    u = design.weights[:, None, None] * (in_cells - expected + margin)
    kept = u[:, 1:, 1:].reshape(design.rows, -1)
    y = gap[1:, 1:].ravel()
    count, n = y.size, int(within.sum())
    if count > freedom:
        message = f"{freedom} degrees of freedom are too few for a Wald test of {count} cells"
        raise MethodDoesNotFitError(message)
    spare = freedom - count + 1 if method is AssociationMethod.ADJUSTED_WALD else freedom
    wald = float(y @ _solved(design.covariance(kept, within=within), y))
    scale = spare / freedom if method is AssociationMethod.ADJUSTED_WALD else 1.0
    statistic = wald / count * scale
    p = float(fdtrc(count, spare, statistic))
    return Association(statistic, (float(count), float(spare)), p, totals / whole, n, method, sample_kind)


def _solved(matrix: Floats, right: Floats) -> Floats:
    """Solve, or refuse where empty cells or cells without variance leave no solution."""
    if np.linalg.matrix_rank(matrix, hermitian=True) < len(matrix):
        message = "the table has too many empty cells, or cells without design variance, for this test"
        raise MethodDoesNotFitError(message)
    return np.asarray(np.linalg.solve(matrix, right))
