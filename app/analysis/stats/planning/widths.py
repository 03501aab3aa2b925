"""Half width of the interval to expect from a given size, one by one or as a table of shares by sizes."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.analysis.stats.arrays import numbers, together
from app.analysis.stats.errors import BadInputError
from app.analysis.stats.intervals.limits import wilson_limits
from app.analysis.stats.planning.checks import check_above, check_population
from app.analysis.stats.quantiles import t_quantile

Floats = npt.NDArray[np.float64]


class WidthMethod(StrEnum):
    """Interval whose half width is wanted."""

    NORMAL = "normal"
    WILSON = "wilson"


@dataclass(frozen=True, eq=False)
class ExpectedWidth:
    """Width to expect, elementwise over shares and sizes.

    Attributes
    ----------
    se : float array
        Standard error √(p (1 - p) / n · deff · (1 - n/N)).
    n_eff : float array
        Effective size n / (deff (1 - n/N)); infinite when everybody is asked.
    half_width : float array
        Half the length of the interval; 0 when everybody is asked.
    method : WidthMethod
    confidence_level : float
    df : float or None
        Degrees of freedom of the t quantile; None: normal quantile.
    """

    se: Floats
    n_eff: Floats
    half_width: Floats
    method: WidthMethod
    confidence_level: float
    df: float | None


def expected_half_width(
    *,
    share: npt.ArrayLike,
    n: npt.ArrayLike,
    deff: float,
    population: int | None,
    confidence_level: float,
    method: WidthMethod,
    df: float | None = None,
) -> ExpectedWidth:
    """Half width to expect when the share comes out as planned.

    Parameters
    ----------
    share, n : array_like
        Expected shares in 0..1 and numbers of answers above 0; they are broadcast against each other.
    deff : float
        Design effect, above 0.
    population : int or None
        People there are; None without a finite population correction.
    confidence_level : float
    method : WidthMethod
    df : float, optional
        Degrees of freedom (clusters less strata); None for the normal quantile.

    Raises
    ------
    BadInputError
        A share outside 0..1, a size not above 0 or above the population, a bad design effect or df.
    """
    shares, sizes = np.broadcast_arrays(*together(share=share, n=n))
    check_above(deff, name="design effect", least=0.0, or_equal=False)
    check_population(population)
    if df is not None:
        check_above(df, name="degrees of freedom", least=0.0, or_equal=False)
    if not np.all((shares >= 0.0) & (shares <= 1.0)):
        message = "an expected share lies outside 0..1; shares are fractions, not percent"
        raise BadInputError(message)
    if not np.all((sizes > 0.0) & np.isfinite(sizes)):
        message = "a number of answers is not a number above 0"
        raise BadInputError(message)
    if population is not None and np.any(sizes > population):
        message = f"{sizes.max():g} answers from {population} people cannot be"
        raise BadInputError(message)
    left = np.ones_like(sizes) if population is None else 1.0 - sizes / population
    with np.errstate(divide="ignore"):
        n_eff = sizes / (deff * left)
    se = np.sqrt(shares * (1.0 - shares) / n_eff)
    quantile = float(t_quantile(confidence_level, np.inf if df is None else df))
    half = quantile * se if method is WidthMethod.NORMAL else _wilson_half(shares, n_eff, quantile)
    return ExpectedWidth(se, n_eff, half, method, confidence_level, df)


def _wilson_half(shares: Floats, n_eff: Floats, quantile: float) -> Floats:
    everybody = np.isinf(n_eff)
    low, high = wilson_limits(shares, np.where(everybody, 1.0, n_eff), quantile)
    return np.where(everybody, 0.0, (high - low) / 2.0)


def half_width_table(
    *,
    shares: npt.ArrayLike,
    sizes: npt.ArrayLike,
    deff: float,
    population: int | None,
    confidence_level: float,
    method: WidthMethod,
    df: float | None = None,
) -> ExpectedWidth:
    """Half widths of every share (rows) at every size (columns): arrays of shape (shares, sizes).

    Parameters and errors as in `expected_half_width`; `shares` and `sizes` have one dimension.
    """
    rows, columns = numbers(shares, "shares"), numbers(sizes, "sizes")
    if rows.ndim != 1 or columns.ndim != 1 or not rows.size or not columns.size:
        message = f"a table needs a list of shares and a list of sizes, not {rows.shape} and {columns.shape}"
        raise BadInputError(message)
    return expected_half_width(
        share=rows[:, None],
        n=columns[None, :],
        deff=deff,
        population=population,
        confidence_level=confidence_level,
        method=method,
        df=df,
    )
